"""Bayesian random-effects meta-analysis with PyMC and ArviZ.

The shop window. What it shows, and where that stands, is said once, in ``__init__.pyi``; names
load when they are used, so that ``import bayesmeta`` is instant.
"""

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    """Load a public name from its room."""
    if name == "__version__":
        from importlib.metadata import version

        return version("bayesmeta")
    return _load(name)
