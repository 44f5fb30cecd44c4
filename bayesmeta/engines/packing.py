"""A model's ``pm.Data`` as two blocks of numbers, so that compiled code fits many tables."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.schema import STUDY

if TYPE_CHECKING:
    import pymc
    from pytensor.tensor import TensorVariable


class Blocks(NamedTuple):
    """The numbers of a model.

    Parameters
    ----------
    vector
        The number of studies, then every hyperparameter, shape (1 + hyperparameter,).
    columns
        What has a study dimension, shape (column, study).
    """

    vector: FloatArray
    columns: FloatArray


class Entry(NamedTuple):
    """One ``pm.Data``: its name, whether studies are its first dimension, the rest of its shape."""

    name: str
    by_study: bool
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many numbers, or columns of numbers, it takes."""
        return math.prod(self.shape)


class Layout(NamedTuple):
    """What the blocks of a model hold, in order."""

    entries: tuple[Entry, ...]

    @property
    def length(self) -> int:
        """Numbers in the vector."""
        return 1 + sum(entry.size for entry in self.entries if not entry.by_study)

    @property
    def height(self) -> int:
        """Columns in the columns."""
        return sum(entry.size for entry in self.entries if entry.by_study)


def layout(model: "pymc.Model") -> Layout:
    """Return what the blocks of a model hold."""
    return Layout(tuple(sorted(_entry(model, data) for data in model.data_vars)))


def _entry(model: "pymc.Model", data: Any) -> Entry:  # noqa: ANN401  (PyTensor has no types)
    shape = data.get_value(borrow=True).shape
    by_study = STUDY in model.named_vars_to_dims.get(data.name, ())
    return Entry(data.name, by_study, shape[1:] if by_study else shape)


def pack(model: "pymc.Model") -> Blocks:
    """Return the numbers of a model."""
    studies = len(model.coords[STUDY])
    vector, columns = [np.array([studies], dtype=np.float64)], []
    for entry in layout(model).entries:
        value = np.asarray(model[entry.name].get_value(), dtype=np.float64)
        if entry.by_study:
            columns.append(value.reshape(studies, entry.size).T)
        else:
            vector.append(value.ravel())
    return Blocks(np.concatenate(vector), np.ascontiguousarray(np.concatenate(columns)))


def inputs(model: "pymc.Model") -> tuple["TensorVariable", "TensorVariable"]:
    """Return the blocks as PyTensor variables: what a function of a model's numbers takes."""
    import pytensor.tensor as pt

    length = layout(model).length
    vector = pt.TensorType("float64", shape=(length,))("vector")
    return vector, pt.TensorType("float64", shape=(None, None))("columns")


def unpacked(
    model: "pymc.Model", vector: "TensorVariable", columns: "TensorVariable"
) -> dict[Any, "TensorVariable"]:
    """Return, for each ``pm.Data`` of a model, where it stands in the blocks.

    Parameters
    ----------
    vector, columns
        The blocks, from `inputs`.
    """
    found: dict[Any, TensorVariable] = {}
    number, column = 1, 0
    for entry in layout(model).entries:
        if entry.by_study:
            part = columns[column : column + entry.size].T if entry.shape else columns[column]
            column += entry.size
        else:
            part = vector[number : number + entry.size] if entry.shape else vector[number]
            number += entry.size
        found[model[entry.name]] = part
    return found
