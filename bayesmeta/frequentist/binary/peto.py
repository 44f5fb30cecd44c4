"""Peto: pool odds ratios of rare events by observed minus expected."""

import numpy as np

from bayesmeta.errors import MeasureError
from bayesmeta.frequentist.binary.counts import Counts, Heterogeneity, homogeneous_fit
from bayesmeta.frequentist.fit import Fit
from bayesmeta.measures.counted import counted
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.given import require_effects


def peto(effects: Effects, *, interval: float = 0.95) -> Fit:
    """Return Peto's one-step log odds ratio.

    ::

        log OR = sum(Z) / sum(V),   Z = O - E,   E = n1 m / n,
        V = n1 n2 m (n - m) / (n^2 (n - 1)),   Q = sum(Z^2 / V) - sum(Z)^2 / sum(V)

    with m the events of both arms. Q has a degree of freedom less than there are studies with
    V > 0, as in metafor and RevMan; zero cells need no correction. Good for rare events, arms
    of similar size and small effects; biased otherwise.

    Parameters
    ----------
    effects
        Measure ``"OR"``, made from counts.
    interval
        Level of the interval.

    Returns
    -------
    Fit
        On the log scale; ``tau2`` is 0.

    Raises
    ------
    MeasureError
        For another measure, without counts, or where no study has an event.

    References
    ----------
    Yusuf S, Peto R, Lewis J, Collins R, Sleight P (1985). Prog Cardiovasc Dis 27:335-371.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> import pandas as pd
    >>> table = pd.DataFrame({"study": ["A", "B", "C"],
    ...     "events_treatment": [3, 0, 7], "n_treatment": [50, 40, 60],
    ...     "events_control": [8, 5, 9], "n_control": [50, 40, 60]})
    >>> effects = bm.effect_sizes(bm.read_studies(table), "OR")
    >>> found = bm.peto(effects)
    >>> round(found.mu, 3), round(found.mu_se, 3)
    (-0.839, 0.374)
    """
    require_effects(effects)
    if effects.measure != "OR":
        raise MeasureError(f"Peto's method pools OR, not {effects.measure!r}.")
    table = Counts.of(counted(effects))
    events = table.treatment_events + table.control_events
    excess = table.treatment_events - table.treatment * events / table.total
    spread = table.treatment * table.control * events * (table.total - events)
    information = spread / (table.total**2 * np.maximum(table.total - 1.0, 1.0))
    speaks = information > 0.0
    if not speaks.any():
        raise MeasureError("Peto's method needs an event, and a patient without, in some study.")
    excess, information = excess[speaks], information[speaks]
    total = float(information.sum())
    estimate = float(excess.sum()) / total
    found = Heterogeneity(
        float((information * (excess / information - estimate) ** 2).sum()),
        int(np.count_nonzero(~speaks)),
    )
    return homogeneous_fit(
        "Peto", estimate, 1.0 / total, found=found, k=len(effects), interval=interval
    )
