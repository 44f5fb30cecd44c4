"""The prior map: a summary over a grid of prior scales and families."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import require_one_spread
from bayesmeta.engines.integration import structure_of
from bayesmeta.engines.quadrature import Problem
from bayesmeta.errors import AnalysisError
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import normal
from bayesmeta.refits.exact import refit_priors
from bayesmeta.refits.normals import normals
from bayesmeta.sensitivity.cells import Answer, Cells
from bayesmeta.sensitivity.conclusion import conclusion, require_threshold
from bayesmeta.sensitivity.families import DEFAULT_FAMILIES, ScaleFamily, scale_families
from bayesmeta.sensitivity.named import named_places, named_priors
from bayesmeta.sensitivity.numbers import p_benefit
from bayesmeta.sensitivity.prior_grid import PriorGrid
from bayesmeta.sensitivity.question import Asking, Question, ask
from bayesmeta.sensitivity.scales import check_scales, default_mu_sds, default_tau_scales
from bayesmeta.spec import ModelSpec, Prior

if TYPE_CHECKING:
    import xarray as xr

FAMILY, TAU_SCALE, MU_SD, NAMED = "family", "tau_scale", "mu_sd", "named"
DIMENSIONS = (FAMILY, TAU_SCALE, MU_SD)

type Statistic = Callable[[Cells, Question], Answer]


def _p_benefit(cells: Cells, question: Question) -> Answer:
    return cells.probability(question.null, above=question.benefit == "higher")


def _quantile(tail: float) -> Statistic:
    """Return the quantile at a share of the interval's level: -1 lower, 0 median, 1 upper."""
    return lambda cells, question: cells.quantile(0.5 + tail * question.interval / 2)


STATISTICS: Mapping[str, Statistic] = {
    "p_benefit": _p_benefit,
    "median": _quantile(0.0),
    "lower": _quantile(-1.0),
    "upper": _quantile(1.0),
    "mean": lambda cells, _: cells.mean(),
    "sd": lambda cells, _: cells.sd(),
}
"""What a map can show of the quantity."""


def prior_map(  # noqa: PLR0913  (a map's axes, each by its name)
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    tau_scales: Sequence[float] | FloatArray | None = None,
    mu_sds: Sequence[float] | FloatArray | None = None,
    families: Sequence[str | Prior] = DEFAULT_FAMILIES,
    statistics: Sequence[str] = ("median", "lower", "upper", "p_benefit"),
    threshold: float = 0.975,
    named: Mapping[str, Mapping[str, Prior | str]] | None = None,
    **asking: Unpack[Asking],
) -> "xr.Dataset":
    """Return summaries of a quantity over tau's prior scale, mu's prior SD, and families.

    All cells are one array computation: what the studies say at a value of tau is summed once.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`.
    tau_scales
        Scales of tau's prior, in the outcome's unit; 50 from a fortieth to twice the
        unit-information SD by default (of the data's spread where participants are unknown).
    mu_sds
        SDs of the normal prior of mu (of the slope, where a slope is asked for), in the outcome's
        unit, ``inf`` for flat; 50 from a twentieth to ten times that SD by default.
    families
        Names in ``SCALE_FAMILIES``, or priors that stand for scale 1.
    statistics
        Any of ``median, lower, upper, p_benefit, mean, sd``.
    threshold
        P(benefit) from which on benefit is concluded; harm is at the mirror image.
    named
        Priors to mark besides those of `named_priors`.
    **asking
        The question, and the model's other choices: see `question.ask`.

    Returns
    -------
    xarray.Dataset
        Each statistic and its numerical error (``median_error`` ...), dims
        (family, tau_scale, mu_sd); with ``p_benefit``, ``conclusion`` (1 benefit, -1 harm, 0
        neither). The named priors that lie on the map, dims (named,).

    Raises
    ------
    AnalysisError
        If a scale, statistic or threshold makes no sense, or the model has no tau.
    PriorError
        If a family has no scale, or a coefficient's prior is neither normal nor flat.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> from bayesmeta.sensitivity import prior_map
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    >>> found = prior_map(effects, tau_scales=[5.0, 10.0], mu_sds=[100.0], families=["HalfNormal"])
    >>> found["median"].sel(family="HalfNormal", tau_scale=10.0, mu_sd=100.0).item().__round__(3)
    -14.589
    """
    question = ask(effects, model, **asking)
    require_one_spread(question.assembly.model, "prior_map")
    _check(question, statistics, threshold)
    chosen = scale_families(families)
    scales = check_scales(
        default_tau_scales(question.assembly) if tau_scales is None else tau_scales, "tau_scales"
    )
    sds = check_scales(
        default_mu_sds(question.assembly, varied(question)) if mu_sds is None else mu_sds,
        "mu_sds",
        infinite=True,
    )
    grid = _grid(question, scales, sds)
    found = [_summaries(grid, family, question, statistics) for family in chosen]
    arrays = {name: np.stack([one[name] for one in found]) for name in found[0]}
    if "p_benefit" in arrays:
        arrays["conclusion"] = conclusion(arrays["p_benefit"], threshold).astype(float)
    coordinates = {FAMILY: [family.name for family in chosen], TAU_SCALE: scales, MU_SD: sds}
    places = named_places(named_priors(question.assembly, named), chosen, varied(question))
    return _dataset(
        arrays, coordinates, places, _attributes(question, threshold) | _own(question, threshold)
    )


def varied(question: Question) -> str:
    """Return the coefficient whose prior SD is varied: the slope asked for, or else mu."""
    return question.coefficient or schema.MU


def _check(question: Question, statistics: Sequence[str], threshold: float) -> None:
    require_threshold(threshold)
    if not question.assembly.hyperparameters:
        raise AnalysisError("A common-effect model has no prior on tau to vary.")
    unknown = [name for name in statistics if name not in STATISTICS]
    if unknown or not statistics:
        raise AnalysisError(
            f"statistics: {', '.join(unknown) or 'none'}; known: {', '.join(STATISTICS)}."
        )


def _grid(question: Question, scales: FloatArray, sds: FloatArray) -> PriorGrid:
    assembly = question.assembly
    name = varied(question)
    own = assembly.priors[name]
    found = normal(own)
    known = found is not None and not found.is_flat
    centre = own if known else Prior("Normal", {"mu": 0.0, "sigma": 1.0})
    stated = normals({**assembly.priors, name: centre}, assembly.coefficients)
    precision = np.tile(stated.precision, (sds.size, 1))
    precision[:, assembly.coefficients.index(name)] = sds**-2.0
    effects = assembly.effects
    problem = Problem(
        estimate=effects.estimate[np.newaxis],
        variance=effects.standard_error[np.newaxis] ** 2,
        design=assembly.design[np.newaxis],
        prior_mean=stated.mean[np.newaxis, np.newaxis],
        prior_precision=precision[:, np.newaxis],
        log_prior=None,
        structure=structure_of(assembly),
    )
    return PriorGrid(problem, question.row, scales)


def _summaries(
    grid: PriorGrid, family: ScaleFamily, question: Question, statistics: Sequence[str]
) -> dict[str, FloatArray]:
    cells = grid.cells(family, new_study=question.new_study)
    answers = {name: STATISTICS[name](cells, question) for name in statistics}
    values = {name: answer.value for name, answer in answers.items()}
    return values | {f"{name}_error": answer.error for name, answer in answers.items()}


def _own(question: Question, threshold: float) -> dict[str, float | int]:
    """Return P(benefit) and conclusion under the analysis' own priors."""
    probability = p_benefit(refit_priors(question.assembly, [question.assembly.priors]), question)
    return {
        "own_p_benefit": float(probability[0]),
        "own_conclusion": int(conclusion(probability, threshold)[0]),
    }


def _attributes(question: Question, threshold: float) -> dict[str, str | float]:
    effects = question.assembly.effects
    return {
        "quantity": question.quantity, "event": question.symbol, "benefit": question.benefit,
        "null": question.null, "interval": question.interval, "threshold": threshold,
        "prior_of": varied(question), "measure": effects.measure, "unit": effects.unit,
        "outcome": effects.outcome,
    }  # fmt: skip


def _dataset(
    arrays: Mapping[str, FloatArray],
    coordinates: Mapping[str, object],
    places: Mapping[str, tuple[str, list[str] | list[float]]],
    attributes: Mapping[str, str | float],
) -> "xr.Dataset":
    import xarray as xr

    variables = {name: (DIMENSIONS, array) for name, array in arrays.items()}
    return xr.Dataset({**variables, **places}, coords=dict(coordinates), attrs=dict(attributes))
