"""The prior map as contours: how sure one is of benefit under every prior."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import log_axis, name_axes
from bayesmeta.plots.contour_labels import label_contours
from bayesmeta.plots.ink import BLUE, BODY, FAINT, INK, SHADE
from bayesmeta.plots.paper import Page, headed, page
from bayesmeta.plots.place import whole
from bayesmeta.plots.scale import Range, linear_ticks
from bayesmeta.plots.surface import FEWEST, Surface, smooth
from bayesmeta.sensitivity.conclusion import concluded, conclusion
from bayesmeta.summaries import digits
from bayesmeta.summaries.phrases import chance

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEVELS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99)
_FEWEST, _FLAT = 3, 1e-4
"""With fewer usual levels round ones are added, if the map is not flat."""
_LEFT, _WIDTH, _HEIGHT, _GAP, _HEAD = 0.8, 3.1, 2.9, 0.2, 0.22
_MARKS = ("o", "s", "^", "D", "v", "*")


def plot_prior_map(
    prior_map: "xr.Dataset", *, title: str = "", axes: "Axes | None" = None
) -> "Figure":
    """Return contours of P(benefit) over prior scales, a panel a family.

    The region where the conclusion is not that under the analysis' own priors is shaded and
    hatched, its edge drawn bold; the named priors are marked. Both panels have the same levels,
    the usual ones or, where those do not lie in what there is, round ones that do.

    Parameters
    ----------
    prior_map
        From `bayesmeta.sensitivity.prior_map`, with ``p_benefit``.
    title
        Heading; what is mapped, without one.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.prior_map`.
    OutputError
        If the axes are smaller than the figure.

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
    sheet = page(size, head=head, notes=_notes(prior_map), left=_LEFT, axes=axes)
    drawn = _levels(prior_map)
    for place, family in enumerate(families):
        _panel(sheet, prior_map, family, drawn, place=place)
    return whole(sheet.figure)


def _notes(prior_map: "xr.Dataset") -> list[str]:
    about = prior_map.attrs
    own = concluded(about)[int(about["own_conclusion"])]
    threshold = about["threshold"]
    probability = prior_map["p_benefit"].values
    told = (*digits.THRESHOLDS, float(threshold))
    low, high = (
        chance(digits.probability(float(end), thresholds=told))
        for end in (probability.min(), probability.max())
    )
    range_ = f"runs from {low} to {high}" if low != high else f"is {low} everywhere"
    levels = ", ".join(f"{level:g}" for level in _levels(prior_map))
    said = f"Contours{f' at {levels}' if levels else ''}: P({about['event']}), which {range_}."
    shape = prior_map["p_benefit"].values.shape[1:]
    if min(shape) < FEWEST:
        said += f" Computed at {shape[0]} by {shape[1]} scales, smooth between them."
    said += f" {_hatched(prior_map)} Own priors: {own} at {threshold:g}."
    marks = [
        f"{_glyph(number)} {name}"
        for number, name in enumerate(dict.fromkeys(map(str, prior_map["label"].values)))
    ]
    return [said, *(["Priors: " + "; ".join(marks) + "."] if marks else [])]


def _hatched(prior_map: "xr.Dataset") -> str:
    """Return what would be concluded where the map is hatched."""
    own, threshold = int(prior_map.attrs["own_conclusion"]), float(prior_map.attrs["threshold"])
    found = conclusion(prior_map["p_benefit"].values, threshold)
    others = [one for one in (1, 0, -1) if one != own and (found == one).any()]
    if not others:
        return "Nothing is hatched: the conclusion is the same everywhere."
    words = concluded(prior_map.attrs)
    if own == 0:
        return f"Hatched: {' or '.join(words[one] for one in others)} would be concluded."
    return f"Hatched: {words[own]} would not be concluded."


def _levels(prior_map: "xr.Dataset") -> list[float]:
    """Return the levels of contours: the usual ones in the range, or round ones."""
    probability = prior_map["p_benefit"].values
    low, high = float(probability.min()), float(probability.max())
    usual = sorted({*_LEVELS, float(prior_map.attrs["threshold"])})
    found = [level for level in usual if low < level < high]
    if len(found) >= _FEWEST or high - low < _FLAT:
        return found
    even = (float(f"{level:.6g}") for level in linear_ticks(Range(low, high)).positions)
    return sorted({*found, *(level for level in even if low < level < high)})


def _glyph(number: int) -> str:
    return "○□△◇▽☆"[number % len(_MARKS)]


def _panel(
    sheet: Page, prior_map: "xr.Dataset", family: str, drawn: list[float], *, place: int
) -> None:
    axes = sheet.axes(place * (_WIDTH + _GAP), 0.0, _WIDTH, _HEIGHT)
    one = prior_map.sel(family=family)
    x, y = one["tau_scale"].values, one["mu_sd"].values
    finite = np.isfinite(y)
    x_label, y_label = _labels(prior_map)
    log_axis(axes, "x", (x[0], x[-1]))
    log_axis(axes, "y", (y[finite][0], y[finite][-1]))
    marks = _points(axes, prior_map, family)
    _contours(axes, one.isel(mu_sd=finite), drawn, marks)
    name_axes(axes, x=x_label, y=y_label if place == 0 else "")
    if place:
        axes.set_yticklabels([])
    axes.set_title(family, fontproperties=BODY.font, loc="left", pad=4)


def _labels(prior_map: "xr.Dataset") -> tuple[str, str]:
    about = prior_map.attrs
    unit = f", {about['unit']}" if about["unit"] else ""
    per = "" if about["prior_of"] == "mu" else " per unit"
    return f"Scale of the prior on tau{unit}", f"Prior SD of {about['prior_of']}{unit}{per}"


def _contours(
    axes: "Axes", one: "xr.Dataset", drawn: list[float], marks: list[tuple[float, float]]
) -> None:
    import matplotlib as mpl

    known = Surface(one["tau_scale"].values, one["mu_sd"].values, one["p_benefit"].values.T)
    x, y, probability = smooth(known)
    edges = _changed(int(one.attrs["own_conclusion"]), float(one.attrs["threshold"]))
    with mpl.rc_context({"hatch.linewidth": 0.5, "hatch.color": FAINT}):
        for low, high in edges:
            axes.contourf(
                x, y, probability, levels=[low, high], colors=[SHADE], hatches=["////"], zorder=0
            )
    bold = sorted({edge for pair in edges for edge in pair if 0 < edge < 1})
    bold = [edge for edge in bold if probability.min() < edge < probability.max()]
    if bold:
        axes.contour(x, y, probability, levels=bold, colors=[INK], linewidths=1.8, zorder=3)
    here = [level for level in drawn if probability.min() < level < probability.max()]
    if here:
        lines = axes.contour(x, y, probability, levels=here, colors=[BLUE], linewidths=1, zorder=2)
        label_contours(axes, lines, marks)


def _changed(own: int, threshold: float) -> list[tuple[float, float]]:
    """Return the ranges of P(benefit) that lead to another conclusion; a hair beyond 0 and 1."""
    below, above = (-1e-9, threshold), (1 - threshold, 1 + 1e-9)
    outside = [(-1e-9, 1 - threshold), (threshold, 1 + 1e-9)]
    return {1: [below], -1: [above], 0: outside}[own]


def _points(axes: "Axes", prior_map: "xr.Dataset", family: str) -> list[tuple[float, float]]:
    """Mark the named priors of a family, and return where they stand."""
    marks = list[tuple[float, float]]()
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
        marks.append((float(scale), float(np.clip(sd, low, high))))
        axes.plot(*marks[-1], mark, markersize=7, markerfacecolor="white",
                  markeredgecolor=INK, markeredgewidth=1.3, zorder=5, clip_on=False,
                  gid=str(name))  # fmt: skip
    return marks
