"""Bayesian random-effects meta-analysis with PyMC and ArviZ.

The shop window. What it shows, and where that stands, is said once, in ``__init__.pyi``; names
load when they are used, so that ``import bayesmeta`` is instant.
"""

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    """Load a public name from its room, a verb with a door that says what it takes."""
    if name == "__version__":
        from importlib.metadata import version

        return version("bayesmeta")
    found = _load(name)
    if isinstance(found, FunctionType) and name in __all__:
        globals()[name] = found = _with_door(found)
    return found


def _with_door(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Return a verb that says in a sentence what it takes, where a call does not fit it."""

    @functools.wraps(verb)
    def door(*positional: object, **named: object) -> object:
        try:
            return verb(*positional, **named)
        except TypeError:
            from bayesmeta.keywords import misfit

            if (said := misfit(verb, positional, named)) is None:
                raise
            raise said from None

    # Found again by its name: a pool of processes sends functions so.
    door.__module__ = __name__
    return door
