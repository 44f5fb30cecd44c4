"""What the figures of a duration analysis share: axes, words, ranges."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.text import heading
from bayesmeta.measures import MEASURES
from bayesmeta.plots.lettering import Letters
from bayesmeta.plots.paper import write
from bayesmeta.plots.scale import Range, effect_range, linear_ticks, ratio_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BODY, STRONG, SMALL, TITLE = (
    Letters(8.5), Letters(8.5, bold=True), Letters(7.5), Letters(11, bold=True)
)  # fmt: skip
MARGIN = 0.2
INK, CURVE, BAND, NEW, UNSEEN = "#1a1a1a", "#0a5c96", "#a9cbe4", "#e6e6e6", "#f3efe6"
_UNITS = ("weeks", "days", "months", "years", "hours", "minutes", "sessions")


def covariate(found: Duration) -> str:
    """Return the covariate's name for an axis: ``duration_weeks`` is "Duration, weeks"."""
    words = found.column.split("_")
    name, unit = (words[:-1], words[-1]) if words[-1] in _UNITS and words[:-1] else (words, "")
    text = " ".join(name)
    return f"{text[:1].upper()}{text[1:]}{f', {unit}' if unit else ''}"


def is_ratio(found: Duration) -> bool:
    """Return whether effects are logarithms of a ratio."""
    return found.measure in MEASURES and MEASURES[found.measure].ratio


def effect_words(found: Duration) -> str:
    """Return the effect's name and unit for an axis."""
    code = found.measure
    title = MEASURES[code].title if code in MEASURES and code != "generic" else "Effect"
    if is_ratio(found):
        return f"{title} (log scale)"
    return f"{title}, {found.unit}" if found.unit else title


def shown_range(found: Duration, core: Iterable[float], ends: Iterable[float]) -> Range:
    """Return the range of an axis of effects, zero inside."""
    return effect_range([0.0, *core], ends)


def field(figure: "Figure", left: float, bottom: float, *, width: float, height: float) -> "Axes":
    """Return axes at a place in inches, with lines and ticks left and below."""
    across, up = figure.get_size_inches()
    axes = figure.add_axes((left / across, bottom / up, width / across, height / up))
    axes.spines[["right", "top"]].set_visible(False)
    axes.set_facecolor("none")
    axes.tick_params(labelsize=SMALL.size)
    return axes


def effect_axis(axes: "Axes", found: Duration, limits: Range) -> None:
    """Set the range and ticks of a vertical axis of effects; ratios as ratios."""
    ticks = ratio_ticks(limits) if is_ratio(found) else linear_ticks(limits)
    axes.set_ylim(limits)
    axes.set_yticks(ticks.positions, ticks.labels, fontproperties=SMALL.font)


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
    axes.set_xticks(places, [f"{place:g}" for place in places], fontproperties=SMALL.font)


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
        axes.axhline(found.threshold, color=INK, linewidth=0.8, linestyle=(0, (4, 2)), zorder=2,
                     gid="minimal important difference")  # fmt: skip


def inside(values: "np.ndarray[tuple[int], np.dtype[np.float64]]", span: Range) -> list[float]:
    """Return values cut to a range, so that lines end at the frame."""
    return [float(value) for value in np.clip(values, span.low, span.high)]


def headline(figure: "Figure", found: Duration, title: str, *, top: float, room: float) -> None:
    """Write the title's lines, from a height on down."""
    for number, line in enumerate(TITLE.wrapped(heading(found, title), room)):
        write(figure, (MARGIN, top - (number + 0.5) * TITLE.line), line, letters=TITLE)


def headline_height(found: Duration, title: str, room: float) -> float:
    """Return how high the title's lines are."""
    return len(TITLE.wrapped(heading(found, title), room)) * TITLE.line


def footer(figure: "Figure", lines: list[str]) -> None:
    """Write notes at the foot of a figure."""
    for number, line in enumerate(reversed(lines)):
        write(figure, (MARGIN, MARGIN + (number + 0.5) * SMALL.line), line, letters=SMALL)
