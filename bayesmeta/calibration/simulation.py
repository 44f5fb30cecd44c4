"""Simulated meta-analyses."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.calibration.model_truth import ModelTruth
from bayesmeta.calibration.scenario import Scenario
from bayesmeta.calibration.shapes import SHAPES
from bayesmeta.engines.drawn import Draws
from bayesmeta.engines.replicates import repeated


class Simulated(NamedTuple):
    """A batch of meta-analyses and what is true in each.

    Parameters
    ----------
    estimate, variance
        What analyses see, shape (simulation, study); one row of variances where all share them.
    mu
        The mean effect, shape (simulation,).
    new
        The effect in a new study, shape (simulation,).
    """

    estimate: FloatArray
    variance: FloatArray
    mu: FloatArray
    new: FloatArray

    def take(self, rows: slice) -> "Simulated":
        """Return some of the simulations."""
        variance = self.variance if len(self.variance) == 1 else self.variance[rows]
        return Simulated(self.estimate[rows], variance, self.mu[rows], self.new[rows])


def simulate(scenario: Scenario, size: int, *, seed: int) -> Simulated:
    """Return simulated meta-analyses.

    ::

        theta[i] = mu + tau z[i]                         z of mean 0, variance 1
        estimate[i] ~ Normal(theta[i], standard_error[i])
        seen variance[i] = standard_error[i]**2 c[i]     c ~ chi-square(n[i] - 2) / (n[i] - 2), or 1

    Each part has random numbers of its own: the same seed gives the same z for any tau. Of a model
    that is more than that, its parts draw study effects and estimates.

    Examples
    --------
    >>> from bayesmeta.calibration.scenario import scenario_of
    >>> truth = scenario_of([1.0, 2.0], n=None, mu=0.0, tau=0.5, shape="normal", estimated_sd=False)
    >>> simulate(truth, 1000, seed=1).estimate.shape
    (1000, 2)
    """
    truths, spread, noise, sds = np.random.default_rng(seed).spawn(4)
    if scenario.own is not None:
        drawn = _drawn(scenario.own, size, truths, spread, noise)
        return drawn._replace(variance=_variances(scenario, size, sds))
    mu, tau = scenario.truths(size, truths)
    error = scenario.design.standard_error
    deviates = SHAPES[scenario.shape](spread, (size, error.size + 1))
    effects = mu[:, np.newaxis] + tau[:, np.newaxis] * deviates
    estimate = effects[:, :-1] + error * noise.standard_normal((size, error.size))
    return Simulated(estimate, _variances(scenario, size, sds), mu, effects[:, -1])


def _drawn(
    own: ModelTruth, size: int, truths: np.random.Generator, spread: np.random.Generator,
    new: np.random.Generator,
) -> Simulated:  # fmt: skip
    """Return what a model's parts draw; nan for a new study where there are several kinds."""
    assembly, part = own.assembly, own.assembly.parts.heterogeneity
    coefficients, values = own.drawn(size, truths)
    by_draw = {name: value[np.newaxis] for name, value in values.items()}
    _, estimate = repeated(assembly, Draws(coefficients[np.newaxis], by_draw), spread)
    mu, alike = coefficients[:, 0], part.kinds(assembly.layout) == ("",)
    later = part.new_study(mu, assembly.valued(values), new) if alike else np.full(size, np.nan)
    return Simulated(estimate[0], np.empty(0), mu, later)


def _variances(scenario: Scenario, size: int, generator: np.random.Generator) -> FloatArray:
    variance = scenario.design.standard_error[np.newaxis] ** 2
    if not scenario.estimated_sd or scenario.design.n is None:
        return variance
    spare = scenario.design.n - 2.0
    return variance * generator.chisquare(spare, (size, spare.size)) / spare
