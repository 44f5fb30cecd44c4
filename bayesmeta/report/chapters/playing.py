"""Other priors, fewer studies, cohorts that count less: what the page itself recomputes."""

from collections.abc import Sequence

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.cohorts.names import Names
from bayesmeta.report.asked import Asked
from bayesmeta.report.controls import (
    Normal,
    Spread,
    coefficient_priors,
    spread_of,
    tau_prior,
)
from bayesmeta.report.dial import Dial
from bayesmeta.report.document import Block, Chapter, Play, Words
from bayesmeta.summaries import wording
from bayesmeta.summaries.precision import LEVELS, Kind
from bayesmeta.summaries.tails import distance

_LEAD = (
    "Change a prior or leave out studies: every number below follows at once. The page computes "
    "them itself, by the same model's integral over tau, rather than looking them up: no grid of "
    "embedded answers would hold every subset of the studies. No data leave it. Priors and what "
    "moderators are centred at stay as they are when studies are left out, and each slider moves "
    "from a hundredth to a hundred times the analysis' own value. The report's other numbers do "
    "not follow."
)
_COHORTS = (
    "Effects of the {cohorts} are those of the {trials} plus a bias, the same in all {cohorts}, "
    "with the prior Normal({mean:g}, u): at u = 0 {at_zero}, at infinity the "
    "{cohorts} say nothing of the mean effect. The power a of their likelihood lets each count for "
    "a part of a study; at 0 they are left out of tau too. The mean effect and the new study are "
    "those of {trials}."
)
_SIMPLER = (
    "The report's model lets effects of the {cohorts} spread further than those of the {trials}; "
    "the controls take one tau for both, and so start from other numbers than the report's. Where "
    "the chapter on {trials} beside {cohorts} is there, its table has the same dial with both "
    "spreads, integrated."
)
_SCALES = {Kind.RATIO: "log scale", Kind.CORRELATION: "scale of Fisher's z",
           Kind.PROPORTION: "logit scale", Kind.RATE: "log scale"}  # fmt: skip
"""What the priors' sizes are on, where effects are read on another scale."""
_KINDS = {Kind.NUMBER: "number", Kind.RATIO: "ratio", Kind.CORRELATION: "correlation",
          Kind.PROPORTION: "proportion", Kind.RATE: "rate"}  # fmt: skip
"""What the page's scripts call the kinds of numbers."""
_NOT_OFFERED = "No controls are offered for this analysis: {reason}."


def playing(asked: Asked) -> Chapter:
    """Return the controls, or why the page's integral does not offer any."""
    data = play_data(asked)
    title = "Other priors, fewer studies"
    if isinstance(data, str):
        return Chapter("playing", title, (Words(_NOT_OFFERED.format(reason=data)),), is_live=True)
    blocks: list[Block] = [Words(_LEAD)]
    dial = data["dial"]
    if isinstance(dial, dict):
        mean, names = dial["mean"], _names(asked)._asdict()
        at_zero = f"that bias is {mean:g}" if mean else "both designs are pooled as one"
        blocks.append(Words(_COHORTS.format(mean=mean, at_zero=at_zero, **names)))
    if data["simpler"]:
        blocks.append(Words(_SIMPLER.format(**_names(asked)._asdict())))
    return Chapter("playing", title, (*blocks, Play("play", data)), is_live=True)


def _names(asked: Asked) -> Names:
    """Return what both sides are called."""
    return Names() if asked.dial is None else asked.dial.names


def play_data(asked: Asked) -> dict[str, object] | str:
    """Return what the page's integral starts from, as JSON has it; the reason where it cannot."""
    view = asked.view
    spread, tau, priors = spread_of(view), tau_prior(view), coefficient_priors(view)
    if isinstance(spread, str):
        return spread
    if isinstance(tau, str):
        return tau
    if isinstance(priors, str):
        return priors
    return {
        **_rows(asked, spread, priors, tau.scale),
        "prior": tau._asdict(),
        "simpler": spread.is_simpler,
        **_printing(asked),
    }


def _rows(asked: Asked, spread: Spread, priors: Sequence[Normal], size: float) -> dict[str, object]:
    """Return studies, coefficients and the dial; a column for the bias where the model has none."""
    view, data = asked.view, asked.view.studies
    design, coefficients = data.design, [
        {**prior._asdict(), **_titles(asked, name)}
        for name, prior in zip(view.coefficients, priors, strict=True)
    ]  # fmt: skip
    marks, dial = _dial(asked, spread, priors, size)
    if dial is not None and schema.BIAS not in view.coefficients:
        design = np.column_stack([design, marks])
        coefficients.append({"mean": dial["mean"], "sd": 0.0, **_titles(asked, schema.BIAS)})
    columns = (data.labels, data.estimate, data.standard_error, design, spread.multiples, marks)
    studies = [
        {"label": label, "y": float(y), "s": float(s), "x": x.tolist(), "t": float(t),
         "cohort": bool(mark)}
        for label, y, s, x, t, mark in zip(*columns, strict=True)
    ]  # fmt: skip
    return {"studies": studies, "coefficients": coefficients, "dial": dial}


def _dial(
    asked: Asked, spread: Spread, priors: Sequence[Normal], size: float
) -> tuple[FloatArray, dict[str, float | str] | None]:
    """Return which studies are cohorts, and where their dial starts; None without cohorts.

    Parameters
    ----------
    size
        Of the bias's prior where nobody states a usual one: the scale of tau's.
    """
    view, usual = asked.view, asked.dial or Dial({}, 0.0, size)
    stored = view.layout.marks.get(schema.IS_COHORT)
    marks = stored if stored is not None else np.array(
        [float(usual.cohorts.get(label, False)) for label in view.studies.labels]
    )  # fmt: skip
    if not marks.any() or marks.all():
        return marks, None
    own = Normal(usual.mean, usual.sd)
    column = len(view.coefficients)
    if schema.BIAS in view.coefficients:
        column = view.coefficients.index(schema.BIAS)
        own = Normal(priors[column].mean, priors[column].sd or usual.sd)
    words = {"named": _names(asked).cohorts}
    return marks, {**own._asdict(), **words, "column": column, "power": spread.power}


def _titles(asked: Asked, name: str) -> dict[str, str]:
    """Return what a coefficient is called beside its control, and over its numbers."""
    view = asked.view
    unit = wording.quantity_unit(view, name)
    said = _SCALES.get(view.kind, "")
    scale = f"({said})" if said else view.word("unit")
    if name == schema.MU:
        return {"title": "the mean effect", "heading": "", "unit": scale}
    if name == schema.BIAS:
        named = _names(asked).cohorts
        heading = wording.with_unit(f"Bias of the {named}", said or unit)
        return {"title": f"the {named}' bias", "heading": heading, "unit": scale}
    term = wording.label_of(name)
    return {
        "title": f"the slope of {term}",
        "heading": wording.with_unit(f"Slope of {term}", unit),
        "unit": unit,
    }


def _printing(asked: Asked) -> dict[str, object]:
    """Return which numbers are shown, and how."""
    view, difference = asked.view, asked.page.difference
    measure, said = view.word("measure"), _SCALES.get(view.kind, "")
    away = None if difference is None else distance(measure, difference)
    return {
        "interval": asked.page.level,
        "benefit": None if asked.benefit is None or view.kind in LEVELS else asked.side(schema.MU),
        "difference": away,
        "stated": difference,
        "marks": [] if view.kind in LEVELS else [0.0] if away is None else [0.0, -away, away],
        "kind": _KINDS[view.kind],
        "scale": said,
        "places": asked.page.printer.places,
        "measure": measure,
        "unit": wording.unit(view),
        "tauUnit": f"({said})" if said else view.word("unit"),
        "pooled": wording.pooled_title(view),
        "title": wording.with_unit(wording.measure_title(view), wording.unit(view)),
    }
