"""The tables of subgroups: each group, all studies, contrasts, and how models compare."""

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from bayesmeta.duration_response.grouping import Grouping
from bayesmeta.duration_response.question import Question
from bayesmeta.duration_response.subgroup_models import Models, difference, mean_of, tau_ratio
from bayesmeta.duration_response.tables import five
from bayesmeta.engines.quadrature.integral import Integral
from bayesmeta.mixtures import NormalMixture

ALL = "All studies"
MODELS = (("one", "one"), ("each", "one"), ("one", "each"), ("each", "each"))
"""How many means and taus the models have, the simplest first."""
FACTORS = (
    ("difference of means", "one tau", ("each", "one"), ("one", "one")),
    ("difference of means", "a tau each", ("each", "each"), ("one", "each")),
    ("own taus", "one mean", ("one", "each"), ("one", "one")),
    ("own taus", "a mean each", ("each", "each"), ("each", "one")),
)
"""What a Bayes factor is for, given what, and the models with and without it."""

type _Row = dict[str, object]


def group_table(model: Integral, groups: Grouping, question: Question) -> pd.DataFrame:
    """Return one row a group: its mean, the effect in a new study, its tau, P(benefit)."""
    sizes = groups.members.sum(axis=1).astype(int)
    pairs = enumerate(zip(groups.names, sizes, strict=True))
    return _ordered([_row(model, place, name, question) | {"studies": int(size)}
                     for place, (name, size) in pairs])  # fmt: skip


def overall_table(whole: Integral, studies: int, question: Question) -> pd.DataFrame:
    """Return the same of all studies together: one mean, one tau."""
    return _ordered([_row(whole, 0, ALL, question) | {"studies": studies}])


def _ordered(rows: Sequence[_Row]) -> pd.DataFrame:
    table, first = pd.DataFrame(rows), ["group", "studies"]
    return table[[*first, *(name for name in table if name not in first)]]


def _row(model: Integral, place: int, name: str, question: Question) -> _Row:
    row: _Row = {"group": name}
    for prefix, new in (("", False), ("new_", True)):
        effect = mean_of(model, place, new_study=new)
        row |= {key: float(value) for key, value in five(effect, question).columns(prefix).items()}
        row |= _benefit(effect, question, prefix)
    tau = model.heterogeneity()
    own = place if len(tau.log_weight) > 1 else 0
    spread, coarse = (each.quantile(question.ends)[own] for each in (tau, tau.coarse()))
    row |= dict(zip(("tau_lower", "tau_median", "tau_upper"), map(float, spread), strict=True))
    return row | {"tau_error": float(np.abs(spread - coarse).max())}


def _benefit(effect: NormalMixture, question: Question, prefix: str) -> _Row:
    fine, coarse = (float(part.cdf(0.0)) for part in (effect, effect.coarse()))
    share = fine if question.benefit == "lower" else 1 - fine
    return {f"{prefix}p_benefit": share, f"{prefix}p_error": abs(fine - coarse)}


def contrast_table(model: Integral, names: Sequence[str], question: Question) -> pd.DataFrame:
    """Return one row a pair: the first mean less the second, and which is likelier the better."""
    rows = []
    for first, second in itertools.combinations(range(len(names)), 2):
        found = difference(model, first, second)
        numbers = {name: float(value) for name, value in five(found, question).columns().items()}
        below, coarse = (float(part.cdf(0.0)) for part in (found, found.coarse()))
        better = below if question.benefit == "lower" else 1 - below
        rows.append({
            "first": names[first], "second": names[second], **numbers, "p_greater": 1 - below,
            "p_better": better, "p_error": abs(below - coarse),
        })  # fmt: skip
    return pd.DataFrame(rows)


def tau_table(own: Integral, names: Sequence[str], question: Question) -> pd.DataFrame:
    """Return one row a pair: the first group's own tau over the second's."""
    rows = []
    for first, second in itertools.combinations(range(len(names)), 2):
        found = tau_ratio(own, first, second)
        ends, coarse = (each.quantile(question.ends)[0] for each in (found, found.coarse()))
        below, other = (float(np.ravel(each.cdf(1.0))[0]) for each in (found, found.coarse()))
        lower, median, upper = map(float, ends)
        rows.append({
            "first": names[first], "second": names[second], "median": median, "lower": lower,
            "upper": upper, "error": float(np.abs(ends - coarse).max()),
            "p_greater": 1 - below, "p_error": abs(below - other),
        })  # fmt: skip
    return pd.DataFrame(rows)


def model_table(models: Models, *, proper: bool) -> pd.DataFrame:
    """Return evidence and probability of each model, all as likely before the data.

    Parameters
    ----------
    proper
        Whether the prior of tau is: its constant is arbitrary else, and so are models with
        several.
    """
    known = models.evidence
    value = np.array([known[name].value for name in MODELS])
    value = value if proper else np.full(len(MODELS), np.nan)
    weight = np.exp(value - value.max())
    return pd.DataFrame({
        "means": [means for means, _ in MODELS], "taus": [taus for _, taus in MODELS],
        "log_marginal_likelihood": value, "error": [known[name].error for name in MODELS],
        "probability": weight / weight.sum(),
    })  # fmt: skip


def factor_table(models: Models, *, proper: bool) -> pd.DataFrame:
    """Return the Bayes factor of a difference against none, and of own taus against one.

    With an improper prior of tau those between models of as many taus remain.
    """
    known, rows = models.evidence, []
    for question, given, more, less in FACTORS:
        usable = proper or (more[1] == less[1] == "one")
        log_factor = known[more].value - known[less].value if usable else np.nan
        rows.append({
            "for": question, "given": given, "bayes_factor": float(np.exp(log_factor)),
            "log_bayes_factor": log_factor, "error": known[more].error + known[less].error,
        })  # fmt: skip
    return pd.DataFrame(rows)
