"""Forest plots of several outcomes side by side, with the studies that they share."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bayesmeta.plots import forest_marks as marks
from bayesmeta.plots.axes import name_below, set_ticks, ticks_of
from bayesmeta.plots.cells import placed
from bayesmeta.plots.forest_choices import Choices
from bayesmeta.plots.forest_layout import Row
from bayesmeta.plots.forest_outcomes_plan import NONE, Outcome, outcomes_of, studies_of
from bayesmeta.plots.ink import ALARM, BODY, MARGIN, SMALL, STRONG, TITLE
from bayesmeta.plots.lettering import Letters
from bayesmeta.plots.paper import (
    panel,
    rule,
    sheet,
    write,
    write_down,
    write_key,
    write_notes,
)
from bayesmeta.plots.place import Sheet, whole
from bayesmeta.plots.scale import Ticks
from bayesmeta.summaries.forest import NEW, POOLED
from bayesmeta.summaries.tails import Benefit
from bayesmeta.summaries.view import Posterior

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACROSS = 3
"""Outcomes beside one another, unless asked for."""

_PANEL, _GAP, _ROW, _LINE, _HEAD, _AXIS = 2.5, 0.2, 0.3, 0.19, 0.32, 0.78
_WIDEST = 1.9
_BELOW = {POOLED: "Pooled effect", NEW: "New study (prediction)"}


class _Band(NamedTuple):
    """Outcomes beside one another: each one's left edge, and where the rows stand."""

    outcomes: Sequence[Outcome]
    lefts: Sequence[float]
    studies: Sequence[str]
    lines: Sequence[str]

    @property
    def rows(self) -> float:
        """Height of the rows with marks."""
        return _ROW * (len(self.studies) + len(_BELOW)) + 0.1

    @property
    def height(self) -> float:
        """Height of everything, in inches."""
        return _HEAD + self.rows + _LINE * len(self.lines) + _AXIS


def plot_outcomes_forest(  # noqa: PLR0913  (what a figure may show)
    posterior: Posterior | Mapping[str, Posterior],
    *,
    title: str = "",
    interval: float = 0.95,
    shortest: bool = False,
    benefit: Benefit | None = None,
    order: str | None = None,
    across: int = ACROSS,
    axes: "Axes | None" = None,
) -> "Figure":
    """Return the forest plots of several outcomes on one page, with the studies they share.

    A row is a study, a panel an outcome with an axis of its own; a dash stands where a study does
    not report it. Below stand pooled effect, effect in a new study, tau and the probability of
    benefit.

    Parameters
    ----------
    posterior
        Of several outcomes, or several posteriors by the name of their outcome.
    title
        Heading; ``"Outcomes"`` without one.
    interval, shortest
        Probability of the intervals; whether the posteriors' are the shortest ones.
    benefit
        Which direction helps, ``"lower"`` or ``"higher"``, by the name of the outcome where they
        differ. By default what saved posteriors remember.
    order
        Order of the studies: ``"label"``, or by the estimates of an outcome, named; with a minus
        the largest first. As they first appear without one.
    across
        Outcomes beside one another; further ones stand below.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    PosteriorError
        If there is no posterior, one does not hold its studies' data, or a choice makes no sense.
    OutputError
        If the axes are smaller than the figure.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> fitted = {name: bm.fit(bm.effect_sizes(table, "MD", outcome=name), engine="exact")
    ...           for name in ("TNF-alpha", "BDNF")}
    >>> figure = bm.plot_outcomes_forest(fitted, benefit={"TNF-alpha": "lower", "BDNF": "higher"})
    >>> [axes.get_xlabel() for axes in figure.axes]
    ['Mean difference, pg/mL', 'Mean difference, ng/mL']
    """
    choices = Choices(title, interval, shortest, benefit)
    outcomes = outcomes_of(posterior, choices)
    bands = _bands(outcomes, studies_of(outcomes, order), max(1, across))
    width = max(band.lefts[-1] + _PANEL + _GAP + band.outcomes[-1].width for band in bands) + MARGIN
    heading = TITLE.wrapped(_title(outcomes, title), width - 2 * MARGIN)
    alarms = STRONG.paragraphs(_alarms(outcomes), width - 2 * MARGIN)
    notes = SMALL.paragraphs(_notes(outcomes, interval, shortest=shortest), width - 2 * MARGIN)
    foot = MARGIN + len(notes) * SMALL.line + 0.34
    words = len(heading) * TITLE.line + len(alarms) * STRONG.line
    height = foot + sum(band.height for band in bands) + words + MARGIN + 0.1
    figure = sheet(width, height, axes)
    top = write_down(figure, (MARGIN, height - MARGIN), heading, letters=TITLE)
    top = write_down(figure, (MARGIN, top), alarms, letters=STRONG, color=ALARM)
    for band in bands:
        _draw_band(figure, band, top, width)
        top -= band.height
    write_notes(figure, notes)
    key = marks.key(_key(outcomes))
    write_key(figure, *key, foot=MARGIN + len(notes) * SMALL.line + 0.06)
    return whole(figure)


def _title(outcomes: Sequence[Outcome], title: str) -> str:
    said = title or "Outcomes"
    hidden = any(each.simulated for each in outcomes) and "SIMULATED" not in said
    return f"SIMULATED DATA. {said}" if hidden else said


def _alarms(outcomes: Sequence[Outcome]) -> list[str]:
    return [f"{each.name}: {each.alarm}" for each in outcomes if each.alarm]


def _bands(outcomes: Sequence[Outcome], studies: Sequence[str], across: int) -> list[_Band]:
    left = MARGIN + max(STRONG.width(text) for text in (*_labels(studies), *_BELOW.values()))
    bands = []
    for start in range(0, len(outcomes), across):
        own = outcomes[start : start + across]
        lefts = [left + _GAP]
        for each in own[:-1]:
            lefts.append(lefts[-1] + _PANEL + _GAP + each.width + 2 * _GAP)
        lines = list(dict.fromkeys(name for each in own for name in each.lines))
        bands.append(_Band(own, lefts, studies, lines))
    return bands


def _labels(studies: Sequence[str]) -> list[str]:
    return [BODY.clipped(" ".join(study.split()), _WIDEST) for study in studies]


def _draw_band(figure: Sheet, band: _Band, top: float, width: float) -> None:
    """Draw outcomes beside one another, from a height down."""
    foot = top - _HEAD - band.rows
    rule(figure, MARGIN, width - MARGIN, height=top - _HEAD + 0.02)
    names = [*((label, BODY) for label in _labels(band.studies)),
             *((label, STRONG) for label in _BELOW.values())]  # fmt: skip
    for (label, letters), row in zip(names, _rows(band), strict=True):
        write(figure, (MARGIN, foot + row.middle), label, letters=letters)
    for place, line in enumerate(band.lines):
        write(figure, (MARGIN, _line(foot, place)), line, letters=BODY)
    for outcome, left in zip(band.outcomes, band.lefts, strict=True):
        name = STRONG.clipped(outcome.name, _PANEL + _GAP + outcome.width)
        write(figure, (left, top - _HEAD / 2), name, letters=STRONG)
        _draw_outcome(figure, outcome, band, left, foot=foot)


def _line(foot: float, place: int) -> float:
    """Return the height of a line of text below the axis."""
    return foot - _AXIS - _LINE * (place + 0.5)


def _rows(band: _Band) -> list[Row]:
    """Return where each study stands, then pooled effect and new study, in inches."""
    count = len(band.studies) + len(_BELOW)
    found = []
    for place in range(count):
        below = place >= len(band.studies)
        middle = band.rows - _ROW * (place + 0.5) - 0.1 * below
        apart = 0.0 if below else 0.055
        found.append(Row((), middle, _ROW, middle + apart, middle - apart, 1.0))
    return found


def _draw_outcome(
    figure: Sheet, outcome: Outcome, band: _Band, left: float, *, foot: float
) -> None:
    axes = panel(figure, left, foot, width=_PANEL, height=band.rows)
    axes.set_xlim(outcome.limits)
    set_ticks(axes, _ticks(outcome))
    axes.set_ylim(0, band.rows)
    name_below(axes, outcome.axis, share=0.52 / band.rows)
    pooled = float(outcome.below[0]["median"])
    marks.reference_lines(axes, null=marks.null_of(outcome.kind), pooled=pooled, top=band.rows)
    if outcome.side.half is not None:
        marks.trivial_zone(axes, outcome.side.half, outcome.limits)
    rows, right = _rows(band), left + _PANEL + _GAP + outcome.width
    for study, row in zip(band.studies, rows, strict=False):
        _draw_study(axes, outcome, study, row)
        _write(figure, outcome, outcome.observed(study), (right, foot + row.middle), BODY)
    for line, row in zip(outcome.below, rows[len(band.studies) :], strict=False):
        span = marks.Span(line["median"], line["lower"], line["upper"])
        (marks.diamond if line["kind"] == POOLED else marks.bar)(
            axes, row, span, limits=outcome.limits
        )
        _write(figure, outcome, str(line["effect_text"]), (right, foot + row.middle), STRONG)
    for place, name in enumerate(band.lines):
        at = (right, _line(foot, place))
        _write(figure, outcome, outcome.lines.get(name, NONE), at, BODY)
    _write_sides(figure, outcome, left, foot - 0.38)


def _ticks(outcome: Outcome) -> Ticks:
    """Return as many round positions as a narrow axis has room for, no effect among them."""
    span = outcome.limits
    found = ticks_of(outcome.kind)(span)
    wide = 0.06 + max(SMALL.width(label) for label in found.labels)
    least = min((b - a for a, b in pairwise(found.positions)), default=span.high - span.low)
    every = int(np.ceil(wide / (_PANEL * least / (span.high - span.low))))
    null = int(np.argmin(np.abs(found.positions)))
    kept = [place for place in range(len(found.labels)) if (place - null) % every == 0]
    positions = tuple(found.positions[place] for place in kept)
    return Ticks(positions, tuple(found.labels[place] for place in kept))


def _draw_study(axes: "Axes", outcome: Outcome, study: str, row: Row) -> None:
    if study not in outcome.studies:
        return
    line = outcome.studies[study]
    observed = marks.Span(line["estimate"], line["observed_lower"], line["observed_upper"])
    share = float(np.maximum(line["weight"], 0.0)) / outcome.largest
    marks.square(axes, row, observed, share=share, limits=outcome.limits, across=_PANEL)
    effect = marks.Span(line["median"], line["lower"], line["upper"])
    if np.isfinite(effect.point):
        marks.circle(axes, row, effect, limits=outcome.limits)


def _write(
    figure: Sheet, outcome: Outcome, text: str, at: tuple[float, float], letters: Letters
) -> None:
    right, height = at
    for part in placed((text, letters), outcome.slots):
        write(figure, (right - part.before_end, height), part.text, letters=letters, side="right")


def _write_sides(figure: Sheet, outcome: Outcome, left: float, height: float) -> None:
    said = outcome.sides
    write(figure, (left, height), f"\N{LEFTWARDS ARROW} {said.left}", letters=SMALL)
    write(figure, (left + _PANEL, height), f"{said.right} \N{RIGHTWARDS ARROW}", letters=SMALL,
          side="right")  # fmt: skip


def _key(outcomes: Sequence[Outcome]) -> dict[str, str]:
    new = any(line["kind"] == NEW for each in outcomes for line in each.below)
    said = {"observed": "observed", "effect": "study effect", "pooled": "pooled effect"}
    return said | ({"new": "effect in a new study"} if new else {})


def _notes(outcomes: Sequence[Outcome], interval: float, *, shortest: bool) -> list[str]:
    level, kind = f"{100 * interval:g} %", "shortest interval" if shortest else "interval"
    gaps = any(len(each.studies) < len(studies_of(outcomes, None)) for each in outcomes)
    return [
        " ".join(
            [
                f"Studies: observed estimate [{level} confidence interval].",
                f"Pooled effect, new study and tau: posterior median [{level} {kind}].",
            ]
        ),
        *([f"{NONE}: not reported."] if gaps else []),
    ]
