"""The plots there are, by the name that the command line uses."""

from collections.abc import Callable, Mapping
from inspect import signature
from typing import TYPE_CHECKING

from bayesmeta.errors import PosteriorError
from bayesmeta.plots.forest import plot_forest
from bayesmeta.plots.forest_outcomes import plot_outcomes_forest
from bayesmeta.plots.posterior import plot_posterior
from bayesmeta.summaries.view import Posterior

if TYPE_CHECKING:
    from matplotlib.figure import Figure


PLOTS: dict[str, Callable[..., "Figure"]] = {
    "forest": plot_forest,
    "outcomes": plot_outcomes_forest,
    "posterior": plot_posterior,
}
"""Each takes a posterior, and its own options by name."""


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
