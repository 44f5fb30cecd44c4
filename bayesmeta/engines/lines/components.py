"""Which normal of the kernel each study's effect is of, given its data and all else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.band import pieces
from bayesmeta.engines.lines.mixing import Mixing
from bayesmeta.engines.lines.points import Points
from bayesmeta.engines.lines.rows import NormalRows, Rows, Spreads, log_mixed
from bayesmeta.engines.lines.widening import Widening
from bayesmeta.random_effects import Scales

_CACHED = 16
"""How many times fewer points are looked at at once than fit into memory: what fits a cache."""


class _Known(NamedTuple):
    """Of some rows, at some points.

    Parameters
    ----------
    log_weight
        Of each normal without one row, shape (point, component, row).
    share
        How likely a row's effect is of each normal, shape (point, component, row).
    """

    log_weight: FloatArray
    share: FloatArray


class Side(NamedTuple):
    """The kernel's normals in one design.

    Parameters
    ----------
    scales
        At each node, shape (node, component).
    mark
        A number of each normal, shape (node, component); (node, 0) for none.
    """

    scales: Scales
    mark: FloatArray


@dataclass(frozen=True, eq=False)
class Components:
    """The kernel's normals beside what each row says.

    Parameters
    ----------
    points
        Of the posterior.
    sides
        The normals of the reference design, and of others where they differ.
    side
        Which of them a study's effect is of, shape (study,).
    rows, design
        Of all studies.
    mixing
        The rule over the hyperparameter that the weights are linear in, where there is one.
    widening, bias
        Which rows may have a bias of their own, and how probable it is at each node, (node,).
    """

    points: Points
    sides: Sequence[Side]
    side: IntArray
    rows: Rows
    design: FloatArray
    mixing: Mixing | None
    widening: Widening | None
    bias: FloatArray
    _cavities: dict[int, FloatArray] = field(default_factory=dict)
    _averages: dict[int, float] = field(default_factory=dict)

    def average(self, study: int) -> float:
        """Return the posterior mean of the normals' marks of a study."""
        self._require(study)
        return self._averages[study]

    def cavity(self, study: int) -> FloatArray:
        """Return the log weight of each normal at each point without one row, (point, component).

        Without a mixing rule one column serves for all the normals.
        """
        self._require(study)
        return self._cavities[study]

    def _require(self, study: int) -> None:
        """Look at a study, at once with all that share its centres."""
        if study in self._cavities:
            return
        group = np.flatnonzero(self._alike == self._alike[study])
        if self.mixing is None and isinstance(self.rows, NormalRows):
            self._read_off(group)
            return
        parts, total = [], np.zeros(group.size)
        side = self.sides[self.side[study]]
        each = max(side.scales.variance.shape[1], self.points.mixing.shape[1])
        for part in pieces(self.points.node.size, _CACHED * each * group.size):
            known = self._known(group, part)
            parts.append(known.log_weight)
            if side.mark.size:
                mark = side.mark[self.points.node[part]]
                total += np.einsum("p,pc,pcs->s", self.points.weight[part], mark, known.share)
        whole = np.moveaxis(np.concatenate(parts), -1, 0)
        for own, place in enumerate(group.tolist()):
            self._cavities[place] = np.ascontiguousarray(whole[own])
            self._averages[place] = float(total[own])

    def _read_off(self, group: IntArray) -> None:
        """Look at normal rows node by node, where curves serve for many points."""
        own = self.rows.take(np.isin(np.arange(len(self.design)), group))
        every, side = self.points.location @ self.design[group[0]], self.sides[self.side[group[0]]]
        ends = np.searchsorted(self.points.node, np.arange(len(side.scales.variance) + 1))
        found, total = np.empty((every.size, group.size)), np.zeros(group.size)
        biased = self.widening is not None and bool(self._biased[group[0]])
        for node, (first, last) in enumerate(pairwise(ends.tolist())):
            centre = every[np.newaxis, first:last, np.newaxis]
            scales = Scales(*(each[node : node + 1] for each in side.scales))
            share = self.bias[node] if biased else None
            found[first:last] = self._mixture(own, centre, scales, share)
            if side.mark.size:
                with np.errstate(divide="ignore"):
                    weight = scales.log_weight + np.log(side.mark[node])
                marked = self._mixture(own, centre, scales._replace(log_weight=weight), share)
                share_of = marked - found[first:last]
                total += self.points.weight[first:last] @ np.exp(share_of)
        for own_place, place in enumerate(group.tolist()):
            self._cavities[place] = -found[:, own_place, np.newaxis]
            self._averages[place] = float(total[own_place])

    def _mixture(
        self, rows: Rows, centre: FloatArray, scales: Scales, share: FloatArray | None
    ) -> FloatArray:
        """Return the log of rows' likelihoods spread by all normals of a node, (point, row).

        Parameters
        ----------
        scales
            Shape (1, component).
        share
            How probable a bias of the rows is at the node; None of those that may have none.
        """
        spreads = Spreads(*scales, np.zeros((1, 1)))
        plain: FloatArray = log_mixed(rows, centre, spreads)[0]
        if self.widening is None or share is None:
            return plain
        wide = log_mixed(rows, centre, self.widening.wider(spreads))[0]
        with np.errstate(divide="ignore"):
            return np.asarray(np.logaddexp(np.log1p(-share) + plain, np.log(share) + wide))

    @cached_property
    def _alike(self) -> IntArray:
        """Which studies have the same centres and normals, and may have a bias or not, (study,)."""
        known = np.column_stack([self.design, self._biased, self.side])
        return np.ravel(np.unique(known, axis=0, return_inverse=True)[1])

    @property
    def _biased(self) -> BoolArray:
        return np.zeros(len(self.design), bool) if self.widening is None else self.widening.mark

    def _known(self, group: IntArray, part: slice) -> _Known:
        node = self.points.node[part]
        own = self.rows.take(np.isin(np.arange(len(self.design)), group))
        centre = (self.points.location[part] @ self.design[group[0]])[:, np.newaxis, np.newaxis]
        scales = self.sides[self.side[group[0]]].scales
        terms = self._terms(own, centre, scales.variance[node][..., np.newaxis], node,
                            biased=bool(self._biased[group[0]]))  # fmt: skip
        if self.mixing is None:
            terms = terms + scales.log_weight[node][..., np.newaxis]
            top = terms.max(axis=1, keepdims=True)
            each = np.exp(terms - top)
            total = each.sum(axis=1, keepdims=True)
            return _Known(-np.log(total) - top, each / total)
        top = terms.max(axis=1, keepdims=True)
        component = self.mixing.component
        each = np.swapaxes(np.exp(terms - top), 1, 2)
        # One product for all points and rows: one a point takes several times as long.
        over = (each.reshape(-1, len(component[0])) @ component.T).reshape(*each.shape[:2], -1)
        np.divide(self.points.mixing[part][:, np.newaxis], over, out=over)
        without = (over.reshape(-1, len(component)) @ component).reshape(each.shape)
        log_weight = np.swapaxes(np.log(without), 1, 2) - top
        return _Known(log_weight, np.swapaxes(each * without, 1, 2))

    def _terms(
        self,
        rows: Rows,
        centre: FloatArray,
        variance: FloatArray,
        node: IntArray,
        *,
        biased: bool,
    ) -> FloatArray:
        """Return the logs of rows' likelihoods spread by each normal, (point, component, row)."""
        plain = rows.log_spread(centre, variance)
        if self.widening is None or not biased:
            return plain
        wide = rows.log_spread(centre, variance + self.widening.variance)
        share = self.bias[node][:, np.newaxis, np.newaxis]
        with np.errstate(divide="ignore"):
            return np.asarray(np.logaddexp(np.log1p(-share) + plain, np.log(share) + wide))
