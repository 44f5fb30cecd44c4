"""Resolve a quantity's name to its distribution, whichever engine made the posterior."""

from collections.abc import Sequence

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PosteriorError
from bayesmeta.measures.typical_variance import typical_variance
from bayesmeta.summaries import certified, simulated
from bayesmeta.summaries.quantity import Quantity, Statistics
from bayesmeta.summaries.view import Posterior, View, view_of

type Points = float | Sequence[float] | FloatArray


def parameter_names(posterior: Posterior) -> tuple[str, ...]:
    """Return the quantities of the main table, in its order.

    What a posterior does not store is derived where it says what its model is, and absent
    elsewhere.
    """
    view = view_of(posterior)
    mu, *others = view.coefficients
    require_stored(view, mu)
    found = [mu]
    found += [schema.INTERCEPT] if others and _has_intercept(view) else []
    found += [*others, *view.hyperparameters]
    found += [schema.THETA_NEW] if stores_or_derives(view, schema.THETA_NEW) else []
    found += [schema.I2] if _has_fraction(view) else []
    return tuple(found)


def require_stored(view: View, name: str) -> None:
    """Raise unless the posterior group is there, with a variable."""
    assert name in view.sampled  # noqa: S101  (reading the group raises what there is to say)


def stores_or_derives(posterior: Posterior, name: str) -> bool:
    """Return whether study effects, or that of a new study, are stored or follow from the model."""
    view = view_of(posterior)
    if name in view.sampled or view.is_exact:
        return True
    if name == schema.THETA:
        return view.is_conjugate and view.studies.known
    return view.parts is not None


def quantity_names(posterior: Posterior) -> tuple[str, ...]:
    """Return every quantity that can be asked for."""
    view = view_of(posterior)
    names = list(parameter_names(view))
    # Of a model that nobody states, tau squared is the square of what is called tau.
    square = view.spread == schema.TAU if view.parts else schema.TAU in names
    names += [schema.TAU2] if square else []
    return (*names, *(schema.study_effect(label) for label in _labels_with_theta(view)))


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
    view = view_of(posterior)
    if name not in (known := quantity_names(view)):
        raise PosteriorError(f"The view has no {name!r}; it has: {_listed(known)}.")
    if sampled or not view.is_exact:
        return simulated.quantity(view, name)
    return certified.quantity(view, name)


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
    return resolve(view, quantity).density(np.asarray(x, dtype=float))


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
    return resolve(view, quantity).cdf(np.asarray(x, dtype=float))


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
    return resolve(view, quantity).quantile(probabilities)


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
    found = resolve(view, quantity)
    if size is not None:
        return found.draw(size, seed)
    return simulated.quantity(view, quantity).pooled


def statistics(posterior: Posterior, quantity: str, *, level: float, shortest: bool) -> Statistics:
    """Return mean, sd, median and interval of one quantity."""
    view = view_of(posterior)
    require_level(level)
    return resolve(view, quantity).statistics(level, shortest=shortest)


def require_level(level: float) -> None:
    """Raise unless an interval's probability is one.

    Raises
    ------
    PosteriorError
        If it is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise PosteriorError(f"The interval is {level}; it must be between 0 and 1, such as 0.95.")


def _has_intercept(view: View) -> bool:
    centred = view.design_mean is not None and bool(view.word("formula"))
    return centred or schema.INTERCEPT in view.sampled


def _has_fraction(view: View) -> bool:
    if schema.I2 in view.sampled:
        return True
    data = view.studies
    if view.spread is None or view.spread not in view.sampled or not data.known or not data.labels:
        return False
    return view.is_normal_normal and (
        typical_variance(data.standard_error, data.design) is not None
    )


def _labels_with_theta(view: View) -> tuple[str, ...]:
    return view.studies.labels if stores_or_derives(view, schema.THETA) else ()


def _listed(names: Sequence[str], most: int = 30) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
