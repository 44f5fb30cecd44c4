"""Where everything of a figure of intervals stands, in inches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bayesmeta.plots.cells import Slot, slots_of, width_of
from bayesmeta.plots.effect_axes import MANY
from bayesmeta.plots.ink import BODY, MARGIN, SMALL, STRONG, TINY, TINY_STRONG, TITLE
from bayesmeta.plots.lettering import Letters
from bayesmeta.plots.scale import Range, effect_range
from bayesmeta.summaries.precision import LEVELS, Kind

PANEL, TICKS = 3.3, 0.28
STUDY = "study"
_GAP, _WIDEST, _PAD, _CLOSE = 0.24, 2.5, 0.08, 0.01
_REACH = 1.5  # ranges of the intervals that the axis goes on for, at most, to each side


ENDS = ("estimate", "lower", "upper", "pi_lower", "pi_upper")
"""The numbers of a row, as tables have them."""


@dataclass(frozen=True)
class Entry:
    """One row of the figure; without a point it is a heading, or says why it is empty.

    Parameters
    ----------
    estimate, lower, upper
        Estimate and interval; nan for none.
    pi_lower, pi_upper
        Prediction interval; nan for none.
    kind
        What the point is of: the name of its mark in the figure. A `STUDY` whose interval is far
        wider than the others does not widen the axis.
    filled, whole
        Whether the point's mark is a filled diamond, else an open square; whether the diamond
        goes from end to end of the interval.
    cells
        Texts of the columns to the right.
    heading
        Whether the label stands above rows of a kind.
    compact
        Whether it stands close to its neighbours, in small letters, on one line: one of very many.
    """

    label: str
    estimate: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    pi_lower: float = np.nan
    pi_upper: float = np.nan
    kind: str = "estimate"
    filled: bool = True
    whole: bool = False
    cells: tuple[str, ...] = ()
    heading: bool = False
    compact: bool = False

    @property
    def letters(self) -> Letters:
        """The letters of the row."""
        strong = self.heading or self.whole
        if self.compact:
            return TINY_STRONG if strong else TINY
        return STRONG if strong else BODY

    @cached_property
    def lines(self) -> list[str]:
        """The label's lines."""
        return self.letters.wrapped(self.label, _WIDEST, most=1 if self.compact else None)

    @property
    def height(self) -> float:
        """Height of the row, in inches."""
        return len(self.lines) * self.letters.line + (_CLOSE if self.compact else _PAD)

    @property
    def share(self) -> float:
        """How large marks are, of their usual size: rows that stand close have smaller ones."""
        return self.letters.size / BODY.size * (0.8 if self.compact else 1.0)


@dataclass(frozen=True)
class Words:
    """What the figure says around its rows.

    Parameters
    ----------
    heads
        Heads of the text columns, each as lines.
    axis
        Label of the axis, with unit.
    key
        Words for the filled and the open mark; empty where there is none of a kind.
    kind
        Whether the numbers are logarithms, labelled as ratios, or Fisher's z, as correlations.
    threshold
        Where a dashed line stands, such as the minimal important difference.
    label
        Head of the rows' labels.
    """

    title: str
    heads: tuple[tuple[str, ...], ...]
    axis: str
    notes: tuple[str, ...]
    key: tuple[str, str]
    kind: Kind = Kind.NUMBER
    threshold: float | None = None
    label: str = ""


@dataclass(frozen=True, eq=False)
class Plan:
    """Where everything stands, in inches from the lower left corner."""

    entries: tuple[Entry, ...]
    words: Words
    left: float
    rights: tuple[float, ...]
    slots: tuple[tuple[Slot, ...], ...] = ()

    @property
    def width(self) -> float:
        """Width of the figure."""
        return max((self.left + PANEL, *self.rights)) + MARGIN

    @cached_property
    def notes(self) -> list[str]:
        """The notes' lines."""
        room = self.width - 2.5 * MARGIN
        return SMALL.paragraphs(self.words.notes, room)

    @cached_property
    def title(self) -> list[str]:
        """The title's lines."""
        return TITLE.wrapped(self.words.title, self.width - 2 * MARGIN)

    @property
    def foot(self) -> float:
        """Height of the panel's foot."""
        notes = MARGIN + len(self.notes) * SMALL.line + 0.08
        return notes + SMALL.line + 0.18 + len(self.axis) * BODY.line + TICKS

    @cached_property
    def axis(self) -> list[str]:
        """The axis label's lines."""
        return BODY.wrapped(self.words.axis, PANEL)

    @property
    def rows(self) -> float:
        """Height of all rows."""
        return sum(entry.height for entry in self.entries) + _PAD

    @property
    def height(self) -> float:
        """Height of the figure."""
        heads = max((len(head) for head in self.words.heads), default=1)
        above = heads * STRONG.line + 0.14 + len(self.title) * TITLE.line + 0.1
        return self.foot + self.rows + above + MARGIN


def plan(rows: Sequence[Entry], words: Words) -> Plan:
    """Return where everything stands; very many rows stand close."""
    entries = [replace(row, compact=len(rows) >= MANY) for row in rows]
    labels = [entry.letters.width(line) for entry in entries for line in entry.lines]
    left = MARGIN + max(*labels, STRONG.width(words.label)) + _GAP
    rights, slots, right = [], [], left + PANEL
    for column, head in enumerate(words.heads):
        own = slots_of([(entry.cells[column], entry.letters) for entry in entries if entry.cells])
        right += _GAP + max([width_of(own), *(STRONG.width(line) for line in head)])
        rights.append(right)
        slots.append(tuple(own))
    return Plan(tuple(entries), words, left, tuple(rights), tuple(slots))


def limits(entries: Sequence[Entry], words: Words) -> Range:
    """Return a range that shows every interval whole, and every prediction interval in reason."""
    core = [*([] if words.kind in LEVELS else [0.0]), *(each.estimate for each in entries)]
    core += [] if words.threshold is None else [words.threshold]
    core += [end for each in entries if each.kind != STUDY for end in (each.lower, each.upper)]
    inner = effect_range(core, [])
    reach = _REACH * (inner.high - inner.low)
    ends = [end for each in entries for end in (each.pi_lower, each.pi_upper)]
    own = [end for each in entries if each.kind == STUDY for end in (each.lower, each.upper)]
    return effect_range([*core, *np.clip(ends, inner.low - reach, inner.high + reach)], own)


def middles(planned: Plan) -> list[float]:
    """Return the height of each row's middle above the panel's foot."""
    top, found = planned.rows - _PAD / 2, []
    for entry in planned.entries:
        found.append(top - entry.height / 2)
        top -= entry.height
    return found
