"""P(benefit) along a prior's scale, with the points where a conclusion tips."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import log_axis, name_axes
from bayesmeta.plots.ink import BLUE, DOTTED, INK
from bayesmeta.plots.paper import Page, headed, page
from bayesmeta.plots.place import whole
from bayesmeta.summaries.wording import with_unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEFT, _WIDTH, _HEIGHT, _GAP = 0.8, 3.0, 2.5, 0.3
_REACH, _ROOM = 100.0, 1.6


def plot_tipping(
    curve: "pd.DataFrame", *, thresholds: tuple[float, ...] = (0.9, 0.95, 0.975), title: str = "",
    axes: "Axes | None" = None,
) -> "Figure":  # fmt: skip
    """Return P(benefit) against the scale of each prior, the thresholds dotted.

    A circle is the analysis' own prior; triangles are where a threshold is crossed. The axis goes
    on to every one of them, as far as the curve does.

    Parameters
    ----------
    curve
        From `bayesmeta.sensitivity.tipping_curve`.
    thresholds
        Of P(benefit).
    title
        Put before what is shown.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.tipping_curve`.
    OutputError
        If the axes are smaller than the figure.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> figure = bm.plot_tipping(bm.tipping_curve(effects))
    >>> figure.axes[0].get_xlabel()
    'Prior SD of mu, days'
    """
    require_answer(curve, "tipping_curve", "prior_of", "own", "p_benefit")
    names = list(dict.fromkeys(curve["prior_of"]))
    note = (
        "Circle: the analysis' own prior. Triangles: where a threshold (dotted) is crossed. "
        "All else as in the analysis."
    )
    head = headed(title, f"P({curve.attrs['event']}) by the scale of a prior")
    sheet = page(
        (_LEFT + len(names) * (_WIDTH + _GAP), _HEIGHT), head=head, notes=[note], left=_LEFT,
        axes=axes,
    )  # fmt: skip
    for place, name in enumerate(names):
        _panel(sheet, curve, name, thresholds=thresholds, place=place)
    return whole(sheet.figure)


def _panel(
    sheet: Page, curve: "pd.DataFrame", name: str, *, thresholds: tuple[float, ...], place: int
) -> None:
    axes = sheet.axes(place * (_WIDTH + _GAP), 0.0, _WIDTH, _HEIGHT)
    part = curve[curve["prior_of"] == name]
    x, y = part["scale"].to_numpy(), part["p_benefit"].to_numpy()
    axes.plot(x, y, color=BLUE, linewidth=1.6, zorder=3, gid="curve")
    own = part[part["own"]]
    log_axis(axes, "x", _ends(part, thresholds))
    axes.plot(own["scale"], own["p_benefit"], "o", color=INK, markersize=6, zorder=5, gid="own")
    _thresholds(axes, x, y, thresholds)
    # The scale of both panels is the same, so that their curves can be compared.
    low = min(0.5, float(curve["p_benefit"].min()))
    axes.set_ylim(low - 0.02, 1.02)  # room for a whole mark at 1
    axes.set_yticks(np.arange(np.ceil(10 * (low - 0.02)), 11) / 10)
    what = "Scale of the prior on tau" if name == "tau" else f"Prior SD of {name}"
    event = f"P({curve.attrs['event']})"
    name_axes(axes, x=with_unit(what, str(curve.attrs["unit"])), y="" if place else event)
    if place:
        axes.set_yticklabels([])


def _ends(part: "pd.DataFrame", thresholds: tuple[float, ...]) -> tuple[float, float]:
    """Return the ends of the axis: a hundredth and a hundred times the data's own scale, or more.

    It goes on to what must be on it: the own prior, and every tipping point.
    """
    x, y = part["scale"].to_numpy(), part["p_benefit"].to_numpy()
    base = float(x[0] / part["in_base"].iloc[0])
    must = [*part.loc[part["own"], "scale"]]
    must += [at for threshold in thresholds for at in _crossings(x, y, threshold)]
    low = min([base / _REACH, *(at / _ROOM for at in must)])
    high = max([base * _REACH, *(at * _ROOM for at in must)])
    return max(low, float(x[0])), min(high, float(x[-1]))


def _crossings(x: FloatArray, y: FloatArray, threshold: float) -> list[float]:
    """Return the scales at which the curve crosses a threshold."""
    above, found = y >= threshold, list[float]()
    for place in np.flatnonzero(above[1:] != above[:-1]):
        share = (threshold - y[place]) / (y[place + 1] - y[place])
        found.append(float(np.exp(np.log(x[place]) + share * np.log(x[place + 1] / x[place]))))
    return found


def _thresholds(
    axes: "Axes", x: FloatArray, y: FloatArray, thresholds: tuple[float, ...]
) -> None:  # fmt: skip
    for threshold in thresholds:
        axes.axhline(threshold, color=INK, linestyle=DOTTED, linewidth=0.8, zorder=1)
        for at in _crossings(x, y, threshold):
            axes.plot(at, threshold, "v", color=INK, markerfacecolor="white", markersize=6,
                      zorder=6, gid="tips")  # fmt: skip
