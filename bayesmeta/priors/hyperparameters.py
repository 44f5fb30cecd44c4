"""The numbers of a prior, by the names they have in a PyMC model."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError
from bayesmeta.priors.binding import bind, structure
from bayesmeta.priors.composed import log_mass
from bayesmeta.priors.context import Context
from bayesmeta.priors.register import FAMILIES
from bayesmeta.priors.typical import ALIASES
from bayesmeta.schema import BETA, slope
from bayesmeta.spec import Prior, Value

LOG_MASS = "log_mass"


def hyperparameter_values(
    prior: Prior, name: str, context: Context | None = None
) -> dict[str, FloatArray]:
    """Return what the data containers of one variable hold under this prior.

    Priors of one `structure` have the same names, so a compiled model takes the new values
    without compiling again.

    Examples
    --------
    >>> hyperparameter_values(Prior("HalfNormal", {"sigma": 5}), "tau")
    {'tau_sigma': array(5.)}
    """
    prior = concrete(prior, context)
    numbers = numbers_of(prior)
    if numbers is not None:
        made = numbers(**bind(prior, context).family_parameters())
        return {f"{name}_{key}": array for key, array in made.items()}
    values: dict[str, FloatArray] = {}
    for parameter, value in prior.parameters.items():
        values |= _values(value, f"{name}_{parameter}")
    if prior.distribution == "Truncated":
        values[f"{name}_{LOG_MASS}"] = log_mass(bind(prior))
    return values


def _values(value: Value, name: str) -> dict[str, FloatArray]:
    if isinstance(value, Prior):
        return hyperparameter_values(value, name)
    nested = [item for item in value if isinstance(item, Prior)] if isinstance(value, tuple) else []
    if nested and are_alike(nested):
        return _stacked([hyperparameter_values(item, name) for item in nested])
    if nested:
        rows = [hyperparameter_values(item, f"{name}_{index}") for index, item in enumerate(nested)]
        return {key: array for row in rows for key, array in row.items()}
    return {} if np.any(np.isinf(np.asarray(value))) else {name: np.asarray(value, dtype=float)}


def _stacked(rows: Sequence[Mapping[str, FloatArray]]) -> dict[str, FloatArray]:
    return {key: np.asarray([row[key] for row in rows]) for key in rows[0]}


def are_alike(priors: Sequence[Prior]) -> bool:
    """Return whether priors differ in plain numbers only, so that vectors hold them all."""
    alike = len({structure(prior) for prior in priors}) == 1
    return alike and all(
        array.ndim == 0 for array in hyperparameter_values(priors[0], "prior").values()
    )


def numbers_of(prior: Prior) -> Callable[..., Mapping[str, FloatArray]] | None:
    """Return what makes a prior's numbers, where they are not its parameters."""
    graph = FAMILIES[prior.distribution].graph
    return None if graph is None else graph.numbers


def concrete(prior: Prior, context: Context | None) -> Prior:
    """Return the prior that a data-dependent word stands for; any other as it is.

    Examples
    --------
    >>> print(concrete(Prior("DuMouchel"), Context(np.array([2.0, 2.0]))))
    Lomax(alpha=1, scale=2)
    """
    if prior.distribution not in ALIASES:
        return prior
    member = ALIASES[prior.distribution](_given(prior, context))
    parameters = {name: float(value) for name, value in member.parameters.items()}  # type: ignore[arg-type]
    return Prior(member.family.name, parameters, on=member.on)


def _given(prior: Prior, context: Context | None) -> Context:
    if context is None:
        raise PriorError(f"{prior.distribution} looks at the standard errors; it needs a context.")
    return context


def is_native(prior: Prior) -> bool:
    """Return whether PyMC has the prior under its own name, on its own scale."""
    family = FAMILIES[prior.distribution]
    nested = prior.distribution in ("Truncated", "Mixture")
    return family.graph is None and not nested and prior.on == "tau"


def of_pymc(distribution: str) -> Any:  # noqa: ANN401  (a class of PyMC's)
    """Return PyMC's distribution of a family's name.

    Raises
    ------
    PriorError
        If it has none: the family's graph must say the rest, or another engine serves.
    """
    import pymc as pm

    found = getattr(pm, distribution, None)
    if found is None:
        raise PriorError(
            f"PyMC has no {distribution}, and the graph of that family does not say all it takes: "
            'log density, draws and start; use engine="exact", or complete the graph.'
        )
    return found


def share_variable(priors: Mapping[str, Prior], terms: Sequence[str]) -> bool:
    """Return whether one vector variable serves for every slope."""
    return are_alike([priors[slope(term)] for term in terms])


def coefficient_structure(priors: Mapping[str, Prior], terms: Sequence[str]) -> str:
    """Return what the slopes' priors are apart from their numbers."""
    return "; ".join(structure(priors[slope(term)]) for term in terms)


def coefficient_hyperparameters(
    priors: Mapping[str, Prior], terms: Sequence[str]
) -> dict[str, FloatArray]:
    """Return what the data containers of the slopes hold.

    Examples
    --------
    >>> priors = {"beta[weeks]": Prior("Normal", {"mu": 0, "sigma": 2})}
    >>> coefficient_hyperparameters(priors, ("weeks",))
    {'beta_mu': array([0.]), 'beta_sigma': array([2.])}
    """
    slopes = [priors[slope(term)] for term in terms]
    if share_variable(priors, terms):
        return _stacked([hyperparameter_values(prior, BETA) for prior in slopes])
    separate = [hyperparameter_values(prior, f"{BETA}_{i}") for i, prior in enumerate(slopes)]
    return {key: array for values in separate for key, array in values.items()}
