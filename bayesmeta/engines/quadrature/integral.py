"""The posterior of a batch of problems: its nodes, and the distributions that follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.quadrature.draws import Drawn, draw
from bayesmeta.engines.quadrature.grouped import grouped
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.quadrature.search import Bulk
from bayesmeta.engines.quadrature.shrunken import shrunken
from bayesmeta.errors import PosteriorError
from bayesmeta.mixtures import NormalMixture
from bayesmeta.sinc import Path, SincDensity


@dataclass(frozen=True, eq=False)
class Integral:
    """A batch of posteriors as finite mixtures of normal distributions.

    Parameters
    ----------
    problem
        What was integrated.
    log_marginal_likelihood
        log p(y) with all constants, shape (batch,); flat coefficients have density one, an
        improper prior on tau the density it states.
    log_weight
        Log probability of each node and component, shape (batch, node, component).
    coarse_weight
        Probabilities at twice the step, the same shape, zero where the coarse rule has no node.
    tau
        The hyperparameter that the rule walks, shape (batch, node); no larger than
        what can be computed with.
    further
        Other hyperparameters by name, each of shape (batch, node), or (batch, 1) where a rule has
        one value.
    marginals
        Distributions of the hyperparameters, where the nodes are those of several rules.
    mean
        Posterior means of the coefficients at each node, shape
        (batch, node, component, coefficient).
    covariance
        Shape (batch, node, component, coefficient, coefficient).
    asked
        The problem in the studies' own rows, where other rows were integrated.
    path, first, step
        How the nodes walk tau's support, as in `SincDensity`; None for a common effect.
    error
        Of the log marginal likelihood: what halving the step changed, and rounding.
    """

    problem: Problem
    log_marginal_likelihood: FloatArray
    error: FloatArray
    log_weight: FloatArray
    coarse_weight: FloatArray
    tau: FloatArray
    mean: FloatArray
    covariance: FloatArray
    path: Path | None
    first: FloatArray
    step: FloatArray
    further: Mapping[str, FloatArray] = field(default_factory=dict)
    marginals: Mapping[str, SincDensity] = field(default_factory=dict)
    asked: Problem | None = None

    @property
    def bulk(self) -> Bulk:
        """Where each integrand lives on the line, shape (batch,); NaN where it has no one bulk."""
        if self.path is None:
            return Bulk(*np.full((2, len(self.tau)), np.nan))
        alone = np.isfinite(self.path.scale).sum(axis=1) == 1
        centre, scale = self.path.centre[:, 0], self.path.scale[:, 0]
        return Bulk(np.where(alone, centre, np.nan), np.where(alone, scale, np.nan))

    @property
    def own(self) -> Problem:
        """The problem in the studies' own rows."""
        return self.problem if self.asked is None else self.asked

    @property
    def nodes(self) -> int:
        """How many there are, over the batch."""
        return self.tau.size

    @property
    def studies(self) -> int:
        """How many study effects there are."""
        return int(self.own.estimate.shape[-1])

    @property
    def values(self) -> dict[str, FloatArray]:
        """All hyperparameters by name, each of shape (batch, node) or (batch, 1)."""
        inner = {self.problem.structure.inner: self.tau} if self.problem.structure.inner else {}
        values = {**inner, **self.further}
        found = self.problem.structure.named(values)
        return {name: np.asarray(value) for name, value in found.items()}

    @cached_property
    def weight(self) -> FloatArray:
        """Probability of each node and component, shape (batch, node, component)."""
        return np.exp(self.log_weight)

    def heterogeneity(
        self, name: str | None = None, *, moments: FloatArray | float = np.inf
    ) -> SincDensity:
        """Return the posterior of a hyperparameter, a batch of shape (batch,).

        Parameters
        ----------
        name
            By default the one that the rule walks: tau.
        moments
            How many of its moments exist, by `moments.finite_moments`.
        """
        name = name or self.problem.structure.inner
        if name in self.marginals:
            return replace(self.marginals[name], moments=moments)
        if self.path is None:
            raise PosteriorError("A common-effect posterior has no tau; all studies share mu.")
        log_weight = log_sum(self.log_weight)
        return SincDensity(self.path, self.first, self.step, log_weight, moments=moments)

    def at_nodes(self, name: str) -> FloatArray:
        """Return a hyperparameter at each node and component, shape (batch, node)."""
        return self._each(np.broadcast_to(self.values[name], self.tau.shape))

    def draw(self, size: int, generator: np.random.Generator) -> Drawn:
        """Return independent draws from a batch of one."""
        return draw(self, size, generator)

    def combination(
        self,
        rows: FloatArray,
        *,
        new_study: bool = False,
        kind: str = "",
        moments: FloatArray | float = np.inf,
    ) -> NormalMixture:
        """Return the posterior of linear combinations of the coefficients.

        Parameters
        ----------
        rows
            Shape (coefficient,) for one combination, (m, coefficient) for m of them.
        new_study
            Whether to add the spread tau of study effects around it.
        kind
            Which kind of new study, where study effects spread differently by kind.
        moments
            How many moments exist, by `moments.finite_moments`.

        Returns
        -------
        NormalMixture
            A batch of shape (batch,), or (batch, m).
        """
        rows = np.asarray(rows, dtype=float)
        mean, variance = self._combined(np.atleast_2d(rows))
        if new_study:
            variance += self._each(self.new_variance(kind))[:, np.newaxis]
        mixture = self._mixture(mean, variance, moments=moments)
        return mixture if rows.ndim > 1 else _only(mixture)

    def study_effects(self, studies: IntArray | slice = slice(None)) -> NormalMixture:
        """Return the posterior of study effects, a batch of shape (batch, study).

        Of a batch of one, where rows are not independent. Given hyperparameters and coefficients
        b, with B = T / (T + S), T the variance of study effects and S that of estimates::

            theta ~ Normal(x b + B (y - x b), B S)

        A study left out by the mask is a new one: B = 0, and its variance is T.
        """
        if not self.own.structure.independent:
            return self._mixture(*shrunken(self, studies))
        mean, variance = self._combined(self.own.design[:, studies])
        estimate = self.own.estimate[:, studies, np.newaxis]
        spread, sampled = (self._by_study(array, studies) for array in self._variances)
        left = sampled / (sampled + spread)
        if self.own.mask is not None:
            left = np.where(self.own.mask[:, studies, np.newaxis] > 0, left, 1.0)
        variance = left * (spread + left * variance)
        return self._mixture(estimate + left * (mean - estimate), variance)

    def group_effects(self) -> NormalMixture:
        """Return the effects of the groups that a part knows, clusters, a batch (batch, group).

        Of a batch of one; around them spread the effects of their rows, where moderators have
        their means.
        """
        return self._mixture(*grouped(self))

    def new_variance(self, kind: str = "") -> FloatArray:
        """Return the variance of a new study's effect around its centre, shape (batch, node)."""
        found = self.own.structure.new_variance(self.values, kind)
        return np.broadcast_to(found, self.tau.shape)

    def predictive_variance(self, study: IntArray) -> FloatArray:
        """Return the variance of one estimate of each problem around its centre, (batch, node).

        Parameters
        ----------
        study
            Which one, shape (batch,).
        """
        spread, sampling = (self._of_one(array, study) for array in self._variances)
        return spread + sampling

    def _of_one(self, array: FloatArray, study: IntArray) -> FloatArray:
        """Return (batch, node or 1, study or 1) at one study of each problem, (batch, node)."""
        last = array.shape[-1] if array.ndim else 1
        every = np.broadcast_to(array, (*self.tau.shape, last))  # a view: never of all studies
        if last == 1:
            return every[..., 0]
        return np.take_along_axis(every, study[:, np.newaxis, np.newaxis], axis=-1)[..., 0]

    @property
    def _variances(self) -> tuple[FloatArray, FloatArray]:
        """Of study effects, and of estimates around them, each (batch, node or 1, study or 1)."""
        problem = self.own
        found = problem.structure.given(self.values, np.sqrt(problem.variance)[:, np.newaxis])
        return np.asarray(found.spread.variance), np.asarray(found.sampling.variance)

    def _by_study(self, array: FloatArray, studies: IntArray | slice) -> FloatArray:
        """Return (batch, node or 1, study or 1) as (batch, study or 1, node and component)."""
        chosen = array[..., studies] if array.ndim and array.shape[-1] > 1 else array
        shape = (self.tau.shape[0], self.tau.shape[1], chosen.shape[-1] if chosen.ndim else 1)
        return self._each(np.swapaxes(np.broadcast_to(chosen, shape), -1, -2))

    def _each(self, array: FloatArray) -> FloatArray:
        """Return an array of shape (..., node) with an entry for each node and component."""
        return np.repeat(array, self.log_weight.shape[-1], axis=-1)

    def _combined(self, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return means and variances of rows (..., m, coefficient), shape (batch, m, node)."""
        size, nodes, components, count = self.mean.shape
        squares = rows[..., :, np.newaxis] * rows[..., np.newaxis, :]
        squares = squares.reshape(*rows.shape[:-1], count**2)
        mean = self.mean.reshape(size, nodes * components, count)
        covariance = self.covariance.reshape(size, nodes * components, count**2)
        return rows @ np.swapaxes(mean, -1, -2), squares @ np.swapaxes(covariance, -1, -2)

    def _mixture(
        self, mean: FloatArray, variance: FloatArray, *, moments: FloatArray | float = np.inf
    ) -> NormalMixture:
        weight = self.weight.reshape(self.weight.shape[0], 1, -1)
        coarse = self.coarse_weight.reshape(weight.shape)
        each = np.asarray(moments, dtype=float)
        each = each[:, np.newaxis] if each.ndim else each
        return NormalMixture(weight, mean, np.sqrt(variance), coarse, each)


def _only(mixture: NormalMixture) -> NormalMixture:
    """Return a batch of shape (batch, 1) as one of shape (batch,)."""
    arrays = (mixture.weight, mixture.location, mixture.scale)
    weight, location, scale = (array[:, 0] for array in arrays)
    coarse = None if mixture.coarse_weight is None else mixture.coarse_weight[:, 0]
    moments = np.asarray(mixture.moments)
    moments = moments[:, 0] if moments.ndim else moments
    return NormalMixture(weight, location, scale, coarse, moments)
