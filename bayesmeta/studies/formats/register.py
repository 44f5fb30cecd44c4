"""The formats there are, in the order in which they are tried."""

from bayesmeta.studies.formats import delimited, package, review, workbook
from bayesmeta.studies.formats.contract import Format

FORMATS: tuple[Format, ...] = (workbook, package, review, delimited)
"""Excel, a zip such as the Cochrane Library's, RevMan 5's XML; anything else is a text table."""


def format_of(content: bytes) -> Format:
    """Return the format of a file, by its content and never by its name.

    Examples
    --------
    >>> format_of(b"study,yi,vi").title
    'text table'
    """
    return next(one for one in FORMATS if one.recognises(content))
