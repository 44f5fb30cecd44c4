"""Which nodes of further hyperparameters serve: those of a shape before, or new ones."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.several.points import ROUGH, Asked
from bayesmeta.engines.further.axis import Walk
from bayesmeta.engines.further.locating import located
from bayesmeta.engines.further.refining import coarse_axes, settled
from bayesmeta.engines.quadrature import Integral
from bayesmeta.engines.quadrature.nodes import log_sum

TOLERANCE = 5e-2
"""Of an integrand between its nodes: sums over all nodes are known to the fourth power of it, those
over every second node to the square."""
_ENDED = 20.0
"""What lies beyond the ends of nodes is below exp(-20) = 2e-9 of the integrand's maximum."""


class Laid(NamedTuple):
    """Nodes, and the posteriors of all curves there.

    Parameters
    ----------
    walks
        How the nodes of each axis stand.
    each
        The posteriors, a batch: points outermost, curves innermost.
    log_joint
        Log prior times evidence times steps, shape (node of each axis, case, curve).
    """

    walks: tuple[Walk, ...]
    each: Integral
    log_joint: FloatArray


def laid(asked: Asked, known: Sequence[Walk]) -> Laid:
    """Return nodes that serve all curves together: known ones where they do.

    Parameters
    ----------
    known
        Nodes that another shape has; none at first.
    """
    if known or not asked.axes:
        found = at(asked, known)
        if serves(found.log_joint + asked.log_weight, len(known)):
            return found
    return at(asked, found_anew(asked))


def found_anew(asked: Asked) -> list[Walk]:
    """Return nodes for all curves together."""
    walks = located(asked.axes, lambda values: asked(values, accuracy=ROUGH).value)
    found, _ = settled(walks, partial(Asked.__call__, asked), tolerance=TOLERANCE)
    return found


def at(asked: Asked, walks: Sequence[Walk]) -> Laid:
    """Return the posteriors of all curves at nodes."""
    each = asked.integral(walks)
    return Laid(tuple(walks), each, asked.grid(walks, each.log_marginal_likelihood))


def serves(log_joint: FloatArray, axes: int) -> bool:
    """Return whether nodes are close and wide enough for what is summed over all but the axes."""
    if not axes:
        return True
    value = log_sum(log_joint.reshape(*log_joint.shape[:axes], -1))
    ends = [np.moveaxis(value, axis, -1)[..., [0, -1]].max() for axis in range(axes)]
    return bool(max(ends) < value.max() - _ENDED and not coarse_axes(value, tolerance=TOLERANCE))
