"""One centre for all study effects."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import ModelError
from bayesmeta.location.design import Location, Values
from bayesmeta.measures.effects import Effects
from bayesmeta.studies import Column

CENTRE = "mu"


def locate(effects: Effects, moderators: str | None, *, missing: str) -> tuple[Effects, Location]:
    """Return a design of ones.

    Raises
    ------
    ModelError
        If moderators are given: this centre has no place for them.
    """
    if moderators is not None:
        raise ModelError(
            f"The model has no moderators, but {moderators!r} was given; use meta-regression."
        )
    return effects, Location(design=np.ones((len(effects), 1)), terms=(), column_means=np.empty(0))


def rows(location: Location, values: Values) -> tuple[FloatArray, dict[str, Column]]:
    """Return the one design row there is.

    Raises
    ------
    ModelError
        If there are values: this centre has no place for them.
    """
    if values:
        raise ModelError(f"The model has no moderators; {', '.join(values)} given.")
    return np.ones((1, 1)), {}
