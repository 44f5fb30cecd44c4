"""The bubble plot: studies over their durations, and the curve averaged over shapes."""

from typing import TYPE_CHECKING, Any

import numpy as np

from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.words import chance, lasting, weeks_text
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import name_axes, room_at_left, ticks_of
from bayesmeta.plots.duration_axes import (
    covariate,
    effect_axis,
    effect_words,
    head,
    reference,
    shown_range,
    unseen,
    week_axis,
)
from bayesmeta.plots.ink import BAND, BLUE, BODY, FILLS, INK, NEW, SMALL, UNSEEN
from bayesmeta.plots.scale import Range
from bayesmeta.plots.stage import Key, Panel, figure_of, stage
from bayesmeta.summaries.own_scale import kind_of

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _LEAST, _UP = 6.6, 3.3, 3.3
_LARGEST, _SMALLEST = 13.0, 3.0  # diameters of the bubbles, in points
MARKERS = "os^DvPX"
UNTOLD_DESIGN = "design not told"
_STEPS = (
    "Small steps: half-way between neighbouring durations, where the step shape may have its cut."
)
_VEIL = "b0"  # bubbles let others shine through


def plot_bubble(found: Duration, *, title: str = "", axes: "Axes | None" = None) -> "Figure":
    """Return the bubble plot of a duration analysis.

    A bubble a study at its duration and estimate, area by weight, marker by design; the curve
    averaged over the shapes with the interval of the mean effect, and that of the effect in a new
    study. Durations that no study had are shaded, and the curve is dashed there.

    Parameters
    ----------
    found
        From `bayesmeta.duration`.
    title
        Heading; the outcome without one.
    axes
        Where to draw; without them a figure of its own, with heading and notes.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.duration`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> found = bm.duration(effects, shapes=["constant", "linear"])
    >>> bm.plot_bubble(found).axes[0].get_xlabel()
    'Duration, weeks'
    """
    require_answer(found, "duration", "curve", "shapes")
    limits = _limits(found)
    said = BODY.wrapped(effect_words(found), 0.8 * _UP)
    left = room_at_left(ticks_of(kind_of(found.measure))(limits), len(said))
    size = Panel(_WIDTH, _UP, left, least=_LEAST)
    panel = stage(axes, size, head=head(found, title), notes=_notes(found), key=_key(found))
    _draw(panel, found, limits)
    name_axes(panel, x=covariate(found), y="\n".join(said))
    return figure_of(panel)


def _draw(axes: "Axes", found: Duration, limits: Range) -> None:
    effect_axis(axes, found, limits)
    week_axis(axes, found)
    unseen(axes, found)
    reference(axes, found)
    _curve(axes, found)
    _bubbles(axes, found)
    _enough(axes, found, limits)


def _limits(found: Duration) -> Range:
    core = [*found.studies["estimate"], *found.curve["lower"], *found.curve["upper"]]
    core += [] if found.threshold is None else [found.threshold]
    return shown_range(found, core, [*found.curve["new_lower"], *found.curve["new_upper"]])


def _curve(axes: "Axes", found: Duration) -> None:
    table = found.curve
    weeks = table["weeks"].to_numpy()
    early, late = weeks <= found.shortest, weeks >= found.longest
    seen = (weeks >= found.shortest) & (weeks <= found.longest)
    for prefix, color, gid in (("new_", NEW, "new study"), ("", BAND, "mean effect")):
        lower, upper = (table[f"{prefix}{end}"].to_numpy() for end in ("lower", "upper"))
        for part, strength in ((seen, 1.0), (early, 0.45), (late, 0.45)):
            axes.fill_between(weeks[part], lower[part], upper[part], color=color, alpha=strength,
                              linewidth=0, zorder=1.5, gid=gid)  # fmt: skip
    median = table["median"].to_numpy()
    axes.plot(weeks[seen], median[seen], color=BLUE, linewidth=1.8, zorder=3, gid="curve")
    for beyond in (early, late):
        axes.plot(weeks[beyond], median[beyond], color=BLUE, linewidth=1.4, zorder=3,
                  linestyle=(0, (3, 2)), gid="extrapolated")  # fmt: skip


def designs_of(found: Duration) -> list[str]:
    """Return the designs that there are, each with a marker of its own."""
    if "design" not in found.studies:
        return ["study"]
    return [name or UNTOLD_DESIGN for name in dict.fromkeys(found.studies["design"])]


def _bubbles(axes: "Axes", found: Duration) -> None:
    designs = designs_of(found)
    largest = float(found.studies["weight"].max())
    for row in found.studies.to_dict("records"):
        place = designs.index(row.get("design", "study") or UNTOLD_DESIGN)
        size = max(_SMALLEST, _LARGEST * float(np.sqrt(row["weight"] / largest)))
        known = row["duration"] == "given"
        axes.plot(
            row["weeks"], row["estimate"], MARKERS[place % len(MARKERS)], markersize=size,
            markerfacecolor=_fill(place) + _VEIL if known else "none",
            markeredgecolor=INK, markeredgewidth=0.8, zorder=4, gid="study",
        )  # fmt: skip
        if not known:
            _open_duration(axes, found, row)


def _open_duration(axes: "Axes", found: Duration, row: dict[Any, Any]) -> None:
    """Draw where a study with a range, or without a duration, may stand."""
    ends = np.array([row["weeks_lower"], row["weeks_upper"]], dtype=float)
    ends = np.where(np.isnan(ends), [found.shortest, found.longest], ends)
    axes.hlines(float(row["estimate"]), *ends, color=INK, linewidth=0.8, linestyle=":",
                zorder=3.5, gid="open duration")  # fmt: skip


def _fill(place: int) -> str:
    return FILLS[place % len(FILLS)]


def _enough(axes: "Axes", found: Duration, limits: Range) -> None:
    answer = found.sufficient
    if answer is None or answer.weeks is None:
        return
    axes.plot([answer.weeks] * 2, limits, color=BLUE, linewidth=0.9, linestyle=(0, (1, 1.5)),
              zorder=2, gid="enough")  # fmt: skip
    shown = lasting(found, answer.weeks, weeks_text(answer.weeks, answer.error))
    low, high = axes.get_xlim()
    late = answer.weeks > low + 0.6 * (high - low)
    axes.annotate(
        f"enough from {shown} on", (answer.weeks, limits.high),
        xytext=(-4 if late else 4, -2), textcoords="offset points",
        fontproperties=SMALL.font, color=BLUE, va="top",
        ha="right" if late else "left",
    )  # fmt: skip


def _notes(found: Duration) -> list[str]:
    level = f"{100 * found.interval:g} %"
    better = chance(found, found.p_longer_is_better, float(found.changes["p_error"].iloc[0]))
    ends = f"{lasting(found, found.longest)} better than {lasting(found, found.shortest)}"
    prior = chance(found, found.prior_chances["p_better"])
    first = (
        f"Curve: posterior median averaged over {len(found.shapes)} shapes, {level} intervals. "
        f"P({ends}) = {better}, a priori {prior}; {found.benefit} is better."
    )
    notes = [first, *filter(None, [found.predicted])]
    if "step" in found.shapes["shape"].to_list():
        notes.append(_STEPS)
    if found.threshold is not None:
        sentence = (
            "Dashed: minimal important difference. Enough: P(mean effect beyond it at all longer "
            f"observed durations) reaches {found.required:g}."
        )
        notes.append(sentence)
    if found.study_effects:
        notes.append(found.study_effects)
    if (found.studies["duration"] != "given").any():
        notes.append("Empty, dotted across: the duration is a range, or not told.")
    return notes


def _key(found: Duration) -> Key:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    level = f"{100 * found.interval:g} %"
    handles: list[Artist] = [
        Line2D([], [], color=BLUE, linewidth=1.8), Patch(facecolor=BAND), Patch(facecolor=NEW),
    ]  # fmt: skip
    words = ["mean effect", f"mean effect, {level}", f"effect in a new study, {level}"]
    for place, name in enumerate(designs_of(found)):
        handles.append(
            Line2D([], [], color=INK, marker=MARKERS[place % len(MARKERS)], markersize=6,
                   markerfacecolor=_fill(place), linestyle="none")
        )  # fmt: skip
        words.append(f"{name} (area: weight)")
    # The axis goes on beyond the longest duration, always.
    return Key([*handles, Patch(facecolor=UNSEEN)], [*words, "durations no study had"])
