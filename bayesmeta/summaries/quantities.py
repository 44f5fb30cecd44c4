"""Resolve a quantity's name to its distribution, whichever engine made the posterior."""

from collections.abc import Sequence

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PosteriorError
from bayesmeta.summaries import simulated
from bayesmeta.summaries.quantity import Quantity, Statistics
from bayesmeta.summaries.view import Posterior, view_of
from bayesmeta.within import within

type Points = float | Sequence[float] | FloatArray


def resolve(posterior: Posterior, name: str, *, sampled: bool = False) -> Quantity:
    """Return one quantity of a posterior, exact where the posterior stores what it is exactly.

    Parameters
    ----------
    name
        ``mu``, ``tau``, ``tau2``, ``I2``, ``theta_new``, ``Intercept``, ``beta[term]``,
        ``theta[study]``, or another parameter of the model.
    sampled
        Whether to look at the draws even so.

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity; the message lists those it has.
    """
    return view_of(posterior).quantity(name, sampled=sampled)


def density(posterior: Posterior, quantity: str, x: Points) -> FloatArray:
    """Return the posterior density of a quantity at x.

    Exact where the posterior stores what it is exactly; else a kernel density of the draws, folded
    back at the ends of the quantity's range.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    quantity
        Name, such as ``"mu"`` or ``"theta[Umea]"``; see `resolve`.
    x
        Points, in the quantity's unit (ratios on the log scale, I² as a fraction).

    Returns
    -------
    ndarray
        Shape of x; per unit of the quantity.

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity.

    Examples
    --------
    Specialist stroke care, length of stay in days (Normand 1999):

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> bm.density(posterior, "tau", [10.0, 20.0, 30.0]).round(4).tolist()
    [0.0001, 0.0993, 0.0123]
    """
    view = view_of(posterior)
    return view.quantity(quantity).density(np.asarray(x, dtype=float))


def cdf(posterior: Posterior, quantity: str, x: Points) -> FloatArray:
    """Return the probability that a quantity is at most x.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    quantity
        Name, such as ``"mu"`` or ``"theta[Umea]"``.
    x
        Points, in the quantity's unit (ratios on the log scale, I² as a fraction).

    Returns
    -------
    ndarray
        Probabilities, shape of x.

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity.

    Examples
    --------
    P(mu < 0), that specialist care shortens the stay (Normand 1999):

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> round(float(bm.cdf(posterior, "mu", 0.0)), 3)
    0.975
    """
    view = view_of(posterior)
    return view.quantity(quantity).cdf(np.asarray(x, dtype=float))


def quantile(posterior: Posterior, quantity: str, p: Points) -> FloatArray:
    """Return the values that a quantity stays under with probability p.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    quantity
        Name, such as ``"mu"`` or ``"theta[Umea]"``.
    p
        Probabilities, from 0 to 1.

    Returns
    -------
    ndarray
        Shape of p, in the quantity's unit (ratios on the log scale, I² as a fraction).

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity, or p is not between 0 and 1.

    Examples
    --------
    What to expect of a tenth hospital, in days (Normand 1999):

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> bm.quantile(posterior, "theta_new", [0.025, 0.5, 0.975]).round(1).tolist()
    [-60.5, -14.7, 30.7]
    """
    view = view_of(posterior)
    probabilities = np.asarray(p, dtype=float)
    if not np.all((probabilities >= 0) & (probabilities <= 1)):
        raise PosteriorError(f"p is {p}; probabilities are between 0 and 1.")
    return view.quantity(quantity).quantile(probabilities)


def interval(
    posterior: Posterior, quantity: str, *, level: float = 0.95, shortest: bool = False
) -> tuple[float, float]:
    """Return the central or the shortest interval of a quantity.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    quantity
        Name, such as ``"mu"`` or ``"theta[Umea]"``.
    level
        Probability of the interval.
    shortest
        Whether it is the shortest one, else it is central.

    Returns
    -------
    tuple of float
        Both ends, in the quantity's unit (ratios on the log scale, I² as a fraction).

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity, or the level is not between 0 and 1.

    Examples
    --------
    tau is skewed, so that its shortest interval lies lower than the central one (Normand 1999):

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> [round(end, 2) for end in bm.interval(posterior, "tau")]
    [14.26, 30.55]
    >>> [round(end, 2) for end in bm.interval(posterior, "tau", shortest=True)]
    [13.64, 29.65]
    """
    view = view_of(posterior)
    found = statistics(view, quantity, level=level, shortest=shortest)
    return float(found.lower), float(found.upper)


def draws(
    posterior: Posterior, quantity: str, *, size: int | None = None, seed: int = 1
) -> FloatArray:
    """Return draws of a quantity, shape (draw,).

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    quantity
        Name, such as ``"mu"`` or ``"theta[Umea]"``.
    size
        How many new draws: independent where the posterior stores what it is exactly, else picked
        at random from the stored ones. Without it, the stored draws, chain after chain.
    seed
        Of the new draws.

    Returns
    -------
    ndarray
        Shape (draw,), in the quantity's unit (ratios on the log scale, I² as a fraction).

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> draws = bm.draws(posterior, "theta_new", size=10_000, seed=3)
    >>> draws.shape, bool(abs((draws < 0).mean() - bm.cdf(posterior, "theta_new", 0.0)) < 0.02)
    ((10000,), True)
    """
    view = view_of(posterior)
    found = view.quantity(quantity)
    if size is not None:
        return found.draw(size, seed)
    return simulated.quantity(view, quantity).pooled


def statistics(posterior: Posterior, quantity: str, *, level: float, shortest: bool) -> Statistics:
    """Return mean, sd, median and interval of one quantity."""
    view = view_of(posterior)
    require_level(level)
    return view.quantity(quantity).statistics(level, shortest=shortest)


def require_level(level: float) -> None:
    """Raise unless an interval's probability is one.

    Raises
    ------
    PosteriorError
        If it is not between 0 and 1.
    """
    if not within(level, 0, 1):
        raise PosteriorError(f"The interval is {level}; it must be between 0 and 1, such as 0.95.")
