"""The curves that are weighed: each shape at each node of its parameters."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.errors import ModelError
from bayesmeta.location.shapes import SHAPES, Observed
from bayesmeta.studies import key_of


@dataclass(frozen=True, eq=False)
class Curves:
    """The curves of one shape: its own parameters fixed in each.

    Parameters
    ----------
    shape
        Name in the register of shapes.
    observed
        The observed durations.
    reference
        The durations whose mean column is the centre of each curve, shape (reference,).
    parameter
        The shape's own parameters, shape (curve, parameter).
    weight, coarse_weight
        Prior probability within the shape, by the rule and by a coarser one, shape (curve,).
    """

    shape: str
    observed: Observed
    reference: FloatArray
    parameter: FloatArray
    weight: FloatArray
    coarse_weight: FloatArray

    def columns(self, weeks: FloatArray) -> FloatArray:
        """Return each curve's columns at weeks (week,) or (curve, week), centred.

        Returns
        -------
        array
            Shape (curve, week, column).
        """
        here = self._raw(np.broadcast_to(weeks, (len(self.weight), weeks.shape[-1])))
        return here - self._centre

    @cached_property
    def _centre(self) -> FloatArray:
        """Each curve's mean column, shape (curve, 1, column)."""
        weeks = np.broadcast_to(self.reference, (len(self.weight), self.reference.size))
        return np.asarray(self._raw(weeks).mean(axis=1, keepdims=True))

    def breaks(self) -> list[FloatArray]:
        """Return the weeks at which columns jump or bend, each of shape (curve,)."""
        found = SHAPES[self.shape].breaks(self.observed, list(self.parameter.T))
        return [np.broadcast_to(week, self.weight.shape) for week in found]

    def change(self) -> FloatArray:
        """Return the columns' change from the shortest to the longest week, (curve, column)."""
        ends = np.array([self.observed.shortest, self.observed.longest])
        change: FloatArray = np.diff(self.columns(ends), axis=1)[:, 0]
        return change

    def take(self, chosen: BoolArray) -> "Curves":
        """Return some of the curves."""
        parts = (self.parameter, self.weight, self.coarse_weight)
        return Curves(self.shape, self.observed, self.reference, *(part[chosen] for part in parts))

    def _raw(self, weeks: FloatArray) -> FloatArray:
        parameter = [self.parameter[:, [place]] for place in range(self.parameter.shape[1])]
        found = SHAPES[self.shape].columns(weeks, self.observed, parameter)
        return np.stack(found, axis=-1) if found else np.empty((*weeks.shape, 0))


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
    if names is not None:
        names = [shape_named(name) for name in ([names] if isinstance(names, str) else names)]
    if names is not None and (len(set(names)) < len(names) or not names):
        raise ModelError(f"Shapes {', '.join(names) or 'none'}: name each once, and one at least.")
    wanted = list(SHAPES) if names is None else list(names)
    reasons = {name: _obstacle(name, observed) for name in wanted}
    skipped = [Skipped(name, reason) for name, reason in reasons.items() if reason]
    if skipped and names is not None:
        raise ModelError(f"Shape {skipped[0].shape}: {skipped[0].reason}; leave it out.")
    return [name for name in wanted if not reasons[name]], skipped


def shape_named(name: str) -> str:
    """Return the shape of a name in the register, or as a text prints it.

    Raises
    ------
    ModelError
        If there is none.

    Examples
    --------
    >>> shape_named("Emax"), shape_named("square root"), shape_named("step at a cut")
    ('emax', 'square_root', 'step')
    """
    if name in SHAPES:
        return name
    printed = {key_of(part.TITLE): shape for shape, part in SHAPES.items()}
    found = ({key_of(shape): shape for shape in SHAPES} | printed).get(key_of(str(name)))
    if found is None:
        raise ModelError(f"No shape {name!r}; known: {', '.join(SHAPES)}.")
    return found


def _obstacle(name: str, observed: Observed) -> str:
    part, count = SHAPES[name], len(observed.distinct)
    if count < part.MINIMUM:
        return f"needs {part.MINIMUM} distinct durations, there are {count}"
    return part.obstacle(observed)


def curves_of(shape: str, durations: Durations) -> Curves:
    """Return every curve of a shape, with weights that sum to one.

    They are centred at the mean column of the studies that say anything of their duration, a
    range at its middle: one centre for all weeks that the others may have.
    """
    grid = SHAPES[shape].grid(durations.observed)
    return Curves(
        shape, durations.observed, durations.reference, grid.values,
        grid.weight / grid.weight.sum(), grid.coarse_weight / grid.coarse_weight.sum(),
    )  # fmt: skip
