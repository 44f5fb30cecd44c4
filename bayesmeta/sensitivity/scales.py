"""Scales that priors are varied over."""

from collections.abc import Sequence

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.errors import AnalysisError
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import standing, typical_scale
from bayesmeta.spec import UISD

_TAU = (1 / 40, 2.0)
_MU = (1 / 20, 10.0)


def base_scale(effects: Effects) -> tuple[float, str]:
    """Return a scale that the outcome's unit cannot move, with its name.

    The unit-information SD where it is known; on log ratios 2, which has no name; else the root
    of the estimates' sample variance plus the mean squared standard error.
    """
    usual = typical_scale(effects)
    if usual is not None:
        return usual, UISD if standing(effects.measure).unit == UISD else ""
    spread = np.var(effects.estimate, ddof=1) if len(effects) > 1 else 0.0
    return float(np.sqrt(spread + np.mean(effects.standard_error**2))), "spread"


def default_tau_scales(assembly: Assembly, points: int) -> FloatArray:
    """Return scales of tau's prior, shape (point,)."""
    return base_scale(assembly.effects)[0] * np.geomspace(*_TAU, points)


def default_mu_sds(assembly: Assembly, coefficient: str, points: int) -> FloatArray:
    """Return SDs of a coefficient's prior, shape (point,); a slope's are per SD of its column."""
    base, place = base_scale(assembly.effects)[0], assembly.coefficients.index(coefficient)
    if place >= assembly.location.means:
        base = base / 4 / float(np.std(assembly.design[:, place], ddof=1))
    return base * np.geomspace(*_MU, points)


def check_scales(
    scales: Sequence[float] | FloatArray, name: str, *, infinite: bool = False
) -> FloatArray:
    """Return scales as an increasing array.

    Raises
    ------
    AnalysisError
        If there is none, one is not above 0 or not finite, or they do not increase.
    """
    found = np.array(scales, dtype=float).ravel()
    allowed = (found > 0) & (np.isfinite(found) | infinite)
    if not found.size or not allowed.all() or (np.diff(found) <= 0).any():
        bad = found[~allowed].tolist() or found.tolist()
        raise AnalysisError(f"{name}: {bad[:5]}; give increasing numbers above 0.")
    return found
