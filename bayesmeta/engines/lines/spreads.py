"""How effects of rows lie around their centres, at nodes of the hyperparameters."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray


class Spreads(NamedTuple):
    """Effects around their centres at nodes, and how probable a row's own bias is there.

    Parameters
    ----------
    log_weight, variance
        Of the effects' normals, shape (node, component).
    share
        Of biased ones among rows that may be, shape (node, 1); nothing looks at it elsewhere.
    by_row
        The variances of each row's own normals, shape (node, component, row); None where effects
        of all rows spread alike. `variance` is that of the reference design then.
    """

    log_weight: FloatArray
    variance: FloatArray
    share: FloatArray
    by_row: FloatArray | None = None

    def take(self, nodes: slice | IntArray) -> "Spreads":
        """Return those of some nodes."""
        by_row = None if self.by_row is None else self.by_row[nodes]
        return Spreads(self.log_weight[nodes], self.variance[nodes], self.share[nodes], by_row)

    def among(self, rows: BoolArray) -> "Spreads":
        """Return those of some rows."""
        return self._replace(by_row=None if self.by_row is None else self.by_row[..., rows])

    def wider(self, variance: float) -> "Spreads":
        """Return the normals with one more beside each."""
        by_row = None if self.by_row is None else self.by_row + variance
        return self._replace(variance=self.variance + variance, by_row=by_row)

    @property
    def typical(self) -> FloatArray:
        """A middle of the effects' scales, shape (node, row), or (node, 1) for all rows."""
        weight = np.exp(self.log_weight)[..., np.newaxis]
        with np.errstate(divide="ignore"):  # of a tau of 0
            logs = np.log(self.of_rows)
        return np.asarray(np.exp(0.5 * (weight * logs).sum(axis=1) / weight.sum(axis=1)))

    @property
    def of_rows(self) -> FloatArray:
        """The variances, shape (node, component, row), or (node, component, 1) for all rows."""
        return self.variance[..., np.newaxis] if self.by_row is None else self.by_row
