"""Whether the groups of a posterior that this package made fit each other."""

import json
from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.assembly import is_known, parts_of
from bayesmeta.engines.record import data_digest
from bayesmeta.errors import BayesmetaError
from bayesmeta.location.grammar import read_formula
from bayesmeta.parameters import POSITIVE, REAL
from bayesmeta.sinc import restored
from bayesmeta.spec import model_from_toml
from bayesmeta.within import is_number

_GROUPS = (schema.POSTERIOR, schema.OBSERVED_DATA, schema.CONSTANT_DATA)
_ABOVE_0 = ("step", "scale")
_SUM = 1e-6
_ROUNDING = 1e-9


def group_problems(tree: xr.DataTree) -> Iterator[str]:
    """Yield what is missing, and what does not fit the rest."""
    needed = [*_GROUPS, *([schema.MIXTURE] if tree.attrs.get("engine") == "exact" else [])]
    absent = [name for name in needed if name not in tree.children]
    if absent:
        yield f"group {absent[0]} is not there"
        return
    for group, names in _present(tree).items():
        for name in names:
            if name not in tree[group].dataset:
                yield f"{name} in group {group} is not there"
                return
    yield from _sizes(tree)
    yield from _study_weights(tree)
    yield from _formula(tree)
    if schema.MIXTURE in tree.children:
        yield from _mixture(tree)
    yield from _data(tree)


def _present(tree: xr.DataTree) -> Mapping[str, list[str]]:
    """Return the variables that must be there, by group."""
    drawn = tree[schema.POSTERIOR].dataset
    slopes = bool(tree.attrs["formula"])
    found = {
        schema.POSTERIOR: [schema.MU, schema.THETA_NEW, *([schema.BETA] if slopes else [])],
        schema.OBSERVED_DATA: [schema.ESTIMATE, schema.STUDY],
        schema.CONSTANT_DATA: [schema.STANDARD_ERROR, schema.STUDY]
        + ([schema.DESIGN, schema.DESIGN_MEAN, schema.TERM] if slopes else []),
    }
    if schema.MIXTURE in tree.children:
        found[schema.MIXTURE] = [schema.WEIGHT, schema.MEAN, schema.COVARIANCE, schema.COEFFICIENT]
        if schema.TAU in drawn:
            found[schema.MIXTURE] += [schema.HYPERPARAMETER, schema.HYPERPARAMETER_NAME]
    return found


def _sizes(tree: xr.DataTree) -> Iterator[str]:
    """Yield the groups whose chains, draws, studies or terms are not those of the others."""
    seen: dict[str, tuple[str, list[str]]] = {}
    for group, node in tree.children.items():
        if group == schema.SAMPLE_STATS:
            continue
        for name in (schema.CHAIN, schema.DRAW, schema.STUDY, schema.TERM):
            if name in node.dataset.coords:
                labels = [str(label) for label in node.dataset[name].to_numpy().flat]
                first, known = seen.setdefault(name, (group, labels))
                if labels != known:
                    yield f"{name} in group {group} is not that of group {first}"


def _study_weights(tree: xr.DataTree) -> Iterator[str]:
    if schema.WEIGHTS not in tree.children:
        return
    found = tree[schema.WEIGHTS].dataset
    if {schema.STUDY_WEIGHT, schema.PRIOR_WEIGHT} <= set(found.data_vars):
        total = float(found[schema.STUDY_WEIGHT].sum(skipna=False) + found[schema.PRIOR_WEIGHT])
        if abs(total - 1) > _SUM:  # nan, where there are no weights, is no more than that
            yield f"weight in group weights: the studies' and the prior's sum to {total:.6g}, not 1"


def _formula(tree: xr.DataTree) -> Iterator[str]:
    formula = str(tree.attrs["formula"])
    if not formula:
        return
    if schema.MODERATORS not in tree.children:
        yield "group moderators is not there"
        return
    found = tree[schema.MODERATORS].dataset
    try:
        read_formula(formula, known=[schema.column_name(str(name)) for name in found.data_vars])
    except BayesmetaError as error:
        yield f"attribute formula cannot be read: {error}"
    for name, column in found.data_vars.items():
        if column.dims != (schema.STUDY,):
            yield f"{name} in group moderators has the dimensions {column.dims}"
        elif column.dtype.kind == "f" and not np.isfinite(column.to_numpy()).all():
            yield f"{name} in group moderators must hold finite numbers, and does not"


def _mixture(tree: xr.DataTree) -> Iterator[str]:
    found = tree[schema.MIXTURE].dataset
    named = json.loads(str(tree.attrs["coefficients"]))
    if found[schema.COEFFICIENT].to_numpy().tolist() != named:
        yield f"coefficient in group mixture is not {', '.join(named)}"
        return
    covariance = found[schema.COVARIANCE].to_numpy()
    size = np.abs(covariance).max(axis=(1, 2), keepdims=True)
    if (np.abs(covariance - covariance.transpose(0, 2, 1)) > _ROUNDING * size).any():
        yield "covariance in group mixture is not symmetric"
    elif (np.linalg.eigvalsh(covariance) < -_ROUNDING * size[..., 0]).any():
        yield "covariance in group mixture has a negative variance"
    elif (np.diagonal(covariance, axis1=1, axis2=2) <= 0).any():
        yield "covariance in group mixture has a variance of 0"
    if schema.HYPERPARAMETER in found:
        yield from _hyperparameters(tree, found)


def _hyperparameters(tree: xr.DataTree, found: xr.Dataset) -> Iterator[str]:
    """Yield what the hyperparameters lack, or have that is no such number."""
    names = json.loads(str(tree.attrs.get("hyperparameters", "[]")))
    if found[schema.HYPERPARAMETER_NAME].to_numpy().tolist() != names:
        yield f"name in group mixture is not {', '.join(names)}"
        return
    supports = _supports(tree)
    for name, column in zip(names, found[schema.HYPERPARAMETER].to_numpy().T, strict=True):
        lower, upper = supports.get(name.partition("[")[0], REAL)
        if ((column < lower) | (column > upper)).any():
            yield f"hyperparameter in group mixture: {name} lies between {lower:g} and {upper:g}"
        yield from _marginal(found, name)


def _supports(tree: xr.DataTree) -> Mapping[str, tuple[float, float]]:
    """Return where the hyperparameters of the stored model can lie, by variable."""
    spec = model_from_toml(str(tree.attrs["specification"]), name="", source="specification")
    own = parts_of(spec).hyperparameters() if is_known(spec) else ()
    return {schema.TAU: POSITIVE} | {item.variable: item.support for item in own}


def _marginal(found: xr.Dataset, name: str) -> Iterator[str]:
    """Yield what the density of a hyperparameter lacks, or has that is no such number."""
    numbers = {str(name): value for name, value in found.attrs.items()}
    wrong = [name for name, value in numbers.items() if not is_number(value) or np.isnan(value)]
    above = [f"{name}_{ending}" for ending in _ABOVE_0]
    wrong += [each for each in above if not wrong and numbers.get(each, 1) <= 0]
    for each in wrong:
        yield f"attribute {each} of group mixture is {numbers[each]!r}"
    if schema.marginal(name) not in found:
        yield f"{schema.marginal(name)} in group mixture is not there"
    elif not wrong:
        try:
            restored(found[schema.marginal(name)].to_numpy(), numbers, name)
        except KeyError as error:
            yield f"attribute {error.args[0]} of group mixture is not there"


def _data(tree: xr.DataTree) -> Iterator[str]:
    """Yield that the data are others than those that were analysed, where that can be told."""
    if tree.attrs["formula"]:
        return  # the centred columns come back rounded; checksums see to them
    constant, observed = tree[schema.CONSTANT_DATA].dataset, tree[schema.OBSERVED_DATA].dataset
    labels = [str(label) for label in observed[schema.STUDY].to_numpy()]
    numbers = (observed[schema.ESTIMATE], constant[schema.STANDARD_ERROR])
    means = constant.get(schema.MEAN_DESIGN)
    design = np.ones((len(labels), 1)) if means is None else means.to_numpy()
    if schema.BIAS in json.loads(str(tree.attrs["coefficients"])) and schema.IS_COHORT in constant:
        design = np.column_stack([design, constant[schema.IS_COHORT].to_numpy()])
    arrays = [*(column.to_numpy() for column in numbers), design]
    if tree.attrs["data_sha256"] != data_digest(labels, arrays):
        yield "data_sha256 is not that of the studies, estimates and standard errors"
