"""Trace and rank of a sampler's chains, drawn by arviz-plots in panels of ours."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bayesmeta.errors import PosteriorError
from bayesmeta.plots.axes import name_axes, set_ticks, show_range
from bayesmeta.plots.column import across
from bayesmeta.plots.ink import BLUE, BODY, FAINT, INK, NEW, SMALL, STRONG
from bayesmeta.plots.paper import Page, Said, page, write
from bayesmeta.plots.place import whole
from bayesmeta.plots.scale import Range, Ticks, linear_ticks
from bayesmeta.summaries import wording
from bayesmeta.summaries.notes import alarm
from bayesmeta.summaries.page import Page as Shown
from bayesmeta.summaries.view import Posterior, View, view_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT, _HEAD, _GAP = 6.8, 1.05, 0.3, 0.75
_LEFT = 0.75
_MOST = 8
_NOTE = (
    "Left: draws, a line a chain. Right: distribution of each chain's ranks less a uniform one; "
    "near 0 where chains agree."
)
_INKS = (INK, BLUE, FAINT, NEW)
"""Of chains, in turn: each differs from the next where print has no colour."""


def plot_chains(
    posterior: Posterior, *, names: Sequence[str] | None = None, title: str = "",
    axes: "Axes | None" = None,
) -> "Figure":  # fmt: skip
    """Return each parameter's trace, and how far its chains' ranks are from uniform.

    A row a parameter. Left, its draws, one line a chain. Right, by arviz-plots, the distribution
    function of each chain's ranks less a uniform one: of chains that agree, these wander around 0.

    Parameters
    ----------
    posterior
        From `fit` with ``engine="nuts"``, or any ``DataTree`` with chains.
    names
        Scalars of the posterior; by default the mean effects and hyperparameters, at most 8.
    title
        Heading; the outcome, or the measure's name, without one.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    PosteriorError
        If nothing was sampled, or there is no such scalar.
    OutputError
        If the axes are smaller than the figure.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> bm.plot_chains(bm.fit(effects, engine="exact"))
    Traceback (most recent call last):
    ...
    bayesmeta.errors.PosteriorError: Chains are of a posterior that was sampled; this one was \
integrated.
    """
    view = view_of(posterior)
    if not view.has_chains:
        raise PosteriorError("Chains are of a posterior that was sampled; this one was integrated.")
    chosen = _names(view, names)
    failed = alarm(Shown.of(view))
    head = [Said([wording.heading(view, title)]), *([Said([failed], STRONG)] if failed else [])]
    step = _HEIGHT + _HEAD
    sheet = page((across(_WIDTH, 4.2, axes), len(chosen) * step), head=head, left=_LEFT,
                 notes=[_NOTE], axes=axes)  # fmt: skip
    panels = [_row(sheet, view, name, bottom=(len(chosen) - 1 - row) * step)
              for row, name in enumerate(chosen)]  # fmt: skip
    for column, drawn in enumerate(("trace", "rank")):
        _draw(view, chosen, [row[column] for row in panels], kind=drawn)
    _finish(panels)
    return whole(sheet.figure)


def _names(view: View, asked: Sequence[str] | None) -> list[str]:
    """Return the scalars that are drawn."""
    scalars = [str(name) for name, value in view.sampled.data_vars.items()
               if set(value.dims) == {"chain", "draw"}]  # fmt: skip
    if asked is None:
        usual = [*view.means, *view.hyperparameters]
        return [name for name in usual if name in scalars][:_MOST] or scalars[:_MOST]
    if unknown := [name for name in asked if name not in scalars]:
        raise PosteriorError(
            f"No scalar {', '.join(map(repr, unknown))}; there are: {', '.join(scalars)}."
        )
    return list(asked)


def _row(sheet: Page, view: View, name: str, *, bottom: float) -> "tuple[Axes, Axes]":
    wide = (sheet.width - _GAP) / 2
    both = (sheet.axes(0.0, bottom, wide, _HEIGHT),
            sheet.axes(wide + _GAP, bottom, wide, _HEIGHT))  # fmt: skip
    words = BODY.clipped(wording.quantity_title(view, name), sheet.width)
    at = (sheet.left, sheet.bottom + bottom + _HEIGHT + 0.1)
    write(sheet.figure, at, words, letters=BODY)
    return both


def _draw(view: View, names: list[str], panels: "list[Axes]", *, kind: str) -> None:
    """Draw one column by arviz-plots, in axes of ours."""
    import arviz_plots
    import xarray as xr

    data = view.sampled[names]
    into = {name: xr.DataArray(np.array(axes, dtype=object))
            for name, axes in zip(names, panels, strict=True)}  # fmt: skip
    figure = xr.DataArray(np.array(panels[0].figure, dtype=object))
    tree = xr.DataTree.from_dict({"/": xr.Dataset({"figure": figure}), "plot": xr.Dataset(into)})
    inks = [_INKS[chain % len(_INKS)] for chain in range(data.sizes["chain"])]
    collection = arviz_plots.PlotCollection(
        data, viz_dt=tree, backend="matplotlib", aes={"color": ["chain"]}, color=inks
    )
    draw: Any = arviz_plots.plot_trace if kind == "trace" else arviz_plots.plot_rank
    silent = {"title": False, "xlabel": False, "ticklabels": False} if kind == "trace" else {
        "title": False, "xlabel": False}  # fmt: skip
    draw(view.tree, var_names=names, plot_collection=collection, backend="matplotlib",
         visuals=silent)  # fmt: skip


def _finish(panels: "list[tuple[Axes, Axes]]") -> None:
    """Set ticks and names in our letters; marks as thin as lines of draws want."""
    for place, row in enumerate(panels):
        last = place == len(panels) - 1
        for axes, what in zip(row, ("Draw", "Fractional rank"), strict=True):
            for text in axes.texts:  # p-values of ranks, which arviz-plots writes
                text.set_fontproperties(SMALL.font)
            for line in axes.lines:
                line.set_linewidth(0.5 if what == "Draw" else 1.2)
            for which in ("x", "y"):
                low, high = axes.get_xlim() if which == "x" else axes.get_ylim()
                span = Range(float(low), float(high))
                show_range(axes, span, which="x" if which == "x" else "y")
                ticks = linear_ticks(span)
                if which == "y" and len(ticks.positions) > 4:  # noqa: PLR2004  (low panels)
                    few = Ticks(ticks.positions[::2], ticks.labels[::2])
                    set_ticks(axes, few, which="y")
            axes.tick_params(labelbottom=last, labelsize=SMALL.size)
            axes.spines[["left", "bottom"]].set_visible(True)
            name_axes(axes, x=what if last else "")
