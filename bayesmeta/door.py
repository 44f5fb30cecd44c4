"""The door of a public verb: a call that does not fit gets a sentence that says what fits."""

import functools
from collections.abc import Callable
from typing import Any


def with_door(verb: Callable[..., Any], house: str) -> Callable[..., Any]:
    """Return a verb that says in a sentence what it takes, where a call does not fit it.

    Parameters
    ----------
    verb
        A function.
    house
        The module that shows it, where a pool of processes finds it again by its name.

    Examples
    --------
    >>> def area(width, *, height): return width * height
    >>> with_door(area, "geometry")(2, height=3)
    6
    >>> with_door(area, "geometry")(2)
    Traceback (most recent call last):
    bayesmeta.errors.CallError: area() needs height: height=... is missing.
    """

    @functools.wraps(verb)
    def door(*positional: object, **named: object) -> object:
        try:
            return verb(*positional, **named)
        except TypeError:
            from bayesmeta.keywords import misfit

            if (said := misfit(verb, positional, named)) is None:
                raise
            raise said from None

    door.__module__ = house
    return door
