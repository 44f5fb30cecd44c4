"""The integral over the coefficients at values of tau, by the way that suits."""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.duration_response.cumulants import Forms, directions, forms
from bayesmeta.duration_response.gaps.cubature import cubature
from bayesmeta.duration_response.gaps.following import Labelled, TooManyError, followed, ways
from bayesmeta.duration_response.gaps.items import Items
from bayesmeta.duration_response.gaps.normals import Normals, merged_by
from bayesmeta.duration_response.gaps.rows import OpenRow
from bayesmeta.duration_response.gaps.separation import Separated, separate
from bayesmeta.duration_response.gaps.subspace import subspace

_FEW, _FEW_ITEMS, _NORMALS, _CELL, _COARSER = 5_000, 400, 300_000, 0.2, 3
"""Few normals are kept as they are; with few items many are, near ones merged in cells so wide."""
_MOST = 4_000_000
"""Normals that a study may make of those before, at most, where near ones are merged."""
_CHOICES, _BLOCK = 500, 20_000
"""Choices of weeks that are enumerated for an item, at most, else; normals at a time."""
_SPACING = {1: 0.9, 2: 1.0, 3: 1.3, 4: 1.5}
_WIDEST = 1.6
"""Of the lattice, in standard deviations, by dimension: coarser in many."""
_RADIUS, _FARTHER = 6.0, 2.0
_TIGHTER, _ROUNDS, _WORK = 0.75, 6, 4e8
_SETTLED, _OUTSIDE = 5e-4, 3e-4
"""How much the coarser lattice may change the log evidence; how much mass its shell may hold."""


class Solved(NamedTuple):
    """The integrals, and nodes of the coefficients' posterior.

    Parameters
    ----------
    log_mass
        Shape (item,).
    item, share
        Which item a node belongs to, its probability there, shape (node,).
    mean, covariance
        Of the coefficients, shape (node, coefficient) and one axis more.
    forms
        Their further cumulants; None where they are normal.
    """

    log_mass: FloatArray
    item: IntArray
    share: FloatArray
    mean: FloatArray
    covariance: FloatArray
    forms: Forms | None


class Described(NamedTuple):
    """The integrals, and the first four cumulants of the coefficients' posterior.

    Parameters
    ----------
    log_mass
        Shape (item,).
    mean, covariance
        Shape (item, coefficient) and one axis more.
    third, fourth
        Of chosen combinations, shape (item, combination).
    """

    log_mass: FloatArray
    mean: FloatArray
    covariance: FloatArray
    third: FloatArray
    fourth: FloatArray


def solve(
    items: Items, rows: Sequence[OpenRow], log_prior: FloatArray, *, fine: bool, apart: bool,
    scale: FloatArray,
) -> Solved:  # fmt: skip
    """Return the integrals: over all choices of weeks if they are few, else over a lattice.

    What is then known of the posteriors is a normal for each choice, normals that stand for near
    ones, or the first four cumulants.

    Parameters
    ----------
    log_prior
        What an item's integral is added up with, shape (item,).
    fine
        Whether to be fine; or coarser, in every way, so that the difference shows the error.
    apart
        As in `OpenStudies`.
    scale
        A typical SD of each coefficient, shape (coefficient,).
    """
    wanted = directions(scale.size) / scale
    size, total = items.tau.size, ways(items, rows)
    if total <= _FEW:
        return _kept(followed(items, rows, width=0.0))
    few = size <= _FEW_ITEMS
    if total <= (_NORMALS if few else _CHOICES * size):
        found, settled = _enumerated(items, rows, wanted, each=total // size), True
    else:
        group = items.curve if apart else np.zeros_like(items.curve)
        found, settled = _settled(items, rows, log_prior, group, fine=fine, wanted=wanted)
    if few:
        width = _CELL if fine else _COARSER * _CELL
        with suppress(TooManyError):
            kept = _kept(followed(items, rows, width=width, most=_MOST))
            return _fitted(kept, found) if settled else kept
    further, place = forms(found.third, found.fourth, scale=scale), np.arange(items.tau.size)
    return Solved(found.log_mass, place, np.ones(place.size), found.mean, found.covariance, further)


def _kept(found: Labelled) -> Solved:
    """Return normals as nodes."""
    item, normals = found
    log_mass = merged_by(item, normals).log_mass
    share = np.exp(normals.log_mass - log_mass[item])
    return Solved(log_mass, item, share, normals.mean, normals.covariance, None)


def _fitted(found: Solved, exact: Described) -> Solved:
    """Return nodes moved and stretched to the masses, means and covariances known exactly."""
    own = merged_by(found.item, Normals(np.log(found.share), found.mean, found.covariance))
    here, there = np.linalg.cholesky(own.covariance), np.linalg.cholesky(exact.covariance)
    stretch = (there @ np.linalg.inv(here))[found.item]
    away = (stretch @ (found.mean - own.mean[found.item])[..., np.newaxis])[..., 0]
    return found._replace(
        log_mass=exact.log_mass,
        mean=exact.mean[found.item] + away,
        covariance=stretch @ found.covariance @ np.swapaxes(stretch, 1, 2),
    )


def _enumerated(
    items: Items, rows: Sequence[OpenRow], wanted: FloatArray, *, each: int
) -> Described:
    """Return the integrals as sums over all choices of weeks, so many an item."""
    size, parts = max(1, _BLOCK // max(1, each)), []
    for at in range(0, items.tau.size, size):
        found = followed(items.take(slice(at, at + size)), rows, width=0.0)
        parts.append(Described(*merged_by(*found), *found.cumulants(wanted)))
    return Described(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _settled(
    items: Items, rows: Sequence[OpenRow], log_prior: FloatArray, group: IntArray, *, fine: bool,
    wanted: FloatArray,
) -> tuple[Described, bool]:  # fmt: skip
    """Return the integrals on a lattice, and whether it is fine and wide enough for all groups.

    That is, for their evidence; a lattice that would take too long is left as it is.
    """
    dimensions = len(subspace(rows).basis)
    spacing, radius = _SPACING.get(dimensions, _WIDEST), _RADIUS if fine else _RADIUS - 1
    for _ in range(_ROUNDS):
        rule = cubature(dimensions, spacing=spacing, radius=radius)
        found = separate(items, rows, rule if fine else rule.halved(), combinations=wanted)
        gap, outside = _errors(found, log_prior, group)
        rough, short = fine and gap > _SETTLED, outside > _OUTSIDE
        spacing *= _TIGHTER if rough else 1.0
        radius += _FARTHER if short else 0.0
        work = items.tau.size * (2 * radius / spacing) ** dimensions * sum(r.nodes for r in rows)
        if not (rough or short) or work > _WORK:
            break
    known = Described(found.log_mass, found.mean, found.covariance, found.third, found.fourth)
    return known, not (rough or short)


def _errors(found: Separated, log_prior: FloatArray, group: IntArray) -> tuple[float, float]:
    """Return by how much the coarser lattice changes a log evidence, and the mass in the shell."""
    fine, coarse, outer = (
        np.array([np.logaddexp.reduce(part[group == one]) for one in np.unique(group)])
        for part in (
            log_prior + found.log_mass, log_prior + found.coarse_log_mass,
            log_prior + found.log_mass + found.log_outer,
        )
    )  # fmt: skip
    return float(np.abs(fine - coarse).max()), float(np.exp(outer - fine).max())
