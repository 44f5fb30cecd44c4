"""Named priors side by side."""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, PriorLike
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import is_proper
from bayesmeta.refits.exact import refit_priors
from bayesmeta.refits.existence import impropriety
from bayesmeta.refits.hellinger import coefficient_distances, heterogeneity_distances
from bayesmeta.refits.sampler import EXACT, Sampler
from bayesmeta.sensitivity.asking import Refitting, asked
from bayesmeta.sensitivity.named import named_priors
from bayesmeta.sensitivity.numbers import (
    Columns,
    effect_columns,
    heterogeneity_columns,
    interleaved,
    new_study_columns,
)
from bayesmeta.sensitivity.question import Question
from bayesmeta.sensitivity.sampled_numbers import sampled_table
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd


def prior_sensitivity(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    named: Mapping[str, Mapping[str, PriorLike]] | None = None,
    **asking: Unpack[Refitting],
) -> "pd.DataFrame":
    """Return what is found under each of a named set of priors, side by side.

    Exactly; or, with ``engine="nuts"``, from draws: for priors that the exact engine does not
    take, such as a uniform one on mu.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`.
    named
        Further sets of priors: ``{"sceptical": {"mu": "Normal(mu=0, sigma=5)"}}``. Always there:
        the analysis' ``own``, the model's ``default``, half-normals on tau (of 0.25 and 0.5
        unit-information SDs; of 0.25, 0.5 and 1 on log ratios), and a published distribution of tau
        where there is one.
    **asking
        The question, and the model's other choices: ``help("bayesmeta.sensitivity.ask")``.
        The engine, and how NUTS draws: ``help("bayesmeta.sensitivity.asked")``.

    Returns
    -------
    DataFrame
        A row a set. ``estimate`` (median), ``sd``, ``lower``, ``upper``, ``p_benefit`` of the
        quantity; ``pi_sd``, ``pi_lower``, ``pi_upper``, ``p_benefit_new`` in a new study; ``tau``
        (median) with interval and ``tau_sd``; ``log_marginal_likelihood`` (NaN where an improper
        prior leaves it without a constant); ``hellinger`` and ``hellinger_tau``, distances of
        posterior from prior; each with its numerical error in a column of its name and
        ``_error``. ``note`` says why a row is empty. With NUTS, errors are Monte Carlo standard
        errors, there are no marginal likelihoods and distances, ``ok`` is false where a refit's
        diagnostics failed, and ``messages`` say how.

    Raises
    ------
    AnalysisError, ModelError, PriorError, StudiesError
        If the question or a set of priors cannot be used.

    Examples
    --------
    Length of stay after specialist stroke care (Normand 1999): a half-normal prior is surer than
    the half-Cauchy default.

    >>> import bayesmeta as bm
    >>> from bayesmeta.sensitivity import prior_sensitivity
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    >>> prior_sensitivity(effects)["p_benefit"].round(3).head(3).to_dict()
    {'own': 0.939, 'half-normal 0.25 uisd': 0.986, 'half-normal 0.5 uisd': 0.959}

    ``prior_sensitivity(effects, priors={"mu": "Uniform(lower=-50, upper=50)"}, engine="nuts")``
    """
    import pandas as pd

    question, sampler = asked(effects, model, asking)
    sets = named_priors(question.assembly, named)
    notes = {name: _reason(one, sampler) for name, one in sets.items()}
    proper = {name: one for name, one in sets.items() if not notes[name]}
    index = pd.Index(list(proper), name="priors")
    table = (
        pd.DataFrame(_columns(question, proper), index=index)
        if sampler is None
        else sampled_table(proper, index, question=question, sampler=sampler)
    ).reindex(pd.Index(list(sets), name="priors"))
    spread = [item.name for item in question.assembly.hyperparameters]
    for place, parameter in enumerate([*question.assembly.coefficients, *spread]):
        table.insert(
            place, f"prior_{parameter}", [str(one.priors[parameter]) for one in sets.values()]
        )
    table["note"] = [notes[name] for name in sets]
    table.attrs = attributes(question, sampler)
    return table


def _reason(assembly: Assembly, sampler: Sampler | None) -> str:
    """Return why there is nothing to be found under priors; empty where there is."""
    improper = [name for name, prior in assembly.priors.items() if not is_proper(prior)]
    if sampler is not None and improper:
        stated = ", ".join(f"{name} ~ {assembly.priors[name]}" for name in improper)
        return f"NUTS needs proper priors, and {stated} has no total mass."
    return impropriety(assembly, assembly.priors)


def attributes(
    question: Question, sampler: Sampler | None = None
) -> dict[Hashable | None, str | float]:
    """Return what a table of this room says of its question, and of the engine."""
    effects = question.assembly.effects
    engine: dict[Hashable | None, str | float] = {"engine": EXACT}
    if sampler is not None:
        engine |= sampler.attributes()
    return engine | {
        "quantity": question.quantity, "event": question.event, "benefit": question.benefit,
        "null": question.null, "interval": question.interval, "measure": effects.measure,
        "unit": effects.unit, "outcome": effects.outcome,
    }  # fmt: skip


def _columns(question: Question, sets: Mapping[str, Assembly]) -> Columns:
    if not sets:
        return {}
    priors = [one.priors for one in sets.values()]
    refits = refit_priors(question.assembly, priors)
    found = effect_columns(refits, question) | new_study_columns(refits, question)
    found |= heterogeneity_columns(refits, question)
    evidence = refits.log_marginal_likelihood, refits.log_marginal_likelihood_error
    found |= _pair("log_marginal_likelihood", *(_where_proper(sets, array) for array in evidence))
    name = question.coefficient
    if name is not None:
        row = np.eye(len(question.assembly.coefficients))[
            question.assembly.coefficients.index(name)
        ]
        found |= _pair("hellinger", *coefficient_distances(refits, priors, name, row=row))
    for item in question.assembly.hyperparameters:
        distance = heterogeneity_distances(refits, priors, question.assembly, item.name)
        found |= _pair(f"hellinger_{item.name}", *distance)
    return interleaved(found)


def _pair(name: str, value: FloatArray, error: FloatArray) -> Columns:
    return {name: value, f"{name}_error": error}


def _where_proper(sets: Mapping[str, Assembly], values: FloatArray) -> FloatArray:
    """Return values, NaN where a prior is improper: its evidence has an arbitrary factor."""
    known = [all(is_proper(prior) for prior in one.priors.values()) for one in sets.values()]
    return np.where(known, values, np.nan)
