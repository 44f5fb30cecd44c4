"""The posterior under each curve of a shape, by one rule."""

from dataclasses import dataclass

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.duration_response.cumulants import Forms
from bayesmeta.sinc import SincDensity


@dataclass(frozen=True, eq=False)
class Integrated:
    """Nodes of a batch of curves: at each, tau is a number, the coefficients are nearly normal.

    Parameters
    ----------
    log_evidence
        Log marginal likelihood of each curve, shape (curve,).
    tau
        The posterior of tau under each curve, a batch of shape (curve,).
    curve
        Which curve a node belongs to, shape (node,).
    weight
        Its probability within its curve, shape (node,).
    spread
        Standard deviation of a new study's effect around its mean there, or tau where effects
        are not normal, shape (node,).
    mean, covariance
        Of the coefficients, shape (node, coefficient) and (node, coefficient, coefficient).
    forms
        Their further cumulants; None where they are normal.
    """

    log_evidence: FloatArray
    tau: SincDensity
    curve: IntArray
    weight: FloatArray
    spread: FloatArray
    mean: FloatArray
    covariance: FloatArray
    forms: Forms | None
