"""ArviZ's statistics of arrays, without all that it has beside them."""

import importlib
import sys
from functools import cache
from typing import Any

_STATISTICS, _CONVERTERS = "arviz_stats", "arviz_base"


@cache
def array_stats() -> Any:  # noqa: ANN401  (ArviZ has no types)
    """Return ArviZ's functions of arrays, such as ``ess``, ``mcse`` and ``rhat``.

    Where ArviZ is not imported yet, as it is installed without xarray: a sixth of the time of a
    whole `bayesmeta fit --engine nuts` goes into what that leaves out. Whoever imports ArviZ
    afterwards gets it whole.

    Examples
    --------
    >>> import numpy as np
    >>> float(array_stats().mcse(np.random.default_rng(1).normal(size=(4, 1000))).round(3))
    0.016
    """
    if _STATISTICS in sys.modules or _CONVERTERS in sys.modules:
        return importlib.import_module(f"{_STATISTICS}.base.array").array_stats
    sys.modules[_CONVERTERS] = None  # type: ignore[assignment]  # an import of it finds nothing
    try:
        return importlib.import_module(f"{_STATISTICS}.base.array").array_stats
    finally:
        del sys.modules[_CONVERTERS]
        for name in [name for name in sys.modules if name.split(".")[0] == _STATISTICS]:
            del sys.modules[name]
