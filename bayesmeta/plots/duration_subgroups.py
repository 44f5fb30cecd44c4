"""A forest by subgroup, each with its subtotal."""

from typing import TYPE_CHECKING, Any

from bayesmeta.duration_response.subgroup_text import factor, heading, is_ratio, tau_span
from bayesmeta.duration_response.subgroups import COMMON, Subgroups
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.interval_plan import STUDY, Entry, Words
from bayesmeta.plots.interval_rows import interval_figure
from bayesmeta.summaries.digits import column_places, fixed, probability, ratio
from bayesmeta.summaries.own_scale import has_null, kind_of, read_as, title_of
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.wording import AXES, with_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HALF = 1.959963984540054


def plot_subgroups(found: Subgroups, *, title: str = "", axes: "Axes | None" = None) -> "Figure":
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
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.subgroups`.
    OutputError
        If the axes are smaller than the figure.

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
    return interval_figure(_entries(found), _words(found, title), axes=axes)


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
    chance = probability(row["p_benefit"], row["p_error"]) if has_null(found.measure) else ""
    shown = (_text(found, ends), tau_span(row), chance)
    return Entry(
        label, *ends, row["new_lower"], row["new_upper"], kind=kind, whole=True, cells=shown
    )


def _study(found: Subgroups, row: dict[Any, Any]) -> Entry:
    half = _HALF * row["standard_error"]
    ends = (row["estimate"], row["estimate"] - half, row["estimate"] + half)
    return Entry(str(row["study"]), *ends, kind=STUDY, filled=False,
                 cells=(_text(found, ends), "", ""))  # fmt: skip


def _text(found: Subgroups, ends: tuple[float, float, float]) -> str:
    if kind_of(found.measure) in (Kind.RATIO, Kind.RATE):
        return _three(*(ratio(read_as(found.measure, value)) for value in ends))
    decimals = column_places(found.studies["standard_error"])
    return _three(*(fixed(read_as(found.measure, value), decimals) for value in ends))


def _three(point: str, lower: str, upper: str) -> str:
    return f"{point} [{lower} to {upper}]"


def _contrast(found: Subgroups, row: dict[Any, Any]) -> str:
    """Return two groups' difference, of ratios their ratio, and which shows more benefit."""
    ends = (row["median"], row["lower"], row["upper"])
    if is_ratio(found):
        size, words = _text(found, ends), "over"
    else:
        decimals = column_places(found.studies["standard_error"])
        size, words = _three(*(fixed(value, decimals) for value in ends)), "less"
        size += f" {found.unit}" if found.unit else ""
    chance = probability(row["p_better"], row["p_error"])
    return f"{row['first']} {words} {row['second']}: {size}, P(more benefit) = {chance}."


def _words(found: Subgroups, title: str) -> Words:
    level = f"{100 * found.interval:g} % interval"
    kind = kind_of(found.measure)
    name, unit = title_of(found.measure), "" if kind is not Kind.NUMBER else found.unit
    contrasts = [_contrast(found, row) for row in found.contrasts.to_dict("records")]
    factors = [
        f"Bayes factor for {row['for']}, given {row['given']}: {factor(row['bayes_factor'])}."
        for row in found.bayes_factors.to_dict("records")
    ]
    chance = ("P(benefit:", f"{found.benefit})") if has_null(found.measure) else ("", "")
    heads = ("Estimate", "[interval]"), ("tau", "[interval]"), chance
    return Words(
        heading(found, title), heads,
        with_unit(f"{name}{AXES[kind]}", unit),
        (f"{'One tau' if found.tau == COMMON else 'A tau each'}; all studies: one mean, one tau.",
         *contrasts, *factors),
        (f"posterior mean effect, {level}", "study, 95 % confidence interval"),
        kind=kind,
    )  # fmt: skip
