"""Sums and differences of covariances, in the simplest structure that holds them."""

from collections.abc import Callable

import numpy as np

from bayesmeta.covariance.blocks import Blocks
from bayesmeta.covariance.clustered import Clustered
from bayesmeta.covariance.contract import Covariance, Quantity
from bayesmeta.covariance.diagonal import Diagonal
from bayesmeta.covariance.groups import Groups

type _Pair = Callable[[Quantity, Quantity], Quantity]


def total(one: Covariance, other: Covariance) -> Covariance:
    """Return the covariance of a sum of independent terms.

    Raises
    ------
    ValueError
        If the groups of one lie across those of the other.

    Examples
    --------
    >>> total(Diagonal(9.0), Diagonal(16.0))
    Diagonal(variance=25.0)
    """
    return _combined(one, other, lambda a, b: a + b)


def simplest(covariance: Covariance) -> Covariance:
    """Return a covariance whose rows share nothing as one of independent rows."""
    if isinstance(covariance, Clustered) and not np.any(covariance.shared):
        return Diagonal(covariance.own)
    return covariance


def difference(one: Covariance, other: Covariance) -> Covariance:
    """Return one covariance less another that is part of it; errors as `total`."""
    return _combined(one, other, lambda a, b: a - b)


def _combined(one: Covariance, other: Covariance, pair: _Pair) -> Covariance:
    if isinstance(one, Diagonal) and isinstance(other, Diagonal):
        return Diagonal(pair(one.variance, other.variance))
    groups = outer(one, other)
    if _alike(one, groups) and _alike(other, groups):
        (own, shared), (less, common) = _parts(one), _parts(other)
        return Clustered(pair(own, less), pair(shared, common), groups)
    blocks = (in_blocks(each, groups).block for each in (one, other))
    return Blocks(pair(*blocks), groups)


def outer(one: Covariance, other: Covariance) -> Groups:
    """Return the groups that hold those of both."""
    found = [each.groups for each in (one, other) if isinstance(each, Clustered | Blocks)]
    outer = min(found, key=len)
    for groups in found:
        if len({(a, b) for a, b in zip(groups.code.tolist(), outer.code.tolist(), strict=True)}) > (
            len(groups)
        ):
            raise ValueError("Groups of one covariance lie across those of another.")
    return outer


def _alike(covariance: Covariance, groups: Groups) -> bool:
    """Return whether a covariance is compound symmetric in just these groups."""
    if isinstance(covariance, Clustered):
        return len(covariance.groups) == len(groups)
    return isinstance(covariance, Diagonal)


def _parts(covariance: Covariance) -> tuple[Quantity, Quantity]:
    if isinstance(covariance, Clustered):
        return covariance.own, covariance.shared
    return covariance.variance, 0.0


def in_blocks(covariance: Covariance, groups: Groups) -> Blocks:
    """Return a covariance as blocks of groups that hold its own."""
    member, count = groups.member, groups.code.size
    if isinstance(covariance, Blocks) and covariance.groups is groups:
        return covariance
    if isinstance(covariance, Diagonal):
        own = (covariance.variance * np.ones(count))[..., member]
        return Blocks(own[..., np.newaxis] * np.eye(member.shape[1]), groups)
    every = covariance.matrix(count)
    return Blocks(every[..., member[:, :, np.newaxis], member[:, np.newaxis, :]], groups)
