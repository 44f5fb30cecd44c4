"""How sceptical or how wide a prior must be before the conclusion tips."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.errors import AnalysisError, PriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import cdf, is_proper, needs_context, quantile
from bayesmeta.refits.batch import Priors
from bayesmeta.refits.exact import refit_priors
from bayesmeta.sensitivity.answerable import require_closed, require_few
from bayesmeta.sensitivity.conclusion import require_threshold
from bayesmeta.sensitivity.empirical import empirical_taus
from bayesmeta.sensitivity.numbers import benefit_and_end
from bayesmeta.sensitivity.posing import Asking, ask
from bayesmeta.sensitivity.prior_sensitivity import attributes
from bayesmeta.sensitivity.question import Question
from bayesmeta.sensitivity.scale_axes import HYPERPARAMETERS, ScaleAxis, points, scale_axes
from bayesmeta.sensitivity.scales import base_scale
from bayesmeta.sensitivity.tipping_search import SCAN, Margins, tips
from bayesmeta.sensitivity.tipping_words import Tip, placement, sentence
from bayesmeta.spec import ModelSpec, Prior
from bayesmeta.within import is_number

if TYPE_CHECKING:
    import pandas as pd


def tipping_point(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    thresholds: Sequence[float] = (0.9, 0.95, 0.975),
    empirical: Mapping[str, Prior] | None = None,
    **asking: Unpack[Asking],
) -> "pd.DataFrame":
    """Return the priors at which the conclusion tips: reverse Bayes, by root finding.

    The prior of mu (of the slope, where a slope is asked for) is made narrower and wider around
    its centre; so is the prior of tau (of several, the first), all else kept. On each side the
    scale nearest to the analysis' own is found at which P(benefit) crosses a threshold, or an end
    of the interval touches the null.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`.
    thresholds
        Of P(benefit).
    empirical
        Proper distributions of tau in the outcome's unit by name: each row says which quantile of
        them the tipping prior's median is. By default those of `empirical_taus`.
    **asking
        The question, and the model's other choices: ``help("bayesmeta.sensitivity.ask")``.

    Returns
    -------
    DataFrame
        A row a prior and criterion. ``holds``: whether the criterion holds under the analysis'
        own prior, at ``own_scale``. ``narrower`` and ``wider``: the nearest scales below and
        above at which that changes, with errors, and as multiples of ``base`` (the
        unit-information SD, or the data's spread where participants are unknown); NaN where
        there is no such prior between a thousandth and a thousand times the base.
        ``narrower_prior``, ``wider_prior``; ``sentence``, for a discussion section.

    Raises
    ------
    AnalysisError
        If a threshold is not between 0.5 and 1.
    ModelError
        If there are more than two hyperparameters.
    PriorError
        If an empirical distribution has no total mass.

    References
    ----------
    Held L, Matthews R, Ott M,
    Pawel S (2022). Reverse-Bayes methods for evidence assessment and research synthesis. Res
    Synth Methods 13(3):295-314.

    Examples
    --------
    Specialist stroke care (Normand 1999): with a half-normal prior on tau, benefit is as probable
    as 0.975 until its scale is 8.9 days.

    >>> import bayesmeta as bm
    >>> from bayesmeta.sensitivity import tipping_point
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    >>> own = {"tau": {"distribution": "HalfNormal", "sigma": 0.25, "unit": "uisd"}}
    >>> table = tipping_point(effects, priors=own, thresholds=[0.975])
    >>> round(float(table.loc[("tau", "P(mu < 0) = 0.975"), "wider"]), 1)
    8.9
    """
    import pandas as pd

    question = ask(effects, model, **asking)
    question.require_null("tipping_point")
    require_closed(question.assembly, "tipping_point")
    require_few(question.assembly, "tipping_point", most=HYPERPARAMETERS)
    thresholds = [thresholds] if is_number(thresholds) else thresholds
    if isinstance(thresholds, str):
        raise AnalysisError(f"thresholds is {thresholds!r}; give numbers, such as [0.975].")
    for threshold in thresholds:
        require_threshold(threshold)
    chosen = _checked(empirical_taus(question.assembly.effects) if empirical is None else empirical)
    axes, margins = scale_axes(question), _margins(question, thresholds)
    names = [f"P({question.symbol}) = {threshold:g}" for threshold in thresholds]
    names.append(f"{100 * question.interval:g} % interval touches {question.null:g}")
    count = points(question, SCAN)
    found = zip(axes, tips(question.assembly.priors, axes, margins, scan=count), strict=True)
    rows = [
        _row(question, axis, name, pair, chosen)
        for axis, every in found
        for name, pair in zip(names, every, strict=True)
    ]
    table = pd.DataFrame(rows).set_index(["prior_of", "criterion"])
    table.attrs = attributes(question) | {"base": base_scale(question.assembly.effects)[1]}
    return table


def _checked(empirical: Mapping[str, Prior]) -> Mapping[str, Prior]:
    for name, prior in empirical.items():
        if not is_proper(prior) or needs_context(prior):
            raise PriorError(f"empirical: {name}: {prior} is no distribution to look tau up in.")
    return empirical


def _margins(question: Question, thresholds: Sequence[float]) -> Margins:
    """Return the margins of P(benefit) over each threshold, then of the interval from the null."""
    side = 1.0 if question.benefit == "lower" else -1.0

    def margins(priors: Sequence[Priors]) -> FloatArray:
        found = refit_priors(question.assembly, priors, coefficients_alone=True)
        probability, end = benefit_and_end(found, question).T
        above = [probability - threshold for threshold in thresholds]
        return np.column_stack([*above, side * (question.null - end)])

    return margins


def _row(
    question: Question, axis: ScaleAxis, criterion: str, pair: tuple[Tip, Tip],
    empirical: Mapping[str, Prior],
) -> dict[str, object]:  # fmt: skip
    narrower, wider = pair
    found = {
        "prior_of": axis.parameter, "criterion": criterion, "holds": narrower.holds,
        "own_scale": axis.own, "own_in_base": axis.own / axis.base,
    }  # fmt: skip
    for side, tip in (("narrower", narrower), ("wider", wider)):
        found |= {
            side: tip.scale, f"{side}_error": tip.error, f"{side}_in_base": tip.scale / axis.base,
            f"{side}_prior": str(axis.member(tip.scale)) if np.isfinite(tip.scale) else "",
        }  # fmt: skip
        found |= _placed(axis, tip, side, empirical)
    found["sentence"] = sentence(question, axis, criterion, narrower=narrower, wider=wider)
    found["sentence"] = f"{found['sentence']}{placement(found, empirical)}"
    return found


def _placed(
    axis: ScaleAxis, tip: Tip, side: str, empirical: Mapping[str, Prior]
) -> dict[str, float]:
    """Return which quantile of each empirical distribution the tipping prior's median is."""
    known = axis.parameter == schema.TAU and np.isfinite(tip.scale)
    median = float(quantile(axis.member(tip.scale), 0.5)) if known else np.nan
    return {
        f"{side}_quantile in {name}": float(cdf(prior, median)) if known else np.nan
        for name, prior in empirical.items()
    }
