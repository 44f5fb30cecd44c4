"""What an answer says of its question, and the tables of the shapes that were weighed."""

from typing import Any

import numpy as np
import pandas as pd

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.cloud import Cloud
from bayesmeta.duration_response.question import Question
from bayesmeta.duration_response.scales import Scales
from bayesmeta.duration_response.share import Shares, share_row
from bayesmeta.duration_response.strip import prior_change, strip
from bayesmeta.duration_response.tables import (
    change_table,
    curve_table,
    effect_table,
    explained,
    shape_curves,
    shape_table,
    tau_row,
)
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.location.shapes import SHAPES
from bayesmeta.measures.effects import Effects

_CURVE, _SHAPE_CURVE = 61, 41
"""Points of a curve over the durations."""


def stated(effects: Effects, question: Question, cloud: Cloud, scales: Scales) -> dict[str, Any]:
    """Return what was asked, of which effects and under which priors."""
    factor, factor_error = cloud.factor_of_change
    chances = dict(zip(cloud.shapes, cloud.prior.tolist(), strict=True))
    return {
        "measure": effects.measure, "unit": effects.unit, "outcome": effects.outcome,
        "source": effects.studies.source, "benefit": question.benefit,
        "threshold": question.threshold, "required": question.probability,
        "interval": question.interval, "shortest": cloud.observed.shortest,
        "longest": cloud.observed.longest,
        "priors": {name: str(prior) for name, prior in scales.priors.items()},
        "statements": {name: SHAPES[name].STATEMENT for name in cloud.shapes},
        "p_constant": chances.get("constant", 0.0),
        "prior_chances": prior_change(cloud, question, scales),
        "factor_of_change": factor, "factor_of_change_error": factor_error,
    }  # fmt: skip


def _usual(scales: Scales) -> dict[str, float]:
    """Return what stands for cases of who is biased: how probable each is before the data."""
    if scales.patterns is None:
        return {}
    cases = scales.patterns
    share = np.exp(cases.log_weight) @ cases.values  # noqa: PD011 - no pandas
    return dict(zip(cases.names, share.tolist(), strict=True))


def weighed_tables(
    cloud: Cloud, question: Question, scales: Scales, shares: Shares
) -> dict[str, Any]:
    """Return what the shapes say together, and each by itself."""
    return {
        "shapes": _shapes(cloud, question, shares),
        "predictions": effect_table(cloud, question, question.weeks),
        "changes": change_table(cloud, question),
        "curve": curve_table(cloud, question, _grid(cloud, question, _CURVE)),
        "shape_curves": shape_curves(cloud, question, _grid(cloud, question, _SHAPE_CURVE)),
        "strip": strip(cloud, question, scales),
    }


def _grid(cloud: Cloud, question: Question, count: int) -> FloatArray:
    """Return durations for a curve over the observed ones and those asked for."""
    observed = cloud.observed
    ends = [observed.shortest, observed.longest, *question.weeks]
    even = np.linspace(min(ends), max(ends), count)
    # Both sides of every possible cut, so that steps stand upright.
    cuts = np.array(observed.middles)
    return np.unique(np.concatenate([even, ends, cuts, np.nextafter(cuts, np.inf)]))


def _shapes(cloud: Cloud, question: Question, shares: Shares) -> pd.DataFrame:
    table = shape_table(cloud, question)
    each = [share_row(shares, question, shape) if shape in shares else {}
            for shape in cloud.shapes]  # fmt: skip
    return pd.concat([table, pd.DataFrame(each)], axis=1)


def residual(cloud: Cloud, question: Question, shares: Shares, scales: Scales) -> pd.DataFrame:
    """Return the residual tau averaged over the shapes, with what goes with the duration.

    Further rows are the other hyperparameters that a model has.
    """
    share, error = explained(cloud, None)
    known = {"share_explained": share, "share_error": error, **share_row(shares, question)}
    own = {item.name: item for item in scales.assembly.hyperparameters}
    rows: list[dict[str, Any]] = [
        {
            "parameter": name,
            "says": own[name].says,
            "in_unit": bool(own[name].unit_power),
            **tau_row(cloud, question, name=name),
            **(known if name == cloud.spreads[0] else {}),
        }
        for name in cloud.spreads
    ]
    return pd.DataFrame(rows)


def study_table(durations: Durations, scales: Scales, tau: pd.DataFrame) -> pd.DataFrame:
    """Return the studies; a weight is the share of 1 / (s² + tau²) at the taus' medians.

    A study's likelihood to a power has so much less. Where study effects are not normal their
    variance stands for tau², unless they have none.
    """
    effects, known = scales.effects, scales.assembly
    values = dict(zip(tau["parameter"], tau["median"].astype(float), strict=True))
    values = {**_usual(scales), **values}
    variance = known.covariance(values).variance * np.ones(len(effects))
    if not np.isfinite(variance).all():
        variance = scales.normal.assembly.covariance(values).variance * np.ones(len(effects))
    weight = 1 / variance
    weight = weight if known.powers is None else weight * known.powers
    table = {
        "study": effects.labels, "estimate": effects.estimate,
        "standard_error": effects.standard_error, "weeks": durations.middle,
        "weeks_lower": durations.lower, "weeks_upper": durations.upper,
        "duration": durations.kinds, "weight": weight / weight.sum(),
    }  # fmt: skip
    if "design" in effects.studies:
        table["design"] = [str(cell) for cell in effects.studies["design"]]
    return pd.DataFrame(table)
