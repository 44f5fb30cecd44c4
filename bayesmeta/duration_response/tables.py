"""Tables of a duration analysis, each number with its error."""

from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.benefit import NEARBY, shares
from bayesmeta.duration_response.changes import Change
from bayesmeta.duration_response.cloud import Cloud
from bayesmeta.duration_response.condensing import condensed, shed
from bayesmeta.duration_response.question import Question
from bayesmeta.location.shapes import SHAPES
from bayesmeta.mixtures import NormalMixture

_NOTHING = float("nan")
_PREFIXES = ("", "new_")
_MANY, _MANY_OF_A_FIGURE = 100_000, 1000
"""Mixtures of more components are condensed, for a table and for a figure."""


class Five(NamedTuple):
    """Five numbers, and the largest error of the last three and the mean."""

    mean: FloatArray
    sd: FloatArray
    lower: FloatArray
    median: FloatArray
    upper: FloatArray
    error: FloatArray

    def columns(self, prefix: str = "") -> dict[str, FloatArray]:
        """Return them as columns of a table."""
        order = ("mean", "sd", "median", "lower", "upper", "error")
        return {f"{prefix}{name}": getattr(self, name) for name in order}


class Described(Protocol):
    """What five numbers describe."""

    def mean(self) -> FloatArray | float: ...  # noqa: D102

    def sd(self) -> FloatArray | float: ...  # noqa: D102

    def quantile(self, p: FloatArray) -> FloatArray: ...  # noqa: D102

    def coarse(self) -> "Described": ...  # noqa: D102


def five(described: Described, question: Question) -> Five:
    """Return mean, sd, median and interval, with the largest error among them."""
    fine, coarse = (_numbers(part, question) for part in (described, described.coarse()))
    # Means may be infinite, and equal.
    with np.errstate(invalid="ignore"):
        gaps = np.nan_to_num(np.abs(fine - coarse), nan=0.0, posinf=0.0)
    error = np.delete(gaps, 1, axis=0).max(axis=0)
    mean, sd, lower, median, upper = fine
    return Five(mean, sd, lower, median, upper, error)


def _numbers(described: Described, question: Question) -> FloatArray:
    if isinstance(described, NormalMixture):
        described = shed(described)
    ends = np.moveaxis(described.quantile(question.ends), -1, 0)
    return np.stack([np.asarray(described.mean()), np.asarray(described.sd()), *ends])


def effect_table(
    cloud: Cloud, question: Question, weeks: FloatArray, *, shape: str | None = None
) -> pd.DataFrame:
    """Return the mean effect and that in a new study at some durations, a row each.

    ``p_better`` and ``p_beyond`` are the probabilities of benefit, and of benefit beyond the
    minimal important difference; ``error`` bounds the row's errors in the unit, ``p_error``
    those of its probabilities.
    """
    columns: dict[str, FloatArray] = {"weeks": weeks}
    effects = cloud.effects(weeks, shape=shape, at=question.at)
    for prefix, effect in zip(_PREFIXES, effects, strict=True):
        few = condensed(effect, many=_MANY)
        found = shares(few, question)
        columns |= five(few, question).columns(prefix)
        columns |= {f"{prefix}p_better": found.better, f"{prefix}p_beyond": found.beyond}
        columns |= {f"{prefix}p_error": found.error}
    observed = cloud.observed
    outside = (weeks < observed.shortest) | (weeks > observed.longest)
    return pd.DataFrame({**columns, "extrapolates": outside})


def curve_table(
    cloud: Cloud, question: Question, weeks: FloatArray, *, shape: str | None = None
) -> pd.DataFrame:
    """Return median and interval of the mean effect, and of that in a new study."""
    columns: dict[str, FloatArray] = {"weeks": weeks}
    effects = cloud.drawn.effects(weeks, shape=shape, at=question.at)
    for prefix, effect in zip(_PREFIXES, effects, strict=True):
        ends = condensed(shed(effect), many=_MANY_OF_A_FIGURE).quantile(question.ends)
        lower, median, upper = np.moveaxis(ends, -1, 0)
        columns |= {f"{prefix}median": median, f"{prefix}lower": lower, f"{prefix}upper": upper}
    observed = cloud.observed
    outside = (weeks < observed.shortest) | (weeks > observed.longest)
    return pd.DataFrame({**columns, "extrapolates": outside})


def shape_curves(cloud: Cloud, question: Question, weeks: FloatArray) -> pd.DataFrame:
    """Return the curve of every shape, one below the other."""
    parts = [
        curve_table(cloud, question, weeks, shape=shape).assign(shape=shape)
        for shape in cloud.shapes
    ]
    return pd.concat(parts, ignore_index=True)


def change_table(cloud: Cloud, question: Question) -> pd.DataFrame:
    """Return the change between pairs of durations, averaged over the shapes."""
    rows = [
        {"from": start, "to": end, **change_row(cloud.change(start, end), question)}
        for start, end in question.changes
    ]
    return pd.DataFrame(rows)


def change_row(change: Change, question: Question) -> dict[str, float]:
    """Return five numbers of a change, and the probabilities of better, same and worse."""
    numbers = {name: float(value) for name, value in five(change, question).columns().items()}
    fine, coarse = change, change.coarse()
    points = change.sd() * np.array(NEARBY)
    gaps = np.abs(fine.upto(points) - coarse.upto(points)).tolist()
    chances = sides(fine, question)
    gaps += [abs(chances[name] - other) for name, other in sides(coarse, question).items()]
    return {**numbers, **chances, "p_error": max(gaps)}


def sides(change: Change, question: Question) -> dict[str, float]:
    """Return the probabilities that a change is for the better, none, and for the worse."""
    below, above = change.below(), change.above()
    better, worse = (below, above) if question.benefit == "lower" else (above, below)
    return {"p_better": better, "p_same": change.same, "p_worse": worse}


def shape_table(cloud: Cloud, question: Question) -> pd.DataFrame:
    """Return one row a shape: its probability, its change, its residual tau."""
    rows = [_shape_row(cloud, question, shape) for shape in cloud.shapes]
    table = pd.DataFrame(rows)
    if "constant" not in cloud.shapes:
        return table.assign(bayes_factor=_NOTHING, share_explained=_NOTHING, share_error=_NOTHING)
    evidence = table["log_marginal_likelihood"] - cloud.log_evidence("constant")[0]
    share = [explained(cloud, shape) for shape in cloud.shapes]
    return table.assign(
        bayes_factor=np.exp(evidence),
        share_explained=[value for value, _ in share],
        share_error=[error for _, error in share],
    )


def _shape_row(cloud: Cloud, question: Question, shape: str) -> dict[str, object]:
    evidence, evidence_error = cloud.log_evidence(shape)
    probability, probability_error = cloud.shape_probability(shape)
    observed = cloud.observed
    change = cloud.change(observed.shortest, observed.longest, shape=shape)
    tau = tau_row(cloud, question, shape)
    return {
        "shape": shape,
        "prior_probability": float(cloud.prior[cloud.shapes.index(shape)]),
        "probability": probability,
        "probability_error": probability_error,
        "log_marginal_likelihood": evidence,
        "log_marginal_likelihood_error": evidence_error,
        **{f"change_{name}": value for name, value in change_row(change, question).items()},
        **{f"tau_{name}": value for name, value in tau.items()},
        "parameter": _parameter(cloud, shape),
    }


def tau_row(
    cloud: Cloud, question: Question, shape: str | None = None, name: str | None = None
) -> dict[str, float]:
    """Return median and interval of the residual tau, or of another hyperparameter."""
    tau = cloud.tau(shape, name)
    fine, coarse = tau.quantile(question.ends), tau.coarse().quantile(question.ends)
    lower, median, upper = map(float, fine)
    error = float(np.abs(fine - coarse).max())
    return {"median": median, "lower": lower, "upper": upper, "error": error}


def explained(cloud: Cloud, shape: str | None) -> tuple[float, float]:
    """Return the share of tau squared explained, 1 - E[tau² with] / E[tau² without], and its error.

    It may be negative; nan where E[tau²] does not exist, or no constant shape is there.
    """
    if "constant" not in cloud.shapes or cloud.moments < 2:  # noqa: PLR2004 - tau squared
        return _NOTHING, _NOTHING
    with_it, without = cloud.tau(shape), cloud.tau("constant")
    fine = 1 - with_it.square() / without.square()
    coarse = 1 - with_it.coarse().square() / without.coarse().square()
    return fine, abs(fine - coarse)


def _parameter(cloud: Cloud, shape: str) -> str:
    """Return a sentence on the shape's own parameters: their posterior medians."""
    names = SHAPES[shape].PARAMETERS
    if not names:
        return ""
    values, weight = cloud.parameter(shape)
    parts = [f"{name} {_median(values[:, i], weight):.3g}" for i, name in enumerate(names)]
    return ", ".join(parts)


def _median(values: FloatArray, weight: FloatArray) -> float:
    order = np.argsort(values)
    reached = np.searchsorted(np.cumsum(weight[order]), 0.5)
    return float(values[order][min(int(reached), values.size - 1)])
