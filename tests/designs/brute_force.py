"""t effects of two designs, each with a scale of its own, by sums alone: nothing of the package.

Given the scales, what trials say depends on mu and what cohorts say on mu + bias: both are summed
on grids of their own, study effects on steps of asinh of their deviation over the scale, tau and
kappa by Gauss and Legendre on square roots.

    python tests/designs/brute_force.py

prints what `test_heavy_spreads.py` expects, of its six studies, spread by spread.
"""

import sys
from typing import NamedTuple

import numpy as np
from scipy import stats

ESTIMATE = np.array([-0.3, -0.1, -0.5, -0.2, 0.4, -0.9])
ERROR = np.array([0.2, 0.15, 0.3, 0.25, 0.2, 0.3])
COHORT = np.array([False, False, False, True, True, True])
MU, BIAS, TAU, OTHER = 1.0, 0.5, 0.5, 0.25
"""Standard deviations of the priors, normal and half-normal."""
PLACE = np.arange(-5.0, 5.0001, 0.04)
STEP, FAR = 0.02, 11.0


class Told(NamedTuple):
    """What rows say at scales and places: integrals of 1, theta and theta**2."""

    one: np.ndarray
    mean: np.ndarray
    square: np.ndarray


def rows(some, scale):
    """Return what some rows say of centres at scales."""
    x = np.arange(-FAR, FAR + STEP, STEP)
    weight = stats.t.pdf(np.sinh(x), 4) * np.cosh(x) * STEP
    found = np.empty((3, some.sum(), scale.size, PLACE.size))
    for row, (y, s) in enumerate(zip(ESTIMATE[some], ERROR[some], strict=True)):
        for at, own in enumerate(scale):
            theta = PLACE[:, np.newaxis] + own * np.sinh(x)
            density = stats.norm.pdf(0, 0, s) * np.exp(-0.5 * ((y - theta) / s) ** 2) * weight
            for power in range(3):
                found[power, row, at] = (density * theta**power).sum(axis=1)
    return Told(*found)


def halved(sd, count):
    """Return nodes and weights of a half-normal distribution."""
    node, weight = np.polynomial.legendre.leggauss(count)
    top = np.sqrt(7.5 * sd)
    root, weight = top * (node + 1) / 2, top * weight / 2
    return root**2, weight * 2 * root * stats.halfnorm.pdf(root**2, scale=sd)


def answers(spread, count=28):
    """Return the log evidence; means, then sds, of mu, bias, tau, the other and all effects."""
    tau, tau_weight = halved(TAU, count)
    other, other_weight = halved(TAU if spread == "own" else OTHER, count)
    if spread == "ratio":
        other, other_weight = np.array([2.5]), np.ones(1)
    tau_at, other_at = (each.ravel() for each in np.meshgrid(tau, other, indexing="ij"))
    weight = np.outer(tau_weight, other_weight).ravel()
    scale = {"extra": np.hypot(tau_at, other_at), "own": other_at,
             "ratio": tau_at * np.sqrt(other_at)}[spread]  # fmt: skip
    trials = rows(~COHORT, tau)
    distinct, which = np.unique(scale, return_inverse=True)
    cohorts = rows(COHORT, distinct)
    trial_at = np.repeat(np.arange(tau.size), other.size)
    left = trials.one.prod(axis=0)[trial_at] * stats.norm.pdf(PLACE, 0, MU) * weight[:, np.newaxis]
    right = cohorts.one.prod(axis=0)[which]
    apart = PLACE - PLACE[:, np.newaxis]
    prior = stats.norm.pdf(apart, 0, BIAS) * 0.04**2
    total = ((left @ prior) * right).sum()

    def expected(of_left=1.0, of_right=1.0, of_prior=1.0):
        return (((left * of_left) @ (prior * of_prior)) * right * of_right).sum() / total

    first, second = [], []
    for power, into in ((1, first), (2, second)):
        into += [expected(of_left=PLACE**power), expected(of_prior=apart**power)]
        into += [expected(of_left=each[:, np.newaxis] ** power) for each in (tau_at, other_at)]
        each = (trials.mean, cohorts.mean) if power == 1 else (trials.square, cohorts.square)
        into += [expected(of_left=one[trial_at]) for one in each[0] / trials.one]
        into += [expected(of_right=one[which]) for one in each[1] / cohorts.one]
    first, second = np.array(first), np.array(second)
    return np.concatenate([[np.log(total)], first, np.sqrt(np.maximum(second - first**2, 0))])


if __name__ == "__main__":
    for name in sys.argv[1:] or ("extra", "own", "ratio"):
        found = [f"{each:.9f}" for each in answers(name)]
        sys.stdout.write(f"{name}: {', '.join(found)}\n")
