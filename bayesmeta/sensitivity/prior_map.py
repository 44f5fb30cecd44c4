"""The prior map: a summary over a grid of prior scales and families."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack, cast

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, is_one_spread
from bayesmeta.errors import AnalysisError
from bayesmeta.measures.effects import Effects
from bayesmeta.mixtures import NormalMixture
from bayesmeta.priors import normal
from bayesmeta.refits.batch import Part, Refit, Refits
from bayesmeta.refits.exact import refit_priors
from bayesmeta.refits.existence import Existence
from bayesmeta.refits.posing import problem_of
from bayesmeta.refits.prior_grid import PriorGrid
from bayesmeta.sensitivity.answerable import require_closed, require_few
from bayesmeta.sensitivity.conclusion import conclusion, require_threshold
from bayesmeta.sensitivity.families import DEFAULT_FAMILIES, ScaleFamily, scale_families
from bayesmeta.sensitivity.named import named_places, named_priors
from bayesmeta.sensitivity.numbers import asked_of, benefit, p_benefit, pair, quantiles
from bayesmeta.sensitivity.posing import Asking, ask
from bayesmeta.sensitivity.question import Question
from bayesmeta.sensitivity.scale_axes import HYPERPARAMETERS
from bayesmeta.sensitivity.scales import check_scales, default_mu_sds, default_tau_scales
from bayesmeta.spec import ModelSpec, Prior

if TYPE_CHECKING:
    import xarray as xr

FAMILY, TAU_SCALE, MU_SD, NAMED = "family", "tau_scale", "mu_sd", "named"
DIMENSIONS = (FAMILY, TAU_SCALE, MU_SD)

_POINTS, _FEW_POINTS = 50, 8
_NOTHING = 1e-18
"""Nodes of less weight are other cells'."""

type Statistic = Callable[[NormalMixture, Question], FloatArray]
"""Values and errors, shape (cell, 2)."""


TAILS = {"median": 0.0, "lower": -1.0, "upper": 1.0}
"""Quantiles a map can show, at a share of the interval's level from the middle."""

STATISTICS: Mapping[str, Statistic] = {
    "p_benefit": lambda found, question: pair(
        benefit(question, found), benefit(question, found.coarse())
    ),
    "mean": lambda found, _: pair(found.mean(), found.coarse().mean()),
    "sd": lambda found, _: pair(found.sd(), found.coarse().sd()),
}
"""What else a map can show of the quantity."""


def prior_map(  # noqa: PLR0913  (a map's axes, each by its name)
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    tau_scales: Sequence[float] | FloatArray | None = None,
    mu_sds: Sequence[float] | FloatArray | None = None,
    families: Sequence[str | Prior] | None = None,
    statistics: Sequence[str] = ("median", "lower", "upper", "p_benefit"),
    threshold: float = 0.975,
    named: Mapping[str, Mapping[str, Prior | str]] | None = None,
    **asking: Unpack[Asking],
) -> "xr.Dataset":
    """Return summaries of a quantity over tau's prior scale, mu's prior SD, and families.

    All cells are one array computation: what the studies say at a value of tau is summed once.
    Where there are further hyperparameters it is the first tau's prior that varies, all others keep
    theirs, and each cell is integrated alone: the map then has fewer cells by default, and one
    family.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`.
    tau_scales
        Scales of tau's prior, in the outcome's unit; 50 (8) from a fortieth to twice the
        unit-information SD by default (of the data's spread where participants are unknown).
    mu_sds
        SDs of the normal prior of mu (of the slope, where a slope is asked for), in the outcome's
        unit, ``inf`` for flat; 50 (8) from a twentieth to ten times that SD by default.
    families
        Names in ``SCALE_FAMILIES``, or priors that stand for scale 1; by default half-normal and
        half-Cauchy.
    statistics
        Any of ``median, lower, upper, p_benefit, mean, sd``.
    threshold
        P(benefit) from which on benefit is concluded; harm is at the mirror image.
    named
        Priors to mark besides those of `named_priors`.
    **asking
        The question, and the model's other choices: ``help("bayesmeta.sensitivity.ask")``.

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
    ModelError
        If there are more than two hyperparameters.
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
    question.require_null("prior_map")
    _check(question, statistics, threshold)
    points, usual = _size(question.assembly)
    asked = [families] if isinstance(families, str | Prior) else families
    chosen = scale_families(usual if asked is None else asked)
    scales = default_tau_scales(question.assembly, points) if tau_scales is None else tau_scales
    scales = check_scales(scales, "tau_scales")
    sds = default_mu_sds(question.assembly, varied(question), points) if mu_sds is None else mu_sds
    sds = check_scales(sds, "mu_sds", infinite=True)
    shape = (scales.size, sds.size)
    found = [
        _summaries(_refits(question, family, scales, sds), question, statistics, shape)
        for family in chosen
    ]
    arrays = {name: np.stack([one[name] for one in found]) for name in found[0]}
    if "p_benefit" in arrays:
        arrays["conclusion"] = conclusion(arrays["p_benefit"], threshold).astype(float)
    coordinates = {FAMILY: [family.name for family in chosen], TAU_SCALE: scales, MU_SD: sds}
    marked = named_priors(question.assembly, named)
    places = named_places(marked, chosen, varied(question), _spread(question.assembly))
    return _dataset(
        arrays, coordinates, places, _attributes(question, threshold) | _own(question, threshold)
    )


def varied(question: Question) -> str:
    """Return the coefficient whose prior SD is varied: the slope asked for, or else mu."""
    return question.coefficient or question.assembly.coefficients[0]


def _spread(assembly: Assembly) -> str:
    """Return the tau whose prior is varied: the first standard deviation that is not fixed."""
    found = (item.name for item in assembly.hyperparameters if item.is_positive and item.unit_power)
    return next(found, "")


def _size(assembly: Assembly) -> tuple[int, Sequence[str]]:
    """Return the points an axis by default, and the families."""
    if is_one_spread(assembly.model):
        return _POINTS, DEFAULT_FAMILIES
    return _FEW_POINTS, DEFAULT_FAMILIES[:1]


def _check(question: Question, statistics: Sequence[str], threshold: float) -> None:
    require_closed(question.assembly, "prior_map")
    require_few(question.assembly, "prior_map", most=HYPERPARAMETERS)
    require_threshold(threshold)
    if not _spread(question.assembly):
        raise AnalysisError(
            f"The model '{question.assembly.model.name}' has no prior on tau to vary: it has no "
            "tau, or a number stands for it."
        )
    known = (*TAILS, *STATISTICS)
    unknown = [name for name in statistics if name not in known]
    if unknown or not statistics:
        raise AnalysisError(
            f"statistics: {', '.join(unknown) or 'none'}; known: {', '.join(known)}."
        )


def _refits(question: Question, family: ScaleFamily, scales: FloatArray, sds: FloatArray) -> Refits:
    """Return the posteriors of a family's cells, by scale and then by SD."""
    assembly, tau = question.assembly, _spread(question.assembly)
    own = normal(assembly.priors[varied(question)])
    centre = 0.0 if own is None or own.is_flat else own.mean
    each = [
        {**assembly.priors, varied(question): _prior(centre, sd), tau: family.one}
        for sd in sds.tolist()
    ]
    members = [family.member(scale) for scale in scales.tolist()]
    if not is_one_spread(assembly.model):
        return refit_priors(assembly, [{**one, tau: own} for own in members for one in each])
    everyone = np.ones(len(assembly.effects))
    existence, refits = Existence(assembly), [Refit(priors, everyone) for priors in each]
    moments = [existence.moments(one) for one in refits]
    return PriorGrid(problem_of(assembly, refits), members, moments).refits()


def _prior(centre: float, sd: float) -> Prior:
    return Prior("flat") if np.isinf(sd) else Prior("Normal", {"mu": centre, "sigma": sd})


def _summaries(
    refits: Refits, question: Question, statistics: Sequence[str], shape: tuple[int, int]
) -> dict[str, FloatArray]:
    cells = refits.gather(lambda part: _shown(part, question, statistics))
    arrays: dict[str, FloatArray] = {}
    for place, name in enumerate(statistics):
        value, error = cells[:, place].T
        arrays |= {name: value.reshape(shape), f"{name}_error": error.reshape(shape)}
    return arrays


def _shown(part: Part, question: Question, statistics: Sequence[str]) -> FloatArray:
    """Return values and errors, shape (cell, statistic, 2)."""
    # One tau: the map knows mixtures of normals alone.
    found = cast("NormalMixture", asked_of(part, question)).pruned(_NOTHING)
    columns = {name: STATISTICS[name](found, question) for name in statistics if name not in TAILS}
    asked = [name for name in statistics if name in TAILS]
    if asked:  # in one call: a quarter less time than one each
        levels = np.array([0.5 + TAILS[name] * question.interval / 2 for name in asked])
        columns |= dict(zip(asked, np.moveaxis(quantiles(found, levels), -1, 0), strict=True))
    return np.stack([columns[name] for name in statistics], axis=1)


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
        "quantity": question.quantity, "event": question.event, "benefit": question.benefit,
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
