"""A forest by subgroup, each with its subtotal."""

from typing import TYPE_CHECKING, Any

import numpy as np

from bayesmeta.duration_response.subgroup_text import factor, heading, is_ratio, tau_span
from bayesmeta.duration_response.subgroups import COMMON, Subgroups
from bayesmeta.measures import MEASURES
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.interval_plan import STUDY, Entry, Words
from bayesmeta.plots.interval_rows import interval_figure
from bayesmeta.summaries.digits import column_places, fixed, probability, ratio
from bayesmeta.summaries.wording import with_unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_HALF = 1.959963984540054


def plot_subgroups(found: Subgroups, *, title: str = "") -> "Figure":
    """Return a forest of the studies by group, a diamond for each group's mean effect.

    The bar at a diamond is the interval of the effect in a new study of that group; beside it
    stand tau and the probability of benefit. All studies together come last, and contrasts
    between groups and Bayes factors below.

    Parameters
    ----------
    found
        From `bayesmeta.subgroups`.
    title
        Heading; outcome and column without one.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.subgroups`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> figure = bm.plot_subgroups(bm.subgroups(effects, column="design"))
    >>> figure.axes[0].get_xlabel()
    'Mean difference, pg/mL'
    """
    require_answer(found, "subgroups", "groups", "contrasts")
    return interval_figure(_entries(found), _words(found, title))


def _entries(found: Subgroups) -> list[Entry]:
    entries: list[Entry] = []
    for row in found.groups.to_dict("records"):
        own = found.studies[found.studies["group"] == row["group"]]
        entries.append(Entry(str(row["group"]), heading=True))
        entries += [_study(found, study) for study in own.to_dict("records")]
        entries.append(_mean(found, row, f"Mean of {row['studies']}", kind="subtotal"))
    (whole,) = found.overall.to_dict("records")
    label = f"{whole['group']}, mean of {whole['studies']}"
    return [*entries, _mean(found, whole, label, kind="overall")]


def _mean(found: Subgroups, row: dict[Any, Any], label: str, *, kind: str) -> Entry:
    ends = (row["median"], row["lower"], row["upper"])
    shown = (_text(found, ends), tau_span(row), probability(row["p_benefit"], row["p_error"]))
    return Entry(
        label, *ends, row["new_lower"], row["new_upper"], kind=kind, whole=True, cells=shown
    )


def _study(found: Subgroups, row: dict[Any, Any]) -> Entry:
    half = _HALF * row["standard_error"]
    ends = (row["estimate"], row["estimate"] - half, row["estimate"] + half)
    return Entry(str(row["study"]), *ends, kind=STUDY, filled=False,
                 cells=(_text(found, ends), "", ""))  # fmt: skip


def _text(found: Subgroups, ends: tuple[float, float, float]) -> str:
    if is_ratio(found):
        point, lower, upper = (ratio(float(value)) for value in np.exp(ends))
    else:
        decimals = column_places(found.studies["standard_error"])
        point, lower, upper = (fixed(value, decimals) for value in ends)
    return f"{point} [{lower} to {upper}]"


def _words(found: Subgroups, title: str) -> Words:
    level = f"{100 * found.interval:g} % interval"
    known = found.measure in MEASURES and found.measure != "generic"
    name = MEASURES[found.measure].title if known else "Effect"
    contrasts = [
        f"{row['first']} less {row['second']}: "
        f"{_text(found, (row['median'], row['lower'], row['upper']))}, P(greater) = "
        f"{probability(row['p_greater'], row['p_error'])}."
        for row in found.contrasts.to_dict("records")
    ]
    factors = [
        f"Bayes factor for {row['for']}, given {row['given']}: {factor(row['bayes_factor'])}."
        for row in found.bayes_factors.to_dict("records")
    ]
    heads = ("Estimate", "[interval]"), ("tau", "[interval]"), ("P(benefit:", f"{found.benefit})")
    return Words(
        heading(found, title), heads,
        f"{name} (log scale)" if is_ratio(found) else with_unit(name, found.unit),
        (f"{'One tau' if found.tau == COMMON else 'A tau each'}; all studies: one mean, one tau.",
         *contrasts, *factors),
        (f"posterior mean effect, {level}", "study, 95 % confidence interval"),
        ratio=is_ratio(found),
    )  # fmt: skip
