"""The density of a prior, with all that follows from it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from bayesmeta.arrays import FloatArray
from bayesmeta.priors.binding import bind, stack, structure
from bayesmeta.priors.context import Context
from bayesmeta.priors.family import Density
from bayesmeta.priors.members import check_member
from bayesmeta.priors.register import FAMILIES
from bayesmeta.priors.traits import Kind, Support
from bayesmeta.spec import Prior, Value


def density(prior: Prior, context: Context | None = None) -> Density:
    """Return a prior as an object with log density, cdf, survival, quantile, support and tail.

    Raises
    ------
    PriorError
        If the prior is no member of a known family.

    Examples
    --------
    >>> round(float(density(Prior("HalfNormal", {"sigma": 5})).quantile(0.5)), 4)
    3.3724
    """
    check_member(prior, where="prior")
    return bind(prior, context)


def log_density(prior: Prior, x: ArrayLike, context: Context | None = None) -> FloatArray:
    """Return the log density of mu, a slope or tau at x, in the shape of x.

    A prior with ``on="tau2"`` is a density on tau**2; the value is still that of tau's own
    density, f(tau**2) * 2 * tau. Proper priors have all constants.

    Examples
    --------
    >>> log_density(Prior("HalfCauchy", {"beta": 1}), [0, 1]).round(6).tolist()
    [-0.451583, -1.14473]
    """
    return density(prior, context).log_density(x)


def log_densities(
    priors: Sequence[Prior], x: ArrayLike, context: Context | None = None
) -> FloatArray:
    """Return the log densities of many priors, shape (prior, node), by array operations.

    Parameters
    ----------
    priors
        Checked priors; those that differ in numbers only are evaluated together.
    x
        Shape (node,), or (prior, node).
    context
        What data-dependent priors look at.

    Examples
    --------
    >>> priors = [Prior("HalfNormal", {"sigma": s}) for s in (0.5, 1.0)]
    >>> log_densities(priors, [0.0, 1.0]).round(4).tolist()
    [[0.4674, -1.5326], [-0.2258, -0.7258]]
    """
    points = np.asarray(x, dtype=np.float64)
    points = np.broadcast_to(points, (len(priors), points.shape[-1]))
    result = np.empty(points.shape)
    for rows in _groups(priors):
        members = stack([priors[row] for row in rows], context)
        result[rows] = members.log_density(points[rows])
    return result


def _groups(priors: Sequence[Prior]) -> list[list[int]]:
    groups: dict[str, list[int]] = {}
    for row, prior in enumerate(priors):
        groups.setdefault(structure(prior), []).append(row)
    return list(groups.values())


def cdf(prior: Prior, x: ArrayLike, context: Context | None = None) -> FloatArray:
    """Return the prior probability up to x."""
    return density(prior, context).cdf(x)


def survival(prior: Prior, x: ArrayLike, context: Context | None = None) -> FloatArray:
    """Return the prior probability beyond x."""
    return density(prior, context).survival(x)


def quantile(prior: Prior, p: ArrayLike, context: Context | None = None) -> FloatArray:
    """Return the value below which lies the prior probability p.

    Examples
    --------
    >>> quantile(Prior("HalfCauchy", {"beta": 0.5}), [0.5, 0.95]).round(4).tolist()
    [0.5, 6.3531]
    """
    return density(prior, context).quantile(p)


def draw(
    prior: Prior,
    size: int | tuple[int, ...],
    *,
    seed: int | np.random.Generator,
    context: Context | None = None,
) -> FloatArray:
    """Draw from a prior, by inversion: equal seeds give equal ranks under every prior."""
    cells = np.random.default_rng(seed).integers(1, 2**53, size=size)  # never 0, never 1
    return quantile(prior, cells / 2**53, context)


def support(prior: Prior) -> Support:
    """Return the bounds of a prior's support."""
    return density(prior).support()


def tail_exponent(prior: Prior, context: Context | None = None) -> float:
    """Return a where the density of tau falls as tau**-a; infinity for a lighter tail.

    Examples
    --------
    >>> tail_exponent(Prior("HalfCauchy", {"beta": 1}))
    2.0
    >>> tail_exponent(Prior("InverseGamma", {"alpha": 1, "beta": 1}, on="tau2"))
    3.0
    """
    return density(prior, context).tail().exponent


def tail_integrable(prior: Prior, power: float = 0.0, context: Context | None = None) -> bool:
    """Return whether tau**power times the density has a finite integral at infinity.

    The marginal likelihood of tau falls as tau**-(k - d) with d flat coefficients, so the
    m-th moment of tau exists a posteriori if and only if ``tail_integrable(prior, m + d - k)``.

    Examples
    --------
    >>> log_t = Prior("LogStudentT", {"nu": 5, "mu": 0, "sigma": 1})
    >>> tail_exponent(log_t), tail_integrable(log_t), tail_integrable(log_t, 0.1)
    (1.0, True, False)
    """
    return density(prior, context).tail().integrable(power)


def integrable_at_zero(prior: Prior) -> bool:
    """Return whether the density has a finite integral at 0: so it is for every family here."""
    return prior.distribution in FAMILIES


def is_proper(prior: Prior) -> bool:
    """Return whether a prior has total mass one, as it must for NUTS and for Bayes factors."""
    return density(prior).family.proper


def needs_context(prior: Prior) -> bool:
    """Return whether a prior looks at the data's standard errors."""
    return density(prior).family.contextual


def rescale(prior: Prior, factor: float) -> Prior:
    """Return the prior of factor * x, for a prior of x.

    Examples
    --------
    >>> print(rescale(Prior("HalfCauchy", {"beta": 0.25}), 26.0))
    HalfCauchy(beta=6.5)
    >>> print(rescale(Prior("InverseGamma", {"alpha": 1, "beta": 2}, on="tau2"), 10.0))
    InverseGamma(alpha=1, beta=200, on="tau2")
    """
    check_member(prior, where="prior")
    return _rescaled(prior, factor**2 if prior.on == "tau2" else factor)


def _rescaled(prior: Prior, factor: float) -> Prior:
    kinds = FAMILIES[prior.distribution].kinds
    parameters = {
        name: _rescaled_value(value, kinds[name], factor)
        for name, value in prior.parameters.items()
    }
    return Prior(prior.distribution, parameters, unit=prior.unit, on=prior.on)


def _rescaled_value(value: Value, kind: Kind, factor: float) -> Value:
    if isinstance(value, Prior):
        return _rescaled(value, factor)
    if isinstance(value, tuple):
        return tuple(_rescaled_value(item, kind, factor) for item in value)  # type: ignore[return-value]
    return _rescaled_number(value, kind, factor)


def _rescaled_number(value: float, kind: Kind, factor: float) -> float:
    match kind:
        case Kind.LOCATION | Kind.SCALE | Kind.BOUND | Kind.POINTS:
            return float(value * factor)
        case Kind.RATE:
            return float(value / factor)
        case Kind.LOG_LOCATION:
            return float(value + np.log(factor))
    return float(value)
