"""Priors on tau, their log densities of log tau written from the textbooks."""

import numpy as np
from scipy import stats
from scipy.special import betaln, gammaln

ROOT = np.sqrt(2 * np.pi)


def half_t(u, nu, sigma):
    """Log density of log tau under a half-t: a log of 2 t(z) z, far out in powers."""
    w = u - np.log(sigma) - 0.5 * np.log(nu)
    constant = np.log(2) - betaln(0.5, nu / 2)
    falls = np.where(w > 0, -nu * w, w)
    return constant + falls - (nu + 1) / 2 * np.log1p(np.exp(-2 * np.abs(w)))


def lomax(u, alpha, scale):
    """Log density of log tau under a Lomax."""
    w = u - np.log(scale)
    falls = np.where(w > 0, -alpha * w, w)
    return np.log(alpha) + falls - (alpha + 1) * np.log1p(np.exp(-np.abs(w)))


def log_t(u, nu, mu, sigma):
    """Log density of log tau under a log-t."""
    return stats.t.logpdf(u, nu, mu, sigma)


def half_logistic(u, scale):
    """Log density of log tau under a half-logistic."""
    z = np.exp(u - np.log(scale))
    return np.log(2) - z - 2 * np.log1p(np.exp(-z)) + u - np.log(scale)


def gamma(u, alpha, scale):
    """Log density of log tau under a gamma: the deviance from its mode, which does not cancel."""
    w = u - np.log(scale * alpha)
    deviance = np.where(np.abs(w) < 1e-3, _series(w), np.exp(w) - 1 - w)
    return alpha * np.log(alpha) - alpha - gammaln(alpha) - alpha * deviance


def _series(w):
    return w**2 / 2 * (1 + w / 3 * (1 + w / 4 * (1 + w / 5)))


FAMILIES = {
    "HalfNormal": lambda u, sigma: (
        0.5 * np.log(2 / np.pi) + u - np.log(sigma) - 0.5 * np.exp(2 * (u - np.log(sigma)))
    ),
    "HalfStudentT": half_t,
    "HalfCauchy": lambda u, beta: half_t(u, 1.0, beta),
    "HalfLogistic": half_logistic,
    "Exponential": lambda u, scale: u - np.log(scale) - np.exp(u - np.log(scale)),
    "Gamma": lambda u, alpha, beta: gamma(u, alpha, 1 / beta),
    "InverseGamma": lambda u, alpha, beta: gamma(-u, alpha, 1 / beta),
    "Weibull": lambda u, alpha, beta: (
        np.log(alpha) + alpha * (u - np.log(beta)) - np.exp(alpha * (u - np.log(beta)))
    ),
    "Lomax": lomax,
    "LogNormal": lambda u, mu, sigma: -0.5 * ((u - mu) / sigma) ** 2 - np.log(sigma * ROOT),
    "LogStudentT": log_t,
    "Uniform": lambda u, lower, upper: np.where(
        (u > np.log(upper)) | (np.exp(u) < lower), -np.inf, u - np.log(upper - lower)
    ),
    "uniform": lambda u: u,
    "sqrt": lambda u: u / 2,
}


class Prior:
    """A prior on tau as this program takes it: parts (weight, family, numbers), on, bounds."""

    def __init__(self, parts, *, on="tau", bounds=None):
        """Keep the parts; the mass between the bounds is computed where it is needed."""
        self.parts, self.on, self.bounds = parts, on, bounds
        self.log_mass = 0.0

    def text(self):
        """Return the prior as the package reads it."""
        on = ', on="tau2"' if self.on == "tau2" else ""
        inner = [self._member(*part[1:]) for part in self.parts]
        body = inner[0]
        if len(inner) > 1:
            shares = ", ".join(repr(float(part[0])) for part in self.parts)
            body = f"Mixture(w=[{shares}], comp_dists=[{', '.join(inner)}])"
        if self.bounds:
            low, high = self.bounds
            upper = "" if np.isinf(high) else f", upper={high!r}"
            body = f"Truncated(dist={body}, lower={low!r}{upper})"
        if not on:
            return body
        return (body + on) if not body.endswith(")") else f"{body[:-1]}{on})"

    @staticmethod
    def _member(family, numbers):
        inside = ", ".join(f"{name}={value!r}" for name, value in numbers.items())
        return f"{family}({inside})" if inside else family

    def __call__(self, u):
        """Return the log density of log tau."""
        v = 2 * u if self.on == "tau2" else u
        with np.errstate(all="ignore"):
            parts = [
                np.log(w) + FAMILIES[family](v, **numbers) for w, family, numbers in self.parts
            ]
        value = np.logaddexp.reduce(np.broadcast_arrays(*parts))
        if self.bounds:
            low, high = self.bounds
            outside = (v < np.log(low) if low > 0 else False) | (v > np.log(high))
            value = np.where(outside, -np.inf, value)
        return value + (np.log(2) if self.on == "tau2" else 0.0) - self.log_mass

    def marks(self):
        """Return log tau where something may be narrow, and the ends of the support."""
        found = []
        for _, family, numbers in self.parts:
            centre, width = _place(family, numbers)
            found.append(centre + width * np.array([-9, -6, -4, -2.5, -1, 0, 1, 2.5, 4, 6, 9]))
        if self.bounds:
            found.append(np.log([end for end in self.bounds if 0 < end < np.inf]))
        marks = np.concatenate(found)
        return marks / 2 if self.on == "tau2" else marks


def _place(family, numbers):
    """Return about where log tau is, and how wide."""
    shape = numbers.get("alpha", 1.0)
    places = {
        "LogNormal": lambda: (numbers["mu"], numbers["sigma"]),
        "LogStudentT": lambda: (numbers["mu"], numbers["sigma"]),
        "Gamma": lambda: (np.log(shape / numbers["beta"]), 1 / np.sqrt(shape)),
        "InverseGamma": lambda: (np.log(numbers["beta"] / shape), 1 / np.sqrt(shape)),
        "Weibull": lambda: (np.log(numbers["beta"]), 1 / shape),
        "uniform": lambda: (0.0, 1.0),
        "sqrt": lambda: (0.0, 1.0),
    }
    return places.get(family, lambda: (np.log(list(numbers.values())[-1]), 1.0))()
