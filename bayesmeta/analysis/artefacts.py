"""What a run writes for one outcome; ``ARTEFACTS`` is the register."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr

from bayesmeta.analysis.plan import Plan
from bayesmeta.archive import save_posterior
from bayesmeta.measures.effects import Effects
from bayesmeta.spec import Prior, prior_from_toml
from bayesmeta.summaries.contract import contract
from bayesmeta.summaries.studies import study_effects
from bayesmeta.summaries.summary import summary
from bayesmeta.summaries.text import text
from bayesmeta.summaries.wording import is_simulated

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Fitted:
    """One outcome, fitted."""

    plan: Plan
    effects: Effects
    posterior: xr.DataTree

    @property
    def priors(self) -> dict[str, Prior]:
        """The priors that the plan states, read."""
        return priors_of(self.plan)


def priors_of(plan: Plan) -> dict[str, Prior]:
    """Return the priors that a plan states.

    Raises
    ------
    PriorError
        If one of them is no prior.
    """
    return {
        name: prior_from_toml(value, where=f"priors.{name}") for name, value in plan.priors.items()
    }


def _summary(fitted: Fitted, path: Path) -> None:
    plan = fitted.plan
    table = summary(fitted.posterior, interval=plan.interval, shortest=plan.shortest)
    _write_table(fitted, table, path)


def _studies(fitted: Fitted, path: Path) -> None:
    plan = fitted.plan
    table = study_effects(fitted.posterior, interval=plan.interval, shortest=plan.shortest)
    _write_table(fitted, table, path)


def _write_table(fitted: Fitted, table: "pd.DataFrame", path: Path) -> None:
    """Write a table to CSV, full precision; simulated data are called so in every row."""
    simulated = is_simulated(fitted.posterior, fitted.plan.title)
    marked = table.assign(data="SIMULATED") if simulated else table
    marked.to_csv(path, index=table.index.name is not None)


def _forest(fitted: Fitted, path: Path) -> None:
    from bayesmeta.plots.forest import plot_forest
    from bayesmeta.plots.saving import save_figure

    plan = fitted.plan
    figure = plot_forest(
        fitted.posterior,
        title=plan.title,
        interval=plan.interval,
        shortest=plan.shortest,
        benefit=plan.benefit,
        minimal_important_difference=plan.minimal_important_difference,
    )
    save_figure(figure, path)


def _posterior(fitted: Fitted, path: Path) -> None:
    save_posterior(fitted.posterior, path)


def _results(fitted: Fitted, path: Path) -> None:
    plan = fitted.plan
    found = contract(fitted.posterior, interval=plan.interval, shortest=plan.shortest)
    content = {"title": plan.title, **found}
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _text(fitted: Fitted, path: Path) -> None:
    path.write_text(summary_text(fitted) + "\n", encoding="utf-8")


def summary_text(fitted: Fitted) -> str:
    """Return the plain-text summary that the terminal shows and the folder keeps."""
    plan = fitted.plan
    return text(
        fitted.posterior,
        title=plan.title,
        interval=plan.interval,
        shortest=plan.shortest,
        benefit=plan.benefit,
        minimal_important_difference=plan.minimal_important_difference,
    )


ARTEFACTS: dict[str, Callable[[Fitted, Path], None]] = {
    "summary.txt": _text,
    "summary.csv": _summary,
    "studies.csv": _studies,
    "forest.png": _forest,
    "forest.svg": _forest,
    "posterior.nc": _posterior,
    "results.json": _results,
}
