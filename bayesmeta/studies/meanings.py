"""What the names of ready-made columns say of them: scale, level, measure.

Each takes our name of a column by the table's.
"""

from collections.abc import Mapping

from bayesmeta.errors import StudiesError
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.names.ready import (
    LOGARITHMS,
    MEANT,
    OF_LOGARITHMS,
    OF_RATIOS,
    RATIOS,
    limit_of,
)
from bayesmeta.studies.wording import column_choice

_USUAL_LEVEL = 95


def scale_of(names: Mapping[str, str]) -> str:
    """Return "log" or "natural" where the name of the estimates says so, else ""."""
    key = next((key_of(name) for name, ours in names.items() if ours == "estimate"), "")
    return "log" if key in LOGARITHMS else "natural" if key in RATIOS else ""


def meant_by(
    names: Mapping[str, str], chosen: Mapping[str, str]
) -> tuple[str, tuple[str, ...]] | None:
    """Return the table's name of the estimates with the measures that it may mean."""
    name = next((name for name, ours in names.items() if ours == "estimate"), "")
    codes = MEANT.get(key_of(name))
    return None if codes is None or name in chosen else (name, codes)


def error_scale_of(names: Mapping[str, str]) -> str:
    """Return "log" or "natural" where the names of their standard errors say so, else ""."""
    keys = [key_of(name) for name, ours in names.items() if ours in ("standard_error", "variance")]
    if keys and all(key in OF_LOGARITHMS for key in keys):
        return "log"
    return "natural" if keys and all(key in OF_RATIOS for key in keys) else ""


def confidence_of(names: Mapping[str, str], *, source: str) -> float | None:
    """Return the level, other than 95 %, that the names of the limits say.

    Raises
    ------
    StudiesError
        If they say two.
    """
    limits = [name for name, ours in names.items() if ours in ("ci_lower", "ci_upper")]
    found = [limit_of(key_of(name)) for name in limits]
    levels = {limit[1] for limit in found if limit}
    if len(levels) > 1:
        named = ", ".join(map(repr, limits))
        raise StudiesError(
            f"{source}: columns {named} are limits of different levels; keep those of one, or "
            f"choose with {column_choice('ci_lower', limits[0])}."
        )
    return levels.pop() if levels - {_USUAL_LEVEL} else None
