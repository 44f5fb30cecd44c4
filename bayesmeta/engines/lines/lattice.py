"""Points of the coefficients on lattices, one a node of the hyperparameters."""

from dataclasses import dataclass, replace

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.boxed import points
from bayesmeta.engines.lines.climbing import REACH, Box
from bayesmeta.engines.lines.parts import Part


@dataclass(frozen=True, eq=False)
class Lattice:
    """Points of all nodes in one row, those of one node after those of another.

    Parameters
    ----------
    node
        Which node a point is of, shape (point,).
    location
        Coefficients, shape (point, coefficient).
    log_weight
        Log of the joint density times the size of a cell, shape (point,).
    cell
        From steps to coefficients at each node, shape (node, coefficient, coefficient).
    log_evidence
        Log of the sum at each node, shape (node,).
    error
        What the last halving changed of it, shape (node,).
    """

    node: IntArray
    location: FloatArray
    log_weight: FloatArray
    cell: FloatArray
    log_evidence: FloatArray
    error: FloatArray

    def take(self, points: BoolArray) -> "Lattice":
        """Return some of the points."""
        return replace(
            self,
            node=self.node[points],
            location=self.location[points],
            log_weight=self.log_weight[points],
        )


def together(found: list[tuple[IntArray, Lattice]]) -> Lattice:
    """Return lattices of some nodes each as one, in the order of the nodes."""
    nodes = np.concatenate([own for own, _ in found])
    back = np.argsort(nodes)
    node = np.concatenate([own[each.node] for own, each in found])
    order = np.argsort(node, kind="stable")
    location, log_weight, *by_node = (
        np.concatenate([getattr(each, name) for _, each in found])
        for name in ("location", "log_weight", "cell", "log_evidence", "error")
    )
    return Lattice(
        node[order], location[order], log_weight[order], *(each[back] for each in by_node)
    )


def joined_parts(
    box: Box, parts: list[Part], log_evidence: FloatArray, error: FloatArray
) -> Lattice:
    """Return the points of parts as one lattice, in the order of the nodes."""
    size = box.centre.shape[1]
    node = [np.empty(0, dtype=np.intp)]
    location, log_weight = [np.empty((0, size))], [np.empty(0)]
    cell = np.empty_like(box.root)
    for part in parts:
        value = part.value
        here, at = np.nonzero(value > value.max(axis=-1, keepdims=True) - REACH[size - 1])
        cell[part.nodes] = box.root[part.nodes] * (2 / part.steps)
        own, place = part.nodes[here], points(size, part.steps)[at]
        node.append(own)
        away = (box.root[own] @ place[..., np.newaxis])[..., 0]
        location.append(box.centre[own] + away)
        log_weight.append(value[here, at] + part.log_cell[here])
    joined = np.concatenate(node)
    order = np.argsort(joined, kind="stable")
    return Lattice(
        joined[order],
        np.concatenate(location)[order],
        np.concatenate(log_weight)[order],
        cell,
        log_evidence,
        error,
    )
