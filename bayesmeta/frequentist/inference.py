"""What the uncertainty of the coefficients is measured by: z, t, Knapp-Hartung, ad hoc."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bayesmeta.frequentist.weighting import Data, coefficients, q, weigh
from bayesmeta.measures.effects import FloatArray


class Reference(NamedTuple):
    """A factor on the covariance and the degrees of freedom of t (infinite: normal)."""

    scale: FloatArray
    degrees_of_freedom: float


type Rule = Callable[[FloatArray, int], Reference]


def wald(dispersion: FloatArray, spare: int) -> Reference:
    """Return the normal reference: tau2 taken as known. Too narrow with few studies."""
    return Reference(np.ones_like(dispersion), math.inf)


def student(dispersion: FloatArray, spare: int) -> Reference:
    """Return t on k - p degrees of freedom with the Wald standard error."""
    return Reference(np.ones_like(dispersion), float(spare))


def knapp_hartung(dispersion: FloatArray, spare: int) -> Reference:
    """Return t on k - p with the covariance times Q(tau2) / (k - p).

    References
    ----------
    Hartung J, Knapp G (2001). Stat Med 20:3875-3889; Knapp G, Hartung J (2003). Stat Med
    22:2693-2710; Sidik K, Jonkman JN (2002). Stat Med 21:3153-3159.
    """
    return Reference(dispersion, float(spare))


def ad_hoc(dispersion: FloatArray, spare: int) -> Reference:
    """Return Knapp-Hartung with a factor of at least 1: never narrower than Wald with t."""
    return Reference(np.maximum(dispersion, 1.0), float(spare))


TESTS: dict[str, Rule] = {"z": wald, "t": student, "knha": knapp_hartung, "adhoc": ad_hoc}


class Inference(NamedTuple):
    """Coefficients (..., p), their covariance before scaling (..., p, p), and its reference."""

    coefficients: FloatArray
    covariance: FloatArray
    reference: Reference


def infer(data: Data, tau2: FloatArray, test: str) -> Inference:
    """Return the coefficients at a between-study variance.

    With as many coefficients as studies the line runs through every point whatever tau2 is: the
    coefficients stand and the dispersion is not a number.
    """
    fit = weigh(data, np.where(np.isnan(tau2), 0.0, tau2))
    estimate, covariance = coefficients(fit)
    dispersion = q(fit) / data.spare if data.spare else np.full(tau2.shape, np.nan)
    unknown = np.where(np.isnan(tau2), np.nan, 1.0)[..., None, None]
    return Inference(estimate, covariance * unknown, TESTS[test](dispersion, data.spare))
