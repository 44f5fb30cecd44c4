"""Fit a model to effects: the one call from effects to a posterior."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, Unpack, cast

import xarray as xr

from bayesmeta.assembly import ROLES, Assembly, PriorLike, Roles, assemble, named_roles
from bayesmeta.engines import exact, nuts
from bayesmeta.engines.diagnostics import check
from bayesmeta.engines.settings import Chosen, Settings, taking_settings
from bayesmeta.errors import ModelError
from bayesmeta.keywords import require_taken
from bayesmeta.measures.effects import Effects
from bayesmeta.spec import ModelSpec


class Engine(Protocol):
    """What an engine does."""

    def __call__(self, assembly: Assembly, settings: Settings) -> xr.DataTree:
        """Return the posterior."""
        ...


ENGINES: dict[str, Engine] = {"nuts": nuts.sample, "exact": exact.sample}


class Asked(Chosen, Roles, total=False):
    """Settings, and what a model wants of the table."""


def _parted(asked: Asked) -> tuple[Chosen, dict[str, str]]:
    """Return the settings, and what is named for a model's roles.

    Raises
    ------
    CallError
        If a keyword is neither.
    """
    told = {name: value for name, value in asked.items() if name not in ROLES}
    require_taken(fit, asked)
    return cast("Chosen", told), named_roles(asked)


@taking_settings
def fit(  # noqa: PLR0913  (a model's parts, each by its name)
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    moderators: str | None = None,
    priors: Mapping[str, PriorLike] | None = None,
    engine: str = "nuts",
    missing: str = "error",
    progress: bool = False,
    **settings: Unpack[Asked],
) -> xr.DataTree:
    """Return the posterior of a meta-analysis as an ArviZ ``DataTree``.

    Parameters
    ----------
    effects
        Effect sizes, from `effect_sizes`.
    model
        Name on the shelf (`model_names`), path of a model file, or a ``ModelSpec``; by default
        ``"random-effects"``, or ``"meta-regression"`` where there are moderators.
    moderators
        Formula in the table's columns, such as ``"duration_weeks + C(design)"``.
    priors
        Priors by parameter that replace the model's, as PyMC writes them:
        ``{"tau": "HalfNormal(sigma=5)"}``; in the outcome's unit unless they say otherwise.
    engine
        ``"nuts"`` samples with PyMC; ``"exact"`` integrates: in milliseconds where
        study effects are normal, in seconds where they are not.
    missing
        ``"error"``, or ``"drop"`` for rows without a moderator's value; they are listed.
    progress
        Whether to show a progress bar on standard error.
    {settings}
    cluster, trial, outcome, level, covariance, control_arm, weeks, tau_formula
        What the model wants of the table: columns by name, a formula, or a word, such as
        ``cluster="district"`` of ``"nested"``.
    heterogeneity
        ``"student-t"`` or ``"contaminated"`` in the place of normal study effects; beside cohorts
        t effects take every ``spread``, which then is of their scales.
    coding, design, reference
        A word of ``"binomial"``; the column of designs, and which of its levels is no cohort's.
    spread, ratio, power, shared_bias
        Of models of trials beside cohorts: how effects of cohorts spread (``"common"``,
        ``"ratio"``, ``"own"``, ``"extra"``), their variance beside that of trials, the power of
        their likelihood, whether all share a bias that there may be.

    Raises
    ------
    BayesmetaError
        If the parts do not fit each other or the table, or the posterior would be improper.

    Examples
    --------
    Specialist stroke care, length of stay in days (Normand 1999, Stat Med 18:321-359).

    >>> import bayesmeta as bm
    >>> studies = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(studies, measure="MD")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> round(float(bm.summary(posterior).loc["mu", "mean"]), 6)
    -14.728064
    """
    told, roles = _parted(settings)
    if engine not in ENGINES:
        raise ModelError(f"No engine {engine!r}; known: {', '.join(ENGINES)}.")
    assembly = assemble(
        effects, model, moderators=moderators, priors=priors, missing=missing, roles=roles
    )
    posterior = ENGINES[engine](assembly, Settings(progress=progress, **told))
    return _named(posterior, engine)


def _named(posterior: xr.DataTree, engine: str) -> xr.DataTree:
    """Return a posterior that says which engine made it, and whether its draws can be trusted."""
    posterior.attrs.setdefault("engine", engine)
    if "diagnostics" not in posterior.attrs:
        posterior.attrs["diagnostics"] = json.dumps(check(posterior)._asdict())
    return posterior
