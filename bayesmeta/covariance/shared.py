"""Effects that the rows of a group share, given the rows' estimates and centres."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance.clustered import Clustered
from bayesmeta.covariance.contract import Covariance, Quantity
from bayesmeta.covariance.groups import Groups


class SharedEffects(NamedTuple):
    """How the groups' effects follow from estimates.

    With V the covariance of the estimates around their centres c, t² the variance of the groups'
    effects u, and Z the groups' indicators::

        u | y ~ Normal(t² Z' V^-1 (y - c), t² - t⁴ Z' V^-1 Z)

    Parameters
    ----------
    total
        V.
    variance
        t², shape (..., 1), or a number.
    groups
        Whose rows share an effect.

    References
    ----------
    Henderson CR (1975). Best linear unbiased estimation and prediction under a selection model.
    Biometrics 31:423-447, equations 3 and 4.

    Examples
    --------
    >>> groups = Groups.of("aab")
    >>> known = SharedEffects(Clustered(2.0, np.array([3.0]), groups), 3.0, groups)
    >>> known.gain(np.array([4.0, 4.0, 5.0])), known.left()
    (array([3., 3.]), array([0.75, 1.2 ]))
    """

    total: Covariance
    variance: Quantity
    groups: Groups

    def gain(self, residual: FloatArray) -> FloatArray:
        """Return the groups' effects that residuals of shape (..., row) imply, (..., group)."""
        return np.asarray(self.variance * self.groups.sums(self.total.solve(residual)))

    def left(self) -> FloatArray:
        """Return the variances that are left, shape (..., group)."""
        total, own = self.total, self.variance
        if isinstance(total, Clustered) and len(total.groups) == len(self.groups):
            precision = total.precision  # a sum of what cannot be negative: nothing cancels
            more = (total.shared - own) * precision
            return np.asarray(own * (1 + more) / (1 + total.shared * precision))
        known = [self.groups.sums(total.solve(one))[..., place]
                 for place, one in enumerate(self._indicators)]  # fmt: skip
        return np.asarray(own - own**2 * np.stack(known, axis=-1))

    @property
    def _indicators(self) -> FloatArray:
        """Which rows are of each group, shape (group, row)."""
        which = np.arange(len(self.groups))[:, np.newaxis]
        return np.asarray(self.groups.code == which, dtype=float)
