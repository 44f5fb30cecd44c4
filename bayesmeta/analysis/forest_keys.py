"""The table ``forest`` of an analysis file: what its forest plot shows."""

from collections.abc import Mapping
from typing import Any

from bayesmeta.errors import AnalysisError
from bayesmeta.measures.effects import Effects
from bayesmeta.spec.toml import shown

_KINDS: dict[str, tuple[tuple[type, ...], str]] = {
    "order": ((str,), "text"),
    "columns": ((list,), "a list of names of columns"),
    "classical": ((str, bool), "text, or true"),
    "densities": ((bool,), "true or false"),
    "raindrops": ((bool,), "true or false"),
}


def require_columns(asked: Mapping[str, Any], effects: Effects) -> None:
    """Raise where a column to be shown is not in the table of studies.

    Raises
    ------
    AnalysisError
        If one is not.
    """
    for name in asked.get("columns", ()):
        if name not in effects.studies:
            known = ", ".join(effects.studies.columns)
            raise AnalysisError(f"forest.columns: no column {name!r}; the table has: {known}.")


def forest_problem(asked: Mapping[str, object], *, where: str) -> str:
    """Return what is wrong with a table ``forest``, or nothing.

    Examples
    --------
    >>> forest_problem({"order": "-weight", "densities": True}, where="a.toml")
    ''
    >>> forest_problem({"odrer": "year"}, where="a.toml")
    "a.toml: unknown key 'odrer' in forest; known keys: order, columns, classical, densities, \
raindrops."
    """
    for key, value in asked.items():
        if key not in _KINDS:
            return f"{where}: unknown key {key!r} in forest; known keys: {', '.join(_KINDS)}."
        kinds, said = _KINDS[key]
        words = value if isinstance(value, list) else []
        wrong = not isinstance(value, kinds) or any(not isinstance(each, str) for each in words)
        if wrong:
            return f"{where}: forest.{key} is {shown(value)}; it must be {said}."
    return ""
