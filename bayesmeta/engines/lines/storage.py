"""A posterior of frame L as the mixture group of a DataTree, and back.

The points stand as the mixture's nodes, their cells as its covariances: whoever takes the group
for a mixture of normals sees the posterior a little too wide.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, Parts
from bayesmeta.covariance import Rows as TableRows
from bayesmeta.engines.lines.dense import LogPrior
from bayesmeta.engines.lines.mixing import Mixing, mixing_of
from bayesmeta.engines.lines.points import Points
from bayesmeta.engines.lines.posterior import Lines
from bayesmeta.engines.lines.reading import outside_of, rows_of, spike_of, widening_of
from bayesmeta.engines.moments import Moments
from bayesmeta.priors import density
from bayesmeta.random_effects import Kernel, kernel_of
from bayesmeta.sinc import SincDensity, restored, stored
from bayesmeta.spec import Prior

LATTICE = "lattice"
"""The attribute that says that the nodes are points of lattices."""
_COARSE_WEIGHT, _MIXING, _MIXING_NODE = "coarse_weight", "mixing", "mixing_node"
_LEAST = 1e-13
"""Points of less probability, relative to the largest, are not stored."""


def stored_lines(assembly: Assembly, lines: Lines, moments: Moments) -> xr.Dataset:
    """Return the mixture group."""
    points, names = lines.points, list(assembly.coefficients)
    kept = points.weight > _LEAST * points.weight.max()
    weight, coarse = (each[kept] / each[kept].sum() for each in points.both.T)
    hyperparameters = [item.name for item in assembly.hyperparameters]
    node = (schema.NODE, schema.COEFFICIENT)
    found: dict[str, tuple[str | tuple[str, ...], FloatArray]] = {
        schema.WEIGHT: (schema.NODE, weight),
        _COARSE_WEIGHT: (schema.NODE, coarse),
        schema.MEAN: (node, points.location[kept]),
        schema.COVARIANCE: ((*node, schema.COEFFICIENT_BIS), points.covariance[points.node[kept]]),
    }
    coordinates: dict[str, list[str]] = {
        schema.COEFFICIENT: names,
        schema.COEFFICIENT_BIS: names,
    }
    if hyperparameters:
        columns = [lines.at_points(name)[kept] for name in hyperparameters]
        found[schema.HYPERPARAMETER] = (
            (schema.NODE, schema.HYPERPARAMETER_NAME),
            np.stack(columns, axis=-1),
        )
        coordinates[schema.HYPERPARAMETER_NAME] = hyperparameters
    if lines.mixing is not None:
        found[_MIXING] = ((schema.NODE, _MIXING_NODE), points.mixing[kept])
    attributes: dict[str, float] = {
        LATTICE: 1.0,
        "log_marginal_likelihood": float(lines.log_marginal_likelihood[0]),
        "log_marginal_likelihood_error": float(lines.error[0]),
    }
    for place, name in enumerate(hyperparameters):
        own = lines.heterogeneity(name, moments=moments.of(name, place))
        found[schema.marginal(name)] = (f"{name}_node", own.log_weight[0])
        attributes |= stored(own, name)
    return xr.Dataset(found, coords=coordinates, attrs=attributes)


def restored_lines(  # noqa: PLR0913  (what a view holds, each by its name)
    group: xr.Dataset,
    parts: Parts,
    *,
    estimate: FloatArray,
    rows: TableRows,
    design: FloatArray,
    fixed: Mapping[str, float],
    priors: Mapping[str, Prior],
) -> Lines:
    """Return the posterior that a mixture group holds.

    Parameters
    ----------
    estimate, rows, design
        Of the studies.
    fixed, priors
        Hyperparameters that a number stands for, and priors of the others.
    """
    kernel = kernel_of(parts.heterogeneity)
    assert kernel is not None  # noqa: S101  (a posterior that says it is of lattices)
    names = _names(group)
    mixing = _mixing(group, kernel, names, priors)
    numbers = {str(key): float(value) for key, value in group.attrs.items()}
    marginals = {
        name: _batched(restored(group[schema.marginal(name)].to_numpy(), numbers, name))
        for name in names
    }
    return Lines(
        points=_points(group, [name for name in names if mixing is None or name != mixing.name]),
        kernel=kernel,
        fixed=fixed,
        rows=rows_of(parts, estimate, rows),
        design=design,
        marginals=marginals,
        log_marginal_likelihood=np.array([numbers["log_marginal_likelihood"]]),
        error=np.array([numbers["log_marginal_likelihood_error"]]),
        taking=np.ones(len(design)),
        mixing=mixing,
        widening=widening_of(parts, fixed, rows),
        outside=outside_of(kernel, rows),
        spike=spike_of(parts, priors),
        log_prior=_log_prior(group, priors, powered=parts.power.powers(fixed, rows) is not None),
    )


def _log_prior(group: xr.Dataset, priors: Mapping[str, Prior], *, powered: bool) -> LogPrior | None:
    """Return that of the mean, where the rows say all that they have to say of it."""
    first = str(group.coords[schema.COEFFICIENT].to_numpy()[0])
    return None if powered or first not in priors else density(priors[first]).log_density


def _points(group: xr.Dataset, walked: list[str]) -> Points:
    """Return the points, those of equal hyperparameters and steps at one node."""
    location = group[schema.MEAN].to_numpy()
    covariance = group[schema.COVARIANCE].to_numpy()
    weight = group[schema.WEIGHT].to_numpy()
    columns = [group[schema.HYPERPARAMETER].to_numpy()[:, _names(group).index(name)]
               for name in walked]  # fmt: skip
    steps = np.diagonal(covariance, axis1=1, axis2=2).T
    table = np.stack([np.zeros(weight.size), *columns, *steps], axis=-1)
    known, first, node = np.unique(table, axis=0, return_index=True, return_inverse=True)
    # Node by node, as points stand: those of two cases of a bias have the same values.
    order = np.argsort(first)
    known, first, node = known[order], first[order], np.argsort(order)[np.ravel(node)]
    mixing = group[_MIXING].to_numpy() if _MIXING in group else np.ones((weight.size, 1))
    return Points(
        node,
        location,
        weight,
        group[_COARSE_WEIGHT].to_numpy(),
        {name: known[:, place] for place, name in enumerate(walked, start=1)},
        covariance[first],
        mixing,
    )


def _mixing(
    group: xr.Dataset, kernel: Kernel, names: list[str], priors: Mapping[str, Prior]
) -> Mixing | None:
    if _MIXING not in group:
        return None
    prior = density(priors[kernel.MIXING])
    others = {name: np.ones(1) for name in names if name != kernel.MIXING}
    return mixing_of(kernel, prior, nodes=group.sizes[_MIXING_NODE], others=others)


def _names(group: xr.Dataset) -> list[str]:
    if schema.HYPERPARAMETER not in group:
        return []
    return [str(name) for name in group.coords[schema.HYPERPARAMETER_NAME].to_numpy()]


def _batched(found: SincDensity) -> SincDensity:
    """Return a single density as a batch of one."""
    path = found.path._replace(
        centre=found.path.centre[np.newaxis], scale=found.path.scale[np.newaxis]
    )
    return replace(
        found,
        path=path,
        first=np.atleast_1d(found.first),
        step=np.atleast_1d(found.step),
        log_weight=found.log_weight[np.newaxis],
    )
