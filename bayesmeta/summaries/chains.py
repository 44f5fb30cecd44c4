"""What the draws of one quantity say, beside what is known of it exactly."""

from collections.abc import Mapping

import numpy as np

from bayesmeta.engines.diagnostics import convergence
from bayesmeta.summaries import simulated
from bayesmeta.summaries.sampled import Draws
from bayesmeta.summaries.view import View

DRAWN = ("draws_mean", "draws_sd", "draws_error")
"""Columns of what the draws alone say, where the numbers before them are exact."""


def chain_columns(view: View, name: str, row: Mapping[str, float]) -> dict[str, float]:
    """Return how well chains agree, with each other and with the exact numbers.

    Parameters
    ----------
    row
        The quantity's numbers in the table, of any interval: exact ones, where there are any.
    """
    return view.once(("chains", name), lambda: _columns(view, name, row))


def _columns(view: View, name: str, row: Mapping[str, float]) -> dict[str, float]:
    drawn = simulated.quantity(view, name)
    found = convergence(drawn.values)
    beside = _beside(drawn, row) if view.is_exact else {}
    return {
        **beside,
        "r_hat": found.rhat,
        "ess_bulk": found.ess_bulk,
        "ess_tail": found.ess_tail,
        "difference_from_exact": _difference(view, name, drawn, row),
    }


def _beside(drawn: Draws, row: Mapping[str, float]) -> dict[str, float]:
    """Return mean, sd and Monte Carlo error of the draws; infinite where they do not exist."""
    exists = np.isfinite(row["mean"])
    mean = float(drawn.mean()) if exists else row["mean"]
    sd = float(drawn.sd()) if np.isfinite(row["sd"]) else row["sd"]
    error = float(drawn.centre_error("mean" if exists else "median"))
    return dict(zip(DRAWN, (mean, sd, error), strict=True))


def _difference(view: View, name: str, drawn: Draws, row: Mapping[str, float]) -> float:
    """Return (draws - exact) in Monte Carlo errors: as the engine found it, else from the row."""
    said = view.record("diagnostics").get("exact_difference")
    known = said.get(name) if isinstance(said, dict) else None
    if isinstance(known, int | float):
        return float(known)
    if not view.is_exact:
        return np.nan
    by_mean = np.isfinite(row["sd"])  # without a variance the mean has no Monte Carlo error
    away = drawn.mean() - row["mean"] if by_mean else drawn.median() - row["median"]
    error = float(drawn.centre_error("mean" if by_mean else "median"))
    return float(away) / error if error > 0 else np.nan
