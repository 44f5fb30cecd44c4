"""P(benefit) along a prior's scale, with the points where a conclusion tips."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.plots.framed import (
    BLUE,
    BODY,
    INK,
    SMALL,
    Page,
    framed,
    headed,
    label,
    log_axis,
    page,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT, _GAP = 3.0, 2.5, 0.3


def plot_tipping(
    curve: "pd.DataFrame", *, thresholds: tuple[float, ...] = (0.9, 0.95, 0.975), title: str = ""
) -> "Figure":
    """Return P(benefit) against the scale of each prior, the thresholds dotted.

    A circle is the analysis' own prior; triangles are where a threshold is crossed.

    Parameters
    ----------
    curve
        From `bayesmeta.sensitivity.tipping_curve`.
    thresholds
        Of P(benefit).
    title
        Put before what is shown.

    Examples
    --------
    ``plot_tipping(tipping_curve(effects)).savefig("tipping.png")``
    """
    names = list(dict.fromkeys(curve["prior_of"]))
    width = 0.85 + len(names) * (_WIDTH + _GAP) + 0.25
    notes = [
        (
            "Circle: the analysis' own prior. Triangles: where a threshold (dotted) is crossed. "
            "All else as in the analysis."
        )
    ]
    sheet = page(
        (width, _HEIGHT),
        title=headed(title, f"P({curve.attrs['event']}) by the scale of a prior"),
        notes=notes,
    )
    for place, name in enumerate(names):
        _panel(sheet, curve, name, thresholds=thresholds, place=place)
    return sheet.figure


def _panel(
    sheet: Page, curve: "pd.DataFrame", name: str, *, thresholds: tuple[float, ...], place: int
) -> None:
    axes = framed(sheet, (place * (_WIDTH + _GAP), 0.0, _WIDTH, _HEIGHT))
    part = curve[curve["prior_of"] == name]
    x, y = part["scale"].to_numpy(), part["p_benefit"].to_numpy()
    axes.plot(x, y, color=BLUE, linewidth=1.6, zorder=3, gid="curve")
    log_axis(axes, "x", (x[0], x[-1]))
    own = part[part["own"]]
    axes.plot(own["scale"], own["p_benefit"], "o", color=INK, markersize=6, zorder=5, gid="own")
    _thresholds(axes, x, y, thresholds)
    # The scale of both panels is the same, so that their curves can be compared.
    low = min(0.5, float(curve["p_benefit"].min()))
    axes.set_ylim(low - 0.02, 1.02)  # room for a whole mark at 1
    unit = f", {curve.attrs['unit']}" if curve.attrs["unit"] else ""
    what = "Scale of the prior on tau" if name == "tau" else f"Prior SD of {name}"
    label(axes, x=f"{what}{unit}", y=f"P({curve.attrs['event']})" if place == 0 else "")
    if place:
        axes.set_yticklabels([])


def _thresholds(
    axes: "Axes",
    x: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    y: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    thresholds: tuple[float, ...],
) -> None:
    for threshold in thresholds:
        axes.axhline(threshold, color=INK, linestyle=(0, (1, 2)), linewidth=0.8, zorder=1)
        above = y >= threshold
        for place in np.flatnonzero(above[1:] != above[:-1]):
            share = (threshold - y[place]) / (y[place + 1] - y[place])
            at = np.exp(np.log(x[place]) + share * np.log(x[place + 1] / x[place]))
            axes.plot(
                at,
                threshold,
                "v",
                markerfacecolor="white",
                markeredgecolor=INK,
                markersize=6,
                zorder=4,
                gid="tips",
            )
    axes.tick_params(labelsize=SMALL.size)
    axes.set_yticks(np.arange(0, 1.01, 0.1))
    for text in axes.get_yticklabels():
        text.set_fontproperties(BODY.font)
