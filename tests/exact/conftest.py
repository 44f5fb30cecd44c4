"""Problems and posteriors for all tests of the exact engine."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bayesmeta.engines.coefficients import forms, product
from bayesmeta.engines.quadrature import Problem, integrate
from bayesmeta.engines.tau_priors import tau_prior
from bayesmeta.measures import effect_sizes
from bayesmeta.priors import Context
from bayesmeta.spec import parse_prior
from bayesmeta.studies import read_studies

DATA = Path(__file__).parents[2] / "examples" / "data"


@pytest.fixture(scope="session")
def pose():
    """Return a problem from data and priors as text."""

    def problem(estimate, standard_error, *, design=None, tau="HalfNormal(sigma=1)", mu=("flat",)):
        y, s = np.asarray(estimate, dtype=float), np.asarray(standard_error, dtype=float)
        columns = None if design is None else np.asarray(design, dtype=float)
        names = [f"coefficient {number}" for number in range(len(mu))]
        parts = product([f.normals() for f in forms([parse_prior(text) for text in mu], names)])
        posed = replace(
            Problem.of(y, s**2, columns, log_prior=None),
            prior_mean=parts.mean,
            prior_precision=parts.precision,
            log_component_weight=parts.log_weight if parts.log_weight.size > 1 else None,
        )
        if tau is None:
            return posed
        return replace(posed, **tau_prior(parse_prior(tau), Context(s, columns))._asdict())

    return problem


@pytest.fixture(scope="session")
def solve(pose):
    """Return the posterior of data under priors as text."""

    def posterior(*data, **priors):
        return integrate(pose(*data, **priors))

    return posterior


@pytest.fixture(scope="session")
def numbers():
    """Return what a summary prints: mean, sd, median and intervals of mu, a new study and tau."""

    def summary(posterior):
        first = np.eye(posterior.mean.shape[-1])[0]
        distributions = [
            posterior.combination(first),
            posterior.combination(first, new_study=True),
            posterior.heterogeneity(),
        ]
        return np.concatenate([five(distribution) for distribution in distributions])

    return summary


def five(distribution):
    """Return mean, sd, median and the central 95 % interval of a batch of one."""
    inner = [distribution.mean(), distribution.sd(), distribution.median()]
    return np.concatenate([*inner, distribution.interval(0.95)[0]])


@pytest.fixture(scope="session")
def normand():
    """Effects of Normand's nine trials: difference in length of stay, in days."""
    return effect_sizes(read_studies(DATA / "normand1999.csv"), measure="MD")
