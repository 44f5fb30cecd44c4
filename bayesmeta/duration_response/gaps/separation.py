"""The integral over the coefficients where, given them, open studies are independent."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.gaps.cubature import Cubature
from bayesmeta.duration_response.gaps.items import Items
from bayesmeta.duration_response.gaps.rows import OpenRow
from bayesmeta.duration_response.gaps.subspace import Subspace, subspace
from bayesmeta.duration_response.gaps.tilting import tilted

_BLOCK = 120_000
"""Most numbers in one array of items, points and nodes: what stays in a processor's cache."""
_FRAMES = 6
_OFF, _WIDE = 0.2, 0.4
"""A frame will do if the bump's mean and variances in it are this near to 0 and 1."""
_LEAST = 0.02


class Separated(NamedTuple):
    """The marginal likelihood of each item, and the cumulants of its posterior.

    Parameters
    ----------
    log_mass, coarse_log_mass
        By the rule and by the coarser one, shape (item,).
    log_outer
        Log of the share of the points in the rule's outer shell, shape (item,).
    mean, covariance
        Of all coefficients, shape (item, coefficient) and one axis more.
    third, fourth
        Cumulants of chosen combinations, shape (item, combination).
    """

    log_mass: FloatArray
    coarse_log_mass: FloatArray
    log_outer: FloatArray
    mean: FloatArray
    covariance: FloatArray
    third: FloatArray
    fourth: FloatArray


class _Frame(NamedTuple):
    """Where the points of a rule lie: centre + root @ point, shapes (item, n), (item, n, n)."""

    centre: FloatArray
    root: FloatArray

    @classmethod
    def of(cls, mean: FloatArray, covariance: FloatArray) -> "_Frame":
        """Return the frame in which a normal density is a standard one."""
        return cls(mean, np.linalg.cholesky(covariance))

    def at(self, points: FloatArray) -> FloatArray:
        """Return where points lie, shape (item, n, point)."""
        return np.asarray(self.centre[..., np.newaxis] + self.root @ points.T)


def separate(
    items: Items, rows: Sequence[OpenRow], rule: Cubature, *, combinations: FloatArray
) -> Separated:
    """Return the integrals over the coefficients, block by block.

    Parameters
    ----------
    rule
        Over as many dimensions as the open studies look at.
    combinations
        Of the coefficients, whose cumulants are wanted, shape (combination, coefficient).
    """
    space = subspace(rows)
    nodes = max(len(combinations), *(row.nodes for row in rows))
    size = max(1, _BLOCK // (len(rule.points) * nodes))
    blocks = [items.take(slice(at, at + size)) for at in range(0, items.tau.size, size)]
    parts = [_block(block, rows, space, rule, combinations=combinations) for block in blocks]
    return Separated(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _block(
    items: Items, rows: Sequence[OpenRow], space: Subspace, rule: Cubature, *,
    combinations: FloatArray,
) -> Separated:  # fmt: skip
    frame, log_value = _framed(items, [_clear(items, row) for row in rows], space, rule)
    log_mass = _log_sum(log_value)
    share = np.exp(log_value - log_mass[:, np.newaxis])
    coarse = _log_sum(log_value[:, rule.coarse]) + np.log(2)
    normals = space.lifted(items.reference, *_placed(frame, *_moments(share, rule.points)))
    turned = combinations @ space.lift(items.reference) @ frame.root
    offset = items.reference.log_mass
    with np.errstate(divide="ignore"):
        outer = np.log(share @ rule.outer)
    return Separated(
        log_mass + offset, coarse + offset, outer, normals.mean, normals.covariance,
        *_cumulants(turned @ rule.points.T, share),
    )  # fmt: skip


def _clear(items: Items, row: OpenRow) -> OpenRow:
    """Return the likelihood without nodes that closed studies rule out, unless they are few."""
    if row.weak.any():
        return row
    return row.only(row.plausible(items.reference, tau=items.tau, curve=items.curve).any(axis=0))


def _framed(
    items: Items, rows: Sequence[OpenRow], space: Subspace, rule: Cubature
) -> tuple[_Frame, FloatArray]:
    """Return a frame in which the bumps are about standard, and their logs there.

    Whatever the frame, the sum over the lattice is right to what the coarser one shows.
    """
    frame = _Frame.of(*space.seen(tilted(items, rows)))
    for last in [*[False] * _FRAMES, True]:
        log_value = _log_bump(items, rows, space, frame, rule.points) + rule.log_weight
        share = np.exp(log_value - _log_sum(log_value)[:, np.newaxis])
        mean, covariance = _moments(share, rule.points)
        if last or _fits(mean, covariance):
            break
        frame = _moved(frame, mean, covariance)
    return frame, log_value


def _log_bump(
    items: Items, rows: Sequence[OpenRow], space: Subspace, frame: _Frame, points: FloatArray
) -> FloatArray:
    """Return the log of likelihood times prior over the reference's evidence, (item, point).

    The volume that a frame gives its points is in it.
    """
    reference = _Frame.of(*space.seen(items.reference))
    back = np.linalg.inv(reference.root)
    start = (back @ (frame.centre - reference.centre)[..., np.newaxis])[..., 0]
    away = _Frame(start, back @ frame.root).at(points)
    volume = _log_determinant(frame.root) - _log_determinant(reference.root)
    constant = volume - 0.5 * points.shape[1] * np.log(2 * np.pi)
    value: FloatArray = constant[:, np.newaxis] - 0.5 * (away**2).sum(axis=1)
    place = frame.at(points)
    common, slopes = np.split(place, [points.shape[1] - space.own], axis=1)
    for row, seen in zip(rows, space.places, strict=True):
        level, size = seen @ common, max(1, _BLOCK // (row.nodes * items.tau.size))
        for at in range(0, len(points), size):
            part = slice(at, at + size)
            value[:, part] += row.log_ratio(
                level[:, part], slopes[..., part], tau=items.tau, curve=items.curve
            )
    return value


def _moments(share: FloatArray, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    mean = share @ points
    squares = points[:, :, np.newaxis] * points[:, np.newaxis]
    second = (share @ squares.reshape(len(points), -1)).reshape(*mean.shape, -1)
    return mean, second - mean[:, :, np.newaxis] * mean[:, np.newaxis]


def _fits(mean: FloatArray, covariance: FloatArray) -> bool:
    variance = np.diagonal(covariance, axis1=1, axis2=2)
    return bool(np.all(np.abs(mean) < _OFF) and np.all(np.abs(variance - 1) < _WIDE))


def _moved(frame: _Frame, mean: FloatArray, covariance: FloatArray) -> _Frame:
    """Return the frame in which these moments are 0 and 1."""
    floor = _LEAST * np.eye(mean.shape[1])
    root = frame.root @ np.linalg.cholesky(covariance + floor)
    return _Frame(_placed(frame, mean, covariance)[0], root)


def _placed(
    frame: _Frame, mean: FloatArray, covariance: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return mean and covariance out of the frame."""
    centre = frame.centre + (frame.root @ mean[..., np.newaxis])[..., 0]
    return centre, frame.root @ covariance @ np.swapaxes(frame.root, 1, 2)


def _cumulants(value: FloatArray, share: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return third and fourth cumulants of values (item, combination, point), by their shares."""
    share = share[..., np.newaxis]
    away = value - value @ share
    square = away**2
    variance, third, fourth = (
        (power @ share)[..., 0] for power in (square, square * away, square**2)
    )
    return third, fourth - 3 * variance**2


def _log_determinant(root: FloatArray) -> FloatArray:
    return np.asarray(np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1))


def _log_sum(value: FloatArray) -> FloatArray:
    top = value.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(value - top).sum(axis=1)) + top[:, 0])
