"""Mantel-Haenszel: pool odds, risk or rate ratios, or risk differences, of sparse tables."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bayesmeta.errors import MeasureError
from bayesmeta.frequentist.binary.counts import (
    Counts,
    Heterogeneity,
    Table,
    homogeneous_fit,
    silent,
)
from bayesmeta.frequentist.fit import Fit
from bayesmeta.measures import MEASURES
from bayesmeta.measures.counted import counted
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.given import require_effects


class Ratio(NamedTuple):
    """The two sums whose ratio is pooled, and the variance of the pooled effect."""

    numerator: float
    denominator: float
    variance: float


def odds_ratio(table: Table) -> Ratio:
    """Return sum(a d / n) over sum(b c / n); variance of the log.

    References
    ----------
    Mantel N, Haenszel W (1959). J Natl Cancer Inst 22:719-748; Robins J, Breslow N, Greenland S
    (1986). Biometrics 42:311-323.
    """
    counts = Counts.of(table)
    (a, b, c, d), total = counts, counts.total
    for_, against = a * d / total, b * c / total
    agree, disagree = (a + d) / total, (b + c) / total
    r, s = float(for_.sum()), float(against.sum())
    if not (r and s):
        return Ratio(r, s, np.nan)
    mixed = float((agree * against + disagree * for_).sum())
    variance = float((agree * for_).sum()) / r**2 + mixed / (r * s)
    return Ratio(r, s, 0.5 * (variance + float((disagree * against).sum()) / s**2))


def risk_ratio(table: Table) -> Ratio:
    """Return sum(a n2 / n) over sum(c n1 / n); variance of the log.

    References
    ----------
    Greenland S, Robins JM (1985). Biometrics 41:55-68.
    """
    a, one, c, two = (table[column] for column in MEASURES["RR"].columns)
    total = one + two
    r, s = float((a * two / total).sum()), float((c * one / total).sum())
    inner = (one * two * (a + c) - a * c * total) / total**2
    return Ratio(r, s, float(inner.sum()) / (r * s) if r and s else np.nan)


def risk_difference(table: Table) -> Ratio:
    """Return sum((a n2 - c n1) / n) over sum(n1 n2 / n); variance of the difference.

    References
    ----------
    Sato T, Greenland S, Robins JM (1989). Biometrics 45:1323-1324.
    """
    counts = Counts.of(table)
    (a, b, c, d), total = counts, counts.total
    one, two = counts.treatment, counts.control
    weight = float((one * two / total).sum())
    difference = float(((a * two - c * one) / total).sum())
    first = one**2 * c - two**2 * a + 0.5 * one * two * (two - one)
    slope = float((first / total**2).sum())
    level = float(((a * d + b * c) / (2.0 * total)).sum())
    return Ratio(difference, weight, (difference / weight * slope + level) / weight**2)


def rate_ratio(table: Table) -> Ratio:
    """Return sum(x1 t2 / t) over sum(x2 t1 / t); variance of the log.

    References
    ----------
    Greenland S, Robins JM (1985). Biometrics 41:55-68.
    """
    a, one, c, two = (table[column] for column in MEASURES["IRR"].columns)
    total = one + two
    r, s = float((a * two / total).sum()), float((c * one / total).sum())
    inner = (a + c) * (one / total) * (two / total)
    return Ratio(r, s, float(inner.sum()) / (r * s) if r and s else np.nan)


SCALES: dict[str, Callable[[Table], Ratio]] = {
    "OR": odds_ratio,
    "RR": risk_ratio,
    "RD": risk_difference,
    "IRR": rate_ratio,
}


def mantel_haenszel(effects: Effects, *, interval: float = 0.95) -> Fit:
    """Return the Mantel-Haenszel common effect, on the scale of the effects' measure.

    Zero cells need no correction; studies without events in either arm carry no weight in
    ratios. Q compares the pooled effect with the studies' own, weighted by their inverse
    variances, where 1/2 is added to the cells of tables that have a zero::

        Q = sum((y - MH)^2 / s^2)

    Studies without events, or without anything else, in both arms have no say in Q and no
    degree of freedom. So it is in metafor, and for ratios in RevMan, which keeps such studies in
    the Q of risk differences and corrects zero cells there only where an error would be 0.

    Parameters
    ----------
    effects
        Measure ``"OR"``, ``"RR"``, ``"IRR"`` (on the log scale) or ``"RD"``, made from counts.
    interval
        Level of the interval.

    Returns
    -------
    Fit
        On the log scale for ratios; ``tau2`` is 0.

    Raises
    ------
    MeasureError
        For another measure, without counts, where one arm has no events in any study, or where
        all patients fared alike.

    Examples
    --------
    A study without events on one arm needs no correction: sum(a d / n) / sum(b c / n) is 0.414.

    >>> import bayesmeta as bm
    >>> import pandas as pd
    >>> table = pd.DataFrame({"study": ["A", "B", "C"],
    ...     "events_treatment": [3, 0, 7], "n_treatment": [50, 40, 60],
    ...     "events_control": [8, 5, 9], "n_control": [50, 40, 60]})
    >>> effects = bm.effect_sizes(bm.read_studies(table), "OR")
    >>> import math
    >>> round(math.exp(bm.mantel_haenszel(effects).mu), 3)
    0.414
    """
    require_effects(effects)
    if effects.measure not in SCALES:
        raise MeasureError(
            f"Mantel-Haenszel does not pool {effects.measure!r}; it pools {', '.join(SCALES)}."
        )
    table = counted(effects)
    ratio = SCALES[effects.measure](table)
    if effects.measure == "RD":
        estimate = ratio.numerator / ratio.denominator
    elif ratio.numerator and ratio.denominator:
        estimate = float(np.log(ratio.numerator / ratio.denominator))
    else:
        raise MeasureError(
            f"The Mantel-Haenszel {effects.measure} is zero or infinite: no study informs one "
            "of its sums; RD would do."
        )
    if not ratio.variance > 0.0:
        raise MeasureError(
            f"The Mantel-Haenszel {effects.measure} of {estimate:g} would have a standard error "
            "of 0: within each arm all patients fared alike."
        )
    found = _heterogeneity(effects.measure, table, estimate)
    return homogeneous_fit(
        "MH", estimate, ratio.variance, found=found, k=len(effects), interval=interval
    )


def _heterogeneity(measure: str, table: Table, estimate: float) -> Heterogeneity:
    """Return Q of the studies with events, and with others, in some arm."""
    own, mute = MEASURES[measure].effect(table), silent(table)
    deviation = ((own.estimate - estimate) / own.standard_error)[~mute]
    return Heterogeneity(float(deviation @ deviation), int(np.count_nonzero(mute)))
