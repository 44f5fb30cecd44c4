"""Units of time that columns are called by."""

import re

UNITS = ("weeks", "days", "months", "years", "hours", "minutes", "sessions")
"""Units of time that the name of a column may say."""


def time_unit(column: str) -> str:
    """Return the unit of durations that their column's name says; nothing where it says none.

    Examples
    --------
    >>> [time_unit(name) for name in ("duration_weeks", "Treatment (days)", "week", "x")]
    ['weeks', 'days', 'weeks', '']
    """
    said = re.findall(r"[a-z]+", column.lower())
    return next((unit for unit in UNITS if unit in said or unit[:-1] in said), "")
