"""Resolve a quantity's name to its distribution, whichever engine made the posterior."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.measures.effects import FloatArray
from bayesmeta.measures.typical_variance import typical_variance
from bayesmeta.summaries import certified, simulated
from bayesmeta.summaries.contents import (
    group,
    is_exact,
    is_normal_normal,
    sampled_group,
    study_data,
    terms,
)
from bayesmeta.summaries.quantity import Quantity, Statistics

if TYPE_CHECKING:
    import xarray as xr

type Points = float | Sequence[float] | FloatArray


def parameter_names(posterior: "xr.DataTree") -> tuple[str, ...]:
    """Return the quantities of the main table, in its order.

    What a posterior does not store is derived where it says that it is normal-normal, and absent
    elsewhere.
    """
    slopes = terms(posterior)
    found = [schema.MU]
    found += [schema.INTERCEPT] if slopes and _has_intercept(posterior) else []
    found += [schema.slope(term) for term in slopes]
    found += [schema.TAU] if schema.TAU in sampled_group(posterior) else []
    found += [schema.THETA_NEW] if stores_or_derives(posterior, schema.THETA_NEW) else []
    found += [schema.I2] if _has_fraction(posterior) else []
    return tuple(found)


def stores_or_derives(posterior: "xr.DataTree", name: str) -> bool:
    """Return whether study effects, or that of a new study, are stored or follow from the model."""
    if name in sampled_group(posterior) or is_exact(posterior):
        return True
    return is_normal_normal(posterior) and (name != schema.THETA or study_data(posterior).known)


def quantity_names(posterior: "xr.DataTree") -> tuple[str, ...]:
    """Return every quantity that can be asked for."""
    names = list(parameter_names(posterior))
    names += [schema.TAU2] if schema.TAU in names else []
    return (*names, *(schema.study_effect(label) for label in _labels_with_theta(posterior)))


def resolve(posterior: "xr.DataTree", name: str, *, sampled: bool = False) -> Quantity:
    """Return one quantity of a posterior, exact where the posterior stores what it is exactly.

    Parameters
    ----------
    name
        ``mu``, ``tau``, ``tau2``, ``I2``, ``theta_new``, ``Intercept``, ``beta[term]`` or
        ``theta[study]``.
    sampled
        Whether to look at the draws even so.

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity; the message lists those it has.
    """
    if name not in (known := quantity_names(posterior)):
        raise PosteriorError(f"The posterior has no {name!r}; it has: {_listed(known)}.")
    mixture = group(posterior, schema.MIXTURE)
    if mixture is None or sampled:
        return simulated.quantity(posterior, name)
    return certified.quantity(posterior, mixture, name)


def density(posterior: "xr.DataTree", quantity: str, x: Points) -> FloatArray:
    """Return the posterior density of a quantity at x.

    Exact where the posterior stores what it is exactly; else a kernel density of the draws, folded
    back at the ends of the quantity's range.

    Parameters
    ----------
    quantity
        Name, such as ``"mu"`` or ``"theta[Umea]"``; see `resolve`.
    x
        Points, in the quantity's unit (ratios on the log scale, I² as a fraction).

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity.

    Examples
    --------
    ``bm.density(posterior, "tau", [5.0, 10.0, 20.0])``
    """
    return resolve(posterior, quantity).density(np.asarray(x, dtype=float))


def cdf(posterior: "xr.DataTree", quantity: str, x: Points) -> FloatArray:
    """Return the probability that a quantity is at most x.

    Parameters and errors are those of `density`.

    Examples
    --------
    ``bm.cdf(posterior, "mu", 0.0)`` is P(mu < 0).
    """
    return resolve(posterior, quantity).cdf(np.asarray(x, dtype=float))


def quantile(posterior: "xr.DataTree", quantity: str, p: Points) -> FloatArray:
    """Return the values that a quantity stays under with probability p.

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity, or p is not between 0 and 1.

    Examples
    --------
    ``bm.quantile(posterior, "theta_new", [0.025, 0.5, 0.975])``
    """
    probabilities = np.asarray(p, dtype=float)
    if not np.all((probabilities >= 0) & (probabilities <= 1)):
        raise PosteriorError(f"p is {p}; probabilities are between 0 and 1.")
    return resolve(posterior, quantity).quantile(probabilities)


def interval(
    posterior: "xr.DataTree", quantity: str, *, level: float = 0.95, shortest: bool = False
) -> tuple[float, float]:
    """Return the central or the shortest interval of a quantity.

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity, or the level is not between 0 and 1.

    Examples
    --------
    ``bm.interval(posterior, "mu", level=0.9, shortest=True)``
    """
    found = statistics(posterior, quantity, level=level, shortest=shortest)
    return float(found.lower), float(found.upper)


def draws(
    posterior: "xr.DataTree", quantity: str, *, size: int | None = None, seed: int = 1
) -> FloatArray:
    """Return draws of a quantity, shape (draw,).

    Parameters
    ----------
    size
        How many new draws: independent where the posterior stores what it is exactly, else picked
        at random from the stored ones. Without it, the stored draws, chain after chain.

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity.

    Examples
    --------
    ``bm.draws(posterior, "mu", size=10_000, seed=3)``
    """
    found = resolve(posterior, quantity)
    if size is not None:
        return found.draw(size, seed)
    return simulated.quantity(posterior, quantity).pooled


def statistics(
    posterior: "xr.DataTree", quantity: str, *, level: float, shortest: bool
) -> Statistics:
    """Return mean, sd, median and interval of one quantity."""
    require_level(level)
    return resolve(posterior, quantity).statistics(level, shortest=shortest)


def require_level(level: float) -> None:
    """Raise unless an interval's probability is one.

    Raises
    ------
    PosteriorError
        If it is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise PosteriorError(f"The interval is {level}; it must be between 0 and 1, such as 0.95.")


def _has_intercept(posterior: "xr.DataTree") -> bool:
    constant = group(posterior, schema.CONSTANT_DATA)
    known = constant is not None and schema.DESIGN_MEAN in constant
    return known or schema.INTERCEPT in sampled_group(posterior)


def _has_fraction(posterior: "xr.DataTree") -> bool:
    found = sampled_group(posterior)
    if schema.I2 in found:
        return True
    data = study_data(posterior)
    if schema.TAU not in found or not data.known or not data.labels:
        return False
    if not is_normal_normal(posterior):
        return False
    return typical_variance(data.standard_error, data.design) is not None


def _labels_with_theta(posterior: "xr.DataTree") -> tuple[str, ...]:
    known = stores_or_derives(posterior, schema.THETA)
    return study_data(posterior).labels if known else ()


def _listed(names: Sequence[str], most: int = 30) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
