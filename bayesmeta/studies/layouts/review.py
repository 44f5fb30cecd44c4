"""The rows of a RevMan 5 review, as its format reads them."""

from bayesmeta.studies.reviews import HEADER, cleaned
from bayesmeta.studies.rows import Rows

title = "RevMan 5 review"


def recognises(rows: Rows) -> bool:
    """Return whether the header is that of our reader of reviews."""
    return rows.header == HEADER


def arranged(rows: Rows) -> Rows:
    """Return the rows with the cells that their data type uses."""
    return cleaned(rows)
