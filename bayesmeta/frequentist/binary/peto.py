"""Peto: pool odds ratios of rare events by observed minus expected."""

from bayesmeta.errors import MeasureError
from bayesmeta.frequentist.binary.counts import counts, homogeneous_fit
from bayesmeta.frequentist.fit import Fit
from bayesmeta.measures.effects import Effects


def peto(effects: Effects, *, interval: float = 0.95) -> Fit:
    """Return Peto's one-step log odds ratio.

    ::

        log OR = sum(O - E) / sum(V),   E = n1 m / n,   V = n1 n2 m (n - m) / (n^2 (n - 1))

    with m the events of both arms. Good for rare events, arms of similar size and small
    effects; biased otherwise.

    Parameters
    ----------
    effects
        Measure ``"OR"``, made from counts.
    interval
        Level of the interval.

    Raises
    ------
    MeasureError
        For another measure, without counts, or where no study has an event.

    References
    ----------
    Yusuf S, Peto R, Lewis J, Collins R, Sleight P (1985). Prog Cardiovasc Dis 27:335-371.
    """
    if effects.measure != "OR":
        raise MeasureError(f"Peto's method pools OR, not {effects.measure!r}.")
    table = counts(effects)
    events = table.treatment_events + table.control_events
    excess = table.treatment_events - table.treatment * events / table.total
    spread = table.treatment * table.control * events * (table.total - events)
    information = float((spread / (table.total**2 * (table.total - 1.0))).sum())
    if not information:
        raise MeasureError("Peto's method needs an event, and a patient without, in some study.")
    return homogeneous_fit("Peto", float(excess.sum()) / information, 1.0 / information,
                           effects=effects, interval=interval)  # fmt: skip
