"""PM: the variance at which Q meets its degrees of freedom."""

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.roots import variance_where_q_is
from bayesmeta.frequentist.weighting import Data


def estimate(data: Data) -> FloatArray:
    """Return tau2 with Q(tau2) = k - p, or 0 where Q(0) is below that.

    References
    ----------
    Paule RC, Mandel J (1982). J Res Natl Bur Stand 87:377-385.
    """
    return variance_where_q_is(data, float(data.spare))
