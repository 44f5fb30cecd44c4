"""Simulated meta-analyses."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.calibration.scenario import Scenario
from bayesmeta.calibration.shapes import SHAPES


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

    Each part has random numbers of its own: the same seed gives the same z for any tau.

    Examples
    --------
    >>> from bayesmeta.calibration.scenario import scenario_of
    >>> truth = scenario_of([1.0, 2.0], n=None, mu=0.0, tau=0.5, shape="normal", estimated_sd=False)
    >>> simulate(truth, 1000, seed=1).estimate.shape
    (1000, 2)
    """
    truths, spread, noise, sds = np.random.default_rng(seed).spawn(4)
    mu, tau = scenario.truths(size, truths)
    error = scenario.design.standard_error
    deviates = SHAPES[scenario.shape](spread, (size, error.size + 1))
    effects = mu[:, np.newaxis] + tau[:, np.newaxis] * deviates
    estimate = effects[:, :-1] + error * noise.standard_normal((size, error.size))
    return Simulated(estimate, _variances(scenario, size, sds), mu, effects[:, -1])


def _variances(scenario: Scenario, size: int, generator: np.random.Generator) -> FloatArray:
    variance = scenario.design.standard_error[np.newaxis] ** 2
    if not scenario.estimated_sd or scenario.design.n is None:
        return variance
    spare = scenario.design.n - 2.0
    return variance * generator.chisquare(spare, (size, spare.size)) / spare
