"""Mantel-Haenszel: pool odds ratios, risk ratios or risk differences of sparse tables."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bayesmeta.errors import MeasureError
from bayesmeta.frequentist.binary.counts import Counts, counts, homogeneous_fit
from bayesmeta.frequentist.fit import Fit
from bayesmeta.measures.effects import Effects


class Ratio(NamedTuple):
    """The two sums whose ratio is pooled, and the variance of the pooled effect."""

    numerator: float
    denominator: float
    variance: float


def odds_ratio(table: Counts) -> Ratio:
    """Return sum(a d / n) over sum(b c / n); variance of the log.

    References
    ----------
    Mantel N, Haenszel W (1959). J Natl Cancer Inst 22:719-748; Robins J, Breslow N, Greenland S
    (1986). Biometrics 42:311-323.
    """
    a, b, c, d = table
    for_, against = a * d / table.total, b * c / table.total
    agree, disagree = (a + d) / table.total, (b + c) / table.total
    r, s = float(for_.sum()), float(against.sum())
    if not (r and s):
        return Ratio(r, s, np.nan)
    mixed = float((agree * against + disagree * for_).sum())
    variance = float((agree * for_).sum()) / r**2 + mixed / (r * s)
    return Ratio(r, s, 0.5 * (variance + float((disagree * against).sum()) / s**2))


def risk_ratio(table: Counts) -> Ratio:
    """Return sum(a n2 / n) over sum(c n1 / n); variance of the log.

    References
    ----------
    Greenland S, Robins JM (1985). Biometrics 41:55-68.
    """
    a, c, total = table.treatment_events, table.control_events, table.total
    r, s = float((a * table.control / total).sum()), float((c * table.treatment / total).sum())
    inner = (table.treatment * table.control * (a + c) - a * c * total) / total**2
    return Ratio(r, s, float(inner.sum()) / (r * s) if r and s else np.nan)


def risk_difference(table: Counts) -> Ratio:
    """Return sum((a n2 - c n1) / n) over sum(n1 n2 / n); variance of the difference.

    References
    ----------
    Sato T, Greenland S, Robins JM (1989). Biometrics 45:1323-1324.
    """
    a, b, c, d = table
    one, two, total = table.treatment, table.control, table.total
    weight = float((one * two / total).sum())
    difference = float(((a * two - c * one) / total).sum())
    first = one**2 * c - two**2 * a + 0.5 * one * two * (two - one)
    slope = float((first / total**2).sum())
    level = float(((a * d + b * c) / (2.0 * total)).sum())
    return Ratio(difference, weight, (difference / weight * slope + level) / weight**2)


SCALES: dict[str, Callable[[Counts], Ratio]] = {
    "OR": odds_ratio,
    "RR": risk_ratio,
    "RD": risk_difference,
}


def mantel_haenszel(effects: Effects, *, interval: float = 0.95) -> Fit:
    """Return the Mantel-Haenszel common effect, on the scale of the effects' measure.

    Zero cells need no correction; studies without events in either arm carry no weight in
    ratios. Q compares with the effects as they are, zero cells corrected as they say.

    Parameters
    ----------
    effects
        Measure ``"OR"``, ``"RR"`` (both on the log scale) or ``"RD"``, made from counts.
    interval
        Level of the interval.

    Raises
    ------
    MeasureError
        For another measure, without counts, or where one arm has no events in any study.
    """
    if effects.measure not in SCALES:
        raise MeasureError(
            f"Mantel-Haenszel does not pool {effects.measure!r}; it pools {', '.join(SCALES)}."
        )
    ratio = SCALES[effects.measure](counts(effects))
    if effects.measure == "RD":
        estimate = ratio.numerator / ratio.denominator
    elif ratio.numerator and ratio.denominator:
        estimate = float(np.log(ratio.numerator / ratio.denominator))
    else:
        raise MeasureError(
            f"The Mantel-Haenszel {effects.measure} is zero or infinite: no study informs one "
            "of its sums; RD would do."
        )
    return homogeneous_fit("MH", estimate, ratio.variance, effects=effects, interval=interval)
