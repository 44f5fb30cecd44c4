"""What a L'Abbe plot draws: the treated arm of each study against its control arm."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PosteriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.summaries.view import Posterior, view_of

_POINTS = 101


class Arms(NamedTuple):
    """How a measure compares two arms.

    Parameters
    ----------
    columns
        Numerator and denominator of what an arm reports; no denominator for means.
    treated
        What the treated arm reports, by the control arm's and an effect.
    says
        What it is that an arm reports.
    """

    columns: tuple[str, str]
    treated: Callable[[FloatArray, float], FloatArray]
    says: str


_RISK, _RATE, _MEAN = ("events", "n"), ("events", "time"), ("mean", "")
COMPARED: dict[str, Arms] = {
    "OR": Arms(_RISK, lambda control, effect: expit(logit(control) + effect), "risk"),
    "RR": Arms(_RISK, lambda control, effect: control * np.exp(effect), "risk"),
    "RD": Arms(_RISK, lambda control, effect: control + effect, "risk"),
    "IRR": Arms(_RATE, lambda control, effect: control * np.exp(effect), "events per time"),
    "MD": Arms(_MEAN, lambda control, effect: control + effect, "mean"),
    "ROM": Arms(_MEAN, lambda control, effect: control * np.exp(effect), "mean"),
}
"""Measures whose effect says what follows for the treated arm."""


def labbe_table(effects: Effects) -> pd.DataFrame:
    """Return what each study's arms reported.

    Parameters
    ----------
    effects
        From `effect_sizes`, of a measure that compares risks, rates or means.

    Returns
    -------
    DataFrame
        A row a study whose effect came out of its arms: ``study``, ``control`` and ``treatment``
        (risks as fractions, rates, or means), ``standard_error`` of the effect. How many studies
        reported no arms is ``attrs["missing"]``; ``attrs["says"]`` is what arms report.

    Raises
    ------
    PosteriorError
        If the measure is another, or no study reported its arms.

    References
    ----------
    L'Abbe KA, Detsky AS, O'Rourke K (1987). Meta-analysis in clinical research. Ann Intern Med
    107(2):224-233.

    Examples
    --------
    Tuberculosis with and without BCG vaccine (Colditz 1994):

    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/colditz1994.csv", "RR")
    >>> bm.labbe_table(effects)[["control", "treatment"]].head(2).round(4).values.tolist()
    [[0.0791, 0.0325], [0.0957, 0.0196]]
    """
    if effects.measure not in COMPARED:
        raise PosteriorError(
            f"A L'Abbe plot compares arms by {', '.join(COMPARED)}; the measure is "
            f"{effects.measure!r}."
        )
    arms = COMPARED[effects.measure]
    control, treatment = (_reported(effects, arms, arm) for arm in ("control", "treatment"))
    known = np.isfinite(control) & np.isfinite(treatment)
    if not known.any():
        raise PosteriorError("A L'Abbe plot needs arms; no study here reported any.")
    table = pd.DataFrame({
        "study": list(effects.labels), "control": control, "treatment": treatment,
        "standard_error": effects.standard_error,
    })[known].reset_index(drop=True)  # fmt: skip
    table.attrs = {"missing": int((~known).sum()), "says": arms.says}
    return table


def labbe_curve(posterior: Posterior, effects: Effects, *, interval: float = 0.95) -> pd.DataFrame:
    """Return what follows for the treated arm, by what the control arm reports.

    Parameters
    ----------
    posterior
        Of these effects.
    effects
        As in `labbe_table`.
    interval
        Probability of the interval of the pooled effect.

    Returns
    -------
    DataFrame
        ``control``, over the studies' own; ``median``, ``lower``, ``upper`` of the treated arm,
        at those of the pooled effect.

    Raises
    ------
    PosteriorError
        As `labbe_table`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/colditz1994.csv", "RR")
    >>> found = bm.labbe_curve(bm.fit(effects, engine="exact"), effects)
    >>> bool((found["median"] < found["control"])[1:].all())
    True
    """
    table, view = labbe_table(effects), view_of(posterior)
    both = np.concatenate([table["control"], table["treatment"]])
    low, high = (0.0, float(both.max())) if both.min() >= 0 else (float(both.min()), both.max())
    control = np.linspace(low, high, _POINTS)
    five = view.quantity(view.means[0]).statistics(interval)
    treated = COMPARED[effects.measure].treated
    with np.errstate(divide="ignore"):
        ends = {name: treated(control, float(getattr(five, name)))
                for name in ("median", "lower", "upper")}  # fmt: skip
    return pd.DataFrame({"control": control, **ends})


def _reported(effects: Effects, arms: Arms, arm: str) -> FloatArray:
    """Return what arms report, nan where the effect of a row was not made of them."""
    top, below = (f"{name}_{arm}" for name in arms.columns)
    if top not in effects.studies:
        return np.full(len(effects), np.nan)
    used = [top in made.columns for made in effects.provenance] or [True] * len(effects)
    found = np.asarray(effects.studies[top], dtype=float)
    if arms.columns[1]:
        found = found / np.asarray(effects.studies[below], dtype=float)
    return np.where(used, found, np.nan)
