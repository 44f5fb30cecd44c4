"""The curve under each shape, a panel each, with the shape's probability."""

from itertools import cycle
from typing import TYPE_CHECKING

from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.words import chance
from bayesmeta.location.shapes import SHAPES
from bayesmeta.plots import paper
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import inside, room_at_left, ticks_of
from bayesmeta.plots.bubble import MARKERS, UNTOLD_DESIGN, designs_of
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
from bayesmeta.plots.ink import BAND, BLUE, BODY, INK, MARGIN, SMALL, STRONG
from bayesmeta.plots.place import whole
from bayesmeta.plots.scale import Range
from bayesmeta.summaries.own_scale import kind_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ACROSS, _UP, _GAP, _HEAD = 1.85, 1.15, 0.25, 0.5
_COLUMNS = 3
_SHAPES = ("circles", "squares", "triangles", "diamonds", "triangles downwards", "pluses",
           "crosses")  # fmt: skip
"""What the markers of designs are called, in their order."""
_AIR = 0.06
"""Share of the range that a small panel adds at either end, so that no point is on its frame."""
_UNTOLD = ", empty where the duration is a range or not told"


def plot_duration_shapes(
    found: Duration, *, title: str = "", axes: "Axes | None" = None
) -> "Figure":
    """Return small panels, one a shape, from the most probable to the least.

    Each shows the posterior median and interval of the mean effect under that shape alone, the
    studies as points, and the shape's posterior probability.

    Parameters
    ----------
    found
        From `bayesmeta.duration`.
    title
        Heading; the outcome without one.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.duration`.
    OutputError
        If the axes are smaller than the figure.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> found = bm.duration(effects, shapes=["constant", "linear"])
    >>> len(bm.plot_duration_shapes(found).axes)
    2
    """
    require_answer(found, "duration", "shape_curves", "shapes")
    ordered = found.shapes.sort_values("probability", ascending=False, kind="stable")
    rows = -(-len(ordered) // _COLUMNS)
    limits = _limits(found)
    said = BODY.wrapped(effect_words(found), rows * (_UP + _HEAD) - _HEAD)
    left = room_at_left(ticks_of(kind_of(found.measure))(limits), len(said))
    width = left + _COLUMNS * (_ACROSS + _GAP) - _GAP + MARGIN
    page = paper.page((width, rows * (_UP + _HEAD) - 0.1), head=head(found, title),
                      notes=[_note(found)], left=left, axes=axes)  # fmt: skip
    for place, row in enumerate(ordered.to_dict("records")):
        down, across = divmod(place, _COLUMNS)
        at = (across * (_ACROSS + _GAP), (rows - 1 - down) * (_UP + _HEAD))
        # Labels where no panel stands beneath.
        outer = (across == 0, place + _COLUMNS >= len(ordered))
        _panel(page, found, dict(row), at=at, limits=limits, outer=outer)
    _labels(page, found, said, rows=rows)
    return whole(page.figure)


def _limits(found: Duration) -> Range:
    curves = found.shape_curves
    span = shown_range(
        found, [*curves["median"], *found.studies["estimate"]], [*curves["lower"], *curves["upper"]]
    )
    air = _AIR * (span.high - span.low)
    return Range(span.low - air, span.high + air)


def _panel(
    page: "paper.Page", found: Duration, row: dict[object, object], *, at: tuple[float, float],
    limits: Range, outer: tuple[bool, bool],
) -> None:  # fmt: skip
    axes = page.axes(*at, _ACROSS, _UP)
    effect_axis(axes, found, limits)
    week_axis(axes, found, most=5)
    unseen(axes, found)
    reference(axes, found)
    axes.tick_params(labelleft=outer[0], labelbottom=outer[1])
    own = found.shape_curves[found.shape_curves["shape"] == row["shape"]]
    weeks = own["weeks"].to_numpy()
    lower, upper = (inside(own[end], limits) for end in ("lower", "upper"))
    axes.fill_between(weeks, lower, upper, color=BAND, linewidth=0, zorder=1.5)
    axes.plot(weeks, own["median"], color=BLUE, linewidth=1.5, zorder=3, gid="curve")
    _studies(axes, found)
    shown = chance(found, float(str(row["probability"])), float(str(row["probability_error"])))
    shown = f"{shown} / {float(str(row['prior_probability'])):.3f}"
    corner = (page.left + at[0], page.bottom + at[1] + _UP + 0.06 + STRONG.line + SMALL.line)
    end = paper.write_down(page.figure, corner, [SHAPES[str(row["shape"])].TITLE], letters=STRONG)
    paper.write_down(page.figure, (corner[0], end), [shown], letters=SMALL)


def _studies(axes: "Axes", found: Duration) -> None:
    """Draw the studies; empty, with a line over where it may stand, if a duration is not told."""
    known = found.studies["duration"] == "given"
    for place, name in enumerate(designs_of(found)):
        own = _is_of(found, name)
        for rows, face, gid in ((known & own, INK, "study"),
                                (~known & own, "white", "open duration")):  # fmt: skip
            part = found.studies[rows]
            axes.plot(part["weeks"], part["estimate"], MARKERS[place % len(MARKERS)],
                      markersize=2.8 if place else 2.2, markerfacecolor=face,
                      markeredgecolor=INK, markeredgewidth=0.5, zorder=2.5, gid=gid)  # fmt: skip
    open_ended = found.studies[~known]
    axes.hlines(open_ended["estimate"], open_ended["weeks_lower"].fillna(found.shortest),
                open_ended["weeks_upper"].fillna(found.longest), color=INK, linewidth=0.6,
                linestyle=":", zorder=2, gid="may stand")  # fmt: skip


def _is_of(found: Duration, name: str) -> "pd.Series[bool]":
    if "design" not in found.studies:
        return found.studies["duration"].notna()
    return found.studies["design"].replace("", UNTOLD_DESIGN).fillna(UNTOLD_DESIGN) == name


def _points(found: Duration) -> str:
    """Return what the points are; by design, as the bubble plot has it, where there are several."""
    names = designs_of(found)
    if len(names) == 1:
        return "studies"
    shapes = zip(names, cycle(_SHAPES), strict=False)
    return f"studies ({', '.join(f'{shape}: {name}' for name, shape in shapes)})"


def _labels(page: "paper.Page", found: Duration, lines: list[str], *, rows: int) -> None:
    across = page.left + (_COLUMNS * (_ACROSS + _GAP) - _GAP) / 2
    below = (across, page.bottom - 0.4)
    paper.write(page.figure, below, covariate(found), letters=BODY, side="center")
    beside = (MARGIN + len(lines) * BODY.line / 2, page.bottom + (rows * (_UP + _HEAD) - _HEAD) / 2)
    said = paper.write(page.figure, beside, "\n".join(lines), letters=BODY, side="center")
    said.set_rotation(90)


def _note(found: Duration) -> str:
    said = "".join(f" {each}" for each in (found.predicted, found.study_effects) if each)
    untold = _UNTOLD if (found.studies["duration"] != "given").any() else ""
    return (
        f"Median and {100 * found.interval:g} % interval of the mean effect under each shape "
        f"alone; numbers are the shapes' posterior probabilities, behind a slash those a priori. "
        f"Points: {_points(found)}{untold}.{said}"
    )
