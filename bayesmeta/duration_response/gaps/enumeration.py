"""The posterior at given tau as the exact mixture over all weeks that open studies may have."""

from collections.abc import Sequence

import numpy as np

from bayesmeta.duration_response.gaps.items import Items
from bayesmeta.duration_response.gaps.normals import Normals
from bayesmeta.duration_response.gaps.rows import OpenRow

_BLOCK = 20_000
"""Most normals at a time."""


def choices(rows: Sequence[OpenRow]) -> float:
    """Return in how many ways a node can be chosen from each open study."""
    return float(np.prod([float(row.nodes) for row in rows]))


def enumerated(items: Items, rows: Sequence[OpenRow]) -> Normals:
    """Return a normal for each choice of a node from each open study, shape (item, choice).

    Given everybody's weeks all is normal. Each normal is reached from the reference by meeting
    the studies; then the reference's weak observations are taken back.
    """
    found = items.reference.each()
    for row in rows:
        found = row.met(found, tau=items.tau, curve=items.curve)
    for row in rows:
        found = row.unsaid(found, tau=items.tau, curve=items.curve)
    return found


def blocks(items: Items, rows: Sequence[OpenRow]) -> list[Items]:
    """Return the items in blocks whose normals fit into a processor's cache."""
    size = max(1, int(_BLOCK // choices(rows)))
    return [items.take(slice(at, at + size)) for at in range(0, items.tau.size, size)]
