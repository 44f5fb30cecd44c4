"""Quantities of a posterior that stores what it is exactly."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.engines.answering import Answer
from bayesmeta.engines.lines import Lines
from bayesmeta.engines.quadrature import Integral
from bayesmeta.measures.typical_variance import typical_variance
from bayesmeta.mixtures import NormalMixture
from bayesmeta.sinc import Fraction, SincDensity, Square
from bayesmeta.summaries.mixed import Exact
from bayesmeta.summaries.stored import StudyData
from bayesmeta.summaries.view import View

type Mixed = NormalMixture | SincDensity
"""What a combination of coefficients can be."""

_BLOCK = 200_000
"""Most numbers of a batch held at once, study effects times nodes: what stays in a cache."""


def quantity(view: View, name: str) -> Exact:
    """Return one quantity, by its name."""
    if name in (schema.TAU2, schema.I2):
        return _of_spread(_density(view.integral, str(view.spread)), name, view.studies)
    if name in (*view.hyperparameters, *view.follows.derived):
        item = view.follows.derived.get(name)
        found = _density(view.integral, name)
        return Exact(found if item is None else found.transformed(item.transform))
    if name in view.news:
        kind = view.news[name]
        row = np.eye(len(view.coefficients))[view.centre(kind)]
        return combination(view.integral, row, new_study=True, kind=kind)
    sums = view.follows.row(name)
    if sums is not None:
        return combination(view.integral, sums)
    place = [schema.study_effect(label) for label in view.studies.labels].index(name)
    return Exact(_row(_alone(view.integral.study_effects(slice(place, place + 1))), 0))


def combination(
    integral: Answer, rows: FloatArray, *, new_study: bool = False, kind: str = ""
) -> Exact:
    """Return rows @ coefficients, with the spread of study effects around it for a new study.

    Parameters
    ----------
    rows
        One, shape (coefficient,), or several as one batch, shape (row, coefficient).
    kind
        Which kind of new study.
    """
    return Exact(_alone(integral.combination(rows, new_study=new_study, kind=kind)))


def group_effects(integral: Integral) -> Exact:
    """Return the effects of all groups of rows, such as clusters, as one batch."""
    return Exact(_alone(integral.group_effects()))


def study_effects(integral: Answer) -> Iterator[Exact]:
    """Yield the study effects in batches that fit into memory."""
    size = max(1, _BLOCK // integral.nodes)
    for start in range(0, integral.studies, size):
        yield Exact(_alone(integral.study_effects(slice(start, start + size))))


def _of_spread(spread: SincDensity, name: str, data: StudyData) -> Exact:
    """Return tau squared or I squared, where tau is the standard deviation of study effects."""
    if name == schema.TAU2:
        return Exact(spread.transformed(Square()))
    typical = typical_variance(data.standard_error, data.design)
    return Exact(spread.transformed(Fraction(np.nan if typical is None else typical)))


def _density(integral: Answer, name: str) -> SincDensity:
    """Return the distribution of a hyperparameter, a single one."""
    found = integral.marginals[name]
    return found.row(0) if isinstance(integral, Lines) else found


def _alone(found: Mixed) -> Mixed:
    """Return a batch of shape (1, ...) as one of shape (...)."""
    return _row(found, 0)


def _row(mixture: Mixed, row: int) -> Mixed:
    if isinstance(mixture, SincDensity):
        return mixture.row(row)
    weight = mixture.weight[0 if len(mixture.weight) == 1 else row]
    coarse = mixture.coarse_weight
    return replace(
        mixture,
        weight=weight,
        location=mixture.location[row],
        scale=mixture.scale[row],
        coarse_weight=None if coarse is None else coarse[0 if len(coarse) == 1 else row],
    )
