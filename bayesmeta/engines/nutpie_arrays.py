"""Draws out of nutpie without ArviZ, which takes a second to import with all its plots."""

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np

from bayesmeta.arrays import FloatArray

_ARVIZ = "arviz"
_TUNING = "tuning"


class _Deferred(ModuleType):
    """Stands for a module until something of it is used; then it is imported, and stands there."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever the module has)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def arviz_deferred() -> Iterator[None]:
    """Let an import of ArviZ inside wait until something of it is used.

    nutpie imports it at its top, for a conversion that is not used here. Whoever imports it
    afterwards gets it whole.
    """
    if _ARVIZ in sys.modules:
        yield
        return
    stand_in = _Deferred(_ARVIZ)
    sys.modules[_ARVIZ] = stand_in
    try:
        yield
    finally:
        if sys.modules.get(_ARVIZ) is stand_in:
            del sys.modules[_ARVIZ]


def arrays(raw: Any, names: Sequence[str]) -> dict[str, FloatArray]:  # noqa: ANN401  (nutpie's)
    """Return the kept draws and statistics by name, shape (chain, draw, ...).

    Parameters
    ----------
    raw
        What ``nutpie.sample(..., return_raw_trace=True)`` returns: an Arrow batch of draws and
        one of statistics for each chain, warm-up first.
    """
    draws, statistics = raw.get_arrow_trace()
    chains = [_kept(*pair, names) for pair in zip(draws, statistics, strict=True)]
    return {name: np.stack([chain[name] for chain in chains]) for name in names}


def _kept(draws: Any, statistics: Any, names: Sequence[str]) -> dict[str, FloatArray]:  # noqa: ANN401
    tuning = int(np.sum(_column(statistics, _TUNING)))
    return {
        name: _column(draws if name in draws.column_names else statistics, name)[tuning:]
        for name in names
    }


def _column(batch: Any, name: str) -> FloatArray:  # noqa: ANN401  (an Arrow batch)
    import pyarrow as pa  # type: ignore[import-untyped]

    column = pa.array(batch.column(name))
    if column.null_count:
        raise ValueError(f"nutpie has left gaps in {name}")
    if column.type.num_fields:  # a list of numbers a draw
        return np.asarray(column.flatten()).reshape(len(column), -1)
    return np.asarray(column.to_numpy(zero_copy_only=False))
