"""How large texts are on paper, measured once in a process.

Matplotlib forgets it with every file, and the same words, ticks and numbers are on most figures of
a run.
"""

import warnings
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

type Extent = tuple[float, float, float]
"""Width, height and descent of a text."""

_MOST = 20_000
"""Texts that are kept."""
_SETTINGS = ("font.", "text.hinting", "text.kerning")
_KNOWN: dict[Hashable, Extent] = {}


def fonts_asked() -> tuple[str, ...]:
    """Return the settings that say which font a name stands for, and how letters are drawn."""
    from matplotlib import rcParams

    return tuple(str(rcParams[name]) for name in rcParams if name.startswith(_SETTINGS))


def measured(
    asked: tuple[Hashable, ...], font: "FontProperties", measure: Callable[[], Extent]
) -> Extent:
    """Return what a text measures; from what is kept, where it was measured before.

    A text with letters that no font has is measured anew each time: it warns.

    Parameters
    ----------
    asked
        All that it depends on beside the font: the text, the resolution, `fonts_asked`.
    measure
        Measures it.
    """
    key = (asked, font.copy())
    if key in _KNOWN:
        return _KNOWN[key]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = measure()
    for each in caught:
        warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
    if not caught:
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()
        _KNOWN[key] = found
    return found
