"""The curves that are weighed: each shape at each node of its parameters and open durations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bayesmeta.duration.weeks import Durations
from bayesmeta.errors import ModelError
from bayesmeta.location.shapes import SHAPES, Observed
from bayesmeta.measures.effects import FloatArray

_COMPLETIONS = 64
_LEAST = 2
"""Completions of open durations: for a whole shape, and for one node of its parameters."""


@dataclass(frozen=True, eq=False)
class Curves:
    """The curves of one shape: its own parameters and everyone's durations fixed in each.

    Parameters
    ----------
    shape
        Name in the register of shapes.
    observed
        The observed durations.
    parameter
        The shape's own parameters, shape (curve, parameter).
    weeks
        The studies' durations, shape (curve, study).
    weight, coarse_weight
        Prior probability within the shape, by the rule and by a coarser one, shape (curve,).
    """

    shape: str
    observed: Observed
    parameter: FloatArray
    weeks: FloatArray
    weight: FloatArray
    coarse_weight: FloatArray

    def columns(self, weeks: FloatArray) -> FloatArray:
        """Return each curve's columns at weeks (week,) or (curve, week), centred over the studies.

        Returns
        -------
        array
            Shape (curve, week, column).
        """
        here = self._raw(np.broadcast_to(weeks, (len(self.weight), weeks.shape[-1])))
        return here - self._raw(self.weeks).mean(axis=1, keepdims=True)

    def _raw(self, weeks: FloatArray) -> FloatArray:
        parameter = [self.parameter[:, [place]] for place in range(self.parameter.shape[1])]
        found = SHAPES[self.shape].columns(weeks, self.observed, parameter)
        return np.stack(found, axis=-1) if found else np.empty((*weeks.shape, 0))

    def change(self) -> FloatArray:
        """Return the columns' change from the shortest to the longest week, (curve, column)."""
        ends = np.array([self.observed.shortest, self.observed.longest])
        change: FloatArray = np.diff(self.columns(ends), axis=1)[:, 0]
        return change


class Skipped(NamedTuple):
    """A shape that these durations do not suit, and why."""

    shape: str
    reason: str


def choose(names: Sequence[str] | None, observed: Observed) -> tuple[list[str], list[Skipped]]:
    """Return the shapes to weigh and those left out; by default all that suit.

    Raises
    ------
    ModelError
        If a shape is unknown, named twice, or named and does not suit.

    Examples
    --------
    >>> choose(["linear", "constant"], Observed((2.0, 4.0)))
    (['linear', 'constant'], [])
    """
    for name in names or ():
        if name not in SHAPES:
            raise ModelError(f"No shape {name!r}; known: {', '.join(SHAPES)}.")
    if names is not None and (len(set(names)) < len(names) or not names):
        raise ModelError(f"Shapes {', '.join(names) or 'none'}: name each once, and one at least.")
    wanted = list(SHAPES) if names is None else list(names)
    reasons = {name: _obstacle(name, observed) for name in wanted}
    skipped = [Skipped(name, reason) for name, reason in reasons.items() if reason]
    if skipped and names is not None:
        raise ModelError(f"Shape {skipped[0].shape}: {skipped[0].reason}; leave it out.")
    return [name for name in wanted if not reasons[name]], skipped


def _obstacle(name: str, observed: Observed) -> str:
    part, count = SHAPES[name], len(observed.distinct)
    if count < part.MINIMUM:
        return f"needs {part.MINIMUM} distinct durations, there are {count}"
    return part.obstacle(observed)


def curves_of(shape: str, durations: Durations) -> Curves:
    """Return every curve of a shape, with weights that sum to one.

    Where durations are open, each node of the shape's parameters meets some completions of them;
    the coarser rule has the first half of those.
    """
    grid = SHAPES[shape].grid(durations.observed)
    nodes = len(grid.weight)
    needs_none = durations.complete or shape == "constant"
    each = 1 if needs_none else max(_LEAST, -(-_COMPLETIONS // nodes))
    # A coarse node has no more use for the second half than a fine one has for a coarse node.
    first = np.tile(np.arange(each) < (each + 1) // 2, nodes)
    fine, coarse = (np.repeat(weight, each) for weight in (grid.weight, grid.coarse_weight))
    coarse = np.where(first, coarse, 0.0)
    return Curves(
        shape, durations.observed, np.repeat(grid.values, each, axis=0),
        durations.completed(nodes * each), fine / fine.sum(), coarse / coarse.sum(),
    )  # fmt: skip
