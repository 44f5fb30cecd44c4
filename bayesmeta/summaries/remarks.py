"""What a reader of a summary must be told beside its numbers."""

import numpy as np

from bayesmeta import schema
from bayesmeta.priors import Context, is_proper
from bayesmeta.priors import density as prior_density
from bayesmeta.priors.family import Density
from bayesmeta.spec import Prior, parse_prior
from bayesmeta.studies.times import time_unit
from bayesmeta.summaries import digits
from bayesmeta.summaries.quantities import density, interval
from bayesmeta.summaries.view import View
from bayesmeta.summaries.wording import counted

_FEW = 3
"""With so few studies tau's prior is told beside its posterior."""
_SAME = 0.2
"""A Hellinger distance below which a posterior is its prior."""
_POINTS = 2000
_WIDE = 1.0
_SCALES = ("sigma", "beta", "scale")
"""What a half-bell calls its scale."""

APPROXIMATE = (
    "Estimates and intervals of single studies are approximate, with 1/2 added where there is "
    "no event; the model is fitted to the counts as they are."
)
"""Said where estimates are for display, and the model is fitted to counts."""
_FRACTION = (
    "I² sets tau² beside the typical variance of these approximate estimates; the model itself has "
    "no such variance."
)


def at_mean(view: View) -> str:
    """Return where pooled effect and new study stand, with the moderators' means."""
    means = view.design_mean
    if not view.terms or means is None:
        return ""
    shown = "; ".join(map(_mean, view.terms, means))
    return (
        "Pooled effect and new study: where each moderator has its mean over the studies "
        f"({shown})."
    )


def _mean(term: str, mean: float) -> str:
    """Return a moderator's mean with the unit that its name says."""
    unit = time_unit(term) if term.isidentifier() else ""
    number = f"{mean:.3g}"
    return f"{term} {number}{f' {counted(number, unit)}' if unit else ''}"


def remarks(view: View) -> list[str]:
    """Return what estimates and tau are where they are not the usual; and on priors and slopes."""
    return [*approximations(view), *_deviation(view), *_straight(view), *_wide(view), *_few(view)]


def approximations(view: View) -> list[str]:
    """Say what rests on estimates that merely approximate what the counts say."""
    return [APPROXIMATE, *fractions(view)] if view.is_approximate else []


def fractions(view: View) -> list[str]:
    """Say what I² compares tau with, where that is of approximate estimates."""
    told = view.is_approximate and schema.I2 in view.names.main
    return [_FRACTION] if told else []


def _deviation(view: View) -> list[str]:
    """Say what tau is where it is not the SD of study effects, and that SD."""
    said, ratio = ("", 1.0) if view.kernel is None else view.kernel.deviation(view.fixed)
    if not said or schema.TAU not in view.hyperparameters:
        return [f"{said}."] if said else []
    if not np.isfinite(ratio):
        return [f"{said}; that is infinite here." if np.isinf(ratio) else f"{said}."]
    lower, upper = interval(view, schema.TAU)
    middle = float(view.quantity(schema.TAU).quantile(np.array([0.5]))[0])
    places = digits.column_places([ratio * middle / 2])
    three = [digits.fixed(ratio * each, places) for each in (middle, lower, upper)]
    return [f"{said}: that is {ratio:.3f} tau, median {three[0]} [{three[1]} to {three[2]}]."]


def _straight(view: View) -> list[str]:
    return [
        f"The slope of {term} takes a straight line as certain; the duration analysis averages "
        "over shapes, with no change among them, and so may say less."
        for term in view.terms
        if time_unit(term) and term.isidentifier()
    ]


def _prior(view: View) -> Prior | None:
    text = view.record("priors").get(schema.TAU)
    return None if text is None else parse_prior(str(text))


def _wide(view: View) -> list[str]:
    """Remark a prior of tau that is wide for a logarithm of a ratio, with the number."""
    prior = _prior(view)
    if prior is None or not view.is_ratio:
        return []
    what, size = _size(view, prior)
    if not size > _WIDE:
        return []
    factor = np.exp(1.96 * 2 * min(size, 100.0))
    sentence = (
        f"The prior of tau has the {what} {size:.4g} on the log scale: with such a tau the "
        f"middle 95 % of studies differ by a factor of {factor:.3g}; 0.5 is usual for ratios."
    )
    return [sentence]


def _size(view: View, prior: Prior) -> tuple[str, float]:
    """Return the scale of a half-bell on tau, of any other proper prior the median, else nan.

    The sigma of a log-normal prior is no size of tau.
    """
    if prior.value is not None:
        return "value", np.nan
    own = [prior.parameters[name] for name in _SCALES if name in prior.parameters]
    half = prior.distribution.startswith("Half") and prior.on != "tau2"
    if half and own and isinstance(own[0], float):
        return "scale", own[0]
    return "median", _median(view, prior) if is_proper(prior) else np.nan


def _median(view: View, prior: Prior) -> float:
    own = prior_density(prior, Context(view.studies.standard_error, view.studies.design))
    return float(own.quantile(np.array([0.5]))[0])


def _few(view: View) -> list[str]:
    """Say tau's prior beside its posterior where there are few studies."""
    prior = _prior(view)
    known = view.is_exact and schema.TAU in view.hyperparameters
    if prior is None or not known or len(view.studies.labels) > _FEW or not is_proper(prior):
        return []
    own = prior_density(prior, Context(view.studies.standard_error, view.studies.design))
    lower, median, upper = (float(x) for x in own.quantile(np.array([0.025, 0.5, 0.975])))
    posterior = interval(view, schema.TAU)
    middle = float(view.quantity(schema.TAU).quantile(np.array([0.5]))[0])
    distance = _distance(view, own)
    verdict = "here tau is its prior" if distance < _SAME else "the data moved it"
    places = digits.column_places([median / 2])
    ends = [digits.fixed(float(x), places) for x in (lower, upper, *posterior)]
    unit = f" {view.word('unit')}" if view.word("unit") else ""
    sentence = (
        f"tau: prior median {digits.fixed(median, places)}{unit} [{ends[0]} to {ends[1]}], "
        f"posterior median {digits.fixed(middle, places)} [{ends[2]} to {ends[3]}]; "
        f"Hellinger distance {distance:.2f} (0: the same, 1: apart): {verdict}."
    )
    return [sentence]


def _distance(view: View, prior: Density) -> float:
    """Return sqrt(1 - integral of sqrt(prior * posterior)) by midpoints of the prior."""
    share = (np.arange(_POINTS) + 0.5) / _POINTS
    at = np.asarray(prior.quantile(share), dtype=float)
    ratio = density(view, schema.TAU, at) / np.exp(prior.log_density(at))
    return float(np.sqrt(max(0.0, 1 - float(np.sqrt(ratio).mean()))))
