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
    """Return that of every slope; of the weeks of treatment where the table has them.

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
    """Return the share at each node, shape (node,)."""
    with_designs, without = (
        1
        / np.linalg.inv(np.einsum("nk,kp,kq->npq", precision, columns, columns, optimize=True))[
            :, place, place
        ]
        for columns in (design, design[:, :-1])
    )
    return np.asarray(1 - with_designs / without)
