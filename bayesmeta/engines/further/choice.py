"""Cases, one of which is so: a walk whose nodes are no points of a line."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.biases import Patterns
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.sinc import Path, SincDensity
from bayesmeta.sinc.support import Support

_REACH, _STEP = 12.0, 0.02
"""Of the rule that a share's distribution is stored on, in t: its line is a logit."""
_NEGLIGIBLE = 36.0


class _Case(NamedTuple):
    """What stands in an axis' place."""

    name: str
    is_ratio: bool = False


class Choice:
    """Every case of who is biased, as an axis of the outer rule that nothing halves or thins.

    Parameters
    ----------
    patterns
        The cases.
    """

    axis = _Case("case")
    log_step = 0.0

    def __init__(self, patterns: Patterns) -> None:
        self.patterns = patterns

    @cached_property
    def t(self) -> FloatArray:
        """Numbers of the cases."""
        return np.arange(float(len(self.patterns.values)))

    @property
    def values(self) -> FloatArray:
        """Numbers of the cases."""
        return self.t

    @property
    def log_prior(self) -> FloatArray:
        """Log prior probabilities, shape (case,)."""
        return self.patterns.log_weight

    @property
    def parity(self) -> FloatArray:
        """One: there is no coarser rule."""
        return np.ones(self.t.size)

    def named(self, values: FloatArray) -> dict[str, FloatArray]:
        """Return the indicators by name, and the share's mean where it has a distribution."""
        cases = values.astype(np.intp)
        columns = self.patterns.values[cases].T
        found = dict(zip(self.patterns.names, columns, strict=True))
        if self.patterns.share:
            alpha, beta = self.patterns.alpha[cases], self.patterns.beta[cases]
            found[self.patterns.share] = alpha / (alpha + beta)
        return found

    def marginals(self, log_share: FloatArray) -> dict[str, SincDensity]:
        """Return the distribution of the share, a mixture of beta ones; none of a number.

        Parameters
        ----------
        log_share
            Log probabilities of the cases, shape (case,).
        """
        from scipy.special import betaln

        if not self.patterns.share:
            return {}
        alpha, beta = self.patterns.alpha[:, np.newaxis], self.patterns.beta[:, np.newaxis]
        support, one = Support(0.0, 1.0), np.ones((1, 1))
        path = Path(support, 0 * one, one)
        t = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
        line = path.line(t)[0]
        # Of the logit: alpha log(share) + beta log(1 - share), far into both tails.
        log_values = -np.logaddexp(0, -line), -np.logaddexp(0, line)
        each = alpha * log_values[0] + beta * log_values[1] - betaln(alpha, beta)
        log_mass = log_sum((each + log_share[:, np.newaxis]).T)
        log_mass = log_mass + path.log_stretch(t)[0] + np.log(_STEP)
        kept = np.flatnonzero(log_mass > log_mass.max() - _NEGLIGIBLE)
        inside = log_mass[kept[0] : kept[-1] + 1]
        inside = inside - log_sum(inside[np.newaxis])
        density = SincDensity(path, t[kept[:1]], np.array([_STEP]), inside[np.newaxis])
        return {self.patterns.share: density}

    def draw(
        self, log_weight: FloatArray, known: IntArray, generator: np.random.Generator
    ) -> tuple[dict[str, FloatArray], IntArray]:
        """Return draws of the share, and of the cases, given nodes of the axes before.

        Parameters
        ----------
        log_weight
            Log probabilities, shape (node of each axis before, case).
        known
            Nodes of those axes, shape (draw, axis).
        """
        own = log_weight[tuple(known.T)] if known.shape[1] else log_weight[np.newaxis]
        own = np.broadcast_to(own, (len(known), own.shape[-1]))
        reached = np.cumsum(np.exp(own - own.max(axis=1, keepdims=True)), axis=1)
        level = generator.random(len(known)) * reached[:, -1]
        case = np.asarray((reached < level[:, np.newaxis]).sum(axis=1), dtype=np.intp)
        found = dict(zip(self.patterns.names, self.patterns.values[case].T, strict=True))
        if self.patterns.share:
            share = generator.beta(self.patterns.alpha[case], self.patterns.beta[case])
            found[self.patterns.share] = share
        return found, case
