"""Which rows tell of tau: those that it moves, or the groups that share what it moves."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.covariance import Clustered, Diagonal
from bayesmeta.schema import TAU


class Told(NamedTuple):
    """What a large tau leaves of the estimates.

    Parameters
    ----------
    rows
        How many independent numbers tau moves: the likelihood falls as tau to that power.
    rest
        The design of what tau leaves alone, shape (row, coefficient): coefficients that it tells
        apart stay known however large tau is.
    """

    rows: int
    rest: FloatArray


def told(assembly: Assembly, members: FloatArray | None = None) -> Told | None:
    """Return what tells of tau; None where all rows do, each by itself.

    Parameters
    ----------
    members
        Above 0 for studies that take part, shape (study,); None for all.
    """
    scales = [item.name for item in assembly.hyperparameters if item.unit_power]
    if TAU not in scales:
        return None
    values = {item.name: float(item.name == TAU) for item in assembly.hyperparameters}
    spread = assembly.parts.spread(assembly.valued(values), assembly.rows)
    used = np.ones(len(assembly.design), bool) if members is None else members > 0
    if isinstance(spread, Diagonal):
        moved = np.broadcast_to(np.asarray(spread.variance) > 0, used.shape)
        rest = assembly.design[used & ~moved]
        return Told(int((used & moved).sum()), rest) if rest.size else None
    if isinstance(spread, Clustered) and not np.any(spread.own):
        return _by_group(spread, assembly.design, used)
    return None


def _by_group(spread: Clustered, design: FloatArray, used: BoolArray) -> Told:
    """Return one row a group, and the design's deviations from the groups' means."""
    code = spread.groups.code[used]
    groups, place = np.unique(code, return_inverse=True)
    own = design[used]
    sums = np.zeros((groups.size, own.shape[1]))
    np.add.at(sums, place, own)
    mean = sums / np.bincount(place)[:, np.newaxis]
    return Told(groups.size, own - mean[place])
