"""mu and tau together: regions of highest posterior density."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.plots.axes import show_range
from bayesmeta.plots.effect_axes import effect_name, name_both, null_line
from bayesmeta.plots.ink import BAND, BLUE, INK, NEW, UNSEEN
from bayesmeta.plots.marks import area, mark
from bayesmeta.plots.paper import Said
from bayesmeta.plots.scale import Range
from bayesmeta.plots.stage import Key, Panel, figure_of, stage
from bayesmeta.summaries import wording
from bayesmeta.summaries.joint import joint_density
from bayesmeta.summaries.view import Posterior, view_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROOM = 0.03
_FACES = (BAND, NEW, UNSEEN)


def plot_joint(posterior: Posterior, *, title: str = "", axes: "Axes | None" = None) -> "Figure":
    """Return the smallest regions that hold 50, 80 and 95 % of the posterior of mu and tau.

    The density is exact; the mark is where it is highest.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, of a model with one hyperparameter.
    title
        Heading; the outcome, or the measure's name, without one.
    axes
        Where to draw; without them a figure of its own, with heading and notes.

    Raises
    ------
    PosteriorError
        If the posterior does not store what it is exactly, or has none or several
        hyperparameters.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> bm.plot_joint(bm.fit(effects, engine="exact")).axes[0].get_ylabel()
    'tau, SD between studies, days'
    """
    view = view_of(posterior)
    found = joint_density(view)
    levels = [f"{100 * p:g} %" for p in found.attrs["p"]]
    key = Key([*(area(face, edge=BLUE) for face in _FACES), mark("+", INK, size=8)],
              [*levels, "mode"])  # fmt: skip
    notes = ["Smallest regions that hold these probabilities; the density is exact."]
    panel = stage(axes, Panel(), head=[Said([wording.heading(view, title)])], notes=notes, key=key)
    mu, tau = found["mu"].to_numpy(), found["tau"].to_numpy()
    low, high = min(float(mu[0]), 0.0), max(float(mu[-1]), 0.0)
    span = Range(low - _ROOM * (high - low), high + _ROOM * (high - low))
    show_range(panel, span, kind=view.kind)
    show_range(panel, Range(0.0, float(tau[-1])), which="y")
    heights = sorted(found.attrs["density"])
    panel.contourf(mu, tau, found.to_numpy(), levels=[*heights, np.inf], colors=_FACES[::-1],
                   zorder=1)  # fmt: skip
    panel.contour(mu, tau, found.to_numpy(), levels=heights, colors=BLUE, linewidths=1.1, zorder=2)
    top = np.unravel_index(int(np.argmax(found.to_numpy())), found.shape)
    panel.plot(mu[top[1]], tau[top[0]], "+", color=INK, markersize=8, markeredgewidth=1.3,
               zorder=4, gid="mode")  # fmt: skip
    null_line(panel, view)
    name_both(panel, effect_name(view), wording.quantity_title(view, view.hyperparameters[0]))
    return figure_of(panel)
