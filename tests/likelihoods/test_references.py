"""Posteriors of events and rates by brute force over our likelihoods, beside published tables.

The references were made by dense quadrature, each refined until stable, and again by a second
program; mu ~ Normal(0, 2.5), tau ~ HalfNormal(0.5), levels ~ Normal(0, 10). Data: metadat's
dat.colditz1994, dat.nielweise2008 (Niël-Weise 2008, J Antimicrob Chemother 62:22) and dat.hahn2001
(Hahn 2001, BMJ 323:81), of which three tables have no event in either arm.
"""

import numpy as np
import pytest

LINES = [
    (7, 1344, 11, 1988), (8, 1600, 8, 1461), (3, 12012, 14, 10962), (6, 1536, 10, 1503),
    (1, 370, 1, 483), (1, 729, 8, 913), (17, 6760, 15, 6840), (3, 1107, 7, 1015),
    (2, 320, 3, 440),
]  # fmt: skip
REHYDRATION = [
    (4, 19, 5, 19), (0, 18, 0, 18), (34, 341, 50, 334), (7, 71, 16, 69), (6, 45, 5, 44),
    (1, 94, 8, 96), (0, 22, 0, 22), (11, 88, 12, 82), (2, 82, 7, 84), (0, 33, 0, 30),
    (0, 15, 1, 20), (33, 221, 43, 218),
]  # fmt: skip
STEP = 0.004
THETA = np.arange(-9, 9, STEP)

# Log evidence, mean and sd of mu, mean and sd of tau.
QUICK = [
    ("hypergeometric", "OR", "control", "bcg",
     [-52.29098085870513, -0.7503108382332182, 0.19347023486294407, 0.598135682473728,
      0.14665121834246414]),
    ("poisson", "IRR", "control", "lines",
     [-72.30854374446582, -0.48362460705448496, 0.2504028904943421, 0.37464854599277037,
      0.23372250621206364]),
]  # fmt: skip
SLOW = [
    ("binomial", "OR", "control", "bcg",
     [-150.66522891106132, -0.7530396645646091, 0.19357285367284086, 0.5985078448460822,
      0.14663427629989162]),
    ("binomial", "OR", "half", "bcg",
     [-150.84568160439537, -0.7507329305499881, 0.19355026460268776, 0.5985176245838051,
      0.14668771576597545]),
    ("poisson-conditional", "IRR", "control", "lines",
     [-20.38647077947129, -0.4765529201539889, 0.2505904860347159, 0.37450139625856255,
      0.2339740483326356]),
    ("hypergeometric", "OR", "control", "rehydration",
     [-20.445185446701394, -0.5285031643947926, 0.1918183278663496, 0.23362127675059471,
      0.18924809705955475]),
    ("binomial", "OR", "control", "rehydration",
     [-75.67535005061532, -0.5405962120112062, 0.19382552585359725, 0.2367304248633472,
      0.19089499952238206]),
]  # fmt: skip
CASES = [*QUICK, *(pytest.param(*case, marks=pytest.mark.slow) for case in SLOW)]


def posterior(log_likelihood):
    """Return log evidence, means and sds of mu and tau, by sums over lines of both and of theta."""
    peak = log_likelihood.max(axis=0)
    known = np.exp(log_likelihood - peak)
    bend = np.zeros_like(known)
    bend[1:-1] = (known[2:] - 2 * known[1:-1] + known[:-2]) / STEP**2
    places = np.flatnonzero(np.abs(THETA) < 4)[::4]
    mu, node = THETA[places], (np.polynomial.legendre.leggauss(60)[0] + 1) / 2
    tau, weight = 4 * node**2, np.polynomial.legendre.leggauss(60)[1] * 4 * node
    rows = [
        known[places] + t**2 / 2 * bend[places]  # narrower than a step: Taylor's two terms
        if t < STEP
        else _kernel(t, places) @ known * (STEP / (t * np.sqrt(2 * np.pi)))
        for t in tau
    ]
    log_prior = np.log(2 / (0.5 * np.sqrt(2 * np.pi))) - 2 * tau**2
    log_prior = log_prior[:, np.newaxis] - 0.5 * (mu / 2.5) ** 2 - np.log(2.5 * np.sqrt(2 * np.pi))
    log_joint = log_prior + np.log(np.maximum(rows, 1e-300)).sum(axis=2) + peak.sum()
    mass = np.exp(log_joint - log_joint.max()) * weight[:, np.newaxis] * (mu[1] - mu[0])
    evidence = np.log(mass.sum()) + log_joint.max()
    found = [evidence]
    for x, share in ((mu, mass.sum(axis=0)), (tau, mass.sum(axis=1))):
        mean = np.average(x, weights=share)
        found += [mean, np.sqrt(np.average((x - mean) ** 2, weights=share))]
    return found


def _kernel(t, places):
    """Return exp(-((theta - mu) / t)**2 / 2), shape (mu, theta), of as many lags as there are."""
    size = THETA.size
    of_lag = np.exp(-0.5 * (np.arange(1 - size, size) * STEP / t) ** 2)
    return np.lib.stride_tricks.sliding_window_view(of_lag, size)[size - 1 - places]


@pytest.mark.parametrize(("part", "measure", "coding", "name", "expected"), CASES)
def test_posteriors_are_those_of_the_references(  # noqa: PLR0913, PLR0917  (one case's names)
    part, measure, coding, name, expected, bcg, rows_of, log_density
):
    """Evidence, mu and tau to 1e-7."""
    table = {"bcg": bcg, "lines": LINES, "rehydration": REHYDRATION}[name]
    rows = rows_of(table, measure, coding=coding)

    found = posterior(log_density(part, np.tile(THETA[:, np.newaxis], len(table)), rows))

    np.testing.assert_allclose(found, expected, atol=1e-7, rtol=0)
