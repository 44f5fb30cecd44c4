"""Effects of several outcomes in the same studies, that are normal together.

Given the outcomes' centres c, their standard deviations tau between studies, and correlations R::

    theta ~ Normal(c, diag(tau) R diag(tau))

A study without one of them enters through the others. Two outcomes have one correlation, uniform
on (-1, 1). More have one a pair, ``rho_between[A, B]``, together LKJ(eta): uniform over the
positive definite matrices at eta = 1, and the nearer to independence the larger eta.

References
----------
van Houwelingen HC, Arends LR, Stijnen T (2002). Advanced methods in meta-analysis: multivariate
approach and meta-regression. Stat Med 21:589-624, section 5.
Lewandowski D, Kurowicka D, Joe H (2009). Generating random correlation matrices based on vines and
extended onion method. J Multivar Anal 100:1989-2001.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import (
    NO_LAYOUT,
    Blocks,
    ColumnRole,
    Groups,
    Layout,
    Quantity,
    Rows,
    Values,
)  # fmt: skip
from bayesmeta.covariance.contract import raised
from bayesmeta.errors import ModelError
from bayesmeta.parameters import Parameter, Role
from bayesmeta.random_effects.normal import TAU
from bayesmeta.spec import Prior

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

NORMAL = True
KIND = OUTCOME = "outcome"
TRIAL = "trial"
PAIR = "outcome_pair"
SPREAD = None
ROLES = (
    ColumnRole(TRIAL, "which rows are of the same study", default="study", joins=True),
    ColumnRole(OUTCOME, "the outcome of each row", default="outcome", fixed=True),
)
RHO = Parameter(
    "rho_between",
    Role.HYPERPARAMETER,
    (-1.0, 1.0),
    unit_power=0,
    says="correlation of the outcomes' study effects",
    default=Prior("Uniform", {"lower": -1.0, "upper": 1.0}),
)
_TWO = 2


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return ``tau[outcome]`` of every outcome, and the correlations of their effects.

    Raises
    ------
    ModelError
        If the table has one outcome, or one twice in a study.
    """
    names = kinds(layout)
    if not names:
        return (RHO,)
    _require_several(layout)
    taus = [replace(TAU, dim=OUTCOME, label=name, outcome=name, relative=place > 0,
                    says=f"SD between studies, {name}")
            for place, name in enumerate(names)]  # fmt: skip
    return (*taus, *_correlations(names))


def _correlations(names: tuple[str, ...]) -> list[Parameter]:
    if len(names) == _TWO:
        return [RHO]
    prior = Prior("LKJ", {"eta": 1.0, "outcomes": float(len(names))})
    return [
        replace(RHO, dim=PAIR, label=f"{one}, {other}", joint=True, default=prior,
                says=f"correlation of study effects, {one} and {other}")
        for one, other in combinations(names, 2)
    ]  # fmt: skip


def _require_several(layout: Layout) -> None:
    names, trials = layout.groups[OUTCOME], layout.groups[TRIAL]
    if len(names) < _TWO:
        raise ModelError(
            f"The model is of several outcomes, and the table has {len(names)}: "
            f"{', '.join(names.labels)}; use random-effects."
        )
    pairs = list(zip(trials.names, names.names, strict=True))
    twice = [pair for pair in dict.fromkeys(pairs) if pairs.count(pair) > 1]
    if twice:
        study, outcome = twice[0]
        raise ModelError(
            f"Study {study!r} has outcome {outcome!r} {pairs.count(twice[0])} times; "
            "the model takes an outcome once a study."
        )


def kinds(layout: Layout) -> tuple[str, ...]:
    """Return the outcomes, in the order of the table."""
    return layout.groups[OUTCOME].labels if OUTCOME in layout.groups else ()


def _rho(values: Values, names: tuple[str, ...]) -> dict[tuple[int, int], Any]:
    """Return the correlation of each pair of outcomes, by their places."""
    pairs = combinations(range(len(names)), 2)
    return {pair: values[item.name] for pair, item in zip(pairs, _correlations(names), strict=True)}


def covariance(values: Values, rows: Rows) -> Blocks:
    """Return the covariance of the effects of each study."""
    trials, outcomes = rows.groups[TRIAL], rows.groups[OUTCOME]
    sd = _each(values, outcomes)[..., trials.member]  # type: ignore[index]
    which = outcomes.code[trials.member]
    one, other = which[:, :, np.newaxis], which[:, np.newaxis, :]
    correlation: Quantity = (one == other).astype(float)
    for pair, rho in _rho(values, outcomes.labels).items():
        both = ((one == pair[0]) & (other == pair[1])) | ((one == pair[1]) & (other == pair[0]))
        correlation = correlation + raised(rho, 2) * both.astype(float)
    return Blocks(sd[..., :, np.newaxis] * sd[..., np.newaxis, :] * correlation, trials)


def _each(values: Values, outcomes: Groups) -> Quantity:
    """Return the tau of each row's outcome."""
    each = [values[_tau(name)] * (outcomes.code == place)
            for place, name in enumerate(outcomes.labels)]  # fmt: skip
    found: Quantity = sum(each)
    return found


def _tau(name: str) -> str:
    return f"{schema.TAU}[{name}]"


def new_variance(values: Values, kind: str = "") -> Quantity:
    """Return tau[outcome]**2."""
    return values[_tau(kind)] ** 2


def joint_variables(layout: Layout, prior: Prior) -> "Mapping[str, TensorVariable]":
    """Return the correlations, LKJ(eta) together, inside a ``pm.Model``.

    By canonical partial correlations z, which are independent: with K outcomes, (1 + z) / 2 in
    column j = 0, 1, ... of the Cholesky root is Beta(b, b), b = eta + (K - 2 - j) / 2.

    Parameters
    ----------
    prior
        That of all of them.
    """
    import pymc as pm

    names = kinds(layout)
    count, eta = len(names), pm.Data(f"{RHO.variable}_eta", prior.parameters["eta"])
    found = dict(zip(combinations(range(count), 2), _correlations(names), strict=True))
    root: list[list[Any]] = [[1.0]]
    variables = {}
    for row in range(1, count):
        own: list[Any] = []
        for column in range(row):
            item, shape = found[column, row], eta + (count - 2 - column) / 2
            share = pm.Beta(f"{item.name}_share", shape, shape)
            own.append((2 * share - 1) * _left(own))
            product = sum(a * b for a, b in zip(own, root[column], strict=False))
            variables[item.name] = pm.Deterministic(item.name, product)
        root.append([*own, _left(own)])
    return variables


def _left(row: list[Any]) -> Any:  # noqa: ANN401  (a number, or a PyTensor variable)
    """Return what a row of a Cholesky root of correlations has left for its diagonal."""
    return (1 - sum(each**2 for each in row)) ** 0.5


def study_effects(
    centre: "TensorVariable", values: Values, rows: Rows, *, centred: bool = False
) -> "TensorVariable":
    """Return ``theta``, dims (study,), inside a ``pm.Model``.

    Each study has a standard normal deviate an outcome; later outcomes' effects lean on those of
    the earlier ones.
    """
    import pymc as pm
    import pytensor.tensor as pt

    trials, outcomes = rows.groups[TRIAL], rows.groups[OUTCOME]
    deviation = pm.Normal("theta_deviation", 0.0, 1.0, dims=(TRIAL, OUTCOME))
    leaning = [
        sum(weight * deviation[:, place] for place, weight in enumerate(row))
        for row in _root(_rho(values, outcomes.labels), len(outcomes))
    ]
    scaled = pt.stack(leaning, axis=1)[trials.code, outcomes.code]
    return pm.Deterministic(
        schema.THETA, centre + _each(values, outcomes) * scaled, dims=schema.STUDY
    )


def _root(rho: Mapping[tuple[int, int], Any], count: int) -> list[list[Any]]:
    """Return the rows of the Cholesky root of the correlations."""
    root: list[list[Any]] = [[1.0]]
    for row in range(1, count):
        own: list[Any] = []
        for column in range(row):
            known = sum(a * b for a, b in zip(own, root[column], strict=False))
            own.append((rho[column, row] - known) / root[column][column])
        root.append([*own, _left(own)])
    return root


def new_study(
    centre: FloatArray, values: Values, generator: np.random.Generator, kind: str = ""
) -> FloatArray:
    """Draw effects of one outcome in new studies, normal around their centres."""
    return centre + values[_tau(kind)] * generator.standard_normal(centre.shape)
