"""What likelihoods of counts read of a table."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NoReturn

import numpy as np
from scipy import special

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import MEASURE, Rows
from bayesmeta.errors import MeasureError, ModelError, PriorError, StudiesError
from bayesmeta.measures.counted import counted
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.register import MEASURES
from bayesmeta.parameters import Parameter, Role
from bayesmeta.priors import normal
from bayesmeta.priors.traits import Bell
from bayesmeta.spec import Prior

BASELINE = Parameter(
    "baseline",
    Role.NUISANCE,
    unit_power=0,
    says="logit or log of the control arm's level, one a study",
    default=Prior("Normal", {"mu": 0.0, "sigma": 10.0}),
)


def observe(mean: object, covariance: object, *, observed: object) -> NoReturn:
    """Raise: counts are no estimates that are normal around their study effects.

    Raises
    ------
    ModelError
        Always; `observe_rows` of the likelihood serves.
    """
    raise ModelError(
        "Counts are not normal around their study effects; the likelihood is observed row by row."
    )


def no_kinks(rows: Rows) -> tuple[float, ...]:
    """Return none: the likelihood is smooth."""
    return ()


def counts(effects: Effects, measures: Collection[str], part: str) -> dict[str, FloatArray]:
    """Return the counts of a table, by column, each of shape (study,).

    Raises
    ------
    ModelError
        If the measure of the effects is none of the part's.
    MeasureError
        If the table has no counts.
    StudiesError
        If a count is missing, not whole, or above the number of participants.
    """
    if effects.measure not in measures:
        raise ModelError(
            f"The likelihood {part!r} is of {' or '.join(measures)} from counts, and the effects "
            f"are {effects.measure}."
        )
    try:
        found = counted(effects)
    except MeasureError as error:
        raise MeasureError(f"The likelihood {part!r} needs counts. {error}") from error
    _require_whole(found, effects)
    return {name: np.asarray(column, dtype=np.float64) for name, column in found.items()}


def _require_whole(found: Mapping[str, FloatArray], effects: Effects) -> None:
    for name, column in found.items():
        if name.startswith("time"):
            bad, must = ~(column > 0), "above 0"
        else:
            bad, must = (column != np.round(column)) | (column < 0), "a whole number, 0 or more"
        total = found.get(name.replace("events", "n"))
        if name.startswith("events") and total is not None:
            bad, must = bad | (column > total), f"{must}, and at most that of participants"
        for row in np.flatnonzero(bad).tolist():
            place = effects.studies.place(row)
            raise StudiesError(f"{place}, column {name}: {column[row]:.15g}; it must be {must}.")


def shown(effects: Effects, found: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Return estimates and standard errors of counts, with 1/2 added where one is zero."""
    effect = MEASURES[effects.measure].effect(found)
    return np.asarray(effect.estimate), np.asarray(effect.standard_error)


def replicated(measure: str, found: Mapping[str, FloatArray]) -> FloatArray:
    """Return the estimates of replicated counts, in their shape."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(MEASURES[measure].effect(found).estimate)


def binomial_mid_p(events: FloatArray, n: FloatArray, risk: FloatArray) -> FloatArray:
    """Return P(X < events) + P(X = events) / 2 of a binomial number X of n.

    Examples
    --------
    >>> binomial_mid_p(np.array(1.0), np.array(2.0), np.array(0.5)).item()
    0.5
    """
    # P(X <= k) is the beta cdf at 1 - p; betainc needs positive arguments.
    up_to = special.betainc(np.maximum(n - events, 1), events + 1, 1 - risk)
    fewer = special.betainc(n - events + 1, np.maximum(events, 1), 1 - risk)
    both = np.where(events < n, up_to, 1.0) + np.where(events > 0, fewer, 0.0)
    return np.asarray(both / 2)


def baseline_of(level: str) -> tuple[Parameter, ...]:
    """Return the level of each study, called what it is of in a model."""
    return (replace(BASELINE, says=f"{level}, one a study"),)


def measure_of(rows: Rows) -> str:
    """Return the measure of the effects that rows are of."""
    return rows.layout.words[MEASURE]


def baseline(rows: Rows) -> Bell:
    """Return the mean and the sd of the prior of each study's own level.

    Raises
    ------
    PriorError
        If it is not normal.
    """
    prior = rows.priors.get(BASELINE.name)
    found = None if prior is None else normal(prior)  # a fixed one is no prior
    if found is None or not np.isfinite(found.sd):
        raise PriorError(
            f"prior baseline: {prior or 'a number'} will not do: studies' own levels are "
            "integrated out under a normal prior; write Normal(mu=..., sigma=...)."
        )
    return found
