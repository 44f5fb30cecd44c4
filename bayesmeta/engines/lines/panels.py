"""Likelihoods that are smooth but for known points, each convolved with normals of any width.

A normal that is wide beside the nodes is summed over them. A narrow one is summed over nodes of its
own, between which and the others log likelihoods are polynomials: by Gauss and Hermite where no
such point is near, and else on both sides of it, ever closer to it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from scipy.special import expit, ndtr

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.band import blocks
from bayesmeta.engines.lines.gridding import DROP
from bayesmeta.engines.lines.stencil import stencil
from bayesmeta.engines.lines.stretches import Stretch
from bayesmeta.likelihoods.logistic import softplus

_NARROW = 1.3  # steps: below it the rule on the nodes has less than 11 digits
_HERMITE = np.polynomial.hermite_e.hermegauss(12)
_NEAR = 7.5
"""Standard deviations of a normal within which a kink is seen."""
_OWN_STEP, _OWN_LEAST, _OWN_MOST = 0.5, -37.0, 17.0
_OWN_T = np.arange(_OWN_LEAST, _OWN_MOST, _OWN_STEP)
_OWN, _OWN_WEIGHT = softplus(_OWN_T), _OWN_STEP * expit(_OWN_T)
"""Nodes from a kink on, in standard deviations of the normal, and their weights."""
_LEAST = 1e-300
_BLOCK = 2**17


@dataclass(frozen=True, eq=False)
class Panels:
    """Rows on the same nodes.

    Parameters
    ----------
    rows
        Their places in the table, shape (row,).
    kinks
        Where likelihoods are not smooth.
    stretches
        Of the line, with the nodes.
    log_likelihood
        Shape (node, row), those of one stretch after those of another.
    """

    rows: IntArray
    kinks: tuple[float, ...]
    stretches: tuple[Stretch, ...]
    log_likelihood: FloatArray

    @cached_property
    def theta(self) -> FloatArray:
        """The nodes, shape (node,)."""
        return np.concatenate([each.theta for each in self.stretches])

    def take(self, rows: BoolArray) -> Self:
        """Return some of the table's rows, told by a mask over all, in their new places."""
        own = rows[self.rows]
        place = (np.cumsum(rows) - 1)[self.rows[own]]
        return type(self)(place, self.kinks, self.stretches, self.log_likelihood[:, own])

    @cached_property
    def alone(self) -> tuple["Panels", ...]:
        """Each of its rows by itself."""
        place = np.zeros(1, dtype=np.intp)
        columns = self.log_likelihood.T[..., np.newaxis]
        return tuple(Panels(place, self.kinks, self.stretches, column) for column in columns)

    def spread(self, centre: FloatArray, variance: FloatArray) -> FloatArray:
        """Return the logs of integrals of L Normal(centre, variance), shape (pair, row).

        Parameters
        ----------
        centre, variance
            Shape (pair,).
        """
        found = np.empty((centre.size, self.rows.size))
        scale = np.sqrt(variance)
        wide = scale >= _NARROW * self._apart
        near = ~wide & (self._away(centre) <= _NEAR * scale)
        rules = ((wide, self._wide, self.theta.size), (near, self._near, 2 * _OWN.size),
                 (~(wide | near), self._far, _HERMITE[0].size))  # fmt: skip
        for mask, rule, nodes in rules:
            for some in blocks(mask, nodes * self.rows.size, most=_BLOCK):
                found[some] = rule(centre[some], scale[some])
        return found

    def at(self, theta: FloatArray) -> FloatArray:
        """Return log L anywhere, shape (point, row); -inf where no stretch is."""
        found = np.full((theta.size, self.rows.size), -np.inf)
        offset = 0
        for each in self.stretches:
            held = np.flatnonzero(each.holds(theta))
            table = self.log_likelihood[offset : offset + each.nodes]
            found[held] = _along(table, each.along(theta[held]))
            offset += each.nodes
        return found

    @property
    def _apart(self) -> float:
        """How far apart nodes are, at most."""
        return max(each.width * each.step for each in self.stretches)

    def _away(self, centre: FloatArray) -> FloatArray:
        """Return how far the nearest kink is from each centre."""
        return np.asarray(np.abs(centre[:, np.newaxis] - self.kinks).min(axis=1))

    @cached_property
    def _top(self) -> FloatArray:
        return self.log_likelihood.max(axis=0)

    @cached_property
    def _mass(self) -> FloatArray:
        """Likelihoods times the weights of their nodes, shape (node, row)."""
        weight = np.concatenate([each.weight for each in self.stretches])
        likelihood = np.exp(self.log_likelihood - self._top)
        return np.asarray(likelihood * (weight / np.sqrt(2 * np.pi))[:, np.newaxis])

    def _wide(self, centre: FloatArray, scale: FloatArray) -> FloatArray:
        z = (self.theta - centre[:, np.newaxis]) / scale[:, np.newaxis]
        found = np.exp(-0.5 * z * z) @ self._mass / scale[:, np.newaxis]
        return self._logged(found + self._beyond(centre, scale))

    def _beyond(self, centre: FloatArray, scale: FloatArray) -> FloatArray:
        """Return what lies beyond the outermost nodes, as high as there: nothing as a rule."""
        found = np.zeros((centre.size, self.rows.size))
        for each, last in zip(self.stretches, self._last, strict=True):
            height = np.where(last > self._top - DROP / 2, np.exp(last - self._top), 0.0)
            if np.isinf(each.length) and height.any():
                share = ndtr(each.side * (centre - each.theta[-1]) / scale)
                found += share[:, np.newaxis] * height
        return found

    @property
    def _last(self) -> FloatArray:
        """Log likelihoods at the last node of each stretch, shape (stretch, row)."""
        ends = np.cumsum([each.nodes for each in self.stretches]) - 1
        return np.asarray(self.log_likelihood[ends], dtype=np.float64)

    def _far(self, centre: FloatArray, scale: FloatArray) -> FloatArray:
        theta = centre[:, np.newaxis] + scale[:, np.newaxis] * _HERMITE[0]
        terms = np.exp(self.at(theta.ravel()) - self._top).reshape(*theta.shape, -1)
        return self._logged(np.moveaxis(terms, 1, 2) @ (_HERMITE[1] / np.sqrt(2 * np.pi)))

    def _near(self, centre: FloatArray, scale: FloatArray) -> FloatArray:
        kinks = np.array(self.kinks)
        kink = kinks[np.abs(centre[:, np.newaxis] - kinks).argmin(axis=1)]
        node = np.concatenate([-_OWN[::-1], _OWN])
        weight = np.concatenate([_OWN_WEIGHT[::-1], _OWN_WEIGHT]) / np.sqrt(2 * np.pi)
        pairs, which = np.unique(np.stack([kink, scale]), axis=1, return_inverse=True)
        theta = pairs[0, :, np.newaxis] + pairs[1, :, np.newaxis] * node
        likelihood = np.exp(self.at(theta.ravel()) - self._top).reshape(*theta.shape, -1)
        z = node - ((centre - kink) / scale)[:, np.newaxis]
        kernel = np.exp(-0.5 * z * z) * weight
        return self._logged((kernel[:, np.newaxis] @ likelihood[np.ravel(which)])[:, 0])

    def _logged(self, found: FloatArray) -> FloatArray:
        return np.asarray(np.log(np.maximum(found, _LEAST)) + self._top)


def _along(table: FloatArray, along: FloatArray) -> FloatArray:
    """Return a table anywhere: by polynomials, and no line that rises beyond its ends."""
    last = len(table) - 1
    inside = np.clip(along, 0, last)
    start, weight = stencil(inside, len(table))
    found = weight[0][:, np.newaxis] * table[start]
    for place in range(1, len(weight)):
        found += weight[place][:, np.newaxis] * table[start + place]
    away = np.abs(along - inside)
    for end, inner in ((0, 1), (-1, -2)):
        beyond = (along < 0) if end == 0 else (along > last)
        if beyond.any():
            fall = np.abs(table[inner] - table[end])
            found[beyond] -= fall * away[beyond, np.newaxis]
    return np.asarray(found)
