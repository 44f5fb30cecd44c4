"""What a run writes for one outcome; ``ARTEFACTS`` is the register."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr

from bayesmeta.analysis.keywords import Heading, Intervals
from bayesmeta.analysis.plan import Plan
from bayesmeta.archive import save_posterior
from bayesmeta.assembly import Assembly, assemble, takes_repeated
from bayesmeta.errors import BayesmetaError, ModelError
from bayesmeta.measures.effects import Effects
from bayesmeta.plain import Json
from bayesmeta.sensitivity.correlation_strip import has_strip, strip_of
from bayesmeta.sensitivity.strip_words import strip_contract
from bayesmeta.sheets import write_csv
from bayesmeta.spec import Prior, prior_from_toml
from bayesmeta.summaries.contract import contract
from bayesmeta.summaries.groups import group_tables
from bayesmeta.summaries.remembered import remember
from bayesmeta.summaries.statements import statements
from bayesmeta.summaries.studies import study_effects
from bayesmeta.summaries.summary import summary
from bayesmeta.summaries.text import text
from bayesmeta.summaries.view import View
from bayesmeta.summaries.wording import is_simulated, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from bayesmeta.duration_response.subgroups import Subgroups


_FUNNEL = 10
"""Studies from which on a funnel has a shape that can be seen."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """One outcome, fitted; what several artefacts show is made when it is first asked for."""

    plan: Plan
    effects: Effects
    posterior: xr.DataTree

    @cached_property
    def view(self) -> View:
        """The posterior, read once."""
        return View(self.posterior)

    @cached_property
    def priors(self) -> dict[str, Prior]:
        """The priors that the plan states, read."""
        return priors_of(self.plan)

    @property
    def name(self) -> str:
        """What it is called in lines of progress."""
        return self.plan.key or self.plan.title

    @property
    def title(self) -> str:
        """The heading of every text and figure: it names the outcome, once."""
        return titled(self.plan.title, self.effects.outcome)

    @property
    def intervals(self) -> Intervals:
        """Which intervals tables and figures show."""
        return {"interval": self.plan.interval, "shortest": self.plan.shortest}

    @property
    def heading(self) -> Heading:
        """What text and forest plot say around their numbers."""
        plan = self.plan
        return {
            "title": self.title, "benefit": plan.benefits or plan.benefit,
            "minimal_important_difference": plan.minimal_important_difference,
        }  # fmt: skip

    @cached_property
    def text(self) -> str:
        """The plain-text summary that the terminal shows and the folder keeps."""
        return text(self.view, **self.heading, **self.intervals)

    @cached_property
    def assembly(self) -> Assembly:
        """The model resolved on the effects, as it was fitted."""
        plan = self.plan
        return assemble(self.effects, plan.spec, moderators=plan.moderators, priors=self.priors,
                        missing=plan.missing)  # fmt: skip

    @property
    def has_strip(self) -> bool:
        """Whether a correlation is unknown or assumed."""
        return has_strip(self.assembly)

    @cached_property
    def strip(self) -> "pd.DataFrame":
        """The answer at each of several assumed correlations."""
        level = self.plan.interval
        known = summary(self.view, interval=level) if self.view.is_exact else None
        return strip_of(self.assembly, interval=level, known=known)

    @cached_property
    def forest(self) -> "Figure":
        """The forest plot, laid out once for every format."""
        from bayesmeta.plots.forest import plot_forest

        asked = {**self.plan.forest, **self.heading, **self.intervals}
        if self.plan.subgroups is None:
            return plot_forest(self.view, effects=self.effects, **asked)
        try:
            groups = self.subgroups
        except BayesmetaError:  # the section of subgroups says why there are none
            groups = None
        return plot_forest(self.view, effects=self.effects, subgroups=groups, **asked)

    @cached_property
    def subgroups(self) -> "Subgroups":
        """The answer on the subgroups that the plan names.

        Raises
        ------
        BayesmetaError
            If the outcome's own model says what subgroups do not know.
        """
        from bayesmeta.duration_response import subgroups

        plan = self.plan
        if plan.moderators or takes_repeated(plan.spec):
            what = f"moderators {plan.moderators}" if plan.moderators else f"model {plan.spec.name}"
            raise ModelError(
                f"subgroups know studies that are independent, each with one estimate, and no "
                f"moderators; this outcome has {what}. Give it an [[outcomes]] of its own without."
            )
        return subgroups(
            self.effects, column=str(plan.subgroups), tau=plan.subgroups_tau,
            priors={name: self.priors[name] for name in ("mu", "tau") if name in self.priors},
            benefit=plan.benefit or "lower", interval=plan.interval,
        )  # fmt: skip

    @cached_property
    def predictive(self) -> "Figure | None":
        """The predictive check; of one outcome."""
        from bayesmeta.plots.predictive import plot_predictive

        view = self.view
        if len(view.means) > 1 or not view.is_conjugate:
            return None
        return plot_predictive(view, title=self.title, interval=self.plan.interval)

    @cached_property
    def funnel(self) -> "Figure | None":
        """The funnel plot; of ten studies of one outcome."""
        from bayesmeta.plots.funnel import plot_funnel

        if len(self.view.means) > 1 or not self.view.is_conjugate or len(self.effects) < _FUNNEL:
            return None
        return plot_funnel(self.view, title=self.title, interval=self.plan.interval)

    @cached_property
    def is_simulated(self) -> bool:
        """Whether the data are none of real patients."""
        return is_simulated(self.view, self.plan.title)


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
    _write_table(fitted, summary(fitted.view, **fitted.intervals), path)


def _studies(fitted: Fitted, path: Path) -> None:
    _write_table(fitted, study_effects(fitted.view, **fitted.intervals), path)


def _clusters(fitted: Fitted, path: Path) -> None:
    """Write the effects of clusters, where the model has them."""
    if fitted.view.follows.grouped:
        found = group_tables(fitted.view, **fitted.intervals)
        _write_table(fitted, found.effects, path)


def _statements(fitted: Fitted, path: Path) -> None:
    """Write joint statements and those on taus, where the model has any."""
    found = statements(fitted.view, benefit=fitted.plan.benefits or None)
    if len(found):
        _write_table(fitted, found, path)


def _write_table(fitted: Fitted, table: "pd.DataFrame", path: Path) -> None:
    """Write a table to CSV, full precision; simulated data are called so in every row."""
    marked = table.assign(data="SIMULATED") if fitted.is_simulated else table
    write_csv(marked, path, index=table.index.name is not None)


def _figure(name: str) -> Callable[[Fitted, Path], None]:
    """Return what writes one of the figures, where there is one."""

    def write(fitted: Fitted, path: Path) -> None:
        from bayesmeta.plots.saving import save_figure

        figure = getattr(fitted, name)
        if figure is not None:
            save_figure(figure, path)

    return write


def _posterior(fitted: Fitted, path: Path) -> None:
    plan = fitted.plan
    kept = remember(fitted.posterior, plan.benefit, plan.minimal_important_difference)
    save_posterior(kept, path)


def _results(fitted: Fitted, path: Path) -> None:
    content = {"title": fitted.plan.title, **contract(fitted.view, **fitted.intervals)}
    if fitted.has_strip:
        content["correlation_strip"] = _strip(fitted)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _strip(fitted: Fitted) -> Json:
    """Return the strip as JSON; None where it cannot be had, and its section says why."""
    try:
        return strip_contract(fitted.strip)
    except BayesmetaError:
        return None


def _text(fitted: Fitted, path: Path) -> None:
    path.write_text(fitted.text + "\n", encoding="utf-8")


POSTERIOR = "posterior.nc"


FURTHER: dict[str, Callable[[Fitted, Path], None]] = {
    "clusters.csv": _clusters,
    "statements.csv": _statements,
    "predictive.png": _figure("predictive"),
    "predictive.svg": _figure("predictive"),
    "funnel.png": _figure("funnel"),
    "funnel.svg": _figure("funnel"),
}
"""What is written beside, where the model has it."""

ARTEFACTS: dict[str, Callable[[Fitted, Path], None]] = {
    "summary.txt": _text,
    "summary.csv": _summary,
    "studies.csv": _studies,
    "forest.png": _figure("forest"),
    "forest.svg": _figure("forest"),
    POSTERIOR: _posterior,
    "results.json": _results,
}
