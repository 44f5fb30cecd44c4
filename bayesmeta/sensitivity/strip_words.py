"""A strip over assumed correlations in words: as text, cells and JSON."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bayesmeta.plain import Json, plain, records
from bayesmeta.summaries import digits
from bayesmeta.summaries.grid import Grid
from bayesmeta.summaries.own_scale import kind_of
from bayesmeta.summaries.page import wrapped
from bayesmeta.summaries.precision import Kind, Precision

if TYPE_CHECKING:
    import pandas as pd

_WHY = (
    "The table does not say how estimates of the same patients are correlated, and the estimates "
    "themselves say little of it. Each row is exact; the last is integrated over {correlation} ~ "
    "{prior}."
)
_NUMBERS = ("estimate", "lower", "upper")
_OWN = {
    Kind.RATIO: "as the ratio, all else of its logarithm",
    Kind.CORRELATION: "as r, all else of Fisher's z",
}
"""What mean effects are shown as, where not as they are pooled."""

type Row = Mapping[Any, float]
"""The numbers of one quantity at one correlation, by column."""


def strip_text(table: "pd.DataFrame") -> str:
    """Return a strip as aligned text: a line a correlation, medians with central intervals.

    Parameters
    ----------
    table
        From `correlation_strip`.

    Examples
    --------
    ``print(strip_text(bm.correlation_strip(effects, "correlated", trial="study")))``
    """
    return "\n".join(
        [*wrapped([f"{strip_caption(table)}:"]), *strip_grid(table).lines(),
         *wrapped([reason(table)])]
    )  # fmt: skip


def strip_caption(table: "pd.DataFrame") -> str:
    """Return what a strip shows, and in which unit."""
    return f"{table.attrs['says'].capitalize()}, assumed. {_numbers(table)}"


def strip_grid(table: "pd.DataFrame") -> Grid:
    """Return a strip as cells, a row a correlation."""
    names, signed = table["quantity"].unique().tolist(), signed_of(table)
    head = [str(table.attrs["correlation"]), *names, *(f"P({name} < 0)" for name in signed)]
    return Grid(head, [_line(table, label, names) for label in dict.fromkeys(table.index)])


def reason(table: "pd.DataFrame") -> str:
    """Return why a strip is shown, and what its last line is."""
    about = table.attrs
    return _WHY.format(correlation=about["correlation"], prior=about["prior"])


def signed_of(table: "pd.DataFrame") -> list[str]:
    """Return the quantities that can be below 0: mean effects."""
    return list(table[table["p_below_0"].notna()]["quantity"].unique())


def _numbers(table: "pd.DataFrame") -> str:
    about = table.attrs
    level, unit = f"{100 * about['interval']:g} %", str(about["unit"])
    said = _OWN.get(kind_of(str(about["measure"])))
    if said is not None:
        mean = ", ".join(signed_of(table))
        unit = f"{mean} {said}"
    return f"Median [{level} interval]{f', {unit}' if unit else ''}"


def _line(table: "pd.DataFrame", label: str, names: list[str]) -> list[str]:
    own = rows_at(table, label)
    spans = [span(table, own, name) for name in names]
    below = [digits.probability(own[name]["p_below_0"], 0.0) for name in signed_of(table)]
    return [label, *spans, *below]


def rows_at(table: "pd.DataFrame", label: str) -> dict[str, Row]:
    """Return the numbers at one correlation, by quantity."""
    own = table.loc[[label]].set_index("quantity")
    return {str(name): row for name, row in own.to_dict("index").items()}


def span(table: "pd.DataFrame", own: Mapping[str, Row], name: str) -> str:
    """Return median and interval of one quantity at one correlation; nothing where it has none.

    Parameters
    ----------
    table
        From `correlation_strip`; a quantity has as many decimals in all of its rows.
    own
        From `rows_at`.
    """
    if name not in own:
        return ""
    column = table[table["quantity"] == name].to_dict("records")
    places = max(_precision(table, row).places for row in column)
    values = [own[name][number] for number in _NUMBERS]
    errors = [own[name][f"{number}_error"] for number in _NUMBERS]
    return replace(_precision(table, own[name]), places=places).span(values, errors).bracketed()


def _precision(table: "pd.DataFrame", row: Row) -> Precision:
    signed = not math.isnan(row["p_below_0"])  # a quantity with a sign is an effect
    return Precision.of(
        sd=row["sd"],
        lower=row["lower"],
        upper=row["upper"],
        median=row["estimate"],
        errors=[row["lower_error"], row["upper_error"]],
        kind=kind_of(str(table.attrs["measure"])) if signed else Kind.NUMBER,
    )


def strip_contract(table: "pd.DataFrame") -> dict[str, Json]:
    """Return a strip as plain dicts and lists; what is not a finite number is None.

    Examples
    --------
    ``strip_contract(strip)["rows"][0]["estimate"]``
    """
    about = {str(name): plain(value) for name, value in table.attrs.items()}
    return {**about, "rows": records(table.reset_index())}
