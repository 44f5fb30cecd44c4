"""Which normal of the kernel each study's effect is of, given its data and all else."""

from dataclasses import dataclass

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.lines.band import pieces
from bayesmeta.engines.lines.mixing import Mixing
from bayesmeta.engines.lines.points import Points
from bayesmeta.engines.lines.rows import Rows
from bayesmeta.engines.lines.widening import Widening
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.random_effects import Scales


@dataclass(frozen=True, eq=False)
class Components:
    """The kernel's normals beside what each row says.

    Parameters
    ----------
    points
        Of the posterior.
    scales
        The normals at each node, shape (node, component).
    rows, design
        Of all studies.
    mixing
        The rule over the hyperparameter that the weights are linear in, where there is one.
    widening, share
        Which rows may have a bias of their own, and how probable it is at each node, (node,).
    """

    points: Points
    scales: Scales
    rows: Rows
    design: FloatArray
    mixing: Mixing | None
    widening: Widening | None
    share: FloatArray

    def average(self, mark: FloatArray) -> FloatArray:
        """Return the posterior mean of a number of each normal, by study, shape (study,).

        Parameters
        ----------
        mark
            Shape (node, component).
        """
        points = self.points
        total = np.zeros(len(self.design))
        for study in range(total.size):
            for part in pieces(points.node.size, mark.shape[-1]):
                own = self._component(study, part)
                total[study] += points.weight[part] @ (own * mark[points.node[part]]).sum(axis=-1)
        return total

    def _component(self, study: int, part: slice) -> FloatArray:
        """Return how likely one study's effect is of each normal, shape (point, component)."""
        terms = self._terms(study, part)
        if self.mixing is None:
            terms = terms + self.scales.log_weight[self.points.node[part]]
            return np.exp(terms - log_sum(terms)[:, np.newaxis])
        each = np.exp(terms - terms.max(axis=-1, keepdims=True))
        over = self.points.mixing[part] / (each @ self.mixing.component.T)
        return np.asarray(each * (over @ self.mixing.component))

    def _terms(self, study: int, part: slice) -> FloatArray:
        """Return the log of one row's likelihood spread by each normal, (point, component)."""
        own = self.rows.take(np.arange(len(self.design)) == study)
        centre = (self.points.location[part] @ self.design[study])[:, np.newaxis, np.newaxis]
        variance = self.scales.variance[self.points.node[part]][..., np.newaxis]
        plain = own.log_spread(centre, variance)[..., 0]
        if self.widening is None or not self.widening.mark[study]:
            return plain
        wide = own.log_spread(centre, variance + self.widening.variance)[..., 0]
        share = self.share[self.points.node[part]][:, np.newaxis]
        with np.errstate(divide="ignore"):
            return np.asarray(np.logaddexp(np.log1p(-share) + plain, np.log(share) + wide))

    def cavity(self, study: int) -> FloatArray:
        """Return the log weight of each normal at each point without one row, (point, component).

        Without a mixing rule one column serves for all the normals.
        """
        every = slice(None)
        terms = self._terms(study, every)
        if self.mixing is None:
            weighted = terms + self.scales.log_weight[self.points.node]
            return -log_sum(weighted)[:, np.newaxis]
        top = terms.max(axis=-1, keepdims=True)
        over = self.points.mixing / (np.exp(terms - top) @ self.mixing.component.T)
        return np.asarray(np.log(over @ self.mixing.component) - top)
