"""A classical row beside the Bayesian ones of a forest plot, and the test of homogeneity."""

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.frequentist.distributions import chi_square_tail
from bayesmeta.frequentist.entry import as_data
from bayesmeta.frequentist.fit import SUFFIX, Fit
from bayesmeta.frequentist.pooling import pool
from bayesmeta.frequentist.weighting import q, weigh
from bayesmeta.summaries import digits
from bayesmeta.summaries.forest import CLASSICAL, POOLED
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.precision import Precision

if TYPE_CHECKING:
    from bayesmeta.arrays import FloatArray

USUAL = "REML+HKSJ"
_METHODS = {
    "CE": "common effect", "DL": "DerSimonian-Laird", "HE": "Hedges", "HS": "Hunter-Schmidt",
    "SJ": "Sidik-Jonkman", "ML": "maximum likelihood", "REML": "restricted maximum likelihood",
    "EB": "empirical Bayes", "PM": "Paule-Mandel", "DL2": "two-step DerSimonian-Laird",
}  # fmt: skip
_TESTS = {
    "z": "Wald interval", "t": "t interval", "knha": "Hartung-Knapp-Sidik-Jonkman interval",
    "adhoc": "Hartung-Knapp-Sidik-Jonkman interval, never narrower than Wald's",
}  # fmt: skip
_OF_SUFFIX = {suffix: test for test, suffix in SUFFIX.items()}


def fit_of(page: Page, name: str) -> Fit:
    """Return a classical fit of a posterior's studies, by its name in tables.

    Parameters
    ----------
    name
        Such as ``"REML+HKSJ"``: estimator of tau, then nothing for Wald's interval, ``+t``,
        ``+HKSJ`` or ``+HKSJ(adhoc)``.

    Raises
    ------
    PosteriorError
        If there is no such fit, or rows of the table depend on each other.
    """
    method, _, ending = name.partition("+")
    test = _OF_SUFFIX.get(f"+{ending}" if ending else "")
    if method not in _METHODS or test is None:
        known = f"{', '.join(_METHODS)}, each alone or with {', '.join(filter(None, _OF_SUFFIX))}"
        raise PosteriorError(f"No classical row {name!r}; there are: {known}; such as {USUAL}.")
    if not stand_alone(page):
        raise PosteriorError(
            f"A classical row takes every row of the table as a study of its own; model "
            f"{page.view.word('model')!r} does not. Leave it out, or ask compare."
        )
    data = page.view.studies
    if not data.known:
        raise PosteriorError(
            "A classical row takes an estimate of every study; the posterior holds none of some."
        )
    return pool(data.estimate, data.standard_error**2, data.design, method=method, test=test,
                interval=page.level)  # fmt: skip


def stand_alone(page: Page) -> bool:
    """Return whether each row of the table is a study of its own, by what the model takes."""
    view = page.view
    return view.parts is not None and not any(role.joins for role in view.parts.roles)


def with_classical(page: Page, table: pd.DataFrame, fit: Fit) -> pd.DataFrame:
    """Return the table with a row of a classical fit below the pooled effect."""
    numbers = {"median": fit.mu, "lower": fit.mu - fit.critical * fit.mu_se,
               "upper": fit.mu + fit.critical * fit.mu_se}  # fmt: skip
    span = _precision(page, fit).span(list(numbers.values()))
    text = span.bracketed(", ") if math.isfinite(numbers["lower"]) else span.point
    last = int(table.index[table["kind"] == POOLED][-1])
    row = {"kind": CLASSICAL, "label": f"Classical: {fit.name}", "outcome": "", "quantity": "",
           "effect_text": text, "tau_text": _tau(fit), **numbers}  # fmt: skip
    every = table.columns.union([*row], sort=False)
    words = [name for name in every if name.endswith("text")]
    found = pd.DataFrame([row]).reindex(columns=every)
    found = found.assign(**found[words].astype(object).fillna(""))
    return pd.concat([table.loc[:last], found, table.loc[last + 1 :]], ignore_index=True)


def _precision(page: Page, fit: Fit) -> Precision:
    """Return how the row is printed: to two digits of its error, or of a hundredth of a study's.

    Studies that agree to the last digit have an error of nothing, which has no digits.
    """
    least = float(np.median(page.view.studies.standard_error)) / 100
    sd = max(fit.mu_se, least) if math.isfinite(fit.mu_se) else 100 * least
    return page.printer.precision(
        schema.MU, {"median": fit.mu, "sd": sd, "lower": fit.mu - 2 * sd, "upper": fit.mu + 2 * sd},
        {"lower": 0.0, "upper": 0.0},
    )  # fmt: skip


def _tau(fit: Fit) -> str:
    if fit.tau2 == 0:
        return "0"
    return digits.number(math.sqrt(fit.tau2), significant=2) if fit.tau2 > 0 else ""


def classical_note(page: Page, fit: Fit) -> str:
    """Return what the row is, spelled out, with its tau and prediction interval."""
    unit = page.view.word("unit")
    on = ", of approximate estimates" if page.view.is_approximate else ""
    tau = f", tau {_tau(fit)} {unit}".rstrip() if _tau(fit) and fit.method != "CE" else ""
    said = f"Classical{on}: {fit.name} is {_METHODS[fit.method]}, {_TESTS[fit.test]}{tau}"
    if not math.isfinite(fit.pi_lower):
        return f"{said}."
    known = _precision(page, fit)
    ends = f"{known.limit(fit.pi_lower)} to {known.limit(fit.pi_upper)}"
    return f"{said}; {100 * page.level:g} % prediction interval {ends} (metafor's convention)."


def homogeneity_note(page: Page) -> str:
    """Return Cochran's Q with its p value; nothing where rows depend on each other, or k is 1."""
    data = page.view.studies
    enough = data.known and len(data.labels) > data.design.shape[1]
    if not stand_alone(page) or not enough:
        return ""
    asked = as_data(data.estimate, data.standard_error**2, data.design)
    value: FloatArray = q(weigh(asked, 0.0))
    p = digits.probability(chi_square_tail(float(value), asked.spare), thresholds=(0.95,))
    shown = p if p[0] in "<>" else f"= {p}"
    degrees = "1 degree" if asked.spare == 1 else f"{asked.spare} degrees"
    what = "Homogeneity of approximate estimates" if page.view.is_approximate else "Homogeneity"
    return (
        f"{what}: Cochran's Q {digits.fixed(float(value), 2)}, {degrees} of freedom, "
        f"p {shown.replace('<', '< ').replace('>', '> ')}."
    )
