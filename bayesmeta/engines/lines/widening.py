"""Rows that may have a bias of their own: their likelihood as it is, or widened, by a share.

With L_i the likelihood of a row and u the standard deviation of the bias that it may have::

    (1 - share) * L_i(theta)  +  share * integral of L_i(theta + bias) Normal(bias; 0, u**2) d bias

Spread by a normal of variance v, the second is L_i spread by one of variance v + u**2: whatever the
number of rows there are two terms a row, and no sum over who is biased.
"""

from dataclasses import dataclass, replace

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.biases.odds import chance
from bayesmeta.engines.lines.rows import Rows, Spreads, log_mixed
from bayesmeta.random_effects import Scales

SHARE = "share"
"""The hyperparameter that says how probable a bias is."""


@dataclass(frozen=True, eq=False)
class Widening:
    """Which rows may be biased, and by how much.

    Parameters
    ----------
    mark
        Whether a row may be, shape (row,).
    variance
        u**2, of the bias where there is one.
    """

    mark: BoolArray
    variance: float

    def take(self, rows: BoolArray) -> "Widening | None":
        """Return that of some of the rows; None where none of them may be biased."""
        own = self.mark[rows]
        return replace(self, mark=own) if own.any() else None

    def wider(self, spreads: Spreads) -> Spreads:
        """Return the effects' normals, each with the bias beside it."""
        return spreads.wider(self.variance)

    def scales(self, scales: Scales, share: FloatArray) -> Scales:
        """Return the normals of a row that may be biased: those without a bias, then with one.

        Parameters
        ----------
        share
            Of the shape of the scales without their components.
        """
        with np.errstate(divide="ignore"):
            log_share = np.stack([np.log1p(-share), np.log(share)], axis=-1)
        weight, variance = np.broadcast_arrays(scales.log_weight, scales.variance)
        return Scales(
            np.concatenate([weight + log_share[..., :1], weight + log_share[..., 1:]], axis=-1),
            np.concatenate([variance, variance + self.variance], axis=-1),
        )

    def log_marked(self, rows: Rows, centre: FloatArray, spreads: Spreads) -> FloatArray:
        """Return log E of the marked rows under a bias, shape (node, point, marked row)."""
        own = centre if centre.shape[-1] == 1 else centre[..., self.mark]
        return log_mixed(rows.take(self.mark), own, self.wider(spreads.among(self.mark)))

    def mixed(
        self, plain: FloatArray, rows: Rows, centre: FloatArray, spreads: Spreads
    ) -> FloatArray:
        """Return log E of all rows, who is biased summed over.

        Parameters
        ----------
        plain
            Without biases, shape (node, point, row).
        """
        share = spreads.share[:, np.newaxis]
        with np.errstate(divide="ignore"):
            none, some = np.log1p(-share), np.log(share)
        found = plain.copy()
        wide = self.log_marked(rows, centre, spreads)
        found[..., self.mark] = np.logaddexp(none + plain[..., self.mark], some + wide)
        return found

    def chances(self, rows: Rows, centre: FloatArray, spreads: Spreads) -> FloatArray:
        """Return how probable a bias of each row is, 0 of those not marked, (node, point, row)."""
        plain = log_mixed(rows, centre, spreads)
        log_ratio = self.log_marked(rows, centre, spreads) - plain[..., self.mark]
        found = np.zeros_like(plain)
        found[..., self.mark] = chance(spreads.share[:, np.newaxis], log_ratio)
        return found
