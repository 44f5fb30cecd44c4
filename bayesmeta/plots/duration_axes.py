"""What the axes of a duration analysis share: words, ranges, lines."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.words import heading
from bayesmeta.plots.axes import set_ticks, show_range
from bayesmeta.plots.ink import DASHED, INK, UNSEEN
from bayesmeta.plots.paper import Said
from bayesmeta.plots.scale import Range, Ticks, effect_range
from bayesmeta.studies.times import UNITS
from bayesmeta.summaries.own_scale import is_moved, kind_of, title_of
from bayesmeta.summaries.wording import AXES, with_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def covariate(found: Duration) -> str:
    """Return the covariate's name for an axis: ``duration_weeks`` is "Duration, weeks"."""
    words = found.column.split("_")
    name, unit = (words[:-1], words[-1]) if words[-1] in UNITS and words[:-1] else (words, "")
    text = " ".join(name)
    return with_unit(f"{text[:1].upper()}{text[1:]}", unit)


def effect_words(found: Duration) -> str:
    """Return the effect's name and unit for an axis."""
    title = title_of(found.measure) + AXES[kind_of(found.measure)]
    return title if is_moved(found.measure) else with_unit(title, found.unit)


def shown_range(found: Duration, core: Iterable[float], ends: Iterable[float]) -> Range:
    """Return the range of an axis of effects, zero inside."""
    return effect_range([0.0, *core], ends)


def effect_axis(axes: "Axes", found: Duration, limits: Range) -> None:
    """Set the range and ticks of a vertical axis of effects; ratios as ratios, Fisher's z as r."""
    show_range(axes, limits, kind=kind_of(found.measure), which="y")


def week_axis(axes: "Axes", found: Duration, *, most: int = 7) -> None:
    """Set the range and ticks of a horizontal axis of durations, from zero if it is near."""
    weeks = found.curve["weeks"]
    low, high = float(weeks.min()), float(weeks.max())
    margin = 0.05 * (high - low)
    start = 0.0 if low <= 0.25 * (high - low) else low - margin
    span = Range(start, high + margin)
    power = 10.0 ** np.floor(np.log10((span.high - span.low) / most))
    step = next(
        m * power for m in (1, 2, 5, 10, 20) if (span.high - span.low) / (m * power) <= most
    )
    places = np.arange(np.ceil(span.low / step), np.floor(span.high / step) + 1) * step
    axes.set_xlim(span)
    set_ticks(axes, Ticks(tuple(places), tuple(f"{place:g}" for place in places)))


def unseen(axes: "Axes", found: Duration) -> None:
    """Shade what lies beyond the observed durations."""
    low, high = axes.get_xlim()
    for start, end in ((low, found.shortest), (found.longest, high)):
        if end > start:
            axes.axvspan(start, end, color=UNSEEN, linewidth=0, zorder=0, gid="not observed")


def reference(axes: "Axes", found: Duration) -> None:
    """Draw the lines of no effect and of the minimal important difference."""
    axes.axhline(0.0, color=INK, linewidth=0.8, zorder=2, gid="null")
    if found.threshold is not None:
        axes.axhline(found.threshold, color=INK, linewidth=0.8, linestyle=DASHED, zorder=2,
                     gid="minimal important difference")  # fmt: skip


def head(found: Duration, title: str) -> list[Said]:
    """Return the head of a figure."""
    return [Said([heading(found, title)])]
