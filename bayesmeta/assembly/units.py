"""The unit of each outcome of a model, and which of its contrasts have one."""

from collections.abc import Mapping

from bayesmeta.assembly.assembled import Assembly
from bayesmeta.derived import Contrast


def units(assembly: Assembly) -> dict[str, str]:
    """Return the unit of each outcome ("" where nobody states it); of one outcome, nothing."""
    names = [item.outcome for item in assembly.location.coefficients if item.outcome]
    effects = assembly.effects
    return {name: effects.units.get(name, effects.unit) for name in names}


def is_of_one_unit(contrast: Contrast, stated: Mapping[str, str]) -> bool:
    """Return whether what a contrast sums is known to be in one unit.

    Examples
    --------
    >>> contrast = Contrast("a less b", {}, outcomes=("a", "b"))
    >>> is_of_one_unit(contrast, {"a": "mm", "b": "mm"}), is_of_one_unit(contrast, {"a": "mm"})
    (True, False)
    """
    own = {stated.get(name, "") for name in contrast.outcomes}
    return own == set() or (len(own) == 1 and own != {""})
