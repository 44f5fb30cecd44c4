"""Every study left out in turn."""

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.lines import Lines
from bayesmeta.errors import AnalysisError
from bayesmeta.measures.effects import Effects
from bayesmeta.mixtures import NormalMixture
from bayesmeta.refits.batch import Mixed, Part, Refits
from bayesmeta.refits.exact import refit_without_each
from bayesmeta.refits.hellinger import distance
from bayesmeta.sensitivity.asking import Refitting, asked
from bayesmeta.sensitivity.numbers import (
    Columns,
    asked_of,
    effect_columns,
    heterogeneity_columns,
    interleaved,
)
from bayesmeta.sensitivity.prior_sensitivity import attributes
from bayesmeta.sensitivity.question import Question
from bayesmeta.sensitivity.sampled_leave_one_out import sampled_leave_one_out
from bayesmeta.sinc.affinity import affinity
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd

_NEAR = 0.4
"""Bulks this close, in scales and logs of scales, are one to the quadrature of an affinity."""
_CLOSE = 1e-11
"""An affinity on one bulk that twice the step changes by more is computed on both."""


def leave_one_out(
    effects: Effects, model: str | Path | ModelSpec | None = None, **asking: Unpack[Refitting]
) -> "pd.DataFrame":
    """Return what each study's absence changes, and how well the others predict it.

    All refits are exact and one array computation; or, with ``engine="nuts"``, sampled: for
    priors that the exact engine does not take, such as a uniform one on mu. Priors,
    unit-information SD, centring and column SDs stay those of the full table.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`.
    **asking
        The question, and the model's other choices: ``help("bayesmeta.sensitivity.ask")``.
        The engine, and how NUTS draws: ``help("bayesmeta.sensitivity.asked")``.

    Returns
    -------
    DataFrame
        A row a study left out; where rows depend on each other a row a cluster or trial, all of
        whose rows are left out together, and the index has its name. ``elpd``: log density of
        its estimate under the posterior from the others; ``pit``: probability of a lower
        estimate (near 0 or 1: badly predicted; none where several are left out together); of
        counts the mid-p, the probability of fewer and half that of as many, as ``mid_p`` in
        ``attrs`` says.
        ``estimate`` (median), ``sd``, ``lower``, ``upper``, ``p_benefit`` of the quantity and
        ``tau`` without the study; ``shift`` and ``shift_tau`` against all studies; ``influence``,
        the Hellinger distance between the quantity's posteriors with it and without it. Numerical
        errors in columns that end in ``_error``. Totals in ``attrs``: ``elpd``, its standard
        error over studies ``elpd_se``, its numerical error ``elpd_error``, and ``estimate``,
        ``lower``, ``upper``,
        ``tau`` with all studies. With NUTS, errors are Monte Carlo standard errors, there is no
        ``influence``, ``ok`` is false where a refit's diagnostics failed, and ``messages`` say
        how; ``all_ok`` and ``all_messages`` in ``attrs`` speak of the fit to all studies.

    Raises
    ------
    AnalysisError
        If there are fewer than two studies; or if NUTS should leave out several rows together.
    ImproperPosteriorError
        If the posterior without a study is improper; the message names the study.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> from bayesmeta.sensitivity import leave_one_out
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    >>> table = leave_one_out(effects, priors={"mu": "Normal(mu=0, sigma=100)"})
    >>> table["influence"].idxmax()
    'Orpington-Moderate'

    ``leave_one_out(effects, priors={"mu": "Uniform(lower=-100, upper=100)"}, engine="nuts")``
    """
    question, sampler = asked(effects, model, asking)
    _require_two(question)
    table = _exact(question) if sampler is None else sampled_leave_one_out(question, sampler)
    table.attrs = attributes(question, sampler) | table.attrs
    return table


def _exact(question: Question) -> "pd.DataFrame":
    import pandas as pd

    blocks = question.assembly.blocks
    refits = refit_without_each(question.assembly)
    columns = effect_columns(refits, question) | heterogeneity_columns(refits, question)
    whole = {name: float(values[-1]) for name, values in columns.items()}
    without = {name: values[:-1] for name, values in columns.items()}
    table = pd.DataFrame(
        interleaved(_predicted(refits, question) | without | _shifts(without, whole)
                    | _influence(refits, question)),
        index=pd.Index(blocks.labels, name=question.assembly.block_name),
    )  # fmt: skip
    table.attrs = {
        **_totals(table), "mid_p": bool(question.assembly.data), "no_pit": _no_pit(question, table),
        "estimate": whole["estimate"], "tau": whole["tau"],
        "lower": whole["lower"], "upper": whole["upper"],
    }  # fmt: skip
    return table


def _no_pit(question: Question, table: "pd.DataFrame") -> str:
    """Return why no study has a PIT; empty where one has."""
    if table["pit"].notna().any():
        return ""
    if len(question.assembly.blocks) < len(question.assembly.effects):
        return "estimates that depend on each other are left out together"
    return "without a risk of the study's own nothing orders its pairs of events"


def _require_two(question: Question) -> None:
    assembly = question.assembly
    if len(assembly.blocks) == 1:
        one = assembly.block_name
        raise AnalysisError(f"Leaving one {one} out needs at least two; there is one.")


def _predicted(refits: Refits, question: Question) -> Columns:
    """Return elpd and PIT with errors, shape (study,)."""
    evidence, error = refits.log_marginal_likelihood, refits.log_marginal_likelihood_error
    # p(y) = p(y without i) p(y_i | y without i), constants and improper priors included.
    elpd = evidence[-1] - evidence[:-1]
    alone = len(question.assembly.blocks) == len(question.assembly.effects)
    pit = refits.gather(
        lambda part: _pit(part, question) if alone else np.full((len(part.rows), 2), np.nan)
    )[:-1]
    return {
        "elpd": elpd, "pit": pit[:, 0],
        "elpd_error": error[-1] + error[:-1], "pit_error": np.abs(pit[:, 0] - pit[:, 1]),
    }  # fmt: skip


def _pit(part: Part, question: Question) -> FloatArray:
    """Return the distribution function of each refit's absent estimate at it, fine and coarse."""
    effects, design = question.assembly.effects, question.assembly.design
    absent = np.minimum(part.rows, len(effects) - 1)  # the last refit has no absent study
    rows, integral = design[absent], part.integral
    if isinstance(integral, Lines):
        return np.stack([integral.below(int(study)) for study in absent])
    mean = np.einsum("bncp,bp->bnc", integral.mean, rows, optimize=True)
    variance = np.einsum("bp,bncpq,bq->bnc", rows, integral.covariance, rows, optimize=True)
    variance += integral.predictive_variance(absent)[..., np.newaxis]
    flat = (len(rows), -1)
    found = NormalMixture(
        integral.weight.reshape(flat), mean.reshape(flat), np.sqrt(variance).reshape(flat),
        integral.coarse_weight.reshape(flat),
    )  # fmt: skip
    at = effects.estimate[absent][:, np.newaxis]
    return np.concatenate([found.cdf(at), found.coarse().cdf(at)], axis=-1)


def _shifts(without: Columns, whole: dict[str, float]) -> Columns:
    found = {}
    for shift, name in (("shift", "estimate"), ("shift_tau", "tau")):
        found[shift] = without[name] - whole[name]
        found[f"{shift}_error"] = without[f"{name}_error"] + whole[f"{name}_error"]
    return found


def _influence(refits: Refits, question: Question) -> Columns:
    """Return the Hellinger distance of each posterior from the full one, with its error."""
    whole = _last(refits, question)
    found = refits.gather(lambda part: _affinities(asked_of(part, question), whole))
    value, error = distance(*found[:-1].T)
    return {"influence": value, "influence_error": error}


def _affinities(without: Mixed, whole: Mixed) -> FloatArray:
    """Return affinities of posteriors with that from all studies, and errors, shape (refit, 2)."""
    (centre, scale), (middle, spread) = _bulk(without), _bulk(whole)
    near = (np.abs(centre - middle) < _NEAR * spread) & (np.abs(np.log(scale / spread)) < _NEAR)
    result = np.full((centre.size, 2), np.inf)

    def log_whole(x: FloatArray) -> FloatArray:
        return whole.log_density(x.ravel()).reshape(x.shape)

    if near.any():  # one bulk, and the same points of the line, for all of them
        own, one = without.take(near), (np.full((1, 1), middle), np.full((1, 1), spread))
        found = affinity(lambda x: own.log_density(x[0]), log_whole, one)
        result[near] = np.stack(found, axis=-1)
    apart = ~(result[:, 1] <= _CLOSE)
    if apart.any():
        bulks = [
            np.column_stack([each[apart], np.full(int(apart.sum()), last[0])])
            for each, last in ((centre, middle), (scale, spread))
        ]
        found = affinity(without.take(apart).log_density, log_whole, (bulks[0], bulks[1]))
        result[apart] = np.stack(found, axis=-1)
    return result


def _bulk(found: Mixed) -> tuple[FloatArray, FloatArray]:
    """Return centres and scales, each of the mixtures' shape."""
    low, middle, high = np.moveaxis(found.quantile(np.array([0.16, 0.5, 0.84])), -1, 0)
    return middle, (high - low) / 2


def _last(refits: Refits, question: Question) -> Mixed:
    """Return the posterior from all studies, the last of the refits, a batch of one."""
    part = next(part for part in refits.parts if refits.size - 1 in part.rows)
    return asked_of(part, question).take(part.rows == refits.size - 1)


def _totals(table: "pd.DataFrame") -> dict[Hashable | None, float]:
    elpd = table["elpd"].to_numpy()
    return {
        "elpd": float(elpd.sum()),
        "elpd_se": float(np.sqrt(elpd.size * np.var(elpd, ddof=1))),
        "elpd_error": float(table["elpd_error"].sum()),
    }
