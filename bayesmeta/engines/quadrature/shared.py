"""One rule for a whole batch: values of tau close enough together for each of its problems."""

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.quadrature.grid import evaluated
from bayesmeta.engines.quadrature.nodes import evaluate
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.quadrature.rule import Rule, surprise
from bayesmeta.engines.quadrature.search import first_window
from bayesmeta.sinc import Path, Support

NEGLIGIBLE = 42.0
"""Nodes below exp(-42) = 6e-19 of every problem's maximum are left out."""
_ENDED = 33.0
"""The ends of a rule are below exp(-33) = 5e-15 of the maximum of a problem that it serves."""
_SCAN = 601
_OUTWARD, _INWARD = 9.0, 45.0
"""How far the scan reaches beyond where tau is looked for first, on the line."""
_FIRST_STEP = 0.5
_HALVINGS = 6
_POWERS = (0, 2)
"""Powers of tau whose integrals are wanted: moments up to variances."""


def shared(problem: Problem, cases: IntArray | slice, *, tolerance: float) -> Rule:
    """Return the problems on nodes that their integrands share, known to the tolerance for some.

    Steps are equal in t, on a path that has the width of the narrowest bulk; they are halved until
    the sinc expansion on the old nodes predicts the new ones. `serves` tells for which problems
    the nodes will do.

    Parameters
    ----------
    cases
        Problems that stand for all: the step is settled on them.

    References
    ----------
    Takahasi H, Mori M (1974). Double exponential formulas for numerical integration. Publ RIMS
    Kyoto Univ 9:721-741.
    """
    part = problem.take(cases)
    path, t = laid(part, part.size)
    values = evaluated(part, path, t).log_value
    for _ in range(_HALVINGS):
        finer = np.linspace(t[0], t[-1], 2 * t.size - 1)
        found = np.empty((len(values), finer.size))
        found[:, ::2] = values
        found[:, 1::2] = evaluated(part, path, finer[1::2]).log_value
        far = surprise(values, found[:, 1::2]).max()
        t, values = finer, found
        if far <= tolerance:
            break
    t = needed(t, values, path.log_value(t))
    whole = Path(_support(problem), *(np.full((problem.size, 1), a[0, 0]) for a in path[1:]))
    nodes = evaluated(problem, whole, t)
    first, step = (np.full(problem.size, value) for value in (t[0], t[1] - t[0]))
    return Rule(whole, first, step, nodes, np.zeros(problem.size, dtype=np.intp))


def needed(t: FloatArray, log_value: FloatArray, log_tau: FloatArray) -> FloatArray:
    """Return the nodes that a problem needs, tau's moments too; from an even one to an even one."""
    places = np.flatnonzero(_matters(log_value, log_tau).any(axis=0))
    first, last = places[0] - places[0] % 2, places[-1] + places[-1] % 2
    return t[first : last + 1]


def _matters(log_value: FloatArray, log_tau: FloatArray) -> BoolArray:
    found = np.zeros(log_value.shape, dtype=bool)
    for power in _POWERS:
        value = log_value + power * log_tau
        found |= value > value.max(axis=1, keepdims=True) - NEGLIGIBLE
    return found


def laid(problem: Problem, size: int) -> tuple[Path, FloatArray]:
    """Return a path for all, centred on all bulks, as fine as the narrowest; and first nodes."""
    support = _support(problem)
    window = first_window(problem, support)
    ends = window.left.min() - _INWARD, window.right.max() + _OUTWARD
    scan = np.broadcast_to(np.linspace(*ends, _SCAN), (size, _SCAN))
    height = evaluate(problem, support, scan).log_value
    height = height - height.max(axis=1, keepdims=True)
    weight = np.exp(height)
    weight /= weight.sum(axis=1, keepdims=True)
    centre = (weight * scan).sum(axis=1)
    spread = np.sqrt((weight * (scan - centre[:, np.newaxis]) ** 2).sum(axis=1))
    step = scan[0, 1] - scan[0, 0]
    middle, scale = (centre.min() + centre.max()) / 2, max(float(spread.min()), step / 2)
    matters = np.flatnonzero(_matters(height, support.log_value(scan)).any(axis=0))
    outer = scan[0, matters[[0, -1]]] + np.array([-step, step])
    first, last = np.arcsinh((outer - middle) / scale)
    t = np.linspace(first, last, int(np.ceil((last - first) / _FIRST_STEP)) + 1)
    return Path(support, *(np.full((size, 1), value) for value in (middle, scale))), t


def _support(problem: Problem) -> Support:
    lower, upper = (np.asarray(end, dtype=float)[..., np.newaxis] for end in problem.support)
    return Support(lower, upper)


def serves(
    log_value: FloatArray,
    log_tau: FloatArray,
    *,
    tolerance: float,
    powers: tuple[int, ...] = _POWERS,
) -> BoolArray:
    """Return for which problems nodes are close and wide enough, moments of tau included.

    Parameters
    ----------
    log_value
        Log integrand in t at equally spaced nodes, an odd number, shape (batch, node).
    powers
        Of tau, whose integrals are wanted.
    """
    served = np.ones(len(log_value), dtype=bool)
    for power in powers:
        value = log_value + power * log_tau if power else log_value
        value = value - value.max(axis=1, keepdims=True)
        served &= (value[:, [0, -1]] < -_ENDED).all(axis=1)
        served &= surprise(value[:, ::2], value[:, 1::2]).max(axis=1) <= tolerance
    return served
