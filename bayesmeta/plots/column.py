"""How wide a figure is printed: a journal's column, in a unit that is said."""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from bayesmeta.errors import OutputError
from bayesmeta.plots.place import extent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INCHES = {"mm": 1 / 25.4, "cm": 1 / 2.54, "in": 1.0, "inch": 1.0, "inches": 1.0, '"': 1.0}
_SIZE = re.compile(r'\s*(\d+(?:\.\d*)?|\.\d+)\s*([a-z"]*)\s*', re.IGNORECASE)
_LEAST, _MOST = 1.0, 40.0
_COLUMN: ContextVar[float | None] = ContextVar("column", default=None)

type Width = str
"""Such as ``"85 mm"``, ``"17.4 cm"``, ``"3.35 in"``."""


def inches(width: Width) -> float:
    """Return a width in inches.

    Raises
    ------
    OutputError
        If it says no unit, or none that is known, or is no width of a page.

    Examples
    --------
    >>> round(inches("85 mm"), 3), inches("3.5in")
    (3.346, 3.5)
    >>> inches("85")
    Traceback (most recent call last):
    ...
    bayesmeta.errors.OutputError: The width is '85'; write a number with its unit, mm, cm or in, \
such as '85 mm'.
    """
    found = _SIZE.fullmatch(str(width))
    if not found or found[2].lower() not in _INCHES:
        raise OutputError(
            f"The width is {width!r}; write a number with its unit, mm, cm or in, such as '85 mm'."
        )
    wide = float(found[1]) * _INCHES[found[2].lower()]
    if not _LEAST <= wide <= _MOST:
        raise OutputError(
            f"The width is {width!r}; it must be from {shown(_LEAST)} to {shown(_MOST)}."
        )
    return wide


def shown(wide: float) -> str:
    """Return a width in inches as text.

    Examples
    --------
    >>> shown(3.5)
    '89 mm'
    """
    return f"{math.ceil(25.4 * wide - 1e-9)} mm"


@contextmanager
def figure_width(width: Width | None) -> Iterator[None]:
    """Let figures made and saved inside be as wide as a journal's column; None leaves them.

    Most figures are laid out anew at that width, with letters of their usual size. One that is a
    table beside a plot, such as a forest, is made smaller as a whole when it is saved, as far as
    its letters can still be read.

    Parameters
    ----------
    width
        Such as ``"85 mm"`` or ``"3.35 in"``.

    Raises
    ------
    OutputError
        If it says no unit, or is no width of a page.

    Returns
    -------
    context manager

    Examples
    --------
    >>> import bayesmeta as bm
    >>> with bm.figure_width("85 mm"):
    ...     figure = bm.plot_prior("HalfNormal(sigma=5)", unit="days")
    >>> round(25.4 * figure.get_figwidth())
    85
    """
    token = _COLUMN.set(_COLUMN.get() if width is None else inches(width))
    try:
        yield
    finally:
        _COLUMN.reset(token)


def column() -> float | None:
    """Return the width that is asked for, in inches; None where none is."""
    return _COLUMN.get()


def across(usual: float, least: float = 2.6, axes: "Axes | None" = None) -> float:
    """Return how wide a figure is laid out, in inches: as asked, but no narrower than it can be.

    In the place of axes it is as wide as they are.
    """
    asked = _COLUMN.get() if axes is None else extent(axes)[0]
    return usual if asked is None else max(asked, least)
