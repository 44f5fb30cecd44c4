"""Rows of a table that belong together."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Groups:
    """Which group each row is in.

    Parameters
    ----------
    code
        Number of each row's group, shape (row,).
    labels
        The groups' names, in order of their first row.
    lasting
        Whether groups stay where no row of them is left, as levels of a parameter do.

    Examples
    --------
    >>> found = Groups.of(["b", "a", "b"])
    >>> found.labels, found.sums(np.array([1.0, 2.0, 3.0]))
    (('b', 'a'), array([4., 2.]))
    """

    code: IntArray
    labels: tuple[str, ...]
    lasting: bool = False

    @classmethod
    def of(cls, column: Iterable[object], *, lasting: bool = False) -> "Groups":
        """Return the groups that a column's values make."""
        words = [str(word) for word in column]
        labels = tuple(dict.fromkeys(words))
        place = {label: number for number, label in enumerate(labels)}
        return cls(np.array([place[word] for word in words], dtype=np.intp), labels, lasting)

    def __len__(self) -> int:
        """Return how many groups there are."""
        return len(self.labels)

    @cached_property
    def sizes(self) -> IntArray:
        """How many rows each group has, shape (group,)."""
        return np.bincount(self.code, minlength=len(self))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The name of each row's group."""
        return tuple(self.labels[code] for code in self.code.tolist())

    def sums(self, array: FloatArray) -> FloatArray:
        """Return sums by group: shape (..., row) gives (..., group)."""
        return np.asarray(np.add.reduceat(array[..., self._order], self._starts, axis=-1))

    def each(self, array: FloatArray) -> FloatArray:
        """Return its group's number for each row: shape (..., group) gives (..., row)."""
        return np.asarray(array[..., self.code])

    def take(self, rows: IntArray | BoolArray) -> "Groups":
        """Return the groups of some rows; groups without a row are gone, unless they last."""
        if self.lasting:
            return replace(self, code=self.code[rows])
        return Groups.of(np.asarray(self.names, dtype=object)[rows])

    @cached_property
    def _order(self) -> IntArray:
        return np.argsort(self.code, kind="stable")

    @cached_property
    def _starts(self) -> IntArray:
        return np.concatenate([[0], np.cumsum(self.sizes)[:-1]]).astype(np.intp)

    @cached_property
    def place(self) -> IntArray:
        """Where each row stands among the rows of its group, shape (row,)."""
        found = np.empty_like(self.code)
        found[self._order] = np.arange(self.code.size) - np.repeat(self._starts, self.sizes)
        return found

    @cached_property
    def member(self) -> IntArray:
        """The rows of each group, its first row where there are no more, (group, place)."""
        found = np.tile(self._order[self._starts][:, np.newaxis], (1, int(self.sizes.max())))
        found[self.code, self.place] = np.arange(self.code.size)
        return found

    @cached_property
    def filled(self) -> BoolArray:
        """Which places of `member` are rows, shape (group, place)."""
        return np.arange(int(self.sizes.max())) < self.sizes[:, np.newaxis]

    @cached_property
    def both(self) -> BoolArray:
        """Which pairs of places of `member` are rows, shape (group, place, place)."""
        return self.filled[:, :, np.newaxis] & self.filled[:, np.newaxis, :]

    @cached_property
    def same(self) -> BoolArray:
        """Whether two rows are of one group, shape (row, row)."""
        return np.asarray(self.code[:, np.newaxis] == self.code)
