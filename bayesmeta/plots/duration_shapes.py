"""The curve under each shape, a panel each, with the shape's probability."""

from typing import TYPE_CHECKING

from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.text import chance
from bayesmeta.location.shapes import SHAPES
from bayesmeta.plots import duration_paper as paper
from bayesmeta.plots.paper import sheet, write
from bayesmeta.plots.scale import Range

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _LEFT, _ACROSS, _UP, _GAP, _HEAD = 7.2, 0.75, 1.85, 1.15, 0.25, 0.42
_COLUMNS = 3


def plot_duration_shapes(found: Duration, *, title: str = "") -> "Figure":
    """Return small panels, one a shape, from the most probable to the least.

    Each shows the posterior median and interval of the mean effect under that shape alone, the
    studies as points, and the shape's posterior probability.

    Examples
    --------
    ``plot_duration_shapes(bm.duration(effects)).savefig("shapes.png")``
    """
    ordered = found.shapes.sort_values("probability", ascending=False, kind="stable")
    rows = -(-len(ordered) // _COLUMNS)
    room = _WIDTH - 2 * paper.MARGIN
    notes = [line for note in [_note(found)] for line in paper.SMALL.wrapped(note, room)]
    foot = paper.MARGIN + len(notes) * paper.SMALL.line + 0.55
    head = paper.headline_height(found, title, room) - 0.1
    height = foot + rows * (_UP + _HEAD) + head + paper.MARGIN
    figure = sheet(_WIDTH, height)
    limits = _limits(found)
    for place, row in enumerate(ordered.to_dict("records")):
        down, across = divmod(place, _COLUMNS)
        left = _LEFT + across * (_ACROSS + _GAP)
        bottom = foot + (rows - 1 - down) * (_UP + _HEAD)
        # Labels where no panel stands beneath.
        lowest = place + _COLUMNS >= len(ordered)
        _panel(
            figure, found, dict(row), at=(left, bottom), limits=limits, outer=(across == 0, lowest)
        )
    _labels(figure, found, foot=foot, rows=rows)
    paper.headline(figure, found, title, top=height - paper.MARGIN / 2, room=room)
    paper.footer(figure, notes)
    return figure


def _limits(found: Duration) -> Range:
    curves = found.shape_curves
    return paper.shown_range(
        found, [*curves["median"], *found.studies["estimate"]], [*curves["lower"], *curves["upper"]]
    )


def _panel(
    figure: "Figure", found: Duration, row: dict[object, object], *, at: tuple[float, float],
    limits: Range, outer: tuple[bool, bool],
) -> None:  # fmt: skip
    axes = paper.field(figure, *at, width=_ACROSS, height=_UP)
    paper.effect_axis(axes, found, limits)
    paper.week_axis(axes, found, most=5)
    paper.unseen(axes, found)
    paper.reference(axes, found)
    axes.tick_params(labelleft=outer[0], labelbottom=outer[1])
    own = found.shape_curves[found.shape_curves["shape"] == row["shape"]]
    weeks = own["weeks"].to_numpy()
    lower, upper = (paper.inside(own[end].to_numpy(), limits) for end in ("lower", "upper"))
    axes.fill_between(weeks, lower, upper, color=paper.BAND, linewidth=0, zorder=1.5)
    axes.plot(weeks, own["median"], color=paper.CURVE, linewidth=1.5, zorder=3, gid="curve")
    axes.plot(found.studies["weeks"], found.studies["estimate"], "o", color=paper.INK, markersize=2,
              zorder=2, gid="study")  # fmt: skip
    name = SHAPES[str(row["shape"])].TITLE
    shown = chance(found, float(str(row["probability"])), float(str(row["probability_error"])))
    height = at[1] + _UP + 0.12
    write(figure, (at[0], height), name, letters=paper.STRONG)
    write(figure, (at[0] + _ACROSS, height), shown, letters=paper.BODY, side="right")


def _labels(figure: "Figure", found: Duration, *, foot: float, rows: int) -> None:
    middle = _LEFT + (_COLUMNS * (_ACROSS + _GAP) - _GAP) / 2
    write(figure, (middle, foot - 0.4), paper.covariate(found), letters=paper.BODY, side="center")
    up = foot + (rows * (_UP + _HEAD) - _HEAD) / 2
    figure.text(
        paper.MARGIN + 0.05, up, paper.effect_words(found), fontproperties=paper.BODY.font,
        rotation=90, ha="center", va="center", transform=figure.dpi_scale_trans, parse_math=False,
    )  # fmt: skip


def _note(found: Duration) -> str:
    prior = float(found.shapes["prior_probability"].iloc[0])
    return (
        f"Median and {100 * found.interval:g} % interval of the mean effect under each shape "
        f"alone; numbers are the shapes' posterior probabilities, {prior:.2g} a priori each. "
        "Points: studies."
    )
