"""The layouts there are, in the order in which they are tried."""

from bayesmeta.studies.layouts import data_rows, review, revman_export, side_by_side
from bayesmeta.studies.layouts.contract import Layout
from bayesmeta.studies.rows import Rows

LAYOUTS: tuple[Layout, ...] = (review, revman_export, data_rows, side_by_side)
"""RevMan 5's XML, its CSV export, the data rows of RevMan Web and the Cochrane Library,
outcomes side by side."""


def layout_of(rows: Rows) -> Layout | None:
    """Return the layout that a table has, or None where it has one row a study."""
    return next((one for one in LAYOUTS if one.recognises(rows)), None)
