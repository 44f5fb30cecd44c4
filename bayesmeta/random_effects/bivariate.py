"""Effects of two outcomes in the same studies, that are normal together.

Given the outcomes' centres c, their standard deviations tau between studies, and a correlation::

    (theta[A], theta[B]) ~ Normal((c[A], c[B]), [[tau[A]**2, rho_between tau[A] tau[B]],
                                                 [rho_between tau[A] tau[B], tau[B]**2]])

A study without one of them enters through the other.

References
----------
van Houwelingen HC, Arends LR, Stijnen T (2002). Advanced methods in meta-analysis: multivariate
approach and meta-regression. Stat Med 21:589-624, section 5.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

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
    """Return ``tau[outcome]`` of both outcomes, and their correlation.

    Raises
    ------
    ModelError
        If the table has not two outcomes, or one twice in a study.
    """
    names = kinds(layout)
    if not names:
        return (RHO,)
    _require_two(layout)
    taus = [replace(TAU, dim=OUTCOME, label=name, outcome=name, relative=place > 0,
                    says=f"SD between studies, {name}")
            for place, name in enumerate(names)]  # fmt: skip
    return (*taus, RHO)


def _require_two(layout: Layout) -> None:
    names, trials = layout.groups[OUTCOME], layout.groups[TRIAL]
    if len(names) != _TWO:
        several = "keep the rows of two of them" if len(names) > _TWO else "use random-effects"
        raise ModelError(
            f"The model is of two outcomes, and the table has {len(names)}: "
            f"{', '.join(names.labels)}; {several}."
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


def covariance(values: Values, rows: Rows) -> Blocks:
    """Return the covariance of the effects of each study."""
    trials, outcomes = rows.groups[TRIAL], rows.groups[OUTCOME]
    sd = _each(values, outcomes)[..., trials.member]  # type: ignore[index]
    which = outcomes.code[trials.member]
    same = (which[:, :, np.newaxis] == which[:, np.newaxis, :]).astype(float)
    correlation = same + raised(values[RHO.name], 2) * (1 - same)
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


def study_effects(
    centre: "TensorVariable", values: Values, rows: Rows, *, centred: bool = False
) -> "TensorVariable":
    """Return ``theta``, dims (study,), inside a ``pm.Model``.

    Each study has two standard normal deviates; the second outcome's effect leans on the first's.
    """
    import pymc as pm
    import pytensor.tensor as pt

    trials, outcomes = rows.groups[TRIAL], rows.groups[OUTCOME]
    rho = values[RHO.name]
    deviation = pm.Normal("theta_deviation", 0.0, 1.0, dims=(TRIAL, OUTCOME))
    own, leaning = deviation[:, 0], rho * deviation[:, 0] + (1 - rho**2) ** 0.5 * deviation[:, 1]
    scaled = pt.stack([own, leaning], axis=1)[trials.code, outcomes.code]
    return pm.Deterministic(
        schema.THETA, centre + _each(values, outcomes) * scaled, dims=schema.STUDY
    )


def new_study(
    centre: FloatArray, values: Values, generator: np.random.Generator, kind: str = ""
) -> FloatArray:
    """Draw effects of one outcome in new studies, normal around their centres."""
    return centre + values[_tau(kind)] * generator.standard_normal(centre.shape)
