"""One quantity's posterior: its density, median and interval, with the prior behind it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.plots.lettering import Letters
from bayesmeta.plots.paper import panel, sheet, write
from bayesmeta.plots.scale import Range, Ticks, linear_ticks, ratio_ticks
from bayesmeta.summaries import wording
from bayesmeta.summaries.caption import caption_lines
from bayesmeta.summaries.curves import density_table
from bayesmeta.summaries.notes import alarm, footnotes
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.quantities import statistics
from bayesmeta.summaries.quantity import Statistics

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BODY, _SMALL, _TITLE = Letters(9), Letters(7.5), Letters(11, bold=True)
_WIDTH, _PANEL, _MARGIN, _AXIS = 6.4, 2.6, 0.25, 0.7
_SIDE = 0.25  # inches for the word beside the panel
_INK, _FILL, _PRIOR, _RED = "#0a5c96", "#cfe0ec", "#555555", "#a01010"


@dataclass(frozen=True, eq=False)
class _Words:
    title: list[str]
    alarm: list[str]
    findings: list[str]
    notes: list[str]

    @property
    def above(self) -> float:
        """Height of what stands above the panel, in inches."""
        small = len(self.alarm) + len(self.findings)
        return _MARGIN + len(self.title) * _TITLE.line + small * _BODY.line + 0.15

    @property
    def below(self) -> float:
        """Height of what stands below the panel, the axis included."""
        return _MARGIN + len(self.notes) * _SMALL.line + _AXIS


def plot_posterior(  # noqa: PLR0913 - an analysis file states this much
    posterior: "xr.DataTree",
    quantity: str = schema.MU,
    *,
    prior: bool = True,
    title: str = "",
    interval: float = 0.95,
    shortest: bool = False,
    benefit: str | None = None,
) -> "Figure":
    """Return the posterior density of one quantity, with its prior.

    Parameters
    ----------
    quantity
        ``mu``, ``tau``, ``theta_new``, ``I2``, ``beta[term]``, ``theta[study]`` ...
    prior
        Whether to draw the prior's density too, dashed; an improper one has none.
    title
        Heading; the outcome, or the measure's name, without one.
    interval, shortest
        Probability of the shaded interval; whether it is the shortest one.
    benefit
        Which direction helps, ``"lower"`` or ``"higher"``; adds the probability of benefit.

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity, or a choice makes no sense.

    Examples
    --------
    ``bm.plot_posterior(posterior, "tau").savefig("tau.png")``
    """
    table = density_table(posterior, quantity)
    findings = caption_lines(
        posterior, quantity, interval=interval, shortest=shortest, benefit=benefit
    )
    words = _words(Page.of(posterior, interval=interval, shortest=shortest), title, findings)
    figure = sheet(_WIDTH, words.below + _PANEL + words.above)
    left = _MARGIN + _SIDE
    axes = panel(figure, left, words.below, width=_WIDTH - left - _MARGIN, height=_PANEL)
    found = statistics(posterior, quantity, level=interval, shortest=shortest)
    _draw(axes, table if prior else table.drop(columns="prior"), found, level=interval)
    _label(axes, posterior, quantity, table)
    _write(figure, words)
    return figure


def _words(page: Page, title: str, findings: list[str]) -> _Words:
    room = _WIDTH - 2 * _MARGIN
    warning = alarm(page)
    return _Words(
        title=_TITLE.wrapped(wording.heading(page.view, title), room),
        alarm=_BODY.wrapped(warning, room) if warning else [],
        findings=[line for finding in findings for line in _BODY.wrapped(finding, room)],
        notes=[line for note in footnotes(page) for line in _SMALL.wrapped(note, room)],
    )


def _draw(axes: "Axes", table: pd.DataFrame, found: Statistics, *, level: float) -> None:
    x, y = table["x"].to_numpy(), table["posterior"].to_numpy()
    inside = (x >= float(found.lower)) & (x <= float(found.upper))
    axes.fill_between(x, y, where=inside, color=_FILL, linewidth=0, gid="interval",
                      label=f"{100 * level:g} % interval")  # fmt: skip
    axes.plot(x, y, color=_INK, linewidth=1.6, label="posterior", gid="posterior")
    point = float(found.median)
    height = float(np.interp(point, x, y))
    axes.plot([point] * 2, [0, height], color=_INK, linestyle=":", label="median", gid="median")
    if "prior" in table and table["prior"].notna().any():
        axes.plot(x, table["prior"], color=_PRIOR, linewidth=1.2, linestyle="--", label="prior",
                  gid="prior")  # fmt: skip
    # The key keeps away from the peak.
    side: Literal["upper right", "upper left"]
    side = "upper right" if y.argmax() < y.size / 2 else "upper left"
    axes.legend(prop=_SMALL.font, frameon=False, loc=side)
    axes.set_xlim(x[0], x[-1])
    axes.set_ylim(0, 1.08 * float(y[np.isfinite(y)].max()))


def _label(axes: "Axes", posterior: "xr.DataTree", quantity: str, table: pd.DataFrame) -> None:
    span = Range(float(table["x"].iloc[0]), float(table["x"].iloc[-1]))
    ticks = _ticks(posterior, quantity, span)
    axes.set_xticks(ticks.positions, ticks.labels, fontproperties=_SMALL.font)
    name = wording.quantity_title(posterior, quantity)
    axes.set_xlabel(name, fontproperties=_BODY.font, parse_math=False)
    unit = wording.quantity_unit(posterior, quantity)
    density = f"Density (1 / {unit})" if unit else "Density"
    axes.set_ylabel(density, fontproperties=_BODY.font, parse_math=False)


def _ticks(posterior: "xr.DataTree", quantity: str, span: Range) -> Ticks:
    if quantity == schema.I2:  # a fraction in data, per cent in print
        per_cent = linear_ticks(Range(100 * span.low, 100 * span.high))
        return Ticks(tuple(position / 100 for position in per_cent.positions), per_cent.labels)
    return ratio_ticks(span) if wording.as_ratio(posterior, quantity) else linear_ticks(span)


def _write(figure: "Figure", words: _Words) -> None:
    top = float(figure.get_size_inches()[1]) - _MARGIN
    groups = (
        (words.title, _TITLE, "black"),
        (words.alarm, _BODY, _RED),
        (words.findings, _BODY, "black"),
    )
    for lines, letters, color in groups:
        for line in lines:
            write(figure, (_MARGIN, top - letters.line / 2), line, letters=letters, color=color)
            top -= letters.line
    for number, line in enumerate(reversed(words.notes)):
        write(figure, (_MARGIN, _MARGIN + (number + 0.5) * _SMALL.line), line, letters=_SMALL)
