"""Bayesian random-effects meta-analysis with PyMC and ArviZ.

The shop window. What it shows, and where that stands, is said once, in ``__init__.pyi``; names
load when they are used, so that ``import bayesmeta`` is instant.
"""

import sys
from types import ModuleType

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


class _Window(ModuleType):
    """The package. Where a room and a verb share a name, the window shows the verb."""

    def __setattr__(self, name: str, value: object) -> None:
        """Keep the import of a room from hiding the verb of its name."""
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Window


def __getattr__(name: str) -> object:
    """Load a public name from its room."""
    if name == "__version__":
        from importlib.metadata import version

        return version("bayesmeta")
    return _load(name)
