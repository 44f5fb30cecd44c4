"""Bring priors to the outcome's unit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.near import asked_back, did_you_mean
from bayesmeta.parameters import Parameter
from bayesmeta.priors.checks import check_prior
from bayesmeta.priors.defaults import default_prior, unit_information_sd
from bayesmeta.priors.densities import rescale
from bayesmeta.spec import OUTCOME, PER_COLUMN, PER_SD, Prior


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
        without a prior of its own. What none of them mentions, or the word ``default`` stands
        for, has the parameter's default on the measure's scale.
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
    priors = with_defaults(priors, parameters, effects)
    _check_keys(priors, parameters)
    chosen = {parameter: _chosen(priors, parameter, effects) for parameter in parameters}
    resolved = {
        parameter.name: _in_outcome_unit(prior, effects, parameter, design)
        for parameter, prior in chosen.items()
    }
    for parameter in parameters:
        check_prior(resolved[parameter.name], parameter, where=f"priors: {parameter.name}")
    return resolved


def with_defaults(
    priors: Mapping[str, Prior], parameters: Sequence[Parameter], effects: Effects
) -> dict[str, Prior]:
    """Return priors with what the word ``default`` stands for on the measure's scale.

    Raises
    ------
    PriorError
        If there is none for a parameter.
    """
    named = {parameter.variable: parameter for parameter in reversed(parameters)}
    named |= {parameter.name: parameter for parameter in parameters}
    return {
        name: default_prior(named[name], effects) if prior.is_default and name in named else prior
        for name, prior in priors.items()
    }


_MEANT = {"df": "nu", "rho": "rho_within", "effect": "mu", "mean": "mu", "intercept": "mu",
          "tau2": "tau", "tau^2": "tau", "sigma": "tau", "u": "bias"}  # fmt: skip
"""Parameters by what other programs call them."""


def _hint(name: str, known: Mapping[str, Parameter]) -> str:
    meant = _MEANT.get(name)
    return asked_back(meant) if meant in known else did_you_mean(name, known)


def _check_keys(priors: Mapping[str, Prior], parameters: Sequence[Parameter]) -> None:
    known = {parameter.name: parameter for parameter in parameters}
    known |= {parameter.variable: parameter for parameter in parameters}
    unknown = [name for name in priors if name not in known]
    if unknown:
        raise PriorError(
            f"priors: unknown parameter {', '.join(map(str, unknown))}; "
            f"this model has: {', '.join(known)}."
            f"{_hint(str(unknown[0]), known)}"
        )
    for name, prior in priors.items():
        check_prior(prior, known[name], where=f"priors: {name}")


def _chosen(priors: Mapping[str, Prior], parameter: Parameter, effects: Effects) -> Prior:
    for name in (parameter.name, parameter.variable):
        if name in priors:
            return _filled(priors[name], parameter)
    return default_prior(parameter, effects)


def _filled(prior: Prior, parameter: Parameter) -> Prior:
    """Return a prior with what only the model knows of it: what its default says of its family."""
    usual = parameter.default
    if not isinstance(usual, Prior) or usual.distribution != prior.distribution:
        return prior
    return replace(prior, parameters={**usual.parameters, **prior.parameters})


def _in_outcome_unit(
    prior: Prior, effects: Effects, parameter: Parameter, design: FloatArray
) -> Prior:
    if prior.unit == OUTCOME:
        return prior
    own = np.ones(len(effects), dtype=bool)
    if parameter.outcome:
        own = np.array([str(name) == parameter.outcome for name in effects.studies["outcome"]])
    factor = 1.0
    if prior.unit != PER_SD:
        factor = unit_information_sd(effects.take(own) if parameter.outcome else effects)
    if prior.unit in PER_COLUMN:
        spread = float(np.std(design[own, parameter.column], ddof=1))
        if not spread > 0:
            raise PriorError(
                f"priors: {parameter.name}: its column does not vary between the studies."
            )
        factor /= spread
    return replace(rescale(prior, factor), unit=OUTCOME)
