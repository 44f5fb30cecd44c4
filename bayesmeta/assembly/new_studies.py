"""Effects of every kind in one new study, together."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import Covariance, Groups, Layout, Rows, Values
from bayesmeta.random_effects import Heterogeneity


class NewDraws(NamedTuple):
    """How many draws are wanted, and what makes them."""

    shape: tuple[int, ...]
    generator: np.random.Generator


def new_covariance(part: Heterogeneity, values: Values, layout: Layout) -> FloatArray:
    """Return the covariance of the effects in one new study, shape (..., kind, kind).

    The part is asked for that of a study that has each kind once.

    Parameters
    ----------
    values
        Of the hyperparameters, each of shape (...,), or numbers.
    layout
        How the rows of the table hang together: it names the kinds.
    """
    return np.asarray(_of_one(part, values, layout).matrix(len(part.kinds(layout))))


def new_deviates(
    part: Heterogeneity, values: Values, layout: Layout, draws: NewDraws
) -> FloatArray:
    """Return draws of those effects around their centres, shape (..., kind).

    Parameters
    ----------
    draws
        The shape of the draws, and the generator of them.
    """
    shape = (*draws.shape, len(part.kinds(layout)))
    return np.asarray(_of_one(part, values, layout).draw(shape, draws.generator))


def _of_one(part: Heterogeneity, values: Values, layout: Layout) -> Covariance:
    kinds = part.kinds(layout)
    one = Groups(np.zeros(len(kinds), dtype=np.intp), ("new",))
    groups = dict.fromkeys(layout.groups, one)
    groups[part.KIND] = Groups(np.arange(len(kinds)), kinds, lasting=True)
    rows = Rows(np.ones(len(kinds)), Layout(groups))
    by_row = {name: np.asarray(value)[..., np.newaxis] for name, value in values.items()}
    return part.covariance(by_row, rows)
