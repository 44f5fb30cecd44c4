"""How much of what the studies say of a slope lies between the designs."""

from dataclasses import dataclass, replace

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.cohorts.answers import Posed
from bayesmeta.cohorts.conflict import variances
from bayesmeta.cohorts.question import Question
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.errors import BayesmetaError

_WEEKS = "duration_weeks"
_SAME = 1e-10
"""Columns that are so much alike are one."""


@dataclass(frozen=True)
class Confounded:
    """How much of a slope's information lies between designs.

    Parameters
    ----------
    term
        The slope's column.
    between
        1 - information with the column of designs / information without it, averaged over the
        hyperparameters' posterior: 0 where the term is balanced over designs, 1 where designs
        alone tell its values apart.
    """

    term: str
    between: float


def confounding(question: Question, posed: Posed) -> list[Confounded]:
    """Return that of every slope; of the weeks of treatment where the table has them all.

    Parameters
    ----------
    posed
        The posterior with a bias.
    """
    found = _of_terms(posed)
    if found or _WEEKS not in question.effects.studies:
        return found
    try:
        asked = replace(question, moderators=_WEEKS)
        own = asked.biased
        return _of_terms(Posed.of(own, integrate_assembly(own)))
    except BayesmetaError:  # weeks that are missing, all the same, or no numbers
        return []


def untold(question: Question) -> str:
    """Return why the weeks of treatment are not looked at, where some are missing; else nothing."""
    studies = question.effects.studies
    if question.moderators or _WEEKS not in studies or studies[_WEEKS].dtype.kind != "f":
        return ""
    missing = [question.effects.labels[row] for row in np.flatnonzero(np.isnan(studies[_WEEKS]))]
    if not missing:
        return ""
    return (
        f"How much of what {_WEEKS} do lies between the designs is not told: "
        f"{', '.join(missing)} {'has' if len(missing) == 1 else 'have'} none."
    )


def _of_terms(posed: Posed) -> list[Confounded]:
    assembly = posed.assembly
    design, weight = assembly.design, posed.mixture.weight[0].sum(axis=-1)
    precision = 1 / variances(posed)
    first = assembly.location.means
    return [
        Confounded(term, float(weight @ _between(design, precision, first + place)))
        for place, term in enumerate(assembly.terms)
    ]


def _between(design: FloatArray, precision: FloatArray, place: int) -> FloatArray:
    """Return the share at each node, shape (node,): 1 where designs alone tell its values apart."""
    others = np.delete(design, place, axis=1)
    with_designs, without = (
        _information(design[:, place], columns, precision) for columns in (others, others[:, :-1])
    )
    return np.asarray(1 - with_designs / without)


def _information(column: FloatArray, others: FloatArray, precision: FloatArray) -> FloatArray:
    """Return what the estimates say of a column's coefficient beside others, shape (node,).

    The weighted squares of what the others leave of it: others may say the same as each other.
    """
    root = np.sqrt(precision)
    basis, size, _ = np.linalg.svd(root[..., np.newaxis] * others, full_matrices=False)
    kept = size > _SAME * size.max(axis=-1, keepdims=True)
    own = root * column
    along = np.einsum("nkp,nk->np", basis, own) * kept
    left = own - np.einsum("nkp,np->nk", basis, along)
    return np.asarray((left**2).sum(axis=-1))
