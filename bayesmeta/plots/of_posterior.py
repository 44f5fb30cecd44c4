"""Figures of questions, asked of a posterior that is at hand."""

from typing import TYPE_CHECKING

from bayesmeta.plots.baujat import plot_baujat
from bayesmeta.plots.cumulative import plot_cumulative
from bayesmeta.plots.leave_one_out import plot_leave_one_out
from bayesmeta.plots.loo_pit import plot_loo_pit
from bayesmeta.plots.subsets import plot_subsets
from bayesmeta.refits.sampler import Progress
from bayesmeta.sensitivity.baujat import baujat
from bayesmeta.sensitivity.cumulative import cumulative
from bayesmeta.sensitivity.leave_one_out import leave_one_out
from bayesmeta.sensitivity.loo_pit import loo_pit
from bayesmeta.sensitivity.ordering import PRECISION
from bayesmeta.sensitivity.subsets import subsets
from bayesmeta.summaries.view import Posterior

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_baujat(posterior: Posterior, *, title: str = "", axes: "Axes | None" = None) -> "Figure":
    """Return the Baujat plot of a posterior's studies."""
    return plot_baujat(baujat(posterior), title=title, axes=axes)  # type: ignore[arg-type]


def draw_cumulative(
    posterior: Posterior, *, title: str = "", interval: float = 0.95, by: str = PRECISION,
    axes: "Axes | None" = None,
) -> "Figure":  # fmt: skip
    """Return the cumulative analysis of a posterior's studies."""
    found = cumulative(posterior, by=by, interval=interval)  # type: ignore[arg-type]
    return plot_cumulative(found, title=title, axes=axes)


def draw_leave_one_out(
    posterior: Posterior, *, title: str = "", interval: float = 0.95, axes: "Axes | None" = None
) -> "Figure":
    """Return the leave-one-out analysis of a posterior's studies."""
    found = leave_one_out(posterior, interval=interval)  # type: ignore[arg-type]
    return plot_leave_one_out(found, title=title, axes=axes)


def draw_loo_pit(posterior: Posterior, *, title: str = "", axes: "Axes | None" = None) -> "Figure":
    """Return the PIT values of a posterior's studies, each by the others."""
    found = loo_pit(leave_one_out(posterior))  # type: ignore[arg-type]
    return plot_loo_pit(found, title=title, axes=axes)


def draw_subsets(
    posterior: Posterior, *, title: str = "", study: str | None = None,
    axes: "Axes | None" = None, progress: Progress | None = None,
) -> "Figure":  # fmt: skip
    """Return the cloud of all subsets of a posterior's studies; ``progress`` as `subsets` has."""
    found = subsets(posterior, progress=progress)  # type: ignore[arg-type]
    return plot_subsets(found, study=study, title=title, axes=axes)
