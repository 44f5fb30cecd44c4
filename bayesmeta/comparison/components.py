"""The classical rows of a model of several variance components, or of rows that are joined."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, takes_repeated
from bayesmeta.comparison.row import Row
from bayesmeta.covariance import Covariance
from bayesmeta.errors import ModelError
from bayesmeta.frequentist.cluster_robust import Robust, robust, rows_of
from bayesmeta.frequentist.components import Components, components
from bayesmeta.frequentist.design import design_of
from bayesmeta.frequentist.distributions import chi_square_tail, two_sided_quantile
from bayesmeta.parameters import Parameter

REML, CR2 = "REML", "REML+CR2"
_LEGEND = (
    "Bayesian rows: medians and central intervals, exact. Classical rows: REML of "
    "{names}{working}; Wald interval, and +CR2: cluster-robust standard error with Satterthwaite's "
    "degrees of freedom (Pustejovsky and Tipton 2018), by {blocks}."
)


class Rows(NamedTuple):
    """The classical rows, what to say of them, and why some are missing."""

    rows: list[Row]
    legend: str
    messages: list[str]


def has_components(assembly: Assembly) -> bool:
    """Return whether classical rows have to know more than one tau of independent rows."""
    return takes_repeated(assembly.model) or len(standard_deviations(assembly)) > 1


def standard_deviations(assembly: Assembly) -> list[Parameter]:
    """Return those that are not fixed, if covariances are sums of their squares."""
    every = assembly.parts.heterogeneity.parameters(assembly.layout)
    if not all(item.is_positive and item.unit_power == 1 for item in every):
        return []
    return [item for item in every if item.name not in assembly.fixed]


def component_rows(
    assembly: Assembly,
    combinations: Mapping[str, FloatArray],
    *,
    level: float,
    fixed: Mapping[str, float],
) -> Rows:
    """Return REML's row and the cluster-robust one, a combination at a time.

    Parameters
    ----------
    fixed
        Numbers that stand for hyperparameters in the analysis: the classical rows take them too.

    Raises
    ------
    ModelError
        If the model's covariance is no sum of variance components.
    """
    free = [item for item in standard_deviations(assembly) if item.name not in fixed]
    working = working_values(assembly, fixed)
    found = _components(assembly, free, {**fixed, **working})
    messages, sandwich = [], None
    try:
        sandwich = _robust(assembly, found)
    except ModelError as error:
        messages.append(f"Left out: {CR2}. {error}")
    rows = [
        row
        for name, combination in combinations.items()
        for row in _rows(assembly, found, sandwich, combination, name=name, level=level, free=free)
    ]
    return Rows(rows, _legend(assembly, free, working), messages)


def working_values(assembly: Assembly, fixed: Mapping[str, float]) -> dict[str, float]:
    """Return the values that classical rows take for correlations that are not known."""
    part = assembly.parts.sampling
    own = part.parameters(assembly.layout)
    return {item.name: part.WORKING[item.name] for item in own if item.name not in fixed}


def _components(
    assembly: Assembly, free: list[Parameter], given: Mapping[str, float]
) -> Components:
    def spread(deviations: FloatArray) -> Covariance:
        values = dict(zip((item.name for item in free), deviations.tolist(), strict=True))
        every = {name: np.array([value]) for name, value in {**given, **values}.items()}
        return assembly.parts.covariance(every, assembly.rows)

    if not free and assembly.parts.heterogeneity.parameters(assembly.layout):
        _require_sum(assembly, given)
    design = design_of(assembly.design)
    return components(assembly.effects.estimate, design, spread, assembly.blocks, len(free))


def _require_sum(assembly: Assembly, given: Mapping[str, float]) -> None:
    """Raise unless all hyperparameters have numbers, where none is a variance component."""
    every = assembly.parts.heterogeneity.parameters(assembly.layout)
    unknown = [item.name for item in every if item.name not in given]
    if unknown:
        raise ModelError(
            f"There are no classical rows for model {assembly.model.name}: its covariance is no "
            f"sum of variance components ({', '.join(unknown)})."
        )


def _robust(assembly: Assembly, found: Components) -> Robust:
    rows = rows_of(assembly.blocks)
    blocks = [found.covariance[place][: len(own), : len(own)] for place, own in enumerate(rows)]
    return robust(assembly.effects.estimate, blocks, design_of(assembly.design), assembly.blocks)


def _rows(  # noqa: PLR0913  (one coefficient of one fit)
    assembly: Assembly, found: Components, sandwich: Robust | None, combination: FloatArray, *,
    name: str, level: float, free: list[Parameter],
) -> list[Row]:  # fmt: skip
    estimate = float(combination @ found.coefficients)
    se = math.sqrt(combination @ found.inverse @ combination)
    shared = {"coefficient": name, "priors": "", "estimate": estimate,
              **_heterogeneity(assembly, found, free)}  # fmt: skip
    wald: Row = {"method": REML, "kind": "Wald", **shared, "se": se}
    rows = [wald | _ends(estimate, se, two_sided_quantile(level, math.inf))
            | _prediction(assembly, found, free, se=se, level=level, name=name)]  # fmt: skip
    if sandwich is not None:
        own, freedom = sandwich.se(combination), sandwich.freedom(combination)
        half = _ends(estimate, own, two_sided_quantile(level, freedom))
        rows.append({"method": CR2, "kind": "Cluster-robust", **shared, "se": own,
                     "degrees_of_freedom": freedom} | half)  # fmt: skip
    return rows


def _ends(estimate: float, se: float, quantile: float) -> Row:
    return {"lower": estimate - quantile * se, "upper": estimate + quantile * se}


def _heterogeneity(assembly: Assembly, found: Components, free: list[Parameter]) -> Row:
    spare = len(assembly.effects) - len(found.coefficients)
    row: Row = {"Q": found.Q, "Q_p": chi_square_tail(found.Q, spare)}
    named = dict(zip((item.name for item in free), found.deviations.tolist(), strict=True))
    if schema.TAU in named:
        row |= {"tau": named[schema.TAU], "tau2": named[schema.TAU] ** 2}
    return row


def _prediction(
    assembly: Assembly, found: Components, free: list[Parameter], *, se: float, level: float,
    name: str,
) -> Row:  # fmt: skip
    """Return where the effect in a new study lies, where all new studies are alike."""
    part = assembly.parts.heterogeneity
    if name != schema.MU or part.kinds(assembly.layout) != ("",):
        return {}
    named = zip((item.name for item in free), found.deviations.tolist(), strict=True)
    values = {**assembly.fixed, **dict(named)}
    if any(item.name not in values for item in part.parameters(assembly.layout)):
        return {}
    spread = math.sqrt(se**2 + float(np.asarray(part.new_variance(values))))
    quantile = two_sided_quantile(level, math.inf)
    estimate = float(found.coefficients[0])
    return {"pi_lower": estimate - quantile * spread, "pi_upper": estimate + quantile * spread}


def _legend(assembly: Assembly, free: list[Parameter], working: Mapping[str, float]) -> str:
    names = ", ".join(item.name for item in free) or "nothing, all being fixed"
    at = ", ".join(f"{name} = {value:g}" for name, value in working.items())
    said = f", at a working {at} that CR2 does not rest on" if at else ""
    return _LEGEND.format(names=names, working=said, blocks=assembly.block_name)
