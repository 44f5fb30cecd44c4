"""Posteriors of risk ratios and differences by sums alone: nothing of the package is used.

Every integral is a sum over panels, Gauss and Legendre in each, that shrink towards 0 by a half or
a quarter of a decade: the control arm's level given theta; theta given mu and tau; mu; tau. Where
tau is an eighth of mu or less, theta is summed by Gauss and Hermite around mu instead, likelihoods
between nodes of a panel by the polynomial through them: the kink at 0 is eight tau away.

    python tests/lines/brute_force.py RR|RD

prints what `test_kinks.py` expects, of its three studies.
"""

import sys
from typing import NamedTuple

import numpy as np
from scipy import special, stats

THREE = [(4, 123, 11, 139), (9, 250, 6, 240), (14, 180, 12, 150)]
"""Events and participants of treatment, then of control."""
FINEST, SEEN = -14.0, 8.0
"""Decades of the smallest panel of theta; how many times tau goes into mu where no kink is seen."""
BASELINE = 10.0
LEVELS = (-45.0, 45.0)


class Scale(NamedTuple):
    """One of the two measures: sds of the priors, and how far to look."""

    mu: float
    tau: float
    farthest: float
    difference: bool


SCALES = {
    "RR": Scale(2.5, 0.5, 12.0, difference=False),
    "RD": Scale(0.5, 0.1, 1.0, difference=True),
}


def panels(edges, count):
    """Return nodes and weights of Gauss and Legendre between edges, (panel, node) each."""
    node, weight = np.polynomial.legendre.leggauss(count)
    half = np.diff(edges)[:, np.newaxis] / 2
    return edges[:-1, np.newaxis] + half * (1 + node), half * weight


def decades(first, last, each, count):
    """Return nodes and weights between 10**first and a number, `each` panels a decade."""
    edges = 10.0 ** np.arange(first, np.log10(last), 1 / each)
    return panels(np.append(edges[edges < 0.999 * last], last), count)


def both_sides(one):
    """Return nodes and weights left and right of 0, in one row."""
    node, weight = (each.ravel() for each in one)
    return np.concatenate([-node[::-1], node]), np.concatenate([weight[::-1], weight])


def log_likelihood(theta, cells, scale):
    """Return log p(events of both arms | theta), the control arm's level summed, in its shape."""
    flat = np.ravel(theta)
    found = [_one_effect(float(value), cells, scale) for value in flat]
    return np.reshape(found, np.shape(theta))


def _one_effect(theta, cells, scale):
    a, n, c, m = cells
    with np.errstate(divide="ignore"):
        if scale.difference:
            ends = special.logit([max(0.0, -theta), min(1.0, 1.0 - theta)])
        else:
            ends = np.array([-np.inf, min(0.0, -theta)])
    lower, upper = np.clip(ends, *LEVELS)
    x, weight = (each.ravel() for each in panels(np.linspace(lower, upper, 100), 12))
    control = special.expit(x) if scale.difference else np.exp(x)
    treatment = control + theta if scale.difference else np.exp(x + theta)
    value = stats.binom.logpmf(a, n, np.clip(treatment, 0, 1))
    value = value + stats.binom.logpmf(c, m, np.clip(control, 0, 1))
    value = value - 0.5 * (x / BASELINE) ** 2 - np.log(BASELINE * np.sqrt(2 * np.pi))
    inside = np.diff(stats.norm.cdf(ends / BASELINE))
    return special.logsumexp(value, b=weight) - np.log(inside[0])


class Likelihoods(NamedTuple):
    """Likelihoods of the studies on panels of one side of 0.

    Parameters
    ----------
    node, weight
        Shape (panel, node).
    value
        Logs of those right of 0 and left of it, shape (side, study, panel, node).
    """

    node: np.ndarray
    weight: np.ndarray
    value: np.ndarray

    @classmethod
    def of(cls, table, scale):
        """Return those of a table."""
        node, weight = decades(FINEST, scale.farthest, 4, 20)
        value = [[log_likelihood(side * node, cells, scale) for cells in table] for side in (1, -1)]
        return cls(node, weight, np.array(value))

    def at(self, theta):
        """Return likelihoods anywhere within the panels, shape (study, *theta.shape)."""
        away = np.abs(theta).ravel()
        side = (np.ravel(theta) < 0).astype(int)
        edges = np.append(10.0 ** (FINEST + np.arange(len(self.node)) / 4), np.inf)
        panel = np.clip(np.searchsorted(edges, away) - 1, 0, len(self.node) - 1)
        gap = away[:, np.newaxis] - self.node[panel]
        own = np.polynomial.legendre.leggauss(20)
        sign = (-1.0) ** np.arange(20) * np.sqrt((1 - own[0] ** 2) * own[1])
        with np.errstate(divide="ignore", invalid="ignore"):
            share = sign / np.where(gap == 0, 1e-300, gap)
        share /= share.sum(axis=1, keepdims=True)
        found = [(share * self.value[side, study, panel]).sum(axis=1)
                 for study in range(self.value.shape[1])]  # fmt: skip
        return np.exp(found).reshape(-1, *np.shape(theta))


def _terms(likelihood, theta):
    """Return what is summed of each study: L, and L times theta, its square and its sign."""
    ones = np.ones_like(theta)
    return np.concatenate([likelihood * each for each in (ones, theta, theta**2, theta < 0)])


def _near(mu, tau, known):
    """Return sums over theta by Gauss and Hermite, shape (pair, term)."""
    node, weight = np.polynomial.hermite_e.hermegauss(32)
    theta = mu[:, np.newaxis] + tau[:, np.newaxis] * node
    theta = np.clip(theta, -known.node.max(), known.node.max())
    return np.moveaxis(_terms(known.at(theta), theta) @ (weight / np.sqrt(2 * np.pi)), 0, 1)


def _wide(mu, tau, known):
    """Return sums over theta on the panels, shape (pair, term)."""
    theta, weight = both_sides((known.node, known.weight))
    right, left = np.exp(known.value)
    flat = [side.reshape(len(side), -1) for side in (left, right)]
    likelihood = np.concatenate([flat[0][:, ::-1], flat[1]], axis=1)
    mass = (_terms(likelihood, theta) * weight).T
    z = (theta - mu[:, np.newaxis]) / tau[:, np.newaxis]
    return np.exp(-0.5 * z * z) @ mass / (tau[:, np.newaxis] * np.sqrt(2 * np.pi))


def answers(table, measure):
    """Return the log evidence; mean and sd of mu and of tau; P(mu < 0); and of each effect.

    Means of all effects, then sds, then P(theta < 0).
    """
    scale = SCALES[measure]
    known, count = Likelihoods.of(table, scale), len(table)
    mu, mu_weight = both_sides(_joined(-11.0, 6 * scale.mu))
    tau, tau_weight = (each.ravel() for each in _joined(-12.0, 8 * scale.tau))
    sums = np.zeros((6 + 3 * count, 1))
    for own, weight in zip(tau, tau_weight, strict=True):
        near = SEEN * own < np.abs(mu)
        found = np.empty((mu.size, 4 * count))
        for rule, some in ((_near, near), (_wide, ~near)):
            if some.any():
                found[some] = rule(mu[some], np.full(some.sum(), own), known)
        first = np.maximum(found[:, :count], 1e-300)
        density = first.prod(axis=1) * mu_weight * weight * _prior(mu, own, scale)
        rest = (found[:, count:] / np.tile(first, 3)).T
        told = [np.ones_like(mu), mu, mu**2, own + 0 * mu, own**2 + 0 * mu, mu < 0, *rest]
        sums += np.array(told) @ density[:, np.newaxis]
    return _told(sums[:, 0], count)


def _joined(first, last):
    """Return halves of decades up to 0.001, then quarters."""
    parts = [decades(first, 1e-3, 2, 14), decades(-3.0, last, 4, 14)]
    return tuple(np.concatenate([part[place] for part in parts]) for place in (0, 1))


def _prior(mu, tau, scale):
    return stats.norm.pdf(mu, 0, scale.mu) * stats.halfnorm.pdf(tau, scale=scale.tau)


def _told(sums, count):
    mean = sums / sums[0]
    one, two, below = mean[6:].reshape(3, count)
    return np.concatenate([
        [np.log(sums[0]), mean[1], np.sqrt(mean[2] - mean[1] ** 2)],
        [mean[3], np.sqrt(mean[4] - mean[3] ** 2), mean[5]],
        one, np.sqrt(two - one**2), below,
    ])  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write("\n".join(f"{each:.11f}" for each in answers(THREE, sys.argv[1])) + "\n")
