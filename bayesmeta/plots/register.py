"""The plots there are, by the name that the command line uses."""

from collections.abc import Callable, Mapping
from inspect import signature
from typing import TYPE_CHECKING

from bayesmeta.errors import PosteriorError
from bayesmeta.plots.chains import plot_chains
from bayesmeta.plots.drapery import plot_drapery
from bayesmeta.plots.forest import plot_forest
from bayesmeta.plots.forest_outcomes import plot_outcomes_forest
from bayesmeta.plots.funnel import plot_funnel
from bayesmeta.plots.heterogeneity import plot_heterogeneity
from bayesmeta.plots.joint import plot_joint
from bayesmeta.plots.labbe import plot_labbe
from bayesmeta.plots.of_posterior import (
    draw_baujat,
    draw_cumulative,
    draw_leave_one_out,
    draw_loo_pit,
    draw_subsets,
)
from bayesmeta.plots.posterior import plot_posterior
from bayesmeta.plots.predictive import plot_predictive
from bayesmeta.plots.radial import plot_radial
from bayesmeta.plots.shrinkage import plot_shrinkage
from bayesmeta.plots.tail_curves import plot_tail_curves
from bayesmeta.plots.weights import plot_weights
from bayesmeta.summaries.view import Posterior

if TYPE_CHECKING:
    from matplotlib.figure import Figure


PLOTS: dict[str, Callable[..., "Figure"]] = {
    "forest": plot_forest,
    "outcomes": plot_outcomes_forest,
    "posterior": plot_posterior,
    "joint": plot_joint,
    "heterogeneity": plot_heterogeneity,
    "shrinkage": plot_shrinkage,
    "tail-curves": plot_tail_curves,
    "weights": plot_weights,
    "funnel": plot_funnel,
    "radial": plot_radial,
    "baujat": draw_baujat,
    "drapery": plot_drapery,
    "labbe": plot_labbe,
    "subsets": draw_subsets,
    "cumulative": draw_cumulative,
    "leave-one-out": draw_leave_one_out,
    "predictive": plot_predictive,
    "loo-pit": draw_loo_pit,
    "chains": plot_chains,
}
"""Each takes a posterior, and its own options by name."""


def takes(kind: str, option: str) -> bool:
    """Return whether the plot of a name takes an option.

    Examples
    --------
    >>> takes("subsets", "progress"), takes("forest", "progress")
    (True, False)
    """
    return kind in PLOTS and option in signature(PLOTS[kind]).parameters


def plot_named(
    kind: str, posterior: Posterior | Mapping[str, Posterior], **options: object
) -> "Figure":
    """Return a figure by the name of its plot.

    Parameters
    ----------
    posterior
        One; ``outcomes`` takes several by name too.
    options
        What the plot takes by name, such as ``title``.

    Raises
    ------
    PosteriorError
        If there is no such plot, or it does not take an option.
    """
    if kind not in PLOTS:
        raise PosteriorError(f"No plot {kind!r}; known: {', '.join(PLOTS)}.")
    known = signature(PLOTS[kind]).parameters
    if unknown := [name.replace("_", "-") for name in options if name not in known]:
        raise PosteriorError(f"The plot {kind!r} takes no {', '.join(unknown)}.")
    return PLOTS[kind](posterior, **options)
