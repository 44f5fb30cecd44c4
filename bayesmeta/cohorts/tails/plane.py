"""Where effects and slopes live at one node: rectangles, and grids over them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.cohorts.tails.sides import Sides
from bayesmeta.engines.lines.climbing import boxes
from bayesmeta.engines.lines.question import Question
from bayesmeta.engines.lines.rows import Spreads
from bayesmeta.errors import PosteriorError

STEP = 0.42
"""Between nodes, in standard deviations given all else."""
_LOOK, _ROUNDS, _FAR = 33, 2, 28.0
"""Places an axis is looked at by, how often, and how far below the top what is left out lies."""
_MOST, _APART = 4_000_000, 1_500
_LEAST = 9


class Plane(NamedTuple):
    """Nodes of the effect in trials, the slope, the effect in cohorts; rough SDs of the effects."""

    effect: FloatArray
    slope: FloatArray
    cohort_effect: FloatArray
    widths: tuple[float, float]


class Pair(NamedTuple):
    """How effects spread at nodes, in trials and in cohorts: the kernel's normals of each."""

    trials: Spreads
    cohorts: Spreads

    def take(self, nodes: slice) -> "Pair":
        """Return those of some nodes."""
        return Pair(self.trials.take(nodes), self.cohorts.take(nodes))

    def of(self, *, cohorts: bool) -> Spreads:
        """Return those of one side."""
        return self.cohorts if cohorts else self.trials


@dataclass(frozen=True, eq=False)
class Planes:
    """The planes of one table: what is known of a side's scale serves all nodes that have it.

    Parameters
    ----------
    sides
        The rows.
    wider
        Standard deviation of the widest prior of the effect in trials.
    """

    sides: Sides
    wider: float
    _known: dict[tuple[bool, bytes], FloatArray] = field(default_factory=dict)

    def at(self, scales: Pair) -> list[Plane]:
        """Return a plane a node."""
        ends = [self._ends(scales, cohorts=side) for side in (False, True)]
        return [_plane(self.sides, scales.take(slice(place, place + 1)), [*few, *more])
                for place, (few, more) in enumerate(zip(*ends, strict=True))]  # fmt: skip

    def _ends(self, scales: Pair, *, cohorts: bool) -> list[FloatArray]:
        """Return where a side's effects live under their prior, and a wide one, a node."""
        own = scales.of(cohorts=cohorts)
        keys = [(cohorts, row.tobytes()) for row in own.variance]
        first = {key: place for place, key in reversed(list(enumerate(keys)))}
        new = np.array([place for key, place in first.items() if key not in self._known], dtype=int)
        if new.size:
            sides, studies = self.sides, self.sides.of_design(cohorts=cohorts)
            middle, _ = sides.around
            wide = sides.flat() if cohorts else sides.normal(middle, self.wider)
            found = [ranges(sides.asked(studies, mu), own.take(new)) for mu in (None, wide)]
            each = np.stack(found, axis=1)
            self._known.update({keys[place]: ends for place, ends in zip(new, each, strict=True)})
        return [self._known[key] for key in keys]


def ranges(question: Question, scales: Spreads) -> FloatArray:
    """Return low and high ends of all that matters, shape (node, 2, coefficient)."""
    box = boxes(question, scales)
    half = np.abs(box.root).sum(axis=-1)
    ends = np.stack([box.centre - half, box.centre + half], axis=1)
    return np.stack([_cropped(question, scales, place, own) for place, own in enumerate(ends)])


def _cropped(question: Question, scales: Spreads, place: int, ends: FloatArray) -> FloatArray:
    own = scales.take(slice(place, place + 1))
    for _ in range(_ROUNDS):
        axes = np.linspace(ends[0], ends[1], _LOOK).T
        points = np.array(list(product(*axes)))
        value = question.log_joint(points[np.newaxis], own)[0]
        there = points[value >= value.max() - _FAR]
        cell = (ends[1] - ends[0]) / (_LOOK - 1)
        ends = np.stack([there.min(axis=0) - cell, there.max(axis=0) + cell])
    return ends


def _plane(sides: Sides, scales: Pair, ends: Sequence[FloatArray]) -> Plane:
    wide = [middle_variance(scales.of(cohorts=side))[0] for side in (False, True)]
    precision = 1 / (sides.error**2 + np.where(sides.cohort > 0, wide[1], wide[0]))
    _, sd = sides.around
    step = STEP / np.sqrt(precision.sum() + sd**-2)
    widths = [float(1 / np.sqrt(precision[sides.of_design(cohorts=side)].sum()))
              for side in (False, True)]  # fmt: skip
    mean = sides.bias[0]
    around = [ends[0][:, 0], ends[1][:, 0], ends[2][:, 0], ends[2][:, 0] - mean]
    effect = _without_gap(_line(around, step), around)
    there = [each[:, 0] + shift for each in (*ends, effect[[0, -1]][:, np.newaxis])
             for shift in (0.0, mean)]  # fmt: skip
    other = _line(there, STEP * widths[1])
    slope = np.zeros(1)
    if sides.beta is not None:
        low, high = sides.beta.quantile(np.array([0.25, 0.75])).tolist()
        own = (precision * sides.slope**2).sum() + ((high - low) / 1.349) ** -2
        slope = _line([each[:, 1] for each in ends], STEP / np.sqrt(own))
    if slope.size * max(effect.size, other.size) > _MOST:
        raise PosteriorError(
            f"Trials and cohorts with t effects lie {slope.size} by {effect.size} by {other.size} "
            "nodes apart, more than are tabulated; give mu and the slopes narrower priors"
        )
    return Plane(effect, slope, other, (widths[0], widths[1]))


def _line(ends: Sequence[FloatArray], step: float) -> FloatArray:
    low, high = min(float(each.min()) for each in ends), max(float(each.max()) for each in ends)
    count = max(int(np.ceil((high - low) / step)), _LEAST)
    return np.linspace(low, high, count + 1)


def _without_gap(line: FloatArray, ends: Sequence[FloatArray]) -> FloatArray:
    """Return nodes without those between designs that lie apart by very many of them.

    In the middle of so wide a gap pooled designs have nothing: both are nothing there.
    """
    if line.size < _APART:
        return line
    more = _LEAST * (line[1] - line[0])
    near = [(line >= each.min() - more) & (line <= each.max() + more) for each in ends]
    return np.asarray(line[np.logical_or.reduce(near)])


def middle_variance(scales: Spreads) -> FloatArray:
    """Return the geometric mean of the kernel's variances, shape (node,)."""
    weight = np.exp(scales.log_weight)
    logs = np.log(np.maximum(scales.variance, 1e-300))
    return np.asarray(np.exp((weight * logs).sum(axis=-1) / weight.sum(axis=-1)))
