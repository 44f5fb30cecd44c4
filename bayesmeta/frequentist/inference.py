"""What the uncertainty of the coefficients is measured by: z, t, Knapp-Hartung, ad hoc."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.design import Design
from bayesmeta.frequentist.weighting import Data, coefficients, q, weigh


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
    """What is known of the coefficients, in the coordinates of the design's vectors.

    Parameters
    ----------
    design
        Whose vectors they are.
    location
        Their coefficients, shape (..., coefficient).
    root
        A with A A' their covariance before scaling, shape (..., coefficient, coefficient).
    explained
        The omnibus statistic of the tested columns before scaling, shape (...,).
    reference
        What the covariance is scaled by, and the degrees of freedom.
    """

    design: Design
    location: FloatArray
    root: FloatArray
    explained: FloatArray
    reference: Reference

    @property
    def coefficients(self) -> FloatArray:
        """The coefficients of the columns, shape (..., coefficient)."""
        return (self.design.back @ self.location[..., None])[..., 0]

    @property
    def covariance(self) -> FloatArray:
        """Their covariance before scaling, shape (..., coefficient, coefficient)."""
        root = self.design.back @ self.root
        return root @ root.swapaxes(-1, -2)

    @property
    def mu(self) -> FloatArray:
        """The effect at the mean row, shape (...,)."""
        return self.location @ self.design.mean

    @property
    def mu_variance(self) -> FloatArray:
        """Its variance before scaling, shape (...,); never from the covariance, which cancels."""
        along = self.design.mean @ self.root
        return np.asarray((along * along).sum(axis=-1))


def infer(data: Data, tau2: FloatArray, test: str) -> Inference:
    """Return the coefficients at a between-study variance.

    With as many coefficients as studies the line runs through every point whatever tau2 is: the
    coefficients stand and the dispersion is not a number.
    """
    fit = weigh(data, np.where(np.isnan(tau2), 0.0, tau2))
    location, root = coefficients(fit)
    dispersion = q(fit) / data.spare if data.spare else np.full(tau2.shape, np.nan)
    unknown = np.where(np.isnan(tau2), np.nan, 1.0)
    along = fit.projection[..., -len(data.design.tested) :]
    return Inference(
        data.design, location, root * unknown[..., None, None],
        (along * along).sum(axis=-1) * unknown, TESTS[test](dispersion, data.spare),
    )  # fmt: skip
