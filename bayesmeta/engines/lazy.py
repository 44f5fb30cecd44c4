"""Arrays that are computed when they are first read."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from xarray.backends import BackendArray
from xarray.core import indexing

from bayesmeta.arrays import FloatArray


def when_read(shape: tuple[int, ...], compute: Callable[[], FloatArray]) -> Any:  # noqa: ANN401
    """Return what an ``xarray`` variable takes for an array, and computes when it is read.

    In xarray's words a file's variable that is not loaded yet: it reads, saves, pickles and copies
    as the array would. What is assigned to a part of it goes to a copy; `values` are read-only.

    Parameters
    ----------
    shape
        Of the array.
    compute
        Makes the array, the same each time it is called: in two threads, it may be twice.

    Examples
    --------
    >>> import xarray as xr
    >>> later = xr.DataArray(xr.Variable(("draw",), when_read((3,), lambda: np.arange(3.0))))
    >>> float(later.sel(draw=2) + 1)
    3.0
    """
    unread: Any = indexing.LazilyIndexedArray(_Unread(shape, compute))
    return indexing.CopyOnWriteArray(unread)


class _Unread(BackendArray):
    """An array of numbers known by its shape until somebody reads it."""

    def __init__(self, shape: tuple[int, ...], compute: Callable[[], FloatArray]) -> None:
        self.shape = shape
        self.dtype = np.dtype(float)
        self._compute = compute

    @cached_property
    def _values(self) -> FloatArray:
        found = self._compute()
        found.setflags(write=False)  # views of it are handed out
        return found

    def __getitem__(self, key: indexing.ExplicitIndexer) -> FloatArray:
        found = indexing.explicit_indexing_adapter(
            key, self.shape, indexing.IndexingSupport.BASIC, lambda basic: self._values[basic]
        )
        return np.asarray(found)

    def __reduce__(self) -> tuple[Callable[[FloatArray], "_Unread"], tuple[FloatArray]]:
        """Pickle the numbers: what would compute them may hold what cannot be pickled."""
        return _read, (self._values,)


def _read(values: FloatArray) -> _Unread:
    return _Unread(values.shape, lambda: values)
