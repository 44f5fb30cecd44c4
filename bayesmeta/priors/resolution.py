"""Bring priors to the outcome's unit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError
from bayesmeta.measures import MEASURES
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter
from bayesmeta.priors.checks import check_prior
from bayesmeta.priors.densities import rescale
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
    parameters: Sequence[Parameter],
    effects: Effects,
    design: FloatArray,
) -> dict[str, Prior]:
    """Return the priors of a model's parameters, in the outcome's unit, in their order.

    Parameters
    ----------
    priors
        By parameter, ``"mu"`` or ``"beta[term]"``, or by variable: ``"beta"`` holds for every slope
        without a prior of its own. What none of them mentions has its part's default.
    parameters
        As the model's parts state them.
    effects
        The studies used.
    design
        Shape (study, coefficient), its first column ones.

    Raises
    ------
    PriorError
        If a prior is missing, unknown or unsuited, or its unit cannot be resolved.
    """
    _check_keys(priors, parameters)
    chosen = {item: _chosen(priors, item, effects.measure) for item in parameters}
    resolved = {
        parameter.name: _in_outcome_unit(prior, effects, parameter, design)
        for parameter, prior in chosen.items()
    }
    for parameter in parameters:
        check_prior(resolved[parameter.name], parameter, where=f"priors: {parameter.name}")
    return resolved


def _check_keys(priors: Mapping[str, Prior], parameters: Sequence[Parameter]) -> None:
    known = {parameter.name: parameter for parameter in parameters}
    known |= {parameter.variable: parameter for parameter in parameters}
    unknown = [name for name in priors if name not in known]
    if unknown:
        raise PriorError(
            f"priors: unknown parameter {', '.join(unknown)}; this model has: {', '.join(known)}."
        )
    for name, prior in priors.items():
        check_prior(prior, known[name], where=f"priors: {name}")


def _chosen(priors: Mapping[str, Prior], parameter: Parameter, measure: str) -> Prior:
    for name in (parameter.name, parameter.variable):
        if name in priors:
            return priors[name]
    found = default_prior(parameter, measure)
    if found is None:
        raise PriorError(f"priors: no prior for {parameter.name}; the model needs one.")
    return found


def default_prior(parameter: Parameter, measure: str) -> Prior | None:
    """Return the prior of a parameter that nobody states one for; None where one must be.

    Of ratio measures heterogeneity does not follow the unit-information SD, which the event rate
    moves: a parameter may have another default there.
    """
    of_ratios = measure in MEASURES and MEASURES[measure].ratio
    own = parameter.ratio_default if of_ratios else None
    return own or parameter.default


def _in_outcome_unit(
    prior: Prior, effects: Effects, parameter: Parameter, design: FloatArray
) -> Prior:
    if prior.unit == OUTCOME:
        return prior
    own = np.ones(len(effects), dtype=bool)
    if parameter.outcome:
        own = np.array([str(name) == parameter.outcome for name in effects.studies["outcome"]])
    factor = unit_information_sd(effects.take(own) if parameter.outcome else effects)
    if prior.unit == UISD_PER_SD:
        spread = float(np.std(design[own, parameter.column], ddof=1))
        if not spread > 0:
            raise PriorError(
                f"priors: {parameter.name}: its column does not vary between the studies."
            )
        factor /= spread
    return replace(rescale(prior, factor), unit=OUTCOME)
