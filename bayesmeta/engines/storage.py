"""An exact posterior as the mixture group of a DataTree, and back."""

from dataclasses import replace

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines import derived
from bayesmeta.engines.moments import Moments
from bayesmeta.engines.quadrature import Integral, Problem
from bayesmeta.engines.quadrature.structure import Structure
from bayesmeta.sinc import SincDensity, restored, stored

_COARSE_WEIGHT = "coarse_weight"
_INDICATOR = "biased["

type _Variables = dict[str, tuple[str | tuple[str, ...], FloatArray]]


def stored_mixture(assembly: Assembly, integral: Integral, moments: Moments) -> xr.Dataset:
    """Return the mixture group: nodes and components along one axis."""
    names = list(assembly.coefficients)
    hyperparameters = [item.name for item in assembly.hyperparameters]
    coordinates = {schema.COEFFICIENT: names, schema.COEFFICIENT_BIS: names}
    attributes = {
        "log_marginal_likelihood": float(integral.log_marginal_likelihood[0]),
        "log_marginal_likelihood_error": float(integral.error[0]),
    }
    found = _coefficients(integral, len(names))
    if hyperparameters:
        columns = np.stack([integral.at_nodes(name)[0] for name in hyperparameters], axis=-1)
        found[schema.HYPERPARAMETER] = ((schema.NODE, schema.HYPERPARAMETER_NAME), columns)
        coordinates[schema.HYPERPARAMETER_NAME] = hyperparameters
    indicators = [name for name in integral.further if name.startswith(_INDICATOR)]
    if indicators:
        columns = np.stack([integral.at_nodes(name)[0] for name in indicators], axis=-1)
        found[schema.INDICATOR] = ((schema.NODE, schema.INDICATOR_NAME), columns)
        coordinates[schema.INDICATOR_NAME] = indicators
    for place, name in enumerate(hyperparameters):
        density = integral.heterogeneity(name, moments=moments.of(name, place))
        found[schema.marginal(name)] = (f"{name}_node", density.log_weight[0])
        attributes |= stored(density, name)
    for item in derived.free(assembly):
        exist = derived.finite(assembly, item, moments.tau)
        density = replace(derived.distribution(integral, item), moments=exist)
        found[schema.marginal(item.name)] = (f"{item.name}_node", density.log_weight[0])
        attributes |= stored(density, item.name)
    return xr.Dataset(found, coords=coordinates, attrs=attributes)


def _coefficients(integral: Integral, size: int) -> _Variables:
    node, pair = (schema.NODE, schema.COEFFICIENT), (schema.COEFFICIENT, schema.COEFFICIENT_BIS)
    return {
        schema.WEIGHT: (schema.NODE, integral.weight[0].ravel()),
        _COARSE_WEIGHT: (schema.NODE, integral.coarse_weight[0].ravel()),
        schema.MEAN: (node, integral.mean[0].reshape(-1, size)),
        schema.COVARIANCE: ((schema.NODE, *pair), integral.covariance[0].reshape(-1, size, size)),
    }


def restored_mixture(group: xr.Dataset, problem: Problem, structure: Structure) -> Integral:
    """Return the posterior that a mixture group holds, a batch of one.

    Parameters
    ----------
    problem
        The studies; its priors do not matter.
    structure
        The parts that say what follows from the hyperparameters.
    """
    problem = replace(problem, structure=structure)
    weight = group[schema.WEIGHT].to_numpy()
    coarse = group[_COARSE_WEIGHT].to_numpy() if _COARSE_WEIGHT in group else weight
    values, inner = _hyperparameters(group) | _indicators(group), problem.structure.inner
    nothing = np.zeros(1)
    with np.errstate(divide="ignore"):
        log_weight = np.log(weight)[np.newaxis, :, np.newaxis]
    return Integral(
        problem=problem,
        log_marginal_likelihood=np.array([group.attrs.get("log_marginal_likelihood", np.nan)]),
        error=np.array([group.attrs.get("log_marginal_likelihood_error", np.nan)]),
        log_weight=log_weight,
        coarse_weight=coarse[np.newaxis, :, np.newaxis],
        tau=values.pop(inner, np.zeros(weight.size))[np.newaxis],
        mean=group[schema.MEAN].to_numpy()[np.newaxis, :, np.newaxis],
        covariance=group[schema.COVARIANCE].to_numpy()[np.newaxis, :, np.newaxis],
        path=None,
        first=nothing,
        step=nothing,
        further={name: value[np.newaxis] for name, value in values.items()},
        marginals={name: _density(group, name) for name in _known(group)},
    )


def _known(group: xr.Dataset) -> list[str]:
    """Return what has a density of its own: hyperparameters, and what follows from them."""
    ending = schema.marginal("")
    return [str(name).removesuffix(ending) for name in group if str(name).endswith(ending)]


def _names(group: xr.Dataset) -> list[str]:
    if schema.HYPERPARAMETER not in group:
        return []
    return [str(name) for name in group.coords[schema.HYPERPARAMETER_NAME].to_numpy()]


def _hyperparameters(group: xr.Dataset) -> dict[str, FloatArray]:
    names = _names(group)
    return {name: group[schema.HYPERPARAMETER].to_numpy()[:, place]
            for place, name in enumerate(names)}  # fmt: skip


def _indicators(group: xr.Dataset) -> dict[str, FloatArray]:
    if schema.INDICATOR not in group:
        return {}
    columns = group[schema.INDICATOR].to_numpy().T
    names = map(str, group.coords[schema.INDICATOR_NAME].to_numpy())
    return dict(zip(names, columns, strict=True))


def _density(group: xr.Dataset, name: str) -> SincDensity:
    numbers = {str(key): float(value) for key, value in group.attrs.items()}
    return restored(group[schema.marginal(name)].to_numpy(), numbers, name)
