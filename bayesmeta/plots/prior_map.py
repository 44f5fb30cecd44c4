"""The prior map as contours: how sure one is of benefit under every prior."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import log_axis, name_axes
from bayesmeta.plots.ink import BLUE, BODY, FAINT, INK, SHADE, SMALL
from bayesmeta.plots.paper import Page, headed, page
from bayesmeta.sensitivity.conclusion import WORDS
from bayesmeta.summaries import digits

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEVELS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99)
_LEFT, _WIDTH, _HEIGHT, _GAP, _HEAD = 0.8, 3.1, 2.9, 0.2, 0.22
_MARKS = ("o", "s", "^", "D", "v", "*")


def plot_prior_map(prior_map: "xr.Dataset", *, title: str = "") -> "Figure":
    """Return contours of P(benefit) over prior scales, a panel a family.

    The region where the conclusion is not that under the analysis' own priors is shaded and
    hatched, its edge drawn bold; the named priors are marked.

    Parameters
    ----------
    prior_map
        From `bayesmeta.sensitivity.prior_map`, with ``p_benefit``.
    title
        Heading; what is mapped, without one.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.prior_map`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> figure = bm.plot_prior_map(bm.prior_map(effects))
    >>> figure.axes[0].get_xlabel()
    'Scale of the prior on tau, days'
    """
    require_answer(prior_map, "prior_map", "p_benefit", "tau_scale")
    families = [str(name) for name in prior_map["family"].values]
    head = headed(title, f"P({prior_map.attrs['event']}) by prior")
    size = (_LEFT + len(families) * (_WIDTH + _GAP), _HEIGHT + _HEAD)
    sheet = page(size, head=head, notes=_notes(prior_map), left=_LEFT)
    for place, family in enumerate(families):
        _panel(sheet, prior_map, family, place=place)
    return sheet.figure


def _notes(prior_map: "xr.Dataset") -> list[str]:
    about = prior_map.attrs
    own = WORDS[int(about["own_conclusion"])]
    threshold = about["threshold"]
    probability = prior_map["p_benefit"].values
    told = (*digits.THRESHOLDS, float(threshold))
    low, high = (
        digits.probability(float(end), thresholds=told)
        for end in (probability.min(), probability.max())
    )
    range_ = f"runs from {low} to {high}" if low != high else f"is {low} everywhere"
    said = f"Contours: P({about['event']}), which {range_}."
    said += f" Hatched: the conclusion at {threshold:g} is not that under the analysis' own priors"
    said += f" ({own})."
    marks = [
        f"{_glyph(number)} {name}"
        for number, name in enumerate(dict.fromkeys(map(str, prior_map["label"].values)))
    ]
    return [said, *(["Priors: " + "; ".join(marks) + "."] if marks else [])]


def _glyph(number: int) -> str:
    return "○□△◇▽☆"[number % len(_MARKS)]


def _panel(sheet: Page, prior_map: "xr.Dataset", family: str, *, place: int) -> None:
    axes = sheet.axes(place * (_WIDTH + _GAP), 0.0, _WIDTH, _HEIGHT)
    one = prior_map.sel(family=family)
    x, y = one["tau_scale"].values, one["mu_sd"].values
    finite = np.isfinite(y)
    x_label, y_label = _labels(prior_map)
    log_axis(axes, "x", (x[0], x[-1]))
    log_axis(axes, "y", (y[finite][0], y[finite][-1]))
    _contours(axes, one.isel(mu_sd=finite), own=int(prior_map.attrs["own_conclusion"]))
    _points(axes, prior_map, family)
    name_axes(axes, x=x_label, y=y_label if place == 0 else "")
    if place:
        axes.set_yticklabels([])
    axes.set_title(family, fontproperties=BODY.font, loc="left", pad=4)


def _labels(prior_map: "xr.Dataset") -> tuple[str, str]:
    about = prior_map.attrs
    unit = f", {about['unit']}" if about["unit"] else ""
    per = "" if about["prior_of"] == "mu" else " per unit"
    return f"Scale of the prior on tau{unit}", f"Prior SD of {about['prior_of']}{unit}{per}"


def _contours(axes: "Axes", one: "xr.Dataset", *, own: int) -> None:
    import matplotlib as mpl

    x, y = one["tau_scale"].values, one["mu_sd"].values
    probability = one["p_benefit"].values.T
    edges = _changed(own, float(one.attrs["threshold"]))
    with mpl.rc_context({"hatch.linewidth": 0.5, "hatch.color": FAINT}):
        for low, high in edges:
            axes.contourf(
                x, y, probability, levels=[low, high], colors=[SHADE], hatches=["////"], zorder=0
            )
    bold = sorted({edge for pair in edges for edge in pair if 0 < edge < 1})
    bold = [edge for edge in bold if probability.min() < edge < probability.max()]
    if bold:
        axes.contour(x, y, probability, levels=bold, colors=[INK], linewidths=1.8, zorder=3)
    drawn = [level for level in _LEVELS if probability.min() < level < probability.max()]
    if drawn:
        lines = axes.contour(x, y, probability, levels=drawn, colors=[BLUE], linewidths=1, zorder=2)
        texts = axes.clabel(lines, fmt=lambda level: f"{level:g}", fontsize=SMALL.size)
        for text in texts:
            text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.8})


def _changed(own: int, threshold: float) -> list[tuple[float, float]]:
    """Return the ranges of P(benefit) that lead to another conclusion; a hair beyond 0 and 1."""
    below, above = (-1e-9, threshold), (1 - threshold, 1 + 1e-9)
    outside = [(-1e-9, 1 - threshold), (threshold, 1 + 1e-9)]
    return {1: [below], -1: [above], 0: outside}[own]


def _points(axes: "Axes", prior_map: "xr.Dataset", family: str) -> None:
    names = list(dict.fromkeys(map(str, prior_map["label"].values)))
    columns = (
        prior_map[name].values
        for name in ("label", "named_family", "named_tau_scale", "named_mu_sd")
    )
    for name, where, scale, sd in zip(*columns, strict=True):
        if where != family:
            continue
        low, high = axes.get_ylim()
        mark = _MARKS[names.index(str(name)) % len(_MARKS)]
        axes.plot(scale, np.clip(sd, low, high), mark, markersize=7, markerfacecolor="white",
                  markeredgecolor=INK, markeredgewidth=1.3, zorder=5, clip_on=False,
                  gid=str(name))  # fmt: skip
