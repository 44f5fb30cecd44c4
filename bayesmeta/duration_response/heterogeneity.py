"""The residual between-study SD, averaged over curves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.roots import Bracket, Trial, newton
from bayesmeta.sinc import SincDensity

_ROUGH = 1e-2
"""What a curve's nodes may leave of a probability outside 0 to 1: its weight is small beside it."""
_CLOSE, _NARROW = 1e-6, 1e-9
"""A step of Newton's method this small, relative to tau, is the last: its error is the square.
And so is a bracket this narrow, relative to the first one."""
_FAINT = 1e-12
"""Curves of a smaller probability are left out of a quantile's first bracket."""


class TauPart(NamedTuple):
    """Tau under the curves of a shape, a batch, and their probabilities, shape (curve,)."""

    density: SincDensity
    weight: FloatArray

    def times(self, share: float) -> "TauPart":
        """Return the part with its probabilities multiplied."""
        return TauPart(self.density, share * self.weight)


@dataclass(frozen=True, eq=False)
class AveragedTau:
    """A mixture of the distributions of tau under several curves.

    Parameters
    ----------
    parts
        By shape; all weights sum to one.
    coarse_parts
        By the coarser rule.
    within
        The mixtures that this one is of, which are asked too: what they know is not sought again.
    beside
        One whose quantiles are nearly the same, where a search for them begins.
    """

    parts: Sequence[TauPart]
    coarse_parts: Sequence[TauPart]
    within: Sequence["AveragedTau"] = ()
    beside: "AveragedTau | None" = None

    def mean(self) -> float:
        """Return the mean; infinite where it does not exist."""
        return float(sum(weight @ density.mean() for density, weight in self.parts))

    def square(self) -> float:
        """Return the mean of tau squared; infinite where it does not exist."""
        return self._square

    @cached_property
    def _square(self) -> float:
        squares = (
            weight @ (density.mean() ** 2 + density.sd() ** 2) for density, weight in self.parts
        )
        return float(sum(squares))

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return the probability of at most x, shape (q,)."""
        each = (weight @ density.cdf(x, tolerance=_ROUGH) for density, weight in self.parts)
        return np.asarray(sum(each))

    def quantile(self, p: FloatArray) -> FloatArray:
        """Return quantiles, shape (q,): between those of the curves, or of the mixtures of them."""
        asked = p.tobytes()
        if asked not in self._known:
            found = self._sought(p)
            found.setflags(write=False)  # whoever asks again has the same
            self._known[asked] = found
        return self._known[asked]

    @cached_property
    def _known(self) -> dict[bytes, FloatArray]:
        return {}

    def _sought(self, p: FloatArray) -> FloatArray:
        if self.within:
            every = np.stack([each.quantile(p) for each in self.within])
        else:
            each = [density.quantile(p)[weight > _FAINT] for density, weight in self.parts]
            every = np.concatenate(each)
        if len(every) == 1:
            return np.asarray(every[0])
        low, high = every.min(axis=0), every.max(axis=0)
        start = every.mean(axis=0) if self.beside is None else self.beside.quantile(p)

        def missing(x: FloatArray, chosen: IntArray) -> Trial:
            slope = np.asarray(sum(weight @ density.slope(x) for density, weight in self.parts))
            return Trial(self.cdf(x) - p[chosen], slope, _CLOSE * x)

        return newton(
            missing, Bracket(low, high), np.clip(start, low, high),
            narrow=_NARROW * float((high - low).max()), what="quantiles of tau",
        )  # fmt: skip

    def coarse(self) -> "AveragedTau":
        """Return the same by the coarser rules; the difference is the error."""
        return self._coarse

    @cached_property
    def _coarse(self) -> "AveragedTau":
        within = [one.coarse() for one in self.within]
        return replace(self, parts=self.coarse_parts, within=within, beside=self)
