"""The priors that the laws run over."""

import numpy as np
import pytest

from bayesmeta.priors import Context

TAU = (
    "HalfNormal(sigma=5)",
    "HalfStudentT(nu=4, sigma=0.3)",
    "HalfStudentT(nu=0.7, sigma=2)",
    "HalfCauchy(beta=6.5)",
    "HalfLogistic(scale=2)",
    "Exponential(lam=2)",
    "Exponential(scale=20)",
    "Uniform(lower=0, upper=4)",
    "Gamma(alpha=2, beta=3)",
    "Gamma(mu=2, sigma=3)",
    "InverseGamma(alpha=0.5, beta=1)",
    "LogNormal(mu=-1, sigma=2)",
    "Weibull(alpha=0.7, beta=2)",
    "LogStudentT(nu=5, mu=-1.6, sigma=1.3)",
    "Lomax(alpha=1, scale=0.6)",
    "Truncated(dist=Normal(mu=0, sigma=1), lower=0)",
    "Truncated(dist=StudentT(nu=3, mu=1, sigma=1), lower=0, upper=3)",
    "Truncated(dist=HalfCauchy(beta=1), lower=0, upper=10)",
    "Mixture(w=[0.5, 0.5], comp_dists=[HalfNormal(sigma=1), HalfCauchy(beta=3)])",
    "Mixture(w=[0.2, 0.8], comp_dists=[Truncated(dist=Normal(mu=0, sigma=1), lower=0, upper=3), Truncated(dist=Normal(mu=1, sigma=2), lower=0, upper=3)])",  # noqa: E501
    "Mixture(w=[0.3, 0.7], comp_dists=[LogStudentT(nu=5, mu=-3, sigma=2), LogStudentT(nu=5, mu=1, sigma=2)], on='tau2')",  # noqa: E501
    'HalfCauchy(beta=6.5, on="tau2")',
    'InverseGamma(alpha=1, beta=0.15, on="tau2")',
    'Gamma(alpha=0.5, beta=0.5, on="tau2")',
    'Uniform(lower=0, upper=4, on="tau2")',
    'LogNormal(mu=-2.14, sigma=1.74, on="tau2")',
    'LogStudentT(nu=5, mu=-3.27, sigma=2.66, on="tau2")',
    'Truncated(dist=Normal(mu=0, sigma=1), lower=0, on="tau2")',
)
TABLES = (
    "Table(x=[0, 1, 2, 3, 5, 9], density=[1, 3, 4, 2, 0.5, 0.01])",
    "Table(x=[0.01, 0.1, 0.5, 1, 4, 20], density=[0.5, 3, 4, 2, 0.5, 0.001])",
)
WORDS = ("conventional", "DuMouchel", "shrinkage", "I2")
IMPROPER = ("uniform", "sqrt", "Jeffreys", "overallJeffreys", "BergerDeely")
MU = (
    "Table(x=[-4, -1, 0, 2, 3, 9], density=[0.1, 3, 4, 2, 0.5, 0.01])",
    "Normal(mu=-3, sigma=2)",
    "StudentT(nu=3, mu=1, sigma=2)",
    "Cauchy(alpha=-1, beta=2)",
    "Uniform(lower=-2, upper=4)",
    "Truncated(dist=Normal(mu=0, sigma=1), upper=1)",
    "Truncated(dist=Cauchy(alpha=0, beta=1), lower=-1, upper=30)",
    "Mixture(w=[0.8, 0.2], comp_dists=[Normal(mu=-1, sigma=0.5), StudentT(nu=3, mu=0, sigma=9)])",
)
SETS = {
    "tau_text": TAU + TABLES + WORDS,
    "mu_text": MU,
    "proper_text": TAU + TABLES + WORDS + MU,
    "plain_text": TAU + TABLES + MU,
    "improper_text": IMPROPER,
    "any_tau_text": TAU + TABLES + WORDS + IMPROPER,
}


def pytest_generate_tests(metafunc):
    """Give each test the priors that its argument names."""
    for argument in SETS.keys() & set(metafunc.fixturenames):
        metafunc.parametrize(argument, SETS[argument])


@pytest.fixture
def context():
    """Five standard errors of unequal size."""
    return Context(np.array([0.5, 1.0, 2.0, 0.8, 0.3]))
