"""A comparison as plain text, for a terminal."""

import math
from typing import TYPE_CHECKING

from bayesmeta import schema
from bayesmeta.comparison import wording
from bayesmeta.comparison.counts import KIND as COUNTS
from bayesmeta.comparison.gap_words import gap_sentences
from bayesmeta.comparison.printing import Printing, dashed, printing
from bayesmeta.comparison.prior_sets import DEFAULT, OWN
from bayesmeta.comparison.remarks import BRIEF, narrow_intervals, spelled
from bayesmeta.comparison.row import Record
from bayesmeta.summaries import digits
from bayesmeta.summaries.grid import Grid
from bayesmeta.summaries.own_scale import symbol
from bayesmeta.summaries.page import WIDTH, wrapped
from bayesmeta.summaries.phrases import moderators
from bayesmeta.summaries.precision import Kind, Precision

if TYPE_CHECKING:
    import pandas as pd

LEGEND = (
    "Bayesian rows: medians and central intervals, exact. Classical rows: tau as estimated by the "
    "method they are called by; Wald intervals, +HKSJ Knapp and Hartung's; prediction intervals as "
    "metafor's, with the row's own quantile. I² from tau²{exception}."
)
_OF_COMMON, _EXCEPTION = {"CE", "CE+HKSJ"}, ", that of CE from Q"

_OF_COUNTS = {"MH": "MH (Mantel and Haenszel)", "Peto": "Peto"}


_SMALL = 10
"""With fewer studies Higgins, Thompson and Spiegelhalter's prediction interval is shown."""
_HTS = "Higgins, Thompson and Spiegelhalter's prediction interval (k - p - 1 degrees of freedom)"


def comparison_text(
    table: "pd.DataFrame", gap: "pd.DataFrame | None" = None, *, title: str = "",
    brief: bool = False,
) -> str:  # fmt: skip
    """Return a comparison as aligned text, with the gap in words.

    Parameters
    ----------
    table, gap
        From `compare` and `explain_gap`.
    title
        Heading; the measure's name without one.
    brief
        Whether only the analysis' own and the default priors, REML, REML+HKSJ, DL and the rows of
        counts are shown.

    Examples
    --------
    ``print(comparison_text(bm.compare(effects), bm.explain_gap(effects)))``
    """
    heading = wording.heading(table.attrs, title)
    parts = [[heading, "=" * min(len(heading), WIDTH), _about(table)]]
    shown = _brief(table) if brief else table
    parts += [_lines(shown, quantity) for quantity in table["coefficient"].unique()]
    said = list(gap_sentences(gap)) if gap is not None else []
    remarks = narrow_intervals(table)
    said_of = [*legend(shown, brief=brief), *_counts(shown)]
    told = [*remarks, *said_of, *table.attrs["messages"], *_small(table)]
    parts += [wrapped(said), wrapped(told)]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _counts(shown: "pd.DataFrame") -> list[str]:
    """Return what the rows of counts are, those that are shown; a sentence, or none."""
    there = [said for name, said in _OF_COUNTS.items() if name in set(shown["method"])]
    pool = f"{' and '.join(there)} {'pools' if len(there) == 1 else 'pool'}"
    said = f"{pool} the counts as they are, with one effect for all studies; I² from Q."
    return [said] * bool(there)


def legend(shown: "pd.DataFrame", *, brief: bool = False) -> list[str]:
    """Return what the rows of a comparison are, in sentences.

    Parameters
    ----------
    shown
        The rows that are shown.
    brief
        Whether they are not all.
    """
    own = str(shown.attrs.get("legend", ""))
    names = spelled(shown["method"])
    common = _EXCEPTION if _OF_COMMON & set(shown["method"]) else ""
    usual = LEGEND.format(exception=common)
    told = [_priors(shown), own or usual, f"{names}." if names else ""]
    if not own:
        told.append(f"HTS: {_HTS}." if _is_small(shown) else f"{_HTS}: hts_* in CSV and JSON.")
    told.append("All rows are in comparison.csv." if brief else "")
    return [sentence for sentence in told if sentence]


def _priors(shown: "pd.DataFrame") -> str:
    """Return the priors of the Bayesian rows, resolved."""
    rows = shown.drop_duplicates("method")
    said = [f"{row['method']}: {row['priors']}" for row in rows.to_dict("records")
            if row["priors"]]  # fmt: skip
    unit = wording.pooled_unit(shown.attrs) or "the outcome's unit"
    return f"Priors, {unit}. {'. '.join(said)}." if said else ""


def _brief(table: "pd.DataFrame") -> "pd.DataFrame":
    usual = [f"Bayes ({name})" for name in (OWN, DEFAULT)]
    chosen = table[table["method"].isin([*usual, *BRIEF]) | (table["kind"] == COUNTS)]
    chosen.attrs = table.attrs
    return chosen


def _is_small(table: "pd.DataFrame") -> bool:
    return int(table.attrs["k"]) < _SMALL


def _about(table: "pd.DataFrame") -> str:
    count, grouped = table.attrs["k"], table.attrs.get("counted", "")
    studies = grouped or f"{count} {'study' if count == 1 else 'studies'}"
    formula = f", {moderators(table.attrs['formula'])}" if table.attrs["formula"] else ""
    return f"{wording.quantity_title(table.attrs)}. {studies}{formula}."


def _small(table: "pd.DataFrame") -> list[str]:
    said = [f"Dropped: {row['study']}: {row['reason']}." for row in table.attrs["dropped"]]
    return said + [f"Note: {note}" for note in table.attrs["notes"]]


def _lines(table: "pd.DataFrame", quantity: str) -> list[str]:
    """Return the rows of one coefficient as lines, what it is above them."""
    single = set(table["coefficient"]) == {schema.MU}
    told = [] if single else [f"{quantity}: {wording.quantity_title(table.attrs, quantity)}"]
    return [*told, *comparison_grid(table, quantity).lines()]


def comparison_grid(table: "pd.DataFrame", quantity: str) -> Grid:
    """Return the rows of one coefficient under their heads.

    Parameters
    ----------
    table
        From `compare`.
    """
    chosen = table[table["coefficient"] == quantity]
    level = f"{100 * table.attrs['interval']:g} %"
    benefit = table.attrs["benefit"]
    chance = f"P({_event(table, quantity, '>' if benefit == 'higher' else '<')})"
    head = ["method", "estimate", f"{level} interval", f"{level} prediction", "tau", "I²", chance]
    cells = texts(chosen, quantity)
    rows = [[row["method"], row["estimate"], row["interval"], row["prediction"], row["tau"],
             row["I2"], row["chance"]] for row in cells]  # fmt: skip
    without = [] if quantity == schema.MU else [3]
    without += [] if any(row["chance"] for row in cells) else [6]
    kept = [place for place in range(len(head)) if place not in without]
    lines = [[row[place] for place in kept] for row in rows]
    heads = [head[place] for place in kept]
    if _is_small(table) and quantity == schema.MU:
        heads.append(f"{level} prediction, HTS")
        lines = [[*line, row["hts"]] for line, row in zip(lines, cells, strict=True)]
    return Grid(heads, lines)


def _event(table: "pd.DataFrame", quantity: str, sign: str) -> str:
    """Return what the probability is of: of a ratio, that it is below or above 1."""
    one = wording.kind(table.attrs, quantity) is Kind.RATIO
    name = symbol(table.attrs["measure"]) if quantity == schema.MU else quantity
    return f"{name} {sign} {1 if one else 0}"


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
        "hts": _ends(row, printed.prediction, "hts_lower", "hts_upper"),
        "chance": digits.probability(chance, row["p_error"]) if known else "",
    }


def _error(row: Record, name: str) -> float:
    error = float(row.get(f"{name}_error", 0.0))
    return 0.0 if math.isnan(error) else error


def _ends(row: Record, precision: Precision, *names: str) -> str:
    lower, upper = (precision.limit(row[name], _error(row, name)) for name in names)
    return dashed(f"{lower} to {upper}", row[names[0]])
