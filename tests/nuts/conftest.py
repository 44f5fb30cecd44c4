"""One compiled model and one posterior for all tests of NUTS, and an independent integral."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from bayesmeta.assembly import assemble
from bayesmeta.engines import nuts
from bayesmeta.engines.settings import Settings
from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies

DATA = Path(__file__).parents[2] / "examples" / "data"


class Moments(NamedTuple):
    """Posterior means: coefficients, tau, and tau's standard deviation."""

    coefficients: np.ndarray
    tau: float
    tau_sd: float


@pytest.fixture(scope="session")
def normand():
    """Effects of Normand's nine trials: difference in length of stay, in days."""
    return effect_sizes(read_studies(DATA / "normand1999.csv"), measure="MD")


@pytest.fixture(scope="session")
def assembled(normand):
    """Return the random-effects model on Normand's trials, or some of them."""

    def assembly(*, sigma=10, effects=normand, **options):
        priors = {"mu": "Normal(mu=0, sigma=100)", "tau": f"HalfNormal(sigma={sigma})"}
        return assemble(effects, priors=priors | options.pop("priors", {}), **options)

    return assembly


@pytest.fixture(scope="session")
def posterior(assembled):
    """Return the posterior of Normand's trials at the default settings."""
    return nuts.sample(assembled(), Settings(seed=1))


@pytest.fixture(scope="session")
def integrated():
    """Return posterior means by summing over a dense grid of tau, for normal priors.

    Given tau, estimates and coefficients are jointly normal; nothing of the package is used but
    the numbers.
    """

    def moments(assembly):
        effects, design = assembly.effects, assembly.design
        numbers = [assembly.priors[name].parameters for name in assembly.coefficients]
        mean = np.array([prior["mu"] for prior in numbers])
        prior_cov = np.diag([prior["sigma"] ** 2 for prior in numbers])
        sigma = assembly.priors["tau"].parameters["sigma"]
        tau = np.linspace(0, 9 * sigma, 6001)
        residual = effects.estimate - design @ mean
        log_weight, centres = -0.5 * (tau / sigma) ** 2, []
        for node, value in enumerate(tau):
            errors = np.diag(effects.standard_error**2 + value**2)
            total = design @ prior_cov @ design.T + errors
            solved = np.linalg.solve(total, residual)
            log_weight[node] -= 0.5 * (residual @ solved + np.linalg.slogdet(total)[1])
            centres.append(mean + prior_cov @ design.T @ solved)
        weight = np.exp(log_weight - log_weight.max())
        weight[0] /= 2  # trapezoids; at the other end the prior is at 9 standard deviations
        weight /= weight.sum()
        return Moments(
            weight @ np.array(centres),
            weight @ tau,
            np.sqrt(weight @ tau**2 - (weight @ tau) ** 2),
        )

    return moments
