"""The plots there are, by the name that the command line uses."""

from typing import TYPE_CHECKING, Protocol

from bayesmeta.errors import PosteriorError
from bayesmeta.plots.forest import plot_forest
from bayesmeta.plots.posterior import plot_posterior
from bayesmeta.summaries.view import Posterior

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Plot(Protocol):
    """What an entry of ``PLOTS`` does."""

    def __call__(self, posterior: Posterior) -> "Figure":
        """Return the figure of a posterior."""
        ...


PLOTS: dict[str, Plot] = {"forest": plot_forest, "posterior": plot_posterior}


def plot_named(kind: str, posterior: Posterior) -> "Figure":
    """Return a figure by the name of its plot.

    Raises
    ------
    PosteriorError
        If there is no such plot.
    """
    if kind not in PLOTS:
        raise PosteriorError(f"No plot {kind!r}; known: {', '.join(PLOTS)}.")
    return PLOTS[kind](posterior)
