"""Decide before integrating whether a posterior is proper, and which moments exist.

With k studies and d flat coefficients of full rank, the likelihood of tau falls as
tau**-(k - d); with a prior on tau that falls as tau**-a, the posterior is proper if and only if
k - d + a > 1, and the m-th moment of tau exists if and only if k - d + a > m + 1. Where tau moves
some rows alone, or rows by groups, k counts those rows or groups, and d the coefficients that the
others do not tell.

References
----------
Röver C (2020). Bayesian random-effects meta-analysis using the bayesmeta R package. J Stat Softw
93(6). Gelman A (2006). Prior distributions for variance parameters in hierarchical
models. Bayesian Anal 1:515-534.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.errors import ImproperPosteriorError
from bayesmeta.priors import (
    Context,
    integrable_at_zero,
    is_flat,
    is_proper,
    tail_integrable,
)
from bayesmeta.schema import TAU
from bayesmeta.span import span
from bayesmeta.spec import Prior

if TYPE_CHECKING:
    from bayesmeta.engines.telling import Told

_ENOUGH = 1_000
_REACHED = 1 - 1e-6


def require_proper(
    design: FloatArray,
    priors: Mapping[str, Prior],
    names: Sequence[str],
    *,
    context: Context | None = None,
    told: "Told | None" = None,
) -> None:
    """Raise unless the posterior is proper.

    Parameters
    ----------
    design
        Of the studies used, shape (study, coefficient).
    priors
        By parameter: the coefficients, and ``tau`` unless all studies share one effect.
    names
        The coefficients, in the order of the design's columns.
    told
        What tells of tau, where that is not every study by itself.

    Raises
    ------
    ImproperPosteriorError
        With the reason and the smallest change that would do.

    Examples
    --------
    >>> priors = {"mu": Prior("flat"), "tau": Prior("uniform")}
    >>> require_proper(np.ones((3, 1)), priors, ["mu"])
    >>> require_proper(np.ones((2, 1)), priors, ["mu"])
    Traceback (most recent call last):
    bayesmeta.errors.ImproperPosteriorError: The posterior is improper: the prior uniform on tau \
with flat mu needs at least 3 studies, and there are 2; give tau a proper prior such as \
HalfNormal(sigma=...), or give mu a prior such as Normal(mu=0, sigma=...).
    """
    flat = [name for name in names if is_flat(priors[name])]
    _require_rank(design, flat, names)
    if TAU not in priors:
        return
    known = known_apart(told, flat, names)
    rows = design.shape[0] if told is None else told.rows
    if not tail_integrable(priors[TAU], len(flat) - known - rows, context):
        reason = _heavy(priors[TAU], flat, rows, context, known=known, told=told)
        raise ImproperPosteriorError(reason)
    if not integrable_at_zero(priors[TAU]):
        raise ImproperPosteriorError(
            f"The prior {priors[TAU]} on tau has no finite integral at 0, where the likelihood "
            f"does not vanish; use a proper prior such as HalfNormal(sigma=...)."
        )


def ranks_without_each(
    design: FloatArray, priors: Mapping[str, Prior], names: Sequence[str]
) -> BoolArray:
    """Return for which studies the flat coefficients surely keep their rank without it, (study,).

    Those whose row the other rows reach: whose leverage among the flat columns is below 1.

    Examples
    --------
    >>> design = np.array([[1.0, 0], [1, 0], [1, 1]])
    >>> ranks_without_each(design, {"mu": Prior("flat"), "b": Prior("flat")}, ["mu", "b"])
    array([ True,  True, False])
    """
    flat = [place for place, name in enumerate(names) if is_flat(priors[name])]
    if not flat or len(flat) > len(design):
        return np.full(len(design), not flat)
    columns = design[:, flat]
    basis = np.linalg.qr(columns / np.abs(columns).max(axis=0)).Q
    return np.asarray((basis**2).sum(axis=1) < _REACHED)


def _require_rank(design: FloatArray, flat: list[str], names: Sequence[str]) -> None:
    columns = design[:, [list(names).index(name) for name in flat]]
    if not flat or (len(flat) == 1 and columns.any()):
        return  # one column that is not zero has rank 1: no search, a fifteenth of an integral
    if len(span(columns).columns) == len(flat):
        return
    last = flat[-1]
    raise ImproperPosteriorError(
        f"{design.shape[0]} {_studies(design.shape[0])} cannot tell apart {len(flat)} coefficients "
        f"with flat priors ({', '.join(flat)}); give {last} a prior such as "
        f"Normal(mu=0, sigma=...)."
    )


def known_apart(told: "Told | None", flat: Sequence[str], names: Sequence[str]) -> int:
    """Return how many flat coefficients stay known however large tau is."""
    if told is None or not flat or not told.rest.size:
        return 0
    columns = told.rest[:, [list(names).index(name) for name in flat]]
    return int(np.linalg.matrix_rank(columns))


def _heavy(
    prior: Prior, flat: list[str], studies: float, context: Context | None, *,
    known: int = 0, told: "Told | None" = None,
) -> str:  # fmt: skip
    """Return why the prior on tau is too much for so few studies, and what would do."""
    open_ = len(flat) - known
    needed = next(
        count for count in range(open_, _ENOUGH)
        if tail_integrable(prior, open_ - count, context)
    )  # fmt: skip
    remedies = [] if is_proper(prior) else ["give tau a proper prior such as HalfNormal(sigma=...)"]
    if open_ and tail_integrable(prior, open_ - 1 - studies, context):
        remedies.append(f"give {flat[-1]} a prior such as Normal(mu=0, sigma=...)")
    of = "studies" if told is None else "studies or groups that it spreads"
    coefficients = f" with flat {', '.join(flat)}" if flat else ""
    return (
        f"The posterior is improper: the prior {prior} on tau{coefficients} needs at least "
        f"{needed} {of}, and there {'is' if studies == 1 else 'are'} {studies:g}; "
        f"{', or '.join(remedies)}."
    )


def _studies(count: int) -> str:
    return "study" if count == 1 else "studies"
