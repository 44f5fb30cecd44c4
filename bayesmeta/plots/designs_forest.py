"""A forest of studies by design, with subtotals and the bias."""

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from bayesmeta.cohorts.members import Member
from bayesmeta.cohorts.question import levels_of
from bayesmeta.cohorts.result import Designs
from bayesmeta.cohorts.words import heading, sided
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.designs_words import bracketed, effect_words
from bayesmeta.plots.interval_plan import STUDY, Entry, Words
from bayesmeta.plots.interval_rows import interval_figure
from bayesmeta.summaries.own_scale import kind_of, symbol

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_designs_forest(found: Designs, *, title: str = "", axes: "Axes | None" = None) -> "Figure":
    """Return a forest with a group a design, the subtotal of each, the bias, and all together.

    Diamonds go from end to end of their intervals; of a new trial the bar.

    Parameters
    ----------
    found
        From `bayesmeta.designs`.
    title
        Heading; the outcome without one.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.designs`.
    OutputError
        If the axes are smaller than the figure.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> found = bm.designs(effects, spread="common", points=5)
    >>> bm.plot_designs_forest(found).axes[0].get_xlabel()
    'Mean difference, pg/mL'
    """
    require_answer(found, "designs", "over_bias", "crossings")
    return interval_figure(_entries(found), _words(found, title), axes=axes)


def _entries(found: Designs) -> list[Entry]:
    question = found.question
    words = levels_of(question)
    entries = []
    for level in found.counts:
        entries.append(Entry(level, heading=True))
        entries += [_study(found, row) for row, word in enumerate(words) if word == level]
        if level == question.reference:
            entries.append(_total(found, found.member("trials-only"), "Trials only"))
    entries.append(_total(found, found.member("cohorts-only"), "Cohorts only"))
    entries.append(Entry("All together", heading=True))
    biased = found.member("design-bias")
    entries.append(_total(found, found.member("naive"), "Pooled as one design"))
    entries.append(_total(found, biased, "Trials, with a bias of cohorts"))
    if "bias" in biased.parameters:
        entries.append(_bias(found, biased))
    return entries


def _study(found: Designs, row: int) -> Entry:
    effects, level = found.question.adjusted, found.question.interval
    half = float(ndtri(0.5 + level / 2)) * float(effects.standard_error[row])
    point = float(effects.estimate[row])
    ends = (point - half, point + half)
    return Entry(effects.labels[row], point, *ends, kind=STUDY, filled=False,
                 cells=(bracketed(found, point, ends),))  # fmt: skip


def _total(found: Designs, member: Member, label: str) -> Entry:
    mu, words = member.parameters["mu"], sided(found, label)
    new = member.parameters.get("theta_new", {"lower": np.nan, "upper": np.nan})
    ends = (mu["lower"], mu["upper"])
    return Entry(words, mu["median"], *ends, new["lower"], new["upper"], kind=member.member,
                 whole=True, cells=(bracketed(found, mu["median"], ends),))  # fmt: skip


def _bias(found: Designs, member: Member) -> Entry:
    bias = member.parameters["bias"]
    ends = (bias["lower"], bias["upper"])
    return Entry(sided(found, "Bias of cohorts"), bias["median"], *ends, kind="bias",
                 cells=(bracketed(found, bias["median"], ends),))  # fmt: skip


def _words(found: Designs, title: str) -> Words:
    level = f"{100 * found.question.interval:g} %"
    side = -1 if found.question.benefit == "lower" else 1
    difference = found.question.difference
    name = symbol(found.measure, "Effect")
    notes = [
        "Studies: estimates with their intervals.",
        "Diamonds: posterior medians from end to end of their intervals.",
    ]
    if difference is not None:
        notes.append("Dashed: the minimal important difference.")
    return Words(
        heading(found, title), ((name, f"[{level}]"),), effect_words(found), (" ".join(notes),),
        (sided(found, f"bias of cohorts, {level} interval"), "study"), kind=kind_of(found.measure),
        threshold=None if difference is None else side * difference, label=found.question.design,
    )  # fmt: skip
