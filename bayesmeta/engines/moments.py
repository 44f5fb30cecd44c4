"""How many moments of a posterior exist, decided before it is integrated."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.propriety import known_apart
from bayesmeta.priors import (
    Context,
    Tail,
    bells,
    density,
    is_flat,
)
from bayesmeta.schema import TAU
from bayesmeta.spec import Prior

if TYPE_CHECKING:
    from bayesmeta.engines.telling import Told


_COUNTED = 8
"""Moments are counted up to here; a posterior with as many is said to have all."""


_HAIR, _HAIR_OF_LOG = 1e-5, 0.5
"""A moment whose integrand falls as tau**-1 times less than tau**-1e-5 is counted out.

So is one that exists by log(tau)**-1.5 or less: most of its integral lies beyond all numbers."""


class Moments(NamedTuple):
    """How many moments of each quantity exist a posteriori; infinity for all.

    Parameters
    ----------
    coefficients
        Of mu and the slopes, shape (coefficient,).
    tau
        Of tau, and of the effect in a new study as far as tau goes.
    deviation
        Of a study effect's deviation from its centre, given the hyperparameters.
    further
        Of the other scales by name, of those that do not have all.
    """

    coefficients: FloatArray
    tau: float
    deviation: float = np.inf
    further: Mapping[str, float] = MappingProxyType({})

    def of(self, name: str, place: int) -> float:
        """Return how many moments a hyperparameter has, by its name and place among them."""
        return self.further.get(name, np.inf) if place else self.tau

    def combination(self, row: FloatArray, *, new_study: bool = False) -> float:
        """Return how many moments a linear combination of the coefficients has."""
        used = self.coefficients[np.asarray(row) != 0]
        return float(
            min([*used, *([self.tau, self.deviation] if new_study else [])], default=np.inf)
        )


def finite_moments(
    design: FloatArray,
    priors: Mapping[str, Prior],
    names: Sequence[str],
    *,
    context: Context | None = None,
    told: "Told | None" = None,
) -> Moments:
    """Return how many moments of the coefficients, of tau and of a new study's effect exist.

    A coefficient with a normal prior has all. Study effects have all, too: for large tau they
    stay at their estimates. With a Student-t prior of nu degrees of freedom a coefficient has
    nu more than tau has, a flat one as many as tau.

    Parameters
    ----------
    design, priors, names, context, told
        As `require_proper`.

    Examples
    --------
    >>> priors = {"mu": Prior("flat"), "tau": Prior("uniform")}
    >>> finite_moments(np.ones((5, 1)), priors, ["mu"])
    Moments(coefficients=array([2.]), tau=2.0, deviation=inf, further=mappingproxy({}))
    """
    if TAU not in priors:
        return Moments(np.full(len(names), np.inf), np.inf)
    flat = [name for name in names if is_flat(priors[name])]
    rows = design.shape[0] if told is None else told.rows
    excess = rows + known_apart(told, flat, names) - len(flat)
    extra = [_extra(priors[name]) for name in names]
    counted = [_count(priors[TAU], excess + more, context) for more in extra]
    return Moments(np.array(counted), _count(priors[TAU], excess, context))


def scale_moments(
    told: "Told",
    prior: Prior,
    flat: Sequence[str],
    names: Sequence[str],
    *,
    context: Context | None = None,
) -> float:
    """Return how many moments of a scale beside tau exist.

    Parameters
    ----------
    told
        What tells of it.
    prior
        Of the scale.
    flat, names
        The coefficients with flat priors, and all of them.
    """
    return _count(prior, told.rows + known_apart(told, flat, names) - len(flat), context)


def _extra(prior: Prior) -> float:
    """Return by how many powers a coefficient's own prior lightens its tail."""
    return min((each.moments for _, each in bells(prior)), default=np.inf)


def _count(prior: Prior, excess: float, context: Context | None) -> float:
    if np.isinf(excess):
        return np.inf
    tail = density(prior, context).tail()
    exist = [_computable(tail, moment - excess) for moment in range(1, _COUNTED + 1)]
    return np.inf if all(exist) else float(exist.index(False))


def _computable(tail: Tail, power: float) -> bool:
    """Return whether a moment exists by more than a hair: its integral is then within numbers."""
    falls = tail.exponent - power - 1
    return falls > _HAIR or (falls == 0 and tail.log_exponent > 1 + _HAIR_OF_LOG)
