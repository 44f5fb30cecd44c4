"""The posterior over shapes, their parameters, coefficients and tau, as weighted nodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesmeta.duration.candidates import Curves
from bayesmeta.duration.changes import Change, split
from bayesmeta.duration.heterogeneity import AveragedTau, averaged
from bayesmeta.duration.nodes import Nodes
from bayesmeta.duration.others import Others, Setting
from bayesmeta.duration.scales import Scales
from bayesmeta.engines.quadrature.integral import Integral, integrate
from bayesmeta.engines.quadrature.problem import BoolArray, Problem
from bayesmeta.location.shapes import Observed
from bayesmeta.measures.effects import Effects, FloatArray
from bayesmeta.mixtures import NormalMixture
from bayesmeta.priors import Context, density
from bayesmeta.schema import TAU

_NEGLIGIBLE, _NEGLIGIBLE_OF_MANY, _MANY = 1e-12, 1e-6, 500
"""Nodes of a smaller probability, relative to the largest of the curve, are left out.

Of many curves, completions of open durations, more: their own error is above 1e-4."""
_TOLERANCE = 1e-4
"""Of the integrands over tau; the integrals are known to about its square."""


@dataclass(frozen=True, eq=False)
class Cloud:
    """All curves with their probabilities, and the coefficients' posterior under each.

    Parameters
    ----------
    curves
        The curves, by shape; shapes have equal prior probability.
    integral
        The posterior under each curve, a batch of the curves.
    others
        Further moderators.
    moments
        How many moments of tau exist.
    """

    curves: Sequence[Curves]
    integral: Integral
    others: Others
    moments: int

    @property
    def shapes(self) -> tuple[str, ...]:
        """Names of the shapes."""
        return tuple(part.shape for part in self.curves)

    @property
    def observed(self) -> Observed:
        """The observed durations."""
        return self.curves[0].observed

    @cached_property
    def _log_joint(self) -> tuple[FloatArray, FloatArray]:
        """Log of prior probability times marginal likelihood of each curve; fine and coarse."""
        evidence = self.integral.log_marginal_likelihood - np.log(len(self.shapes))
        fine = np.concatenate([part.weight for part in self.curves])
        coarse = np.concatenate([part.coarse_weight for part in self.curves])
        with np.errstate(divide="ignore"):
            # The quadrature's own error is in its sum at twice the step.
            return np.log(fine) + evidence, np.log(coarse) + evidence + self.integral.error

    def log_evidence(self, shape: str) -> tuple[float, float]:
        """Return a shape's log marginal likelihood, and its error."""
        own = self.of(shape)
        offset = np.log(len(self.shapes))
        fine, coarse = (float(np.logaddexp.reduce(part[own])) + offset for part in self._log_joint)
        return fine, abs(fine - coarse)

    @cached_property
    def probability(self) -> tuple[FloatArray, FloatArray]:
        """Posterior probability of each curve; fine and coarse, each of shape (candidate,)."""
        fine, coarse = (np.exp(part - np.logaddexp.reduce(part)) for part in self._log_joint)
        return fine, coarse

    def of(self, shape: str | None) -> BoolArray:
        """Return which curves are of a shape; all without one; shape (candidate,)."""
        chosen = [shape in (None, part.shape) for part in self.curves]
        return np.repeat(chosen, [len(part.weight) for part in self.curves])

    def shape_probability(self, shape: str) -> tuple[float, float]:
        """Return a shape's posterior probability, and its error."""
        own = self.of(shape)
        fine, coarse = (float(part[own].sum()) for part in self.probability)
        return fine, abs(fine - coarse)

    def effect(
        self,
        weeks: FloatArray,
        *,
        new_study: bool = False,
        shape: str | None = None,
        at: Setting | None = None,
    ) -> NormalMixture:
        """Return the mean effect at chosen weeks, or that in a new study, a batch (week,)."""
        nodes = self.nodes(shape)
        mean, variance = self._combined(nodes, self.rows(weeks, at or {}, shape), shape)
        variance += self.integral.tau[nodes.place] ** 2 if new_study else 0.0
        return NormalMixture(nodes.weight, mean, np.sqrt(variance), nodes.coarse_weight)

    def change(self, start: float, end: float, *, shape: str | None = None) -> Change:
        """Return the change of the mean effect from one duration to another."""
        nodes = self.nodes(shape)
        rows = np.diff(self.rows(np.array([start, end]), {}, shape), axis=1)
        mean, variance = self._combined(nodes, rows, shape)
        return split(nodes.weight, nodes.coarse_weight, mean[0], np.sqrt(variance[0]))

    def parameter(self, shape: str) -> tuple[FloatArray, FloatArray]:
        """Return values of a shape's own parameters, (node, parameter), and probabilities."""
        weight = self.probability[0][self.of(shape)]
        return self._curves(shape)[0].parameter, weight / weight.sum()

    def tau(self, shape: str | None = None) -> AveragedTau:
        """Return the residual between-study SD."""
        own = np.flatnonzero(self.of(shape))
        fine, coarse = self.probability
        every = self.integral.heterogeneity(moments=self.moments)
        return averaged(every, own, (fine[own], coarse[own]))

    def _curves(self, shape: str | None) -> list[Curves]:
        return [part for part in self.curves if shape in (None, part.shape)]

    def rows(self, weeks: FloatArray, at: Setting, shape: str | None) -> FloatArray:
        """Return design rows of a shape's curves at chosen weeks, (curve, week, coefficient)."""
        others = self.others.rows(weeks, at)
        count = self.integral.mean.shape[-1]
        return np.concatenate(
            [
                _design(part, part.columns(weeks), self.others, others, count=count)
                for part in self._curves(shape)
            ]
        )

    def nodes(self, shape: str | None) -> Nodes:
        """Return the nodes of a shape, or of all."""
        every = self._nodes
        return every if shape is None else every.take(self.of(shape)[every.place[0]])

    @cached_property
    def _nodes(self) -> Nodes:
        integral = self.integral
        within = np.maximum(integral.weight, integral.coarse_weight)[..., 0]
        least = _NEGLIGIBLE if len(within) < _MANY else _NEGLIGIBLE_OF_MANY
        candidate, node = np.nonzero(within > least * within.max(axis=1, keepdims=True))
        fine, coarse = (
            part[candidate] * weight[candidate, node, 0]
            for part, weight in zip(
                self.probability, (integral.weight, integral.coarse_weight), strict=True
            )
        )
        return Nodes((candidate, node), fine, coarse).take(fine + coarse > 0)

    def _combined(
        self, nodes: Nodes, rows: FloatArray, shape: str | None
    ) -> tuple[FloatArray, FloatArray]:
        """Return means and variances of rows (curve, m, coefficient), each (m, node)."""
        own = self.of(shape)
        mean, covariance = self.integral.mean[own, :, 0], self.integral.covariance[own, :, 0]
        squares = (rows[..., np.newaxis] * rows[..., np.newaxis, :]).reshape(*rows.shape[:2], -1)
        products = covariance.reshape(*covariance.shape[:2], -1)
        curve, node = nodes.place
        curve = curve - int(own.argmax())
        found = (squares @ np.swapaxes(products, 1, 2), rows @ np.swapaxes(mean, 1, 2))
        variance, centre = (array[curve, :, node].T for array in found)
        return centre, variance


def _design(
    curves: Curves, columns: FloatArray, others: Others, values: FloatArray, *, count: int
) -> FloatArray:
    """Return ones, further moderators, the curves' columns, and zeros up to a count.

    In the constant shape, interactions of the duration are zero too.
    """
    size, rows, own = columns.shape
    kept = np.where(others.moving & (curves.shape == "constant"), 0.0, values)
    ones, spare = np.ones((size, rows, 1)), np.zeros((size, rows, count - 1 - kept.shape[1] - own))
    return np.concatenate(
        [ones, np.broadcast_to(kept, (size, *kept.shape)), columns, spare], axis=2
    )


def weigh(effects: Effects, curves: Sequence[Curves], others: Others, scales: Scales) -> Cloud:
    """Return the posterior over some curves, by exact integration."""
    integral = integrate(curve_problem(effects, curves, others, scales), tolerance=_TOLERANCE)
    return Cloud(curves, integral, others, scales.moments())


def curve_problem(
    effects: Effects, curves: Sequence[Curves], others: Others, scales: Scales
) -> Problem:
    """Return the batch of all curves; those with fewer columns are filled up with zeros.

    A column of zeros with a standard normal coefficient leaves the evidence as it is.
    """
    columns = [part.columns(part.weeks) for part in curves]
    count = 1 + len(others.terms) + max(part.shape[2] for part in columns)
    design = [
        _design(part, own, others, others.design, count=count)
        for part, own in zip(curves, columns, strict=True)
    ]
    priors = [_coefficient_priors(part, scales, count) for part in curves]
    mean, precision = (np.concatenate(parts) for parts in zip(*priors, strict=True))
    tau = density(scales.priors[TAU], Context(effects.standard_error))
    return Problem(
        estimate=effects.estimate[np.newaxis],
        variance=effects.standard_error[np.newaxis] ** 2,
        design=np.concatenate(design),
        prior_mean=mean[:, np.newaxis],
        prior_precision=precision[:, np.newaxis],
        log_prior=tau.log_density_at_log,
        support=tau.support(),
    )


def _coefficient_priors(
    curves: Curves, scales: Scales, count: int
) -> tuple[FloatArray, FloatArray]:
    """Return means and precisions, each (curve, coefficient).

    A mean m of the whole change is spread over the columns by their parts d of it, m * d, so
    that the sum of d * (m * d) is m.
    """
    fixed_mean, fixed_precision = scales.fixed
    centre, sd = scales.change
    part = curves.change()
    size, start = len(part), fixed_mean.size
    own = slice(start, start + part.shape[1])
    mean, precision = np.zeros((size, count)), np.ones((size, count))
    mean[:, :start], precision[:, :start] = fixed_mean, fixed_precision
    mean[:, own], precision[:, own] = centre * part, sd**-2
    return mean, precision
