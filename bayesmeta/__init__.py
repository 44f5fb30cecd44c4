"""Bayesian random-effects meta-analysis with PyMC and ArviZ.

The shop window. What it shows, and where that stands, is said once, in ``__init__.pyi``; names
load when they are used, so that ``import bayesmeta`` is instant.
"""

from types import FunctionType

import lazy_loader

from bayesmeta.door import with_door

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    """Load a public name from its room, a verb with a door that says what it takes."""
    if name == "__version__":
        from importlib.metadata import version

        return version("bayesmeta")
    found = _load(name)
    if isinstance(found, FunctionType) and name in __all__:
        globals()[name] = found = with_door(found, __name__)
    return found
