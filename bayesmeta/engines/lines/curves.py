"""Normal rows spread by mixtures of normals, as curves over the distance of their centre.

At a node of the hyperparameters a row says the log of E of how far its centre lies from its
estimate, and nothing else. Where many centres are asked about, the curve and its first two
derivatives are tabulated at equal steps, halved until the quintic polynomial of each step meets the
curve in its middle, and read off: what a centre costs does not depend on how many normals there
are. Nodes whose curves bend too sharply for that are left to whoever asks.
"""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray

FEWEST_NORMALS, FEWEST_CENTRES = 6, 400
"""Below which sums over the normals themselves cost less."""
_FIRST, _HALVINGS = 24, 7
"""Steps of the first table of a curve, and how often they are halved at most."""
_MET = 2e-9
"""How well the middles of steps are met where half the step serves: its error is a 64th."""
_DEGREE = 5
_BLOCK = 2**17
"""Numbers of components and places that are looked at at once: what a processor's cache holds."""
_CENTRES = 2**14
"""Centres that are read off at once."""
_NOTHING = 1e-300


class _Mixtures(NamedTuple):
    """Logs of mixtures of normals around 0, one a pair of a node and a row.

    Parameters
    ----------
    log_height
        Of each normal at 0, weighted, shape (pair, normal).
    precision
        Of each normal, shape (pair, normal).
    """

    log_height: FloatArray
    precision: FloatArray

    def take(self, pairs: IntArray | slice) -> "_Mixtures":
        return _Mixtures(self.log_height[pairs], self.precision[pairs])

    def at(self, away: FloatArray) -> FloatArray:
        """Return log E, its slope and its bend at distances (pair, place), each of that shape."""
        found = np.empty((3, *away.shape))
        size = max(1, _BLOCK // (away.shape[1] * self.precision.shape[1]))
        for start in range(0, len(away), size):
            part = slice(start, start + size)
            found[:, part] = self.take(part)._at(away[part])  # noqa: SLF001  (its own kind)
        return found

    def _at(self, away: FloatArray) -> FloatArray:
        square = away**2
        terms = -0.5 * square[..., np.newaxis] * self.precision[:, np.newaxis]
        terms += self.log_height[:, np.newaxis]
        top = terms.max(axis=-1)
        terms -= top[..., np.newaxis]
        np.exp(terms, out=terms)
        powers = self.precision[..., np.newaxis] ** np.arange(3)
        total, first, second = np.moveaxis(terms @ powers, -1, 0)
        first, second = first / total, second / total
        return np.stack([np.log(total) + top, -away * first,
                         square * (second - first**2) - first])  # fmt: skip


class _Curves(NamedTuple):
    """Polynomials on steps, those of one pair after those of another.

    Parameters
    ----------
    first, step
        Where each pair's steps begin, and their length, shape (pair,).
    start, steps
        Which of all steps is the pair's first, and how many it has, shape (pair,).
    coefficient
        Of powers of the place within a step, from 0 to 1, shape (step, power).
    """

    first: FloatArray
    step: FloatArray
    start: IntArray
    steps: IntArray
    coefficient: FloatArray

    def take(self, pairs: BoolArray) -> "_Curves":
        return _Curves(self.first[pairs], self.step[pairs], self.start[pairs],
                       self.steps[pairs], self.coefficient)  # fmt: skip

    def at(self, away: FloatArray) -> FloatArray:
        """Return the curves at distances, shape (node, row, centre), a pair a node and a row."""
        shape = (*away.shape[:2], 1)
        first, step, start, last = (
            each.reshape(shape) for each in (self.first, self.step, self.start, self.steps - 1)
        )
        found = np.empty(away.shape)
        size = max(1, _CENTRES // away.shape[1])
        for node in range(len(away)):
            for begin in range(0, away.shape[2], size):
                some = (node, slice(None), slice(begin, begin + size))
                along = (away[some] - first[node]) / step[node]
                place = np.minimum(along.astype(np.intp), last[node])
                along -= place
                place += start[node]
                found[some] = _valued(self.coefficient, place, along)
        return found


def _valued(coefficient: FloatArray, place: IntArray, along: FloatArray) -> FloatArray:
    own = coefficient.take(place.ravel(), axis=0).reshape(*place.shape, _DEGREE + 1)
    found = own[..., _DEGREE] * along
    for power in range(_DEGREE - 1, 0, -1):
        found += own[..., power]
        found *= along
    found += own[..., 0]
    return np.asarray(found)


class Read(NamedTuple):
    """Log E at centres of some nodes.

    Parameters
    ----------
    nodes
        Which nodes they are, shape (every node,).
    value
        Shape (node, centre, row).
    """

    nodes: BoolArray
    value: FloatArray


def are_worth_it(centres: int, normals: int) -> bool:
    """Return whether there is so much to be read off that tables are worth their making."""
    return centres >= FEWEST_CENTRES and normals >= FEWEST_NORMALS


def read_off(
    estimate: FloatArray,
    own_variance: FloatArray,
    centre: FloatArray,
    log_weight: FloatArray,
    variance: FloatArray,
) -> Read:
    """Return log E of normal rows at many centres, at the nodes whose curves serve.

    To 1e-10 or so, which is checked in the middle of every step.

    Parameters
    ----------
    estimate, own_variance
        Of the rows, shape (row,).
    centre
        Shape (node, centre, row), or (node, centre, 1) where all rows share it.
    log_weight
        Of the effects' normals, shape (node, normal).
    variance
        Of them, shape (node, normal, row), or (node, normal, 1) where rows spread alike.

    Examples
    --------
    >>> centre = np.linspace(-3, 3, 500)[np.newaxis, :, np.newaxis]
    >>> weights, variances = np.log([[0.9, 0.1]]), np.array([[[1.0], [9.0]]])
    >>> found = read_off(np.zeros(1), np.ones(1), centre, weights, variances)
    >>> densities = np.exp(-(centre[0] ** 2) / [4, 20]) / np.sqrt(2 * np.pi * np.array([2, 10]))
    >>> bool(np.abs(found.value[0, :, 0] - np.log(densities @ [0.9, 0.1])).max() < 1e-10)
    True
    """
    # Rows before centres: all that follows goes along many centres of one row.
    away = np.ascontiguousarray(np.swapaxes(centre, 1, 2)) - estimate[:, np.newaxis]
    np.abs(away, out=away)
    total = own_variance[:, np.newaxis] + np.swapaxes(variance, 1, 2)
    height = log_weight[:, np.newaxis] - 0.5 * np.log(2 * np.pi * total)
    normals = total.shape[-1]
    mixtures = _Mixtures(height.reshape(-1, normals), 1 / total.reshape(-1, normals))
    lower, upper = away.min(axis=2).ravel(), away.max(axis=2).ravel()
    curves, served = _tabulated(mixtures, lower, upper, most=away.shape[2])
    nodes = served.reshape(len(away), -1).all(axis=1)
    kept = np.repeat(nodes, away.shape[1])
    some = curves.take(kept)
    return Read(nodes, np.swapaxes(some.at(away if nodes.all() else away[nodes]), 1, 2))


def _tabulated(
    mixtures: _Mixtures, lower: FloatArray, upper: FloatArray, most: int
) -> tuple[_Curves, BoolArray]:
    """Return the curves between their ends, and which of them serve.

    Parameters
    ----------
    most
        Places at which a curve is asked about: with as many steps a table has no use.
    """
    span = np.maximum(upper - lower, np.maximum(1e-9 * upper, _NOTHING))
    step, steps = np.ones(span.size), np.ones(span.size, dtype=np.intp)
    start, served = np.zeros(span.size, dtype=np.intp), np.zeros(span.size, dtype=bool)
    parts: list[FloatArray] = []
    left, count, known = np.arange(span.size), _FIRST, np.empty((3, 0, 0))
    for halving in range(_HALVINGS):
        if not left.size or 2 * count > most:
            break
        width, own = span[left] / count, mixtures.take(left)
        if not halving:
            known = own.at(lower[left, np.newaxis] + width[:, np.newaxis] * np.arange(count + 1))
        place = lower[left, np.newaxis] + width[:, np.newaxis] * (np.arange(count) + 0.5)
        middle = own.at(place)
        missed = np.abs(_middles(known, width) - middle[0]).max(axis=1)
        finer = np.empty((3, left.size, 2 * count + 1))
        finer[..., ::2], finer[..., 1::2] = known, middle
        done, count = missed <= _MET, 2 * count
        some = left[done]
        served[some], steps[some], step[some] = True, count, width[done] / 2
        start[some] = sum(map(len, parts)) + count * np.arange(some.size)
        parts.append(_polynomials(finer[:, done], width[done] / 2))
        left, known = left[~done], finer[:, ~done]
    coefficient = np.concatenate([np.empty((0, _DEGREE + 1)), *parts])
    return _Curves(lower, step, start, steps, coefficient), served


def _middles(known: FloatArray, width: FloatArray) -> FloatArray:
    """Return what the polynomials say in the middle of each step, shape (pair, step)."""
    (left, right), (rise, fall), (bend, turn) = ((each[:, :-1], each[:, 1:]) for each in known)
    own = width[:, np.newaxis]
    return np.asarray((left + right) / 2 + own * (rise - fall) * (5 / 32)
                      + own**2 * (bend + turn) / 64)  # fmt: skip


def _polynomials(known: FloatArray, width: FloatArray) -> FloatArray:
    """Return the quintics that have values, slopes and bends at both ends, (step, power)."""
    value, slope, bend = (each * width[:, np.newaxis] ** power for power, each in enumerate(known))
    rise = np.diff(value, axis=1)
    first, last, bent, turned = slope[:, :-1], slope[:, 1:], bend[:, :-1], bend[:, 1:]
    columns = [
        value[:, :-1],
        first,
        bent / 2,
        10 * rise - 6 * first - 4 * last - (3 * bent - turned) / 2,
        -15 * rise + 8 * first + 7 * last + (3 * bent - 2 * turned) / 2,
        6 * rise - 3 * (first + last) - (bent - turned) / 2,
    ]
    return np.stack(columns, axis=-1).reshape(-1, _DEGREE + 1)
