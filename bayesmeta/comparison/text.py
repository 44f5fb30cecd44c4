"""A comparison as plain text, for a terminal."""

import math
from typing import TYPE_CHECKING

from bayesmeta import schema
from bayesmeta.comparison import wording
from bayesmeta.comparison.gap_words import gap_sentences
from bayesmeta.comparison.row import Record
from bayesmeta.summaries import digits, grid
from bayesmeta.summaries.caption import ratio_text
from bayesmeta.summaries.page import WIDTH, wrapped

if TYPE_CHECKING:
    import pandas as pd

_LEGEND = (
    "Bayesian rows: medians and central intervals, exact. Classical rows: CE to PM estimate tau; "
    "Wald intervals, +HKSJ Knapp and Hartung's; prediction intervals as metafor's, with the row's "
    "own quantile (Higgins, Thompson and Spiegelhalter's, with k - p - 1 degrees of freedom, is in "
    "the CSV and JSON as hts); I² from tau², that of CE from Q."
)


def comparison_text(
    table: "pd.DataFrame", gap: "pd.DataFrame | None" = None, *, title: str = ""
) -> str:
    """Return a comparison as aligned text, with the gap in words.

    Parameters
    ----------
    table, gap
        From `compare` and `explain_gap`.
    title
        Heading; the measure's name without one.

    Examples
    --------
    ``print(comparison_text(bm.compare(effects), bm.explain_gap(effects)))``
    """
    heading = wording.heading(table.attrs, title)
    parts = [[heading, "=" * min(len(heading), WIDTH), _about(table)]]
    parts += [_lines(table, quantity) for quantity in table["coefficient"].unique()]
    said = list(gap_sentences(gap)) if gap is not None else []
    parts += [wrapped(said), wrapped([_LEGEND, *table.attrs["messages"], *_small(table)])]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _about(table: "pd.DataFrame") -> str:
    count = table.attrs["k"]
    studies = f"{count} {'study' if count == 1 else 'studies'}"
    formula = f", moderators {table.attrs['formula']}" if table.attrs["formula"] else ""
    return f"{wording.quantity_title(table.attrs)}. {studies}{formula}."


def _small(table: "pd.DataFrame") -> list[str]:
    said = [f"Dropped: {row['study']}: {row['reason']}." for row in table.attrs["dropped"]]
    return said + [f"Note: {note}" for note in table.attrs["notes"]]


def _lines(table: "pd.DataFrame", quantity: str) -> list[str]:
    """Return the rows of one coefficient under their heads."""
    chosen = table[table["coefficient"] == quantity]
    level = f"{100 * table.attrs['interval']:g} %"
    benefit = table.attrs["benefit"]
    chance = f"P({quantity} {'>' if benefit == 'higher' else '<'} 0)"
    head = ["method", "estimate", f"{level} interval", f"{level} prediction", "tau", "I²", chance]
    cells = texts(chosen, quantity)
    rows = [[row["method"], row["estimate"], row["interval"], row["prediction"], row["tau"],
             row["I2"], row["chance"]] for row in cells]  # fmt: skip
    kept = [place for place in range(len(head)) if place != 3 or quantity == schema.MU]  # noqa: PLR2004
    single = set(table["coefficient"]) == {schema.MU}
    told = [] if single else [f"{quantity}: {wording.quantity_title(table.attrs, quantity)}"]
    return [*told, *grid.lines([head[place] for place in kept],
                               [[row[place] for place in kept] for row in rows])]  # fmt: skip


def texts(chosen: "pd.DataFrame", quantity: str) -> list[dict[str, str]]:
    """Return every row of one coefficient as text; ratios as ratios, I² in per cent."""
    ratio = wording.is_ratio(chosen.attrs, quantity)
    places = wording.decimals(float((chosen["upper"] - chosen["lower"]).median()))
    tau_places = wording.decimals(float(chosen["tau"].median()))
    higher = chosen.attrs["benefit"] == "higher"
    return [_text(row, places, tau_places, ratio=ratio, higher=higher)
            for row in chosen.to_dict("records")]  # fmt: skip


def _text(
    row: Record, places: int, tau_places: int, *, ratio: bool, higher: bool
) -> dict[str, str]:
    def number(name: str) -> str:
        return _effect(row[name], _error(row, name), places, ratio=ratio)

    known = not math.isnan(row["p_below_0"])
    chance = 1 - row["p_below_0"] if higher else row["p_below_0"]
    return {
        "method": row["method"],
        "kind": row["kind"],
        "estimate": number("estimate"),
        "interval": _ends(number("lower"), number("upper")),
        "prediction": _ends(number("pi_lower"), number("pi_upper")),
        "tau": wording.shown(row["tau"], _error(row, "tau"), places=tau_places),
        "I2": "\N{EN DASH}" if math.isnan(row["I2"]) else digits.per_cent(row["I2"]),
        "chance": digits.probability(chance, row["p_error"]) if known else "",
    }


def _error(row: Record, name: str) -> float:
    error = float(row[f"{name}_error"])
    return 0.0 if math.isnan(error) else error


def _effect(value: float, error: float, places: int, *, ratio: bool) -> str:
    if not ratio or math.isnan(value):
        return wording.shown(value, error, places=places)
    return ratio_text(value, error) if error > 0 else digits.ratio(math.exp(value))


def _ends(lower: str, upper: str) -> str:
    return lower if lower == "\N{EN DASH}" else f"{lower} to {upper}"
