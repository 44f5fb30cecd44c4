"""The prior map: a summary over a grid of prior scales and families."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack, cast

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import require_one_spread
from bayesmeta.errors import AnalysisError
from bayesmeta.measures.effects import Effects
from bayesmeta.mixtures import NormalMixture
from bayesmeta.priors import normal
from bayesmeta.refits.batch import Part, Refit, Refits
from bayesmeta.refits.exact import refit_priors
from bayesmeta.refits.existence import Existence
from bayesmeta.refits.posing import problem_of
from bayesmeta.refits.prior_grid import PriorGrid
from bayesmeta.sensitivity.conclusion import conclusion, require_threshold
from bayesmeta.sensitivity.families import DEFAULT_FAMILIES, ScaleFamily, scale_families
from bayesmeta.sensitivity.named import named_places, named_priors
from bayesmeta.sensitivity.numbers import asked_of, benefit, p_benefit, pair, quantiles
from bayesmeta.sensitivity.question import Asking, Question, ask
from bayesmeta.sensitivity.scales import check_scales, default_mu_sds, default_tau_scales
from bayesmeta.spec import ModelSpec, Prior

if TYPE_CHECKING:
    import xarray as xr

FAMILY, TAU_SCALE, MU_SD, NAMED = "family", "tau_scale", "mu_sd", "named"
DIMENSIONS = (FAMILY, TAU_SCALE, MU_SD)

_NOTHING = 1e-18
"""Nodes of less weight are other cells'."""

type Statistic = Callable[[NormalMixture, Question], FloatArray]
"""Values and errors, shape (cell, 2)."""


def _quantile(tail: float) -> Statistic:
    """Return the quantile at a share of the interval's level: -1 lower, 0 median, 1 upper."""
    return lambda found, question: quantiles(found, np.array([0.5 + tail * question.interval / 2]))[
        ..., 0
    ]


STATISTICS: Mapping[str, Statistic] = {
    "p_benefit": lambda found, question: pair(
        benefit(question, found), benefit(question, found.coarse())
    ),
    "median": _quantile(0.0),
    "lower": _quantile(-1.0),
    "upper": _quantile(1.0),
    "mean": lambda found, _: pair(found.mean(), found.coarse().mean()),
    "sd": lambda found, _: pair(found.sd(), found.coarse().sd()),
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
    shape = (scales.size, sds.size)
    found = [
        _summaries(_refits(question, family, scales, sds), question, statistics, shape)
        for family in chosen
    ]
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


def _refits(question: Question, family: ScaleFamily, scales: FloatArray, sds: FloatArray) -> Refits:
    """Return the posteriors of a family's cells, by scale and then by SD."""
    assembly = question.assembly
    own = normal(assembly.priors[varied(question)])
    centre = 0.0 if own is None or own.is_flat else own.mean
    each = [
        {**assembly.priors, varied(question): _prior(centre, sd), schema.TAU: family.one}
        for sd in sds.tolist()
    ]
    everyone = np.ones(len(assembly.effects))
    existence, refits = Existence(assembly), [Refit(priors, everyone) for priors in each]
    moments = [existence.moments(one) for one in refits]
    members = [family.member(scale) for scale in scales.tolist()]
    return PriorGrid(problem_of(assembly, refits), members, moments).refits()


def _prior(centre: float, sd: float) -> Prior:
    return Prior("flat") if np.isinf(sd) else Prior("Normal", {"mu": centre, "sigma": sd})


def _summaries(
    refits: Refits, question: Question, statistics: Sequence[str], shape: tuple[int, int]
) -> dict[str, FloatArray]:
    def function(part: Part) -> FloatArray:
        # One tau: the map knows mixtures of normals alone.
        found = cast("NormalMixture", asked_of(part, question)).pruned(_NOTHING)
        return np.stack([STATISTICS[name](found, question) for name in statistics], axis=1)

    cells = refits.gather(function)
    arrays: dict[str, FloatArray] = {}
    for place, name in enumerate(statistics):
        value, error = cells[:, place].T
        arrays |= {name: value.reshape(shape), f"{name}_error": error.reshape(shape)}
    return arrays


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
