"""Study effects that spread differently by level of a column.

Given centre c and the level l of a study, with one standard deviation a level::

    theta     ~ Normal(c, tau[l])
"""

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import NO_LAYOUT, ColumnRole, Diagonal, Layout, Quantity, Rows, Values
from bayesmeta.derived import Derived
from bayesmeta.parameters import Parameter
from bayesmeta.random_effects.normal import TAU

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

NORMAL = True
KIND = LEVEL = "level"
SPREAD = None
ROLES = (ColumnRole(LEVEL, "which level of tau a study has"),)


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return one tau a level, ``tau[level]``."""
    return tuple(
        replace(TAU, dim=LEVEL, label=level, says=f"SD between studies, {level}")
        for level in kinds(layout)
    )


def derived(layout: Layout = NO_LAYOUT) -> tuple[Derived, ...]:
    """Return the ratio of the taus of each pair of levels."""
    return tuple(_ratio(*pair) for pair in combinations(kinds(layout), 2))


def _ratio(level: str, other: str) -> Derived:
    upper, lower = _tau(level), _tau(other)
    return Derived(
        "tau_ratio",
        upper,
        lambda values: 1 / values[lower],
        over=lower,
        dim="tau_contrast",
        label=f"{level} vs {other}",
        says=f"{upper} / {lower}",
        claim=f"{upper} > {lower}",
    )


def kinds(layout: Layout) -> tuple[str, ...]:
    """Return the levels, in the order of the table."""
    return layout.groups[LEVEL].labels if LEVEL in layout.groups else ()


def covariance(values: Values, rows: Rows) -> Diagonal:
    """Return tau[level]**2 for each study."""
    groups = rows.groups[LEVEL]
    each = [values[_tau(level)] ** 2 * (groups.code == place)
            for place, level in enumerate(groups.labels)]  # fmt: skip
    return Diagonal(sum(each))


def _tau(level: str) -> str:
    return f"{schema.TAU}[{level}]"


def new_variance(values: Values, kind: str = "") -> Quantity:
    """Return tau[level]**2 of a new study's level."""
    return values[_tau(kind)] ** 2


def study_effects(
    centre: "TensorVariable", values: Values, rows: Rows, *, centred: bool = False
) -> "TensorVariable":
    """Return ``theta``, dims (study,), inside a ``pm.Model``."""
    import pymc as pm

    spread = covariance(values, rows).variance ** 0.5
    if centred:
        return pm.Normal(schema.THETA, centre, spread, dims=schema.STUDY)
    deviation = pm.Normal("theta_deviation", 0.0, 1.0, dims=schema.STUDY)
    return pm.Deterministic(schema.THETA, centre + spread * deviation, dims=schema.STUDY)


def new_study(
    centre: FloatArray, values: Values, generator: np.random.Generator, kind: str = ""
) -> FloatArray:
    """Draw effects of new studies of a level, normal around their centres."""
    return centre + values[_tau(kind)] * generator.standard_normal(centre.shape)
