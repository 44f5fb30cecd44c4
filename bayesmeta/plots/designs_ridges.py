"""The effect in trials as each member has it, densities in rows."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.cohorts.result import Designs
from bayesmeta.cohorts.words import heading, sided
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import name_axes, name_rows, show_range
from bayesmeta.plots.designs_words import effect_words, member_name
from bayesmeta.plots.ink import BLUE, BODY, INK, PALE
from bayesmeta.plots.paper import Said, page
from bayesmeta.plots.place import whole
from bayesmeta.plots.scale import Range, effect_range
from bayesmeta.summaries.own_scale import kind_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEFT, _WIDTH, _ROW = 1.75, 6.2, 0.42
_HEAVY = 0.65
"""Further room at the left for the names of members with t effects."""
_POINTS = 401
_SHOWN = "The effect in trials by how cohorts count"
_ALONE = "Cohorts only: the effect in cohorts."
_AIR = 0.06
"""Share of the range that is added at either end, for the tails beyond the intervals."""
_TALL = 0.95
"""Height of the tallest density, in rows."""


def plot_designs_ridges(found: Designs, *, title: str = "", axes: "Axes | None" = None) -> "Figure":
    """Return the posterior density of the effect in trials under every member, a row each.

    All densities have one scale, so that a narrower one is a taller one. A line is the median.

    Parameters
    ----------
    found
        From `bayesmeta.designs`.
    title
        Heading; the outcome without one.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.designs`.
    OutputError
        If the axes are smaller than the figure.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> found = bm.designs(effects, spread="common", points=5)
    >>> len(bm.plot_designs_ridges(found).axes[0].get_yticks())
    11
    """
    require_answer(found, "designs", "over_bias", "crossings")
    level = f"{100 * found.question.interval:g} %"
    note = sided(found, f"Shaded: {level} intervals; lines: medians. {_ALONE}")
    height = _ROW * (len(found.rows) + 0.6)
    head = [
        Said([heading(found, title)]),
        Said([sided(found, _SHOWN)], BODY),
    ]
    tails = any(row.heterogeneity != "normal" for row in found.rows)
    left = _LEFT + (_HEAVY if tails else 0.0)
    sheet = page((left + _WIDTH, height), head=head, notes=[note], left=left,
                 axes=axes)  # fmt: skip
    panel = sheet.axes(0.0, 0.0, sheet.width, height)
    rows = name_rows(panel, [member_name(found, member) for member in found.rows])
    span = _span(found)
    x = np.linspace(*span, _POINTS)
    mixtures = [row.posed.integral.combination(row.posed.row) for row in found.rows]
    densities = [np.asarray(mixture.density(x))[0] for mixture in mixtures]
    scale = _TALL / max(float(density.max()) for density in densities)
    for member, density, row in zip(found.rows, densities, rows, strict=True):
        mu, top = member.parameters["mu"], row + scale * density
        inside = (x >= mu["lower"]) & (x <= mu["upper"])
        panel.fill_between(x, row, top, where=inside, color=PALE, linewidth=0, zorder=2,
                          gid="interval")  # fmt: skip
        panel.plot(x, top, color=BLUE, linewidth=1.2, zorder=3, gid=member.label)
        panel.plot([mu["median"]] * 2, [row, float(np.interp(mu["median"], x, top))], color=INK,
                  linewidth=1.0, zorder=4, gid="median")  # fmt: skip
    panel.set_ylim(-0.15, len(rows) + 0.1)
    panel.axvline(0.0, color=INK, linewidth=0.8, zorder=1, gid="null")
    show_range(panel, span, kind=kind_of(found.measure))
    name_axes(panel, x=effect_words(found))
    return whole(sheet.figure)


def _span(found: Designs) -> Range:
    known = [member.parameters["mu"] for member in found.rows]
    ends = [mu[name] for mu in known for name in ("lower", "upper")]
    span = effect_range([0.0, *ends], ends)
    air = _AIR * (span.high - span.low)
    return Range(span.low - air, span.high + air)
