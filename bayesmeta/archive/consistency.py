"""Whether the groups of a posterior that this package made fit each other."""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.archive.attributes import is_number
from bayesmeta.engines.tree import data_digest
from bayesmeta.errors import BayesmetaError
from bayesmeta.location.grammar import read_formula
from bayesmeta.sinc import restored

_GROUPS = (schema.POSTERIOR, schema.OBSERVED_DATA, schema.CONSTANT_DATA)
_TAU_LOG_WEIGHT = "tau_log_weight"
_ABOVE_0 = ("tau_step", "tau_scale")
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
            found[schema.MIXTURE] += [
                schema.HYPERPARAMETER, schema.HYPERPARAMETER_NAME, _TAU_LOG_WEIGHT
            ]  # fmt: skip
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
        read_formula(formula, known=[str(name) for name in found.data_vars])
    except BayesmetaError as error:
        yield f"attribute formula cannot be read: {error}"
    for name, column in found.data_vars.items():
        if column.dims != (schema.STUDY,):
            yield f"{name} in group moderators has the dimensions {column.dims}"
        elif column.dtype.kind == "f" and not np.isfinite(column.to_numpy()).all():
            yield f"{name} in group moderators must hold finite numbers, and does not"


def _mixture(tree: xr.DataTree) -> Iterator[str]:
    found = tree[schema.MIXTURE].dataset
    slopes = tree[schema.POSTERIOR].dataset.get(schema.TERM)
    terms = [] if slopes is None else slopes.to_numpy().tolist()
    named = [schema.MU, *(schema.slope(str(term)) for term in terms)]
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
        if schema.TAU not in found[schema.HYPERPARAMETER_NAME].to_numpy().tolist():
            yield "name in group mixture has no tau"
        yield from _tau(found)


def _tau(found: xr.Dataset) -> Iterator[str]:
    """Yield what the density of tau lacks, or has that is no such number."""
    numbers = {str(name): value for name, value in found.attrs.items()}
    wrong = [name for name, value in numbers.items() if not is_number(value) or np.isnan(value)]
    wrong += [name for name in _ABOVE_0 if not wrong and numbers.get(name, 1) <= 0]
    for name in wrong:
        yield f"attribute {name} of group mixture is {numbers[name]!r}"
    if not wrong:
        try:
            restored(found[_TAU_LOG_WEIGHT].to_numpy(), numbers)
        except KeyError as error:
            yield f"attribute {error.args[0]} of group mixture is not there"


def _data(tree: xr.DataTree) -> Iterator[str]:
    """Yield that the data are others than those that were analysed, where that can be told."""
    if tree.attrs["formula"]:
        return  # the centred columns come back rounded; checksums see to them
    constant, observed = tree[schema.CONSTANT_DATA].dataset, tree[schema.OBSERVED_DATA].dataset
    labels = [str(label) for label in observed[schema.STUDY].to_numpy()]
    numbers = (observed[schema.ESTIMATE], constant[schema.STANDARD_ERROR])
    arrays = [*(column.to_numpy() for column in numbers), np.ones((len(labels), 1))]
    if tree.attrs["data_sha256"] != data_digest(labels, arrays):
        yield "data_sha256 is not that of the studies, estimates and standard errors"
