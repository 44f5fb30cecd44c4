"""A comparison as plain text, for a terminal."""

import math
from typing import TYPE_CHECKING

from bayesmeta import schema
from bayesmeta.comparison import wording
from bayesmeta.comparison.counts import KIND as COUNTS
from bayesmeta.comparison.gap_words import gap_sentences
from bayesmeta.comparison.printing import Printing, dashed, printing
from bayesmeta.comparison.row import Record
from bayesmeta.summaries import digits, grid
from bayesmeta.summaries.page import WIDTH, wrapped
from bayesmeta.summaries.precision import Precision

if TYPE_CHECKING:
    import pandas as pd

_LEGEND = (
    "Bayesian rows: medians and central intervals, exact. Classical rows: CE to PM estimate tau; "
    "Wald intervals, +HKSJ Knapp and Hartung's; prediction intervals as metafor's, with the row's "
    "own quantile (Higgins, Thompson and Spiegelhalter's, with k - p - 1 degrees of freedom, is in "
    "the CSV and JSON as hts); I² from tau², that of CE from Q."
)

_OF_COUNTS = (
    "MH (Mantel and Haenszel) and Peto pool the counts as they are, with one effect for all "
    "studies; I² from Q."
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
    legend = [_LEGEND, *([_OF_COUNTS] if COUNTS in set(table["kind"]) else [])]
    parts += [wrapped(said), wrapped([*legend, *table.attrs["messages"], *_small(table)])]
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
    printed = printing(chosen, quantity)
    higher = chosen.attrs["benefit"] == "higher"
    return [_text(row, printed, higher=higher) for row in chosen.to_dict("records")]


def _text(row: Record, printed: Printing, *, higher: bool) -> dict[str, str]:
    known = not math.isnan(row["p_below_0"])
    chance = 1 - row["p_below_0"] if higher else row["p_below_0"]
    return {
        "method": row["method"],
        "kind": row["kind"],
        "estimate": dashed(
            printed.effect.number(row["estimate"], _error(row, "estimate")), row["estimate"]
        ),
        "interval": _ends(row, printed.effect, "lower", "upper"),
        "prediction": _ends(row, printed.prediction, "pi_lower", "pi_upper"),
        "tau": dashed(printed.tau.number(row["tau"], _error(row, "tau")), row["tau"]),
        "I2": dashed(printed.fraction.number(row["I2"]), row["I2"]),
        "chance": digits.probability(chance, row["p_error"]) if known else "",
    }


def _error(row: Record, name: str) -> float:
    error = float(row[f"{name}_error"])
    return 0.0 if math.isnan(error) else error


def _ends(row: Record, precision: Precision, *names: str) -> str:
    lower, upper = (precision.limit(row[name], _error(row, name)) for name in names)
    return dashed(f"{lower} to {upper}", row[names[0]])
