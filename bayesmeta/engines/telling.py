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

    rows: float
    rest: FloatArray


def told(assembly: Assembly, members: FloatArray | None = None) -> Told | None:
    """Return what tells of tau; None where all rows do, each by itself.

    Parameters
    ----------
    members
        Above 0 for studies that take part, shape (study,); None for all.
    """
    found = told_of(assembly, TAU, members)
    whole = found is None or (not found.rest.size and assembly.powers is None)
    return None if whole else found


def told_of(assembly: Assembly, name: str, members: FloatArray | None = None) -> Told | None:
    """Return what tells of one scale; None of what is none, or spreads rows in another way.

    Parameters
    ----------
    members
        As `told`.
    """
    if name not in [item.name for item in assembly.hyperparameters if item.unit_power]:
        return None
    values = {item.name: float(item.name == name) for item in assembly.hyperparameters}
    spread = assembly.parts.spread(assembly.valued(values), assembly.rows)
    used = np.ones(len(assembly.design), bool) if members is None else members > 0
    if isinstance(spread, Diagonal):
        moved = np.broadcast_to(np.asarray(spread.variance) > 0, used.shape)
        # A likelihood to a power falls as that power of what it would fall by.
        power = np.ones(used.size) if assembly.powers is None else assembly.powers
        return Told(float(power[used & moved].sum()), assembly.design[used & ~moved])
    if isinstance(spread, Clustered) and not np.any(spread.own):
        return _by_group(spread, assembly.design, used)
    if isinstance(spread, Clustered):
        return Told(float(used.sum()), np.empty((0, assembly.design.shape[1])))
    return None


def _by_group(spread: Clustered, design: FloatArray, used: BoolArray) -> Told:
    """Return one row a group, and the design's deviations from the groups' means."""
    code = spread.groups.code[used]
    groups, place = np.unique(code, return_inverse=True)
    own = design[used]
    sums = np.zeros((groups.size, own.shape[1]))
    np.add.at(sums, place, own)
    mean = sums / np.bincount(place)[:, np.newaxis]
    return Told(float(groups.size), own - mean[place])
