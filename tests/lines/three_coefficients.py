"""A posterior of t effects around two slopes, by sums alone: nothing of the package is used.

What a row says of its centre is an integral of a normal times Student's density, by Gauss and
Hermite or, where tau is small, by Gauss and Legendre in deviations over tau, at knots of a cubic
spline; the posterior is then summed over a cube of three coefficients and over tau.

    python tests/lines/three_coefficients.py

prints what `test_three_coefficients.py` expects.
"""

import sys

import numpy as np
from scipy import interpolate, stats

ESTIMATE = np.array([0.31, -0.12, 0.55, 1.9, 0.08, 0.42])
ERROR = np.array([0.2, 0.25, 0.15, 0.3, 0.22, 0.18])
X = np.array([-1.2, -0.4, 0.1, 0.5, 0.9, 1.4])
Z = np.array([0.7, -1.1, 0.4, 0.2, -0.6, 0.5])
NU, WIDE, SLOPE, TAU = 4.0, 1.0, 0.5, 0.3
"""Degrees of freedom, and the standard deviations of the priors of mu, slopes and tau."""
STEP = 0.055


def what_rows_say(tau):
    """Return splines of the log of each row's integral over its centre."""
    node, weight = np.polynomial.legendre.leggauss(2000)
    angle = np.pi / 2 * node  # deviation = tau tan(angle)
    away = tau * np.tan(angle)
    mass = stats.t.pdf(np.tan(angle), NU) / np.cos(angle) ** 2 * weight * np.pi / 2
    line = np.linspace(-9, 9, 3001)
    found = []
    for y, s in zip(ESTIMATE, ERROR, strict=True):
        each = stats.norm.pdf(y - line[:, np.newaxis], away, s) @ mass
        found.append(interpolate.CubicSpline(line, np.log(each)))
    return found


def answers():
    """Return the log evidence, then mean and sd of mu, both slopes and tau."""
    axes = [np.arange(-half, half + STEP / 2, STEP) for half in (2.5, 2.5, 2.5)]
    mu, one, two = np.meshgrid(*axes, indexing="ij", sparse=True)
    x, z = X - X.mean(), Z - Z.mean()
    prior = stats.norm.logpdf(mu, 0, WIDE) + stats.norm.logpdf(one, 0, SLOPE)
    prior = prior + stats.norm.logpdf(two, 0, SLOPE)
    node, weight = np.polynomial.legendre.leggauss(28)
    t = (node + 1) / 2 * 1.35  # tau = t ** 2
    sums = np.zeros(9)
    for own, each in zip(t, weight * 1.35 / 2, strict=True):
        tau = own**2
        rows = what_rows_say(tau)
        log_joint = prior + sum(row(mu + one * a + two * b)
                                for row, a, b in zip(rows, x, z, strict=True))  # fmt: skip
        density = np.exp(log_joint) * STEP**3 * stats.halfnorm.pdf(tau, scale=TAU) * each * 2 * own
        total = density.sum()
        told = [total]
        for axis, place in enumerate(axes):
            line = density.sum(axis=tuple(other for other in range(3) if other != axis))
            told += [line @ place, line @ place**2]
        sums += [*told, total * tau, total * tau**2]
    means = sums[1::2] / sums[0]
    sds = np.sqrt(sums[2::2] / sums[0] - means**2)
    return np.array([np.log(sums[0]), *np.stack([means, sds], axis=-1).ravel()])


if __name__ == "__main__":
    sys.stdout.write(", ".join(f"{each:.9f}" for each in answers()) + "\n")
