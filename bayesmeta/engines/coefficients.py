"""Priors of coefficients as finite mixtures of normal distributions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError
from bayesmeta.priors import bells
from bayesmeta.spec import Prior

_WIDE = 9.5
_TAIL = 84.0
"""Where a normal, and exp(-x / 2), fall below exp(-42) = 6e-19."""
_RULES = 2
"""Student-t priors in one model: each multiplies the nodes by some sixty."""


class Normals(NamedTuple):
    """Normal distributions with weights, each array of shape (component,).

    Parameters
    ----------
    mean, precision
        Zero precision is a flat prior.
    log_weight
        Log weights.
    coarse
        What multiplies the weights at twice the step; 1 where there is no step.
    """

    mean: FloatArray
    precision: FloatArray
    log_weight: FloatArray
    coarse: FloatArray


class Fixed(NamedTuple):
    """A prior that is a finite mixture of normals as it stands: flat, normal, or a mixture."""

    exact: Normals

    def normals(self) -> Normals:
        """Return the mixture."""
        return self.exact

    def pilot(self) -> Normals:
        """Return the mixture."""
        return self.exact


@dataclass(frozen=True)
class StudentT:
    """A Student-t prior: normals over the log u of the relative precision.

    ::

        b | u ~ Normal(mu, sigma exp(-u / 2))     exp(u) ~ Gamma(nu / 2, rate nu / 2)

    The integral over u is a rule with equal steps in t, u = centre + scale * sinh(t).

    Parameters
    ----------
    nu, mu, sigma
        Degrees of freedom, centre, scale of the prior.
    centre, scale, step
        Of the rule.

    References
    ----------
    Gelman A et al. (2013). Bayesian Data Analysis, 3rd ed., section 17.2.
    """

    nu: float
    mu: float
    sigma: float
    centre: float = 0.0
    scale: float = 1.0
    step: float = 0.25

    def log_density(self, u: FloatArray) -> FloatArray:
        """Return the log prior density of u."""
        half = self.nu / 2
        constant = half * np.log(half) - gammaln(half)
        return np.asarray(constant + half * (u - np.exp(u)))

    def precision(self, u: FloatArray) -> FloatArray:
        """Return the coefficient's precision at u."""
        return np.asarray(np.exp(u) / self.sigma**2)

    def normals(self) -> Normals:
        """Return the rule's nodes, from the left tail to the right, as normals."""
        # A posteriori exp(u) is gamma-like with nu + 1 degrees: that tells both tails.
        left = np.arcsinh(_WIDE + _TAIL / (self.nu + 1) / self.scale)
        index = np.arange(-np.ceil(left / self.step), np.ceil(np.arcsinh(_WIDE) / self.step) + 1)
        t = index * self.step
        u = self.centre + self.scale * np.sinh(t)
        log_step = np.log(self.step * self.scale) + np.log(np.cosh(t))
        coarse = np.where(np.arange(t.size) % 2, 0.0, 2.0)
        mean = np.full(t.size, self.mu)
        return Normals(mean, self.precision(u), self.log_density(u) + log_step, coarse)

    def pilot(self) -> Normals:
        """Return the one normal at the rule's centre."""
        one = np.ones(1)
        return Normals(self.mu * one, self.precision(self.centre * one), 0 * one, one)


type Form = Fixed | StudentT


def forms(priors: Sequence[Prior], names: Sequence[str]) -> list[Form]:
    """Return the priors of coefficients in the form the exact engine integrates.

    Raises
    ------
    PriorError
        If a prior is no mixture of normals, or too many are Student-t.

    Examples
    --------
    >>> forms([Prior("Cauchy", {"alpha": 0.0, "beta": 2.0})], ["mu"])
    [StudentT(nu=1.0, mu=0.0, sigma=2.0, centre=0.0, scale=1.0, step=0.25)]
    """
    found = [_form(prior, name) for prior, name in zip(priors, names, strict=True)]
    heavy = [name for name, form in zip(names, found, strict=True) if isinstance(form, StudentT)]
    if len(heavy) > _RULES:
        raise PriorError(
            f"The exact engine integrates at most {_RULES} Student-t or Cauchy priors, and there "
            f'are {len(heavy)} ({", ".join(heavy)}); use engine="nuts".'
        )
    return found


def _form(prior: Prior, name: str) -> Form:
    found = bells(prior)
    several = len(found) > 1
    if not found or (several and not all(each.is_normal for _, each in found)):
        raise PriorError(
            f"The exact engine cannot integrate the prior {prior} on {name}: it knows flat, "
            f'Normal, StudentT, Cauchy and mixtures of normals; use engine="nuts".'
        )
    one = found[0][1]
    if not one.is_normal:
        return StudentT(one.nu, one.mean, one.sd)
    shares = np.array([share for share, _ in found])
    mean, precision = np.array([(each.mean, each.precision) for _, each in found]).T
    return Fixed(Normals(mean, precision, np.log(shares / shares.sum()), np.ones(shares.size)))


class Product(NamedTuple):
    """Independent priors of all coefficients as one mixture; the last axis is the coefficient.

    Parameters
    ----------
    mean, precision
        Shape (1, component, coefficient).
    log_weight, coarse
        Shape (1, component).
    shape
        Components of each coefficient's prior.
    """

    mean: FloatArray
    precision: FloatArray
    log_weight: FloatArray
    coarse: FloatArray
    shape: tuple[int, ...]


def product(parts: Sequence[Normals]) -> Product:
    """Return every combination of the parts' components."""
    shape = tuple(part.mean.size for part in parts)
    index = np.indices(shape).reshape(len(parts), -1)
    picked = [
        Normals(*(array[at] for array in part)) for part, at in zip(parts, index, strict=True)
    ]
    mean, precision, log_weight, coarse = (np.stack(a, axis=-1) for a in zip(*picked, strict=True))
    return Product(
        mean[np.newaxis],
        precision[np.newaxis],
        log_weight.sum(axis=-1)[np.newaxis],
        coarse.prod(axis=-1)[np.newaxis],
        shape,
    )
