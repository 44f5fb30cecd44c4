"""Priors that others estimated from many meta-analyses, by name, with their sources."""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from bayesmeta.errors import PriorError
from bayesmeta.priors.conversion import converted
from bayesmeta.priors.table_names import (
    RhodesArea,
    RhodesComparison,
    RhodesOutcome,
    TurnerComparison,
    TurnerOutcome,
)
from bayesmeta.spec import Prior, parse_prior

ANY_OUTCOME = "any outcome"
ANY_COMPARISON = "any comparison"
_SYNONYMS = {
    "biological": "biomarker bdnf cholesterol cortisol crp cytokine hormone il-6 interleukin tnf",
    "mental": "anxiety depression psychiatric",
    "mortality": "death survival",
    "non-pharmacological": "device exercise psychotherapy rehabilitation rtms stimulation surgery",
    "pharmacological": "drug medication",
    "hospital": "length-of-stay readmission",
}
"""Words of the tables, each with what people look for under them."""


class Empirical(NamedTuple):
    """One cell of a published table.

    Parameters
    ----------
    collection
        "Turner", "Rhodes", "Cochrane" or "psychology".
    parameter
        "tau" or "mu".
    measure
        The scale it was estimated on: "OR" (log odds ratio), "SMD", "RR", "RD", "HR".
    outcome, comparison, area
        What it is for; for "Cochrane" the area is the review group's subfield.
    prior
        The prior, on its own scale.
    source
        Publication and table.
    """

    collection: str
    parameter: str
    measure: str
    outcome: str
    comparison: str
    area: str
    prior: Prior
    source: str

    def __repr__(self) -> str:
        """Return the cell in a line."""
        words = (self.measure, self.outcome, self.comparison, self.area)
        said = "; ".join(word for word in words if word)
        return f"<{self.collection}, {self.parameter}: {said}: {self.prior}>"


@cache
def library() -> tuple[Empirical, ...]:
    """Return every published prior we have.

    Examples
    --------
    >>> len(library())
    573
    """
    text = files("bayesmeta.priors").joinpath("empirical.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(_row(**row) for row in rows)


def _row(*, prior: str, **names: str) -> Empirical:
    return Empirical(prior=parse_prior(prior), **names)


def search_priors(text: str) -> tuple[Empirical, ...]:
    """Return the published priors that every word of a text leads to.

    Parameters
    ----------
    text
        Words such as an outcome, a field or an intervention; case does not matter.

    Returns
    -------
    tuple of Empirical
        Each with its prior, the scale it was estimated on, its cell and its source; empty where no
        published prior answers to all words.

    Examples
    --------
    >>> found = search_priors("cytokine rTMS")
    >>> print(found[0].outcome, "|", found[0].comparison, "|", found[0].prior)
    biological marker | non-pharmacological (any) | LogStudentT(nu=5, mu=-3.27, sigma=2.66, \
on="tau2")
    """
    words = text.casefold().split()
    found = [row for row in library() if all(_leads(word, row) for word in words)]
    # Rows for the measure that suits a continuous outcome come first, in the tables' order.
    return tuple(sorted(found, key=lambda row: row.measure != "SMD"))


def _leads(word: str, row: Empirical) -> bool:
    shown = " ".join(str(item) for item in row).casefold()
    named = f" {row.outcome} {row.comparison} ".casefold()
    meant = [term for term, others in _SYNONYMS.items() if word in others.split()]
    return word in shown or any(f" {term}" in named for term in meant)


def turner(
    outcome: TurnerOutcome | str = ANY_OUTCOME,
    comparison: TurnerComparison | str = ANY_COMPARISON,
    *,
    measure: str = "OR",
) -> Prior:
    """Return Turner et al.'s prior for tau of log odds ratios, log-normal on tau**2.

    Parameters
    ----------
    outcome, comparison
        A row and a column of the table; a part of the name will do where it is the only one.
    measure
        The measure of the analysis; "SMD" converts.

    Raises
    ------
    PriorError
        If no cell, or more than one, has these names, or the measure has no conversion.

    References
    ----------
    Turner RM et al. (2015). Stat Med 34:984-998, Table IV.

    Examples
    --------
    >>> print(turner("surgical", "pharmacological vs. placebo"))
    LogNormal(mu=-2.14, sigma=1.74, on="tau2")
    """
    row = _cell("Turner", outcome=outcome, comparison=comparison)
    return converted(row.prior, row.measure, measure)


def rhodes(
    outcome: RhodesOutcome | str = ANY_OUTCOME,
    comparison: RhodesComparison | str = ANY_COMPARISON,
    area: RhodesArea | str | None = None,
    *,
    measure: str = "SMD",
) -> Prior:
    """Return Rhodes et al.'s prior for tau of standardised mean differences, log-t on tau**2.

    For raw mean differences see `times_outcome_sd`.

    Parameters
    ----------
    outcome, comparison, area
        A cell of the tables; a part of a name will do where it is the only one. By default the
        area is "other" (neither respiratory disease nor cancer).
    measure
        The measure of the analysis; "OR" converts.

    Raises
    ------
    PriorError
        If no cell, or more than one, has these names, or the measure has no conversion.

    References
    ----------
    Rhodes KM, Turner RM, Higgins JPT (2015). J Clin Epidemiol 68:52-60.

    Examples
    --------
    >>> print(rhodes("biological marker", "non-pharmacological (any)", "other"))
    LogStudentT(nu=5, mu=-3.27, sigma=2.66, on="tau2")
    """
    area = area or ("any area" if ANY_OUTCOME.startswith(outcome.casefold()) else "other")
    row = _cell("Rhodes", outcome=outcome, comparison=comparison, area=area)
    return converted(row.prior, row.measure, measure)


def cochrane(
    subfield: str = "Cochrane", *, parameter: Literal["tau", "mu"] = "tau", measure: str = "SMD"
) -> Prior:
    """Return Bartoš et al.'s prior for a subfield of the Cochrane database.

    Parameters
    ----------
    subfield
        The review group's topic, such as "Stroke"; "Cochrane" is all of them.
    parameter
        "tau" for heterogeneity, "mu" for the pooled effect.
    measure
        "SMD", "OR", "RR", "RD" or "HR".

    Raises
    ------
    PriorError
        If there is no such cell.

    References
    ----------
    Bartoš F et al. (2021). Stat Med 40:6743-6761 (SMD); Bartoš F et al. (2023),
    arXiv:2306.11468 (OR, RR, RD, HR).

    Examples
    --------
    >>> print(cochrane("Oral Health"), cochrane("Oral Health", parameter="mu"))
    InverseGamma(alpha=1.79, beta=0.28) StudentT(nu=5, mu=0, sigma=0.51)
    """
    return _cell("Cochrane", area=subfield, parameter=parameter, measure=measure).prior


def _cell(collection: str, **names: str) -> Empirical:
    """Return the one row that the names lead to."""
    rows: Sequence[Empirical] = [row for row in library() if row.collection == collection]
    for column, name in names.items():
        rows = _narrowed(rows, column, name, f"{collection}: ")
    return rows[0]


def _narrowed(rows: Sequence[Empirical], column: str, name: str, where: str) -> list[Empirical]:
    known = list(dict.fromkeys(getattr(row, column) for row in rows))
    matches = _matches(name, known)
    if len(matches) != 1:
        problem = f"no {column} {name!r}" if not matches else f"{column} {name!r} fits several"
        raise PriorError(f"{where}{problem}; there are: {'; '.join(matches or known)}.")
    return [row for row in rows if getattr(row, column) == matches[0]]


def _matches(name: str, known: Sequence[str]) -> list[str]:
    """Return the names meant: the same, else those that begin so, else those that hold it."""
    wanted = name.casefold()
    tests: Mapping[str, list[str]] = {
        "same": [item for item in known if item.casefold() == wanted],
        "begins": [item for item in known if item.casefold().startswith(wanted)],
        "holds": [item for item in known if wanted in item.casefold()],
    }
    return next((found for found in tests.values() if found), [])
