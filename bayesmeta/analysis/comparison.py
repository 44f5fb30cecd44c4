"""The files of a run that put the analysis beside the classical ones."""

from pathlib import Path
from typing import TYPE_CHECKING

from bayesmeta.assembly import PriorLike
from bayesmeta.spec import prior_from_toml

if TYPE_CHECKING:
    import pandas as pd

    from bayesmeta.analysis.artefacts import Fitted


def comparison_csv(fitted: "Fitted", path: Path) -> None:
    """Write the table of Bayesian and classical rows."""
    _table(fitted).to_csv(path, index=False)


def comparison_figure(fitted: "Fitted", path: Path) -> None:
    """Write the rows as a figure."""
    from bayesmeta.plots.comparison import plot_comparison
    from bayesmeta.plots.saving import save_figure

    save_figure(plot_comparison(_table(fitted), title=fitted.plan.title), path)


def gap_csv(fitted: "Fitted", path: Path) -> None:
    """Write the steps from REML to the analysis' priors."""
    _gap(fitted).to_csv(path, index=False)


def gap_figure(fitted: "Fitted", path: Path) -> None:
    """Write the steps as a figure."""
    from bayesmeta.plots.gap import plot_gap
    from bayesmeta.plots.saving import save_figure

    save_figure(plot_gap(_gap(fitted), title=fitted.plan.title), path)


def _table(fitted: "Fitted") -> "pd.DataFrame":
    from bayesmeta.comparison import compare

    plan = fitted.plan
    return compare(
        fitted.effects, plan.model, priors=_priors(fitted), moderators=plan.moderators,
        missing=plan.missing, interval=plan.interval, benefit=plan.benefit,
    )  # fmt: skip


def _gap(fitted: "Fitted") -> "pd.DataFrame":
    from bayesmeta.comparison import explain_gap

    plan = fitted.plan
    return explain_gap(
        fitted.effects, plan.model, priors=_priors(fitted), moderators=plan.moderators,
        missing=plan.missing, interval=plan.interval,
    )  # fmt: skip


def _priors(fitted: "Fitted") -> dict[str, PriorLike]:
    return {key: prior_from_toml(value, where=f"priors.{key}")
            for key, value in fitted.plan.priors.items()}  # fmt: skip
