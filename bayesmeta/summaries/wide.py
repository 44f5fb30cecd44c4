"""A table that prints all of its columns, however narrow the terminal."""

import pandas as pd

_ROWS = 60
_DIGITS = 4


class Wide(pd.DataFrame):
    """A frame that hides no column where it is printed; what is made of it is a plain frame.

    Examples
    --------
    >>> Wide({"median": [-14.728064], "lower": [-29.77]}, index=["mu"])
        median  lower
    mu  -14.73 -29.77
    """

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    def __repr__(self) -> str:
        """Return every column, numbers to four digits; of a long table pandas' own."""
        if len(self) > _ROWS:
            return super().__repr__()
        return self.to_string(float_format=lambda value: f"{value:.{_DIGITS}g}")
