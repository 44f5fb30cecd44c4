"""How much hangs on each study: the straight line with each study left out, exactly."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.duration_response.candidates import Curves
from bayesmeta.duration_response.design import problem_of
from bayesmeta.duration_response.gaps import OpenStudies, integrate_gaps
from bayesmeta.duration_response.lines import Road, integrate_tables
from bayesmeta.duration_response.nodes import Nodes
from bayesmeta.duration_response.others import Others
from bayesmeta.duration_response.posterior import apart
from bayesmeta.duration_response.question import Question
from bayesmeta.duration_response.scales import Scales
from bayesmeta.duration_response.several import line_without
from bayesmeta.duration_response.tables import five
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.engines.quadrature.posteriors import integrate
from bayesmeta.measures.effects import Effects
from bayesmeta.mixtures import NormalMixture
from bayesmeta.schema import TAU


def leave_one_out(
    effects: Effects, durations: Durations, others: Others, scales: Scales, question: Question,
    road: Road | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return the slope of the straight line, per week, without each study in turn.

    Priors and centring stay those of the full table; open durations are integrated over.

    Parameters
    ----------
    road
        Where tau is taken, with what studies say there, where their effects are not normal.

    Returns
    -------
    DataFrame
        ``study, mean, sd, median, lower, upper, error, p_better, shift``: the last is the change
        of the posterior mean, in posterior SDs of the full table's slope. The first row, with
        no study left out, is named "".
    """
    count = len(effects)
    # Row 0 leaves nobody out.
    masks = np.vstack([np.ones(count), 1 - np.eye(count)])
    table = (effects, durations, others, scales, masks)
    if road is not None:
        slope = _by_study(*table, road)
    else:
        slope = _closed(*table) if durations.complete else _open(*table)
    numbers = five(slope, question)
    below = slope.cdf(0.0)
    better = below if question.benefit == "lower" else 1 - below
    shift = (numbers.mean - numbers.mean[0]) / numbers.sd[0]
    names = ["", *effects.labels]
    return pd.DataFrame({"study": names, **numbers.columns(), "p_better": better, "shift": shift})


def _closed(
    effects: Effects, durations: Durations, others: Others, scales: Scales, masks: FloatArray
) -> NormalMixture:
    """Return the slope without each study, where all durations are known, a batch (mask,)."""
    problem = problem_of(effects, durations, _lines(durations, 1), others, scales)
    row = _row(durations, others)
    if scales.axes or scales.patterns is not None:
        return line_without(problem, masks, row, scales.axes, scales.patterns)
    return integrate(replace(problem, mask=problem.used * masks)).combination(row)


def _open(
    effects: Effects, durations: Durations, others: Others, scales: Scales, masks: FloatArray
) -> NormalMixture:
    """Return the slope without each study, where some are open, a batch (mask,)."""
    lines = _lines(durations, len(masks))
    problem = problem_of(effects, durations, _lines(durations, 1), others, scales)
    studies = OpenStudies(effects, durations, lines, others.design, mask=masks)
    whole = replace(problem, mask=problem.used * masks)
    nodes = apart(*integrate_gaps(whole, studies, moments=scales.moments[problem.structure.inner]))
    return _slope(nodes, durations, others, masks)


def _by_study(
    effects: Effects, durations: Durations, others: Others, scales: Scales, masks: FloatArray,
    road: Road,
) -> NormalMixture:  # fmt: skip
    """Return the slope without each study, where effects are not normal, a batch (mask,)."""
    problem = problem_of(effects, durations, _lines(durations, 1), others, scales)
    whole = replace(problem, mask=problem.used * masks)
    found = integrate_tables(road, whole, len(masks), moments=scales.moments[TAU])
    return _slope(apart(*found), durations, others, masks)


def _slope(nodes: Nodes, durations: Durations, others: Others, masks: FloatArray) -> NormalMixture:
    """Return the slope from the nodes of all masks, a batch (mask,)."""
    rows = np.broadcast_to(_row(durations, others), (len(masks), 1, 2 + len(others.terms)))
    found = nodes.components(rows)
    curve = np.tile(nodes.curve, found.location.shape[1] // nodes.curve.size)
    parts = (found.weight, found.location, found.scale, found.coarse_weight)
    return NormalMixture(*_padded([np.atleast_2d(part)[0] for part in parts], curve))


def _lines(durations: Durations, count: int) -> Curves:
    """Return the straight line so many times."""
    one = np.ones(count)
    nothing = np.empty((count, 0))
    return Curves("linear", durations.observed, durations.reference, nothing, one, one)


def _row(durations: Durations, others: Others) -> FloatArray:
    """Return the slope per week as a combination of the coefficients."""
    row = np.zeros(2 + len(others.terms))
    row[1 + len(others.terms)] = 1 / durations.observed.span
    return row


def _padded(parts: Sequence[FloatArray], curve: IntArray) -> list[FloatArray]:
    """Return weights, locations, scales and weights, a row a curve.

    A row's spare places repeat its last component, with no weight.
    """
    order, size = np.argsort(curve, kind="stable"), np.bincount(curve)
    place = np.arange(size.max())
    index = np.cumsum(size)[:, np.newaxis] - size[:, np.newaxis] + place
    inside = place < size[:, np.newaxis]
    found = [part[order][np.where(inside, index, index[:, :1])] for part in parts]
    return [np.where(inside, part, 0.0) if at in (0, 3) else part for at, part in enumerate(found)]
