"""A forest by subgroup, each with its subtotal."""

from typing import TYPE_CHECKING, Any

import numpy as np

from bayesmeta.duration_response.subgroups import Subgroups
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

    The bar at a diamond is the interval of the effect in a new study of that group; the contrasts
    between groups stand below.

    Parameters
    ----------
    found
        From `bayesmeta.subgroups`.
    title
        Heading; the column without one.

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
        ends = (row["median"], row["lower"], row["upper"])
        entries.append(
            Entry(f"Mean of {row['studies']}", *ends, row["new_lower"], row["new_upper"],
                  kind="subtotal", whole=True, cells=(_text(found, ends),))
        )  # fmt: skip
    return entries


def _study(found: Subgroups, row: dict[Any, Any]) -> Entry:
    half = _HALF * row["standard_error"]
    ends = (row["estimate"], row["estimate"] - half, row["estimate"] + half)
    return Entry(str(row["study"]), *ends, kind=STUDY, filled=False, cells=(_text(found, ends),))


def _ratio(found: Subgroups) -> bool:
    return found.measure in MEASURES and MEASURES[found.measure].ratio


def _text(found: Subgroups, ends: tuple[float, float, float]) -> str:
    if _ratio(found):
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
    return Words(
        title or found.column, (("Estimate", "[interval]"),),
        f"{name} (log scale)" if _ratio(found) else with_unit(name, found.unit),
        (f"{found.tau.capitalize()} tau.", *contrasts),
        (f"posterior mean effect, {level}", "study, 95 % confidence interval"),
        ratio=_ratio(found),
    )  # fmt: skip
