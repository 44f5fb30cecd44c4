"""Curves at points of further hyperparameters: a batch of problems with one tau each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.biases import Patterns
from bayesmeta.covariance import Diagonal
from bayesmeta.engines.further.axis import Axis, Walk
from bayesmeta.engines.further.choice import Choice
from bayesmeta.engines.further.joint import named_values, outer_sum
from bayesmeta.engines.further.refining import Accuracy, Heights
from bayesmeta.engines.quadrature import Integral, Problem, integrate
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.engines.quadrature.search import Bulk
from bayesmeta.errors import PosteriorError

FINE, PILOT, ROUGH = Accuracy(1e-2, 0.25), Accuracy(1e-2, 0.25), Accuracy(1e-1, 0.5)
"""Of the rule over tau: sums over every second node are off by the tolerance's square."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A batch of curves, or of tables, whose further hyperparameters are open.

    Parameters
    ----------
    problem
        The batch.
    log_weight
        What each is weighed with, in logs, shape (curve,).
    axes
        The further hyperparameters.
    patterns
        Cases, one of which is so; None where nothing is left open.
    """

    problem: Problem
    log_weight: FloatArray
    axes: Sequence[Axis]
    patterns: Patterns | None = None

    @property
    def curves(self) -> int:
        """How many there are."""
        return int(self.log_weight.size)

    @cached_property
    def cases(self) -> tuple[Choice, ...]:
        """The cases as a last axis."""
        return () if self.patterns is None else (Choice(self.patterns),)

    def take(self, curves: Sequence[int]) -> "Asked":
        """Return some of the batch."""
        rows = np.asarray(curves)
        return replace(self, problem=self.problem.take(rows), log_weight=self.log_weight[rows])

    def every(self, walks: Sequence[Walk]) -> tuple[Walk | Choice, ...]:
        """Return walks with the cases behind them."""
        return (*walks, *self.cases)

    def integral(self, walks: Sequence[Walk]) -> Integral:
        """Return the posteriors at the product of the nodes, shape (point and curve,)."""
        values = named_values(self.every(walks))
        found = integrate(
            at_points(self.problem, values, self.curves), tolerance=FINE.tolerance,
            first_step=FINE.step,
        )  # fmt: skip
        further = {name: np.repeat(value, self.curves)[:, np.newaxis]
                   for name, value in values.items()}  # fmt: skip
        return replace(found, further=further)

    def grid(self, walks: Sequence[Walk], log_evidence: FloatArray) -> FloatArray:
        """Return log prior times evidence times steps, shape (node of each axis, case, curve)."""
        every = self.every(walks)
        steps = sum(walk.log_step for walk in every)
        log_prior = outer_sum([walk.log_prior for walk in every]) + steps
        own = log_evidence.reshape(*log_prior.shape, self.curves)
        return np.asarray(log_prior[..., np.newaxis] + own)

    def __call__(
        self,
        values: Sequence[FloatArray],
        *,
        start: Bulk | None = None,  # noqa: ARG002 - bulks of many curves are not one
        accuracy: Accuracy = PILOT,
    ) -> Heights:
        """Return the log evidence of all together, at values of the axes of shape (point,).

        Where there are axes there are no cases.
        """
        size = values[0].size
        named = {axis.name: value for axis, value in zip(self.axes, values, strict=True)}
        posed = at_points(self.problem, named, self.curves)
        usable = np.isfinite(posed.variance).all(axis=1) & np.isfinite(posed.affine[1]).all((1, 2))
        rows = np.flatnonzero(np.broadcast_to(usable, (size * self.curves,)))
        log_evidence = np.full(size * self.curves, -np.inf)
        pilot = integrate(posed.take(rows), tolerance=accuracy.tolerance, first_step=accuracy.step)
        log_evidence[rows] = pilot.log_marginal_likelihood
        found = log_sum(log_evidence.reshape(size, -1) + self.log_weight)
        return Heights(found, *(np.full_like(found, np.nan) for _ in range(2)))


def at_points(problem: Problem, values: Mapping[str, FloatArray], curves: int) -> Problem:
    """Return a batch of curves at each point, the points outermost, shape (point and curve,).

    Parameters
    ----------
    values
        Of the further hyperparameters, each of shape (point,).
    """
    points = next(iter(values.values())).size if values else 1
    with np.errstate(over="ignore", invalid="ignore"):  # whoever asks looks
        fixed, scaled = problem.structure.halves(values, np.sqrt(problem.variance[0]))
    if not (isinstance(fixed, Diagonal) and isinstance(scaled, Diagonal)):
        raise PosteriorError("Shapes are weighed where studies are independent given the taus.")
    one = np.ones((points, problem.estimate.shape[1]))
    variance, load = (np.repeat(part.variance * one, curves, axis=0) for part in (fixed, scaled))
    return replace(
        problem,
        variance=variance,
        load=load,
        design=_tiled(problem.design, points),
        prior_mean=_tiled(problem.prior_mean, points),
        prior_precision=_tiled(problem.prior_precision, points),
        mask=None if problem.mask is None else _tiled(problem.mask, points),
    )


def _tiled(array: FloatArray, points: int) -> FloatArray:
    """Return an array of shape (curve, ...) for every point; one that all share as it is."""
    return array if len(array) == 1 else np.tile(array, (points, *[1] * (array.ndim - 1)))
