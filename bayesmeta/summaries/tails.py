"""Tail probabilities in the words of those who decide: benefit, and benefit that matters."""

import math
from collections.abc import Mapping
from html import escape
from typing import NamedTuple

import numpy as np

from bayesmeta.errors import PosteriorError
from bayesmeta.summaries.digits import probability, stated
from bayesmeta.summaries.own_scale import no_null, pooled_as
from bayesmeta.summaries.view import Posterior, view_of
from bayesmeta.within import is_positive

DIRECTIONS = ("lower", "higher")

type Benefit = str | Mapping[str, str]
"""``"lower"`` or ``"higher"``; of several outcomes one each, by name."""


class Tail(NamedTuple):
    """Probabilities of benefit and of benefit beyond the minimal important difference.

    Parameters
    ----------
    benefit, beyond
        Probabilities; ``beyond`` is nan where no difference was given.
    benefit_error, beyond_error
        Their numerical errors.
    """

    benefit: float
    beyond: float
    benefit_error: float
    beyond_error: float

    def __repr__(self) -> str:
        """Return the probabilities as they are read."""
        said = f"P(benefit) {stated(probability(self.benefit, self.benefit_error))}"
        if math.isnan(self.beyond):
            return said
        beyond = stated(probability(self.beyond, self.beyond_error))
        return f"{said}; P(benefit beyond the minimal important difference) {beyond}"

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"


def tail(
    posterior: Posterior,
    quantity: str = "mu",
    *,
    benefit: str = "lower",
    beyond: float | None = None,
) -> Tail:
    """Return how probable benefit is, and benefit beyond the minimal important difference.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    quantity
        ``mu``, ``theta_new``, ``theta[study]`` ...
    benefit
        Which direction helps: ``"lower"`` or ``"higher"``.
    beyond
        Minimal important difference, above 0, in the unit; for ratio measures a ratio, where
        0.8 and 1.25 say the same; for correlations a correlation.

    Returns
    -------
    Tail
        ``benefit`` and ``beyond``, probabilities, with ``benefit_error`` and ``beyond_error``.

    Raises
    ------
    PosteriorError
        If the quantity is unknown or has no sign, or the direction or difference makes no sense.

    Examples
    --------
    How probable it is that stays are shorter, and by at least three days (Normand 1999):

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> found = bm.tail(posterior, "mu", benefit="lower", beyond=3.0)
    >>> round(found.benefit, 3), round(found.beyond, 3)
    (0.975, 0.944)
    """
    view = view_of(posterior)
    if not view.has_sign(quantity):
        raise PosteriorError(
            no_null(view.word("measure"))
            or f"{quantity} cannot be below 0, so that no side of 0 is benefit."
        )
    points = np.array([0.0, threshold(view.word("measure"), benefit=benefit, difference=beyond)])
    found = view.quantity(quantity)
    below, error = found.cdf(points), found.cdf_error(points)
    share = below if benefit == "lower" else 1 - below
    known = 1.0 if beyond is not None else math.nan
    return Tail(float(share[0]), float(share[1]) * known, float(error[0]), float(error[1]) * known)


def threshold(measure: str, *, benefit: str, difference: float | None) -> float:
    """Return where benefit starts to matter, on the scale of the estimates.

    Without a difference, 0; for ratio measures the log of the ratio on the side of benefit.

    Raises
    ------
    PosteriorError
        If the direction is unknown, or the difference is not above 0 (for a ratio: is 1).
    """
    if benefit not in DIRECTIONS:
        raise PosteriorError(f"benefit is {benefit!r}; it must be one of: {', '.join(DIRECTIONS)}.")
    if difference is None:
        return 0.0
    away = distance(measure, difference)
    return -away if benefit == "lower" else away


def distance(measure: str, difference: float) -> float:
    """Return how far from 0 a minimal important difference lies, on the scale of the estimates.

    Raises
    ------
    PosteriorError
        If the difference is not above 0 (for a ratio: is 1; for a correlation: is not below 1).

    Examples
    --------
    >>> distance("MD", 3.0), round(distance("RR", 0.8), 6), round(distance("RR", 1.25), 6)
    (3.0, 0.223144, 0.223144)
    >>> round(distance("ZCOR", 0.1), 6)
    0.100335
    """
    if not is_positive(difference):
        raise PosteriorError(
            f"The minimal important difference is {difference!r}; it must be above 0."
        )
    away = pooled_as(measure, difference)
    if away == 0:
        raise PosteriorError(f"A ratio of 1 is no difference; give {measure} of 0.8, for example.")
    return away
