"""What is known on lattices along a line, as normals on lattices of half the step.

A function whose spectrum ends at pi / step is a sum of normals of variance s step**2 at half the
steps, weighted by the function divided, in its spectrum, by theirs. Spread by a normal of any
variance it is a sum of normals still; no sinc has to be asked for at a point.
"""

from dataclasses import dataclass

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.lines.fading import fading

SPREAD = 0.35
"""Variance of the normals, in squared steps: the finer lattice does not show to 1e-11, and no
weight is more than 6 times the largest of what was known."""
_ROOM = 12
"""Steps of nothing before and after a lattice: its Fourier transform is periodic, and what ripples
there fades."""


@dataclass(frozen=True, eq=False)
class Refined:
    """The lattices of some nodes, each of half the step.

    Parameters
    ----------
    location
        Shape (fine point,).
    node
        Shape (fine point,).
    groups
        Lattices of about one length together.
    count
        How many points they are made of.
    """

    location: FloatArray
    node: IntArray
    groups: tuple["_Group", ...]

    def weights(self, weight: FloatArray) -> FloatArray:
        """Return the normals' weights, (fine point, column), from points' (point, column)."""
        return np.concatenate([group.weights(weight) for group in self.groups])


@dataclass(frozen=True, eq=False)
class _Group:
    """Lattices of about one length.

    Parameters
    ----------
    point
        Their points among all, shape (point,).
    row, place
        The lattice and the step that each is at, shape (point,).
    lattices, steps
        How many lattices there are, and of how many steps each, room and all.
    """

    point: IntArray
    row: IntArray
    place: IntArray
    lattices: int
    steps: int

    def weights(self, weight: FloatArray) -> FloatArray:
        columns = weight.shape[1]
        known = np.zeros((columns, self.lattices, self.steps))
        known[:, self.row, self.place] = weight[self.point].T
        spectrum = np.fft.rfft(known)
        angle = 2 * np.pi * np.arange(spectrum.shape[-1]) / self.steps
        spectrum *= np.exp(0.5 * SPREAD * angle**2)
        spectrum[..., -1] *= 0.5  # what is at pi is at -pi too
        fine = np.fft.irfft(spectrum, 2 * self.steps) * fading(2 * self.steps, 2 * _ROOM)
        return np.ascontiguousarray(fine.reshape(columns, -1).T)


def refined(point: IntArray, place: FloatArray, node: IntArray, step: FloatArray) -> Refined:
    """Return the lattices of some points on a line, each of half the step.

    Parameters
    ----------
    point
        Which of the points, all those of a node or none.
    place, node
        Of all points, shape (point,).
    step
        Of every node's lattice, shape (node,).

    Examples
    --------
    >>> place = np.arange(-12.0, 13.0)
    >>> fine = refined(np.arange(25), place, np.zeros(25, dtype=int), np.ones(1))
    >>> weight = fine.weights(np.exp(-(place**2) / 8)[:, np.newaxis])[:, 0]
    >>> normals = np.exp(-((0.5 - fine.location) ** 2) / 0.7) / np.sqrt(0.7 * np.pi)
    >>> round(float(normals @ weight), 6), round(float(np.exp(-1 / 32)), 6)
    (0.969233, 0.969233)
    """
    used, row = np.unique(node[point], return_inverse=True)
    first, length = np.full(used.size, np.inf), np.zeros(used.size, dtype=np.intp)
    np.minimum.at(first, row, place[point])
    at = np.rint((place[point] - first[row]) / step[used[row]]).astype(np.intp)
    np.maximum.at(length, row, at + 1)
    octave = np.ceil(np.log2(length)).astype(np.intp)
    groups, locations, nodes = [], [], []
    for each in np.unique(octave):
        own = np.flatnonzero(octave == each)
        some = np.flatnonzero(octave[row] == each)
        steps = int(length[own].max()) + 2 * _ROOM
        steps += steps % 2
        half = np.arange(2 * steps) / 2 - _ROOM
        groups.append(_Group(point[some], np.searchsorted(own, row[some]), at[some] + _ROOM,
                             own.size, steps))  # fmt: skip
        locations.append((first[own, np.newaxis] + step[used[own], np.newaxis] * half).ravel())
        nodes.append(np.repeat(used[own], half.size))
    return Refined(np.concatenate(locations), np.concatenate(nodes), tuple(groups))
