"""What is wrong with the content of an analysis file, all of it at once."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from bayesmeta.analysis.forest_keys import forest_problem
from bayesmeta.analysis.joint import joint_problems
from bayesmeta.analysis.keys import JOINT_KEYS, KEYS, KINDS_SAID, PER_OUTCOME, TOP
from bayesmeta.engines.settings import SETTINGS
from bayesmeta.errors import OutputError
from bayesmeta.plots.column import inches
from bayesmeta.spec.toml import shown

_NAMED_BY = ("name", "comparison", "subgroup")


def problems_of(
    content: Mapping[str, Any],
    shared: Mapping[str, object],
    overrides: Sequence[object],
    *,
    source: str,
) -> list[str]:
    """Return what is wrong, each once; nothing where all can be used.

    Parameters
    ----------
    content
        The file, as TOML has it.
    shared
        What stands at the top for every outcome.
    overrides
        The tables ``[[outcomes]]``.
    """
    problems = _problems(content, TOP, where=source)
    for number, override in enumerate(overrides, start=1):
        where = f"{source}, outcome {number}"
        problems += _outcome_problems(override, where=where, needs_name="outcomes" in content)
    merged = [{**shared, **override} for override in overrides if isinstance(override, dict)]
    problems += _absences(content, merged, where=source)
    joint = content.get("joint")
    if isinstance(joint, dict):
        problems += _joint_problems(joint, shared, merged, where=f"{source}, joint")
    return list(dict.fromkeys(problems))


def _joint_problems(
    joint: Mapping[str, object],
    shared: Mapping[str, object],
    merged: list[dict[str, object]],
    *,
    where: str,
) -> list[str]:
    others = {key: value for key, value in joint.items() if key != "outcomes"}
    found = _problems(others, JOINT_KEYS, where=where)
    if found:
        return found
    absent = "measure" not in {**shared, **joint} and not merged
    found = [f"{where}: no key 'measure'; for mean differences write measure = \"MD\"."] * absent
    return found + joint_problems(joint, merged, where=where)


def _problems(content: Mapping[str, object], known: tuple[str, ...], *, where: str) -> list[str]:
    unknown = [_unknown(key, known, where=where) for key in content if key not in known]
    return unknown + [
        problem
        for key, value in content.items()
        if key in known and (problem := _value_problem(key, value, where=where))
    ]


def _unknown(key: str, known: tuple[str, ...], *, where: str) -> str:
    near = get_close_matches(key, known, n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    return f"{where}: unknown key {key!r}{hint}; known keys: {', '.join(known)}."


def _value_problem(key: str, value: object, *, where: str) -> str:
    """Return what is wrong with a value, or nothing."""
    if key in SETTINGS:
        wrong = SETTINGS[key].wrong(value)
        return wrong and f"{where}: {key} is {shown(value)}; {wrong}."
    known = KEYS[key]
    if not isinstance(value, known.kinds) or (isinstance(value, bool) and bool not in known.kinds):
        return f"{where}: {key} is {shown(value)}; it must be {KINDS_SAID[known.kinds]}."
    if known.choices and value not in known.choices:
        return f"{where}: {key} is {shown(value)}; it must be one of: {', '.join(known.choices)}."
    if isinstance(value, str) and "\0" in value:
        return f"{where}: {key} is {shown(value)}; it holds a character that no text has."
    if key in _READ:
        return _READ[key](value, where=where)
    return _number_problem(key, value, where=where) if isinstance(value, int | float) else ""


def _width_problem(value: str, *, where: str) -> str:
    """Return what is wrong with a width: it is read before anything is fitted."""
    try:
        inches(value)
    except OutputError as error:
        return f"{where}: width: {error}"
    return ""


def _columns_problem(value: Mapping[str, object], *, where: str) -> str:
    wrong = [f"{name} = {shown(item)}" for name, item in value.items() if not isinstance(item, str)]
    said = f'{where}: columns has {", ".join(wrong)}; write as in study = "author".'
    return said if wrong else ""


_READ: dict[str, Callable[..., str]] = {
    "columns": _columns_problem, "forest": forest_problem, "width": _width_problem,
}  # fmt: skip
"""What finds what is wrong in a table or a text, by its key."""


def _number_problem(key: str, value: float, *, where: str) -> str:
    known = KEYS[key]
    within = known.above < value < known.below
    return (
        "" if within else f"{where}: {key} is {shown(value)}; {known.asked or 'it must be finite'}."
    )


def _outcome_problems(override: object, *, where: str, needs_name: bool) -> list[str]:
    if not isinstance(override, dict):
        return [
            f"{where}: {shown(override)} is not a table; write [[outcomes]] and its keys below."
        ]
    problems = _problems(override, PER_OUTCOME, where=where)
    if needs_name and not isinstance(override.get("name"), str):
        problems.append(f"{where}: no name; it says which value of the column 'outcome' is meant.")
    return problems


def _absences(
    content: Mapping[str, object], merged: list[dict[str, object]], *, where: str
) -> list[str]:
    found = [] if "studies" in content else [f"{where}: no key 'studies'; it names the table."]
    if any("measure" not in settings for settings in merged):
        found.append(f"{where}: no key 'measure'; for mean differences write measure = \"MD\".")
    names = [tuple(settings.get(key) for key in _NAMED_BY) for settings in merged]
    found += [
        f"{where}: outcome {name[0]!r} stands twice." for name in names if names.count(name) > 1
    ]
    return found
