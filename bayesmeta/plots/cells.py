"""Numbers of a column, placed so that their decimal points stand below one another."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bayesmeta.plots.lettering import Letters

_SPAN = re.compile(r"(\S+) (\[\S+(?:,| to)) (\S+\])")
_POINT = re.compile(r"[./](?=\d)|(?<=\d)(?=\D|$)")
_SPACE = 0.075
"""Between the parts of a cell, in inches."""


class Part(NamedTuple):
    """A part of a cell, such as a limit, and its right edge left of the column's."""

    text: str
    before_end: float


class Slot(NamedTuple):
    """Room before and after the decimal point of one part of a column's cells, in inches."""

    before: float
    after: float


type Cell = tuple[str, Letters]


def parts_of(text: str) -> list[str]:
    """Return the parts of a cell that are aligned one by one: a point and both limits, or all.

    Examples
    --------
    >>> parts_of("1.5 [−2, 5.25]"), parts_of("1.5 [−2 to 5.25]"), parts_of("83.9 %")
    (['1.5', '[−2,', '5.25]'], ['1.5', '[−2 to', '5.25]'], ['83.9 %'])
    """  # noqa: RUF002
    found = _SPAN.fullmatch(text)
    return list(found.groups()) if found else [text]


def point_of(part: str) -> int:
    """Return where the decimal point of a part stands, or would stand.

    Examples
    --------
    >>> [part[:point_of(part)] for part in ("−53.5", "[6,", "12/140", "<0.001", "none")]
    ['−53', '[6', '12', '<0', 'none']
    """  # noqa: RUF002
    found = _POINT.search(part)
    return found.start() if found else len(part)


def slots_of(cells: Sequence[Cell]) -> list[Slot]:
    """Return the room that each part of a column's cells needs, the first part first."""
    slots: list[Slot] = []
    for text, letters in cells:
        for place, (before, after) in enumerate(_widths(part, letters) for part in parts_of(text)):
            if place == len(slots):
                slots.append(Slot(0.0, 0.0))
            known = slots[place]
            slots[place] = Slot(max(known.before, before), max(known.after, after))
    return slots


def _widths(part: str, letters: Letters) -> tuple[float, float]:
    """Return the widths before and after the decimal point."""
    ending = part[point_of(part) :]
    after = letters.width(ending) if ending else 0.0
    return letters.width(part) - after, after


def width_of(slots: Sequence[Slot]) -> float:
    """Return the width of a column's cells, in inches."""
    return sum(sum(slot) for slot in slots) + _SPACE * max(len(slots) - 1, 0)


def placed(cell: Cell, slots: Sequence[Slot]) -> list[Part]:
    """Return the parts of a cell with the distance of each one's right edge from the column's.

    Parameters
    ----------
    slots
        Those of its column.
    """
    text, letters = cell
    found, end = [], width_of(slots)
    for part, slot in zip(parts_of(text) if text else [], slots, strict=False):
        found.append(Part(part, end - slot.before - _widths(part, letters)[1]))
        end -= slot.before + slot.after + _SPACE
    return found
