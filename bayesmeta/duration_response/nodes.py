"""Weighted nodes of the posterior over the curves of a shape."""

import itertools
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.duration_response.cumulants import Forms
from bayesmeta.duration_response.three import three

_NEGLIGIBLE, FAINT_IN_A_FIGURE = 1e-9, 1e-7
"""Nodes that together have less probability than this, by both rules, are left out."""
_LESS = 0.5
"""Share of the third and fourth cumulants that the coarser rule has."""


class Components(NamedTuple):
    """The posterior of some combinations as normal components.

    Parameters
    ----------
    weight, coarse_weight, location, scale
        Shape (m, component), or (component,) for weights that are the same for all.
    spread
        Standard deviation of a new study's effect around its mean at each component, shape
        (component,).
    """

    weight: FloatArray
    coarse_weight: FloatArray
    location: FloatArray
    scale: FloatArray
    spread: FloatArray


@dataclass(frozen=True, eq=False)
class Nodes:
    """At each node hyperparameters are numbers, the coefficients' distribution is nearly normal.

    Parameters
    ----------
    curve
        Which curve it belongs to, shape (node,).
    spread
        Standard deviation of a new study's effect around its mean there, or tau where effects
        are not normal, shape (node,).
    mean, covariance
        Of the coefficients, shape (node, coefficient) and (node, coefficient, coefficient).
    weight, coarse_weight
        Its probability within the shape, by the rule and by a coarser one, shape (node,).
    forms
        The coefficients' further cumulants; None where they are normal.
    """

    curve: IntArray
    spread: FloatArray
    mean: FloatArray
    covariance: FloatArray
    weight: FloatArray
    coarse_weight: FloatArray
    forms: Forms | None = None

    def components(self, rows: FloatArray) -> Components:
        """Return the posterior of rows (curve, m, coefficient), a batch (m,)."""
        if self.forms is None:
            mean, scale = self._described(rows)
            return Components(self.weight, self.coarse_weight, mean, scale, self.spread)
        return self._three(rows, self.forms)

    def _three(self, rows: FloatArray, forms: Forms) -> Components:
        mean, scale = self._described(rows)
        third, fourth = np.empty_like(mean), np.empty_like(mean)
        for curve, own in enumerate(self._slices(len(rows))):
            third[:, own], fourth[:, own] = forms.take(own).at(rows[curve])
        # A combination that cannot move has no skewness.
        sd = np.where(scale > 0, scale, 1.0)
        share = np.where(self.weight > 0, 1.0, _LESS)
        variance = sd * sd
        found = three(share * third / (variance * sd), share * fourth / (variance * variance))
        fine, coarse = (
            np.concatenate(tuple(found.weight * weight), axis=1)
            for weight in (self.weight, self.coarse_weight)
        )
        return Components(
            fine, coarse, np.concatenate(tuple(mean + scale * found.place), axis=1),
            np.tile(scale * found.scale, (1, 3)), np.tile(self.spread, 3),
        )  # fmt: skip

    def _described(self, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return means and SDs of rows (curve, m, coefficient), each of shape (m, node)."""
        count = rows.shape[2]
        mean = np.empty((rows.shape[1], self.curve.size))
        variance = np.empty_like(mean)
        squares = (rows[..., np.newaxis] * rows[..., np.newaxis, :]).reshape(*rows.shape[:2], -1)
        for curve, own in enumerate(self._slices(len(rows))):
            mean[:, own] = rows[curve] @ self.mean[own].T
            variance[:, own] = squares[curve] @ self.covariance[own].reshape(-1, count**2).T
        return mean, np.sqrt(variance)

    def _slices(self, curves: int) -> list[slice]:
        """Return where each curve's nodes stand; nodes are in the order of their curves."""
        ends = np.searchsorted(self.curve, np.arange(curves + 1))
        return [slice(low, high) for low, high in itertools.pairwise(ends)]

    def fine(self) -> "Nodes":
        """Return the nodes by the rule alone."""
        return replace(self, coarse_weight=self.weight)

    def pruned(self, negligible: float = _NEGLIGIBLE) -> "Nodes":
        """Return the nodes that matter, in the order of their curves."""
        largest = np.maximum(self.weight, self.coarse_weight)
        order = np.argsort(largest)
        few = order[np.cumsum(largest[order]) > negligible]
        kept = few[np.argsort(self.curve[few], kind="stable")]
        weight, coarse = self.weight[kept], self.coarse_weight[kept]
        return Nodes(
            self.curve[kept], self.spread[kept], self.mean[kept], self.covariance[kept],
            weight / weight.sum(), coarse / coarse.sum(),
            None if self.forms is None else self.forms.take(kept),
        )  # fmt: skip
