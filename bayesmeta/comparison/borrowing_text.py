"""What each outcome borrowed, as plain text."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bayesmeta import schema
from bayesmeta.summaries import digits
from bayesmeta.summaries.grid import Grid
from bayesmeta.summaries.own_scale import kind_of
from bayesmeta.summaries.page import wrapped
from bayesmeta.summaries.precision import Kind, Precision

if TYPE_CHECKING:
    import pandas as pd

type Row = Mapping[Any, Any]  # one row of the table

ABOUT = (
    "Each outcome by its own studies alone, and in the joint fit. Width: the joint interval's over "
    "the own one's. Borrowed: the share of the own variance that the other outcomes took away; "
    "below 0 the joint fit is the wider."
)


def borrowing_text(table: "pd.DataFrame", measure: str, *, interval: float = 0.95) -> str:
    """Return the table of `borrowing` as aligned text; ratios as ratios, tau on the log scale.

    Parameters
    ----------
    measure
        Code of the effect measure.
    interval
        Probability of the table's intervals.
    """
    found = borrowing_grid(table, measure, interval=interval)
    return "\n".join([*wrapped([ABOUT]), "", *found.lines()])


def borrowing_grid(table: "pd.DataFrame", measure: str, *, interval: float = 0.95) -> Grid:
    """Return the table of `borrowing` as cells; parameters as `borrowing_text`."""
    level = f"[{100 * interval:g} %]"
    head = ["outcome", "unit", "quantity", "studies", f"own fit {level}", f"joint fit {level}",
            "width", "borrowed"]  # fmt: skip
    rows = [
        [str(row["outcome"]), str(row["unit"]), str(row["quantity"]), str(row["studies"]),
         _span(row, "own", measure), _span(row, "joint", measure),
         digits.fixed(float(row["width_ratio"]), 2), digits.per_cent(float(row["borrowed"]))]
        for row in table.to_dict("records")
    ]  # fmt: skip
    return Grid(head, rows)


def _span(row: Row, fit: str, measure: str) -> str:
    median, lower, upper, sd = (float(row[f"{fit}_{name}"])
                                for name in ("median", "lower", "upper", "sd"))  # fmt: skip
    kind = Kind.NUMBER if row["quantity"] == schema.TAU else kind_of(measure)
    known = Precision.of(sd=sd, lower=lower, upper=upper, median=median, kind=kind)
    return known.span([median, lower, upper]).bracketed()
