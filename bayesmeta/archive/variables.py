"""What the variables of a posterior must be: dimensions, and which numbers they may hold."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.arrays import FloatArray

_DRAWS = (schema.CHAIN, schema.DRAW)
_SUM = 1e-6
_LARGEST = 1e150
"""Squares of larger numbers, and the inverse squares of smaller ones, are none."""


class Rule(NamedTuple):
    """The dimensions of a variable, what its numbers must be, and how one sees it."""

    dims: tuple[str, ...]
    must: str
    holds: Callable[[FloatArray], bool]


def _finite(values: FloatArray) -> bool:
    return bool(np.isfinite(values).all())


def _moderate(values: FloatArray) -> bool:
    return bool((np.abs(values) <= _LARGEST).all())


def _not_negative(values: FloatArray) -> bool:
    return _finite(values) and bool((values >= 0).all())


def _positive(values: FloatArray) -> bool:
    return bool(((values >= 1 / _LARGEST) & (values <= _LARGEST)).all())


def _fraction(values: FloatArray) -> bool:
    return bool(((values >= 0) & (values <= 1)).all())


def _probabilities(values: FloatArray) -> bool:
    return _not_negative(values) and bool(abs(values.sum() - 1) <= _SUM)


def _logs(values: FloatArray) -> bool:
    return not (np.isnan(values) | np.isposinf(values)).any()


def _log_probabilities(values: FloatArray) -> bool:
    with np.errstate(over="ignore"):
        return _logs(values) and bool(abs(np.exp(values).sum() - 1) <= _SUM)


def _absent_or_finite(values: FloatArray) -> bool:
    return _finite(values) or bool(np.isnan(values).all())


_REAL = (f"finite numbers of at most {_LARGEST:g}", _moderate)
_MANY = ("numbers of at least 0", _not_negative)
_SIZE = (f"numbers above 0, of at most {_LARGEST:g}", _positive)
_FRACTION = ("fractions", _fraction)
_LOGS = ("logarithms", _logs)
_SHARES = ("probabilities that sum to 1", _probabilities)
_LOG_SHARES = ("logarithms of probabilities that sum to 1", _log_probabilities)

_POSTERIOR = {
    schema.MU: Rule(_DRAWS, *_REAL),
    schema.TAU: Rule(_DRAWS, *_MANY),
    schema.TAU2: Rule(_DRAWS, *_MANY),
    schema.I2: Rule(_DRAWS, "fractions", _fraction),
    schema.INTERCEPT: Rule(_DRAWS, *_REAL),
    schema.THETA_NEW: Rule(_DRAWS, *_REAL),
    schema.BETA: Rule((*_DRAWS, schema.TERM), *_REAL),
    schema.THETA: Rule((*_DRAWS, schema.STUDY), *_REAL),
    schema.P_BIASED: Rule((*_DRAWS, schema.STUDY), *_FRACTION),
}
_LOG_PRIOR = {
    schema.MU: Rule(_DRAWS, *_LOGS),
    schema.TAU: Rule(_DRAWS, *_LOGS),
    schema.BETA: Rule((*_DRAWS, schema.TERM), *_LOGS),
}
_CONSTANT = {
    schema.STANDARD_ERROR: Rule((schema.STUDY,), *_SIZE),
    schema.PARTICIPANTS: Rule((schema.STUDY,), *_SIZE),
    schema.DESIGN: Rule((schema.STUDY, schema.TERM), *_REAL),
    schema.DESIGN_MEAN: Rule((schema.TERM,), *_REAL),
    schema.IS_COHORT: Rule((schema.STUDY,), *_FRACTION),
}
_SHARE = ("numbers", _absent_or_finite)
_PAIR = (schema.COEFFICIENT, schema.COEFFICIENT_BIS)
_MIXTURE = {
    schema.WEIGHT: Rule((schema.NODE,), *_SHARES),
    "coarse_weight": Rule((schema.NODE,), *_SHARES),
    schema.MEAN: Rule((schema.NODE, schema.COEFFICIENT), *_REAL),
    schema.COVARIANCE: Rule((schema.NODE, *_PAIR), "finite numbers", _finite),
    schema.HYPERPARAMETER: Rule((schema.NODE, schema.HYPERPARAMETER_NAME), *_REAL),
    schema.INDICATOR: Rule((schema.NODE, schema.INDICATOR_NAME), *_FRACTION),
    "tau_log_weight": Rule(("tau_node",), *_LOG_SHARES),
}
RULES: Mapping[str, Mapping[str, Rule]] = {
    schema.POSTERIOR: _POSTERIOR,
    schema.OBSERVED_DATA: {schema.ESTIMATE: Rule((schema.STUDY,), *_REAL)},
    schema.CONSTANT_DATA: _CONSTANT,
    schema.LOG_PRIOR: _LOG_PRIOR,
    schema.POSTERIOR_PREDICTIVE: {schema.ESTIMATE: Rule((*_DRAWS, schema.STUDY), *_REAL)},
    schema.LOG_LIKELIHOOD: {schema.ESTIMATE: Rule((*_DRAWS, schema.STUDY), *_LOGS)},
    schema.WEIGHTS: {
        schema.STUDY_WEIGHT: Rule((schema.STUDY,), *_SHARE),
        schema.PRIOR_WEIGHT: Rule((), *_SHARE),
    },
    schema.MIXTURE: _MIXTURE,
}
_WHOSE = {schema.THETA_NEW: (schema.MU, schema.TAU)}
"""A new study has an effect of each kind that these have."""
_BY_HAND = {
    schema.POSTERIOR: _POSTERIOR,
    schema.OBSERVED_DATA: RULES[schema.OBSERVED_DATA],
    schema.CONSTANT_DATA: {schema.STANDARD_ERROR: _CONSTANT[schema.STANDARD_ERROR]},
}
"""What a model written by hand has to keep: other names may mean other things there."""


def problems(tree: xr.DataTree, *, ours: bool) -> Iterator[str]:
    """Yield what is wrong with the variables, each with its group.

    Parameters
    ----------
    ours
        Whether this package made the posterior; else its other variables are its maker's affair.
    """
    for group, rules in (RULES if ours else _BY_HAND).items():
        if group in tree.children:
            dataset = tree[group].dataset
            for name in (name for name in rules if name in dataset.data_vars):
                rule = rules[name]._replace(dims=_dimensions(tree, dataset[name], rules[name]))
                yield from _variable(dataset[name], rule, where=f"{name} in group {group}")
            yield from _labels(dataset, group)


def _dimensions(tree: xr.DataTree, variable: xr.DataArray, rule: Rule) -> tuple[str, ...]:
    """Return the dimensions that a variable has: those of the rule, for what the model groups.

    What the attributes say are several, such as ``tau[IL-6]``, is a vector; the log likelihood is
    by the groups of rows that depend on each other.
    """
    last = str(variable.dims[-1]) if variable.dims else ""
    constant = tree.children.get(schema.CONSTANT_DATA)
    groups = () if constant is None else constant.dataset.data_vars
    if variable.name == schema.ESTIMATE and rule.dims[:2] == _DRAWS and last in groups:
        return (*_DRAWS, last)
    stated = [*_stated(tree, "coefficients"), *_stated(tree, "hyperparameters")]
    vectors = {name.partition("[")[0] for name in stated if "[" in name}
    own = {str(variable.name), *_WHOSE.get(str(variable.name), ())}
    return (*_DRAWS, last) if rule.dims == _DRAWS and own & vectors else rule.dims


def _stated(tree: xr.DataTree, attribute: str) -> list[str]:
    try:
        found = json.loads(str(tree.attrs.get(attribute) or "[]"))
    except ValueError:
        return []
    return [str(name) for name in found] if isinstance(found, list) else []


def _variable(variable: xr.DataArray, rule: Rule, *, where: str) -> Iterator[str]:
    if set(variable.dims) != set(rule.dims) or len(variable.dims) != len(rule.dims):
        yield f"{where} has the dimensions {_listed(variable.dims)}; they are {_listed(rule.dims)}"
    elif variable.dtype.kind not in "fiu":
        yield f"{where} holds no numbers"
    elif variable.size == 0:
        yield f"{where} is empty"
    elif not rule.holds(variable.transpose(*rule.dims).to_numpy().astype(float)):
        yield f"{where} must hold {rule.must}, and does not"


def _listed(dims: tuple[object, ...]) -> str:
    return f"({', '.join(map(str, dims))})"


def _labels(dataset: xr.Dataset, group: str) -> Iterator[str]:
    for name in (schema.STUDY, schema.TERM, schema.COEFFICIENT):
        if name in dataset.coords:
            labels = [str(label) for label in dataset[name].to_numpy().flat]
            if len(set(labels)) < len(labels):
                yield f"{name} in group {group} has one label twice"
