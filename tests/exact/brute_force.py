"""Random-effects posteriors by brute force: an independent program that the exact engine meets.

Composite Gauss-Legendre rules in log tau, panels halved until two rules agree, from log tau =
-1e290 to 1e290; the priors' densities are those of ``brute_priors``. Slow, and nothing shared
with the package.
"""

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
FALLEN, ROUNDS, AGREED = 60.0, 40, 1e-13
CAP = 330.0


class Posterior:
    """The posterior of y ~ Normal(mu, s**2 + tau**2) with mu flat or a mixture of normals.

    Parameters
    ----------
    y, s
        Shape (study,).
    prior
        Of tau.
    mu
        None for flat, or triples (weight, mean, sd).
    moments
        How many of tau's exist.
    """

    def __init__(self, y, s, prior, mu=None, *, moments=np.inf):
        """Integrate."""
        self.y, self.s, self.prior, self.mu = y, s, prior, mu
        if prior.bounds:
            alone = Panels(prior, prior.marks(), moments=())
            prior.log_mass = np.log(alone.mass.sum()) + alone.top
        residual = [
            0.0 if mu is None else np.sqrt(np.mean((y - m) ** 2)) for _, m, _ in mu or [(1, 0, 1)]
        ]
        size = np.log([*s, *(r for r in residual if r > 0), max(np.ptp(y), s.max())])
        dense = np.arange(size.min() - 12, size.max() + 12, 0.1)
        falls = y.size - (1 if mu is None else 0)
        marks = np.concatenate([prior.marks(), dense])
        self.panels = Panels(
            self._log_joint, marks, moments=[m for m in (1, 2) if m <= moments], falls=falls
        )
        self.u = self.panels.u.ravel()
        self.p = self.panels.mass.ravel() / self.panels.mass.sum()
        self.log_evidence = np.log(self.panels.mass.sum()) + self.panels.top
        self.known = self._given(self.u)

    def _given(self, u):
        """Return log evidence, mean, variance of mu by component, each (component, node)."""
        tau = np.exp(np.minimum(u, CAP))[:, None]
        total = self.s**2 + tau**2
        w = 1 / total
        found = []
        for share, m, sd in self.mu or [(1.0, 0.0, np.inf)]:
            precision = w.sum(axis=1) + sd**-2.0
            away = self.y - m if np.isfinite(sd) else self.y
            shift = (w * away).sum(axis=1) / precision
            rest = ((away - shift[:, None]) ** 2 * w).sum(axis=1) + shift**2 * sd**-2.0
            count = self.y.size - (0 if np.isfinite(sd) else 1)
            log_sd = np.log(sd) if np.isfinite(sd) else 0.0
            value = -0.5 * (count * np.log(2 * np.pi) + np.log(total).sum(axis=1)
                            + np.log(precision) + rest) - log_sd + np.log(share)  # fmt: skip
            found.append((value, shift + (m if np.isfinite(sd) else 0.0), 1 / precision))
        return tuple(np.array(part) for part in zip(*found, strict=True))

    def _log_joint(self, u):
        flat = u.ravel()
        return np.logaddexp.reduce(self._given(flat)[0]).reshape(u.shape) + self.prior(u)

    def normals(self, *, new_study):
        """Return weights, means and sds of the mixture for mu, or for a new study's effect."""
        value, mean, variance = self.known
        share = np.exp(value - np.logaddexp.reduce(value))
        tau = np.exp(np.minimum(self.u, CAP))
        sd = np.sqrt(variance + (tau**2 if new_study else 0.0))
        return (share * self.p).ravel(), mean.ravel(), sd.ravel()

    def of_effect(self, levels, *, new_study, second):
        """Return mean, sd (where it exists) and quantiles of mu, or of a new study's effect."""
        weight, mean, sd = self.normals(new_study=new_study)
        seen = weight > 1e-18
        centre = weight @ mean
        quantiles = [
            _root(lambda x: weight[seen] @ ndtr((x - mean[seen]) / sd[seen]), p, centre, sd.min())
            for p in levels
        ]
        spread = np.inf
        if second:
            grows = new_study or self.mu is None
            # Beyond the cap the square grows as tau**2, where it grows at all.
            value, power = self.known[0], 2 if grows else 0
            share = (value - np.logaddexp.reduce(value)).ravel()
            log_p = np.tile(self.panels.log_mass_of(power, below=0), value.shape[0])
            log_square = share + log_p - np.log(self.panels.mass.sum()) + 2 * np.log(sd)
            square = np.exp(np.logaddexp.reduce(log_square))
            spread = np.sqrt(square + weight @ (mean - centre) ** 2)
        return [centre, spread, *quantiles]

    def of_tau(self, levels):
        """Return mean, sd and quantiles of tau; infinite where a moment does not exist."""
        quantiles = [np.exp(self.panels.quantile(p)) for p in levels]
        near = self.u < 150
        tau = np.exp(np.where(near, self.u, -np.inf))
        found = [np.inf, np.inf]
        area = np.log(self.panels.mass.sum())
        for power in self.panels.moments:
            far = np.where(near, -np.inf, self.panels.log_mass_of(power) - area)
            centre = found[0] if power == 2 else 0.0
            own = self.p @ np.where(near, tau - centre, 0.0) ** power
            found[power - 1] = (own + np.exp(np.logaddexp.reduce(far))) ** (1 / power)
        return [*found, *quantiles]


def _root(cdf, p, centre, unit):
    """Return where a cdf reaches p, by Brent's method in arcsinh around a centre."""

    def missing(z):
        return cdf(centre + unit * np.sinh(z)) - p

    return centre + unit * np.sinh(brentq(missing, -650, 650, xtol=1e-300, rtol=1e-15, maxiter=500))


class Panels:
    """A composite rule over log tau, refined until every panel agrees with its two halves."""

    def __init__(self, log_density, marks, *, moments, falls=0):
        """Refine: the log density, beyond CAP less `falls` times what log tau is above it."""
        self.log_density, self.moments, self.falls = log_density, moments, falls
        self.tops = dict.fromkeys((0, *moments), -np.inf)
        self.highest = dict(self.tops)
        self.low, self.high, value = self._refined(*self._edges(marks))
        half = (self.high - self.low)[:, None] / 2
        self.u = self.low[:, None] + half * (1 + NODES)
        self.top = self.tops[0]
        self.base = value - self.top + np.log(half * WEIGHTS)
        self.mass = np.exp(self.base + self._times(self.u, 0))

    @staticmethod
    def _edges(marks):
        """Return the ends of the first panels."""
        # Narrow as far as a distribution function of mu may be asked: it is smooth in log tau.
        far = np.concatenate([np.arange(0.75, 360, 0.75), 360 * 1.6 ** np.arange(1400)])
        far = far[far < 1e290]
        marks = np.unique(marks[np.isfinite(marks)])
        edges = np.concatenate([marks.min() - far[::-1], marks, marks.max() + far])
        return edges[:-1], edges[1:]

    def _refined(self, low, high):
        """Return the ends of panels that agree with their halves, and the log density there."""
        kept = []
        for _ in range(ROUNDS):
            low, high = self._worthwhile(low, high)
            value, both = self._value(low, high), self._halves(low, high)
            done = self._agreed(low, high, value, both)
            kept.append((low[done], high[done], value[done]))
            middle = (low + high)[~done] / 2
            low, high = np.concatenate([low[~done], middle]), np.concatenate([middle, high[~done]])
            if not low.size:
                break
        low, high, value = (np.concatenate(part) for part in zip(*kept, strict=True))
        order = np.argsort(low)
        return low[order], high[order], value[order]

    def _times(self, u, power, below=None):
        """Return the log of tau**power, and of the fall beyond the cap, in one: they cancel."""
        below = power if below is None else below
        return (power - self.falls) * np.maximum(u - CAP, 0) + below * np.minimum(u, CAP)

    def log_mass_of(self, power, below=None):
        """Return the logs of the nodes' masses times tau**power, flat; below the cap another."""
        return (self.base + self._times(self.u, power, below)).ravel()

    def _worthwhile(self, low, high):
        """Return the panels that hold, at five points, something beside the highest seen so far."""
        points = low[:, None] + (high - low)[:, None] * np.linspace(0.001, 0.999, 5)
        value = self.log_density(points)
        kept = np.zeros(low.size, dtype=bool)
        for power in (0, *self.moments):
            height = value + self._times(points, power) + np.log(high - low)[:, None]
            self.highest[power] = max(self.highest[power], height.max())
            kept |= height.max(axis=1) > self.highest[power] - FALLEN
        return low[kept], high[kept]

    def _value(self, low, high):
        return self.log_density(low[:, None] + (high - low)[:, None] / 2 * (1 + NODES))

    def _halves(self, low, high):
        middle = (low + high) / 2
        return np.stack([self._value(low, middle), self._value(middle, high)])

    def _agreed(self, low, high, value, both):
        """Return which panels agree with their halves, in mass and in the moments."""
        width = (high - low)[:, None] / 2
        middle = (low + high) / 2
        done = np.ones(low.size, dtype=bool)
        for power in (0, *self.moments):
            u = low[:, None] + width * (1 + NODES)
            halves = np.stack([low[:, None] + width / 2 * (1 + NODES),
                               middle[:, None] + width / 2 * (1 + NODES)])  # fmt: skip
            with np.errstate(divide="ignore", over="ignore"):
                one = _log_area(value + self._times(u, power), width)
                two = np.logaddexp(*(_log_area(b + self._times(h, power), width / 2)
                                     for b, h in zip(both, halves, strict=True)))  # fmt: skip
            top = self.tops[power] = max(self.tops[power], one.max(), two.max())
            apart = np.abs(np.exp(one - top) - np.exp(two - top))
            done &= apart <= AGREED
        return done | (high - low < 1e-14 * np.abs(low))

    def quantile(self, p):
        """Return log tau at which the distribution function reaches p."""
        masses = self.mass.sum(axis=1)
        upto = np.cumsum(masses) / masses.sum()
        at = min(int(np.searchsorted(upto, p)), masses.size - 1)
        before, target = (upto[at - 1] if at else 0.0), p * masses.sum()
        before *= masses.sum()

        def missing(end):
            half = (end - self.low[at]) / 2
            u = self.low[at] + half * (1 + NODES)
            value = self.log_density(u[None])[0] + self._times(u, 0)
            return before - target + half * WEIGHTS @ np.exp(value - self.top)

        ends = self.low[at], self.high[at]
        if missing(ends[1]) <= 0:
            return ends[1]
        return brentq(missing, *ends, xtol=1e-300, rtol=1e-15, maxiter=500)


def _log_area(value, width):
    top = value.max(axis=1, keepdims=True)
    safe = np.where(np.isfinite(top), top, 0.0)
    return (np.log((np.exp(value - safe) * WEIGHTS).sum(axis=1)) + safe[:, 0]
            + np.log(width[:, 0]))  # fmt: skip
