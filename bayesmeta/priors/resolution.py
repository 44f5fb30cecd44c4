"""Bring priors to the outcome's unit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from bayesmeta.errors import PriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.priors.checks import check_prior
from bayesmeta.priors.context import FloatArray
from bayesmeta.priors.densities import rescale
from bayesmeta.schema import BETA, MU, TAU, slope
from bayesmeta.spec import OUTCOME, UISD_PER_SD, Prior


def unit_information_sd(effects: Effects) -> float:
    """Return the unit-information standard deviation, in the outcome's unit.

    With n the participants and s the standard error of each study (Röver et al. 2021,
    Res Synth Methods 12:448-474)::

        uisd = sqrt(sum(n) / sum(1 / s**2))

    Raises
    ------
    PriorError
        If the studies do not say how many participants they had.
    """
    if effects.n is None:
        raise PriorError(
            "The table of studies does not say how many participants each study had, so there is "
            "no unit-information SD; add a column n, or state priors in the outcome's unit, such "
            'as tau = "HalfNormal(sigma=5)".'
        )
    smallest = float(np.min(effects.standard_error))
    precision = np.sum((smallest / effects.standard_error) ** 2)
    return smallest * float(np.sqrt(np.sum(effects.n) / precision))


def resolve(
    priors: Mapping[str, Prior],
    effects: Effects,
    design: FloatArray,
    terms: Sequence[str],
    *,
    has_tau: bool = True,
) -> dict[str, Prior]:
    """Return the priors of mu, tau and every slope, in the outcome's unit.

    Parameters
    ----------
    priors
        By parameter: "mu", "tau", "beta" (every slope without a prior of its own) or
        "beta[term]".
    effects
        The studies used.
    design
        Shape (study, coefficient), its first column ones.
    terms
        Names of the other columns.
    has_tau
        Whether the model has a tau.

    Returns
    -------
    dict
        Keys "mu", "tau" (where the model has it) and "beta[term]" for each term.

    Raises
    ------
    PriorError
        If a prior is missing, unknown or unsuited, or its unit cannot be resolved.
    """
    _check_keys(priors, terms, has_tau=has_tau)
    for parameter, prior in priors.items():
        check_prior(prior, parameter, where=f"priors: {parameter}")
    chosen = {parameter: _chosen(priors, parameter) for parameter in _wanted(terms, has_tau)}
    columns = dict(zip(map(slope, terms), design[:, 1:].T, strict=True))
    spreads = {name: np.std(column, ddof=1) for name, column in columns.items()}
    resolved = {
        parameter: _in_outcome_unit(prior, effects, parameter, float(spreads.get(parameter, 1.0)))
        for parameter, prior in chosen.items()
    }
    for parameter, prior in resolved.items():
        check_prior(prior, parameter, where=f"priors: {parameter}")
    return resolved


def _wanted(terms: Sequence[str], has_tau: bool) -> list[str]:  # noqa: FBT001
    return [MU, *([TAU] if has_tau else []), *map(slope, terms)]


def _check_keys(priors: Mapping[str, Prior], terms: Sequence[str], *, has_tau: bool) -> None:
    known = _wanted(terms, has_tau) + ([BETA] if terms else [])
    unknown = [name for name in priors if name not in known]
    if unknown:
        raise PriorError(
            f"priors: unknown parameter {', '.join(unknown)}; this model has: {', '.join(known)}."
        )


def _chosen(priors: Mapping[str, Prior], parameter: str) -> Prior:
    general = BETA if parameter.startswith(f"{BETA}[") else parameter
    if parameter in priors or general in priors:
        return priors.get(parameter, priors[general] if general in priors else priors[parameter])
    raise PriorError(f"priors: no prior for {parameter}; the model needs one.")


def _in_outcome_unit(prior: Prior, effects: Effects, parameter: str, spread: float) -> Prior:
    if prior.unit == OUTCOME:
        return prior
    factor = unit_information_sd(effects)
    if prior.unit == UISD_PER_SD:
        if not spread > 0:
            raise PriorError(f"priors: {parameter}: its column does not vary between the studies.")
        factor /= spread
    return replace(rescale(prior, factor), unit=OUTCOME)
