"""From a density at any point of the line to a distribution on a grid of its own."""

from collections.abc import Callable, Sequence

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PosteriorError
from bayesmeta.sinc import Path, SincDensity, Support
from bayesmeta.sinc.interpolation import midpoints

type Densities = Callable[[FloatArray], FloatArray]
"""Two densities at points, fine and coarse, shape (point, 2)."""

_STEP, _FARTHEST = 0.125, 24.0
"""First step in t, and how far it goes: sinh(24) is 1e10 scales."""
_STRETCH = 8
INTERPOLATED, SPREAD = 1e-13, 1e-16
"""Mass of a node, relative to the largest, below which the rest is left out: of a density between
the points of lattices, and of one that a kernel or a likelihood spreads, which has its tails."""
_HALVINGS, _SURPRISE = 4, 1e-7
_LOST = 1e-4
_AT_KINK = 1e-10
"""How close to a kink steps become ever smaller, in scales: what is closer has no mass."""
_NOTHING = 1e-300


def tabulated(
    densities: Densities,
    centre: float,
    scale: float,
    *,
    floor: float = SPREAD,
    kinks: Sequence[float] = (),
) -> SincDensity:
    """Return the distribution, a batch of one, on equal steps in t of x = centre + scale sinh(t).

    Parameters
    ----------
    floor
        Mass relative to the largest below which the tails are left out.
    kinks
        Where densities are not smooth: towards each, steps are equal in the log of the distance.

    Raises
    ------
    PosteriorError
        If the density does not integrate to one.
    """
    centres = np.array([[centre, *kinks]])
    scales = np.array([[scale, *(_AT_KINK * scale for _ in kinks)]])
    path = Path(Support(-np.inf, np.inf), centres, scales)

    def masses(t: FloatArray) -> FloatArray:
        return densities(path.line(t)[0]) * np.exp(path.log_stretch(t))[0, :, np.newaxis]

    t, mass = _reached(masses, path.walked(centres)[0], floor)
    step = _STEP
    for _ in range(_HALVINGS):
        between = (t[:-1] + t[1:]) / 2
        new = masses(between)
        missed = np.abs(midpoints(mass[:, 0]) - new[:, 0]).max() / mass[:, 0].max()
        t, mass, step = _merged(t, between), _merged(mass, new), step / 2
        if missed <= _SURPRISE:
            break
    kept = _contiguous(mass[:, 0], floor) if not kinks else _outermost(mass[:, 0], floor)
    return _density(path, t[kept], mass[kept] * step)


def _reached(masses: Densities, bulks: FloatArray, floor: float) -> tuple[FloatArray, FloatArray]:
    """Return equally spaced nodes from one end of what matters to the other.

    Parameters
    ----------
    bulks
        t of the centre, then of kinks; shape (bulk,).
    """
    beyond = 2.0 - (np.log(_AT_KINK) if bulks.size > 1 else 0.0)
    ends = (bulks.min() - beyond, bulks.max() + beyond)
    first, last = (2 * _STEP * round(end / (2 * _STEP)) for end in ends)
    mass = masses(np.arange(first, last + _STEP, 2 * _STEP))
    reached = []
    for side, end in ((-1, first), (1, last)):
        at = end
        while abs(at - end) < _FARTHEST and _matters(masses(np.array([at]))[0, 0], mass, floor):
            at += side * _STRETCH * _STEP
        reached.append(round(at / _STEP))
    nodes = np.asarray(_STEP * np.arange(reached[0], reached[1] + 1))
    mass = masses(nodes)
    kept = _contiguous(mass[:, 0], floor) if bulks.size == 1 else _outermost(mass[:, 0], floor)
    return nodes[kept], mass[kept]


def _matters(value: float, mass: FloatArray, floor: float) -> bool:
    return bool(value > floor * mass[:, 0].max())


def _contiguous(mass: FloatArray, floor: float) -> slice:
    """Return the nodes around the highest one before the first, each side, without mass."""
    top = int(mass.argmax())
    below = np.flatnonzero(~(mass > floor * mass[top]))
    left, right = below[below < top], below[below > top]
    first = int(left[-1]) + 1 if left.size else 0
    last = int(right[0]) - 1 if right.size else mass.size - 1
    return slice(first, last + 1)


def _outermost(mass: FloatArray, floor: float) -> slice:
    """Return the nodes between the first and the last with mass: at a kink there may be none."""
    some = np.flatnonzero(mass > floor * mass.max())
    return slice(max(int(some[0]) - 1, 0), int(some[-1]) + 2)


def _merged(own: FloatArray, new: FloatArray) -> FloatArray:
    both = np.empty((len(own) + len(new), *own.shape[1:]))
    both[::2], both[1::2] = own, new
    return both


def _density(path: Path, t: FloatArray, mass: FloatArray) -> SincDensity:
    total = mass.sum(axis=0)
    if not abs(total[0] - 1) < _LOST:
        raise PosteriorError(
            f"A density integrates to {total[0]:.6g} where it should to 1: the rule that gives it "
            "has too few nodes."
        )
    logs = np.log(np.maximum(mass / total, _NOTHING)).T[:, np.newaxis]
    return SincDensity(path, np.array([t[0]]), np.array([t[1] - t[0]]), logs[0], rough=logs[1])
