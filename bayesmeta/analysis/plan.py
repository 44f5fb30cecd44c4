"""An analysis file, read: what to analyse, how."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import inf
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bayesmeta.analysis.forest_keys import forest_problem
from bayesmeta.analysis.joint import JOINT, joint_problems, joint_settings
from bayesmeta.assembly import (
    ROLES,
    is_known,
    named_roles,
    parts_of,
    usual_model,
    with_choices,
)
from bayesmeta.catalogue import load_model
from bayesmeta.engines.fitting import ENGINES
from bayesmeta.engines.settings import SETTINGS, Settings
from bayesmeta.errors import AnalysisError
from bayesmeta.spec import ModelSpec
from bayesmeta.spec.toml import UnreadableError, read_toml, shown


@dataclass(frozen=True)
class Plan:
    """One outcome of an analysis, every choice made.

    Parameters
    ----------
    name
        The outcome as the table's column ``outcome`` has it, in a review its number; None where
        the table has one outcome.
    comparison, subgroup
        Which comparison and subgroup, in a review by number.
    values, errors
        Scale of ready-made ratios or correlations, and of the standard errors beside them.
    confidence
        Level of ready-made intervals in per cent.
    p_values
        What p-values are of that are to give standard errors.
    combine
        How the rows of a study become one: ``"subgroups"`` or ``"arms"``.
    model
        Name on the shelf, the path of a model file, or a specification; None for the default.
    roles
        What the file names for the model's roles, each a key of its own: ``cluster``.
    outcomes, units, benefits
        Names of the outcomes of a joint plan; of each the unit, where it is stated, and which
        direction helps, where it is stated for all.
    settings
        How the engine draws; each a key of its own in the file.
    subgroups, subgroups_tau
        Column that says the subgroup of each study, where subgroups are asked for; whether they
        have one ``"common"`` tau, or each its ``"own"``.
    benefit
        ``"lower"`` or ``"higher"``: which direction helps patients; None if not stated.
    minimal_important_difference
        Smallest difference that matters, above 0, in the unit.
    at
        Moderators' values that sensitivity and duration are asked at.
    dpi
        Dots an inch of PNG figures; None for the usual ones.
    forest
        What the forest plot shows, by the names of `plot_forest`.
    """

    measure: str
    title: str
    name: str | None = None
    comparison: str | None = None
    subgroup: str | None = None
    values: str | None = None
    errors: str | None = None
    confidence: float | None = None
    p_values: str | None = None
    combine: str | None = None
    unit: str | None = None
    variance: str = "unpooled"
    model: str | ModelSpec | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    engine: str = "nuts"
    moderators: str | None = None
    priors: Mapping[str, object] = field(default_factory=dict)
    missing: str = "error"
    settings: Settings = field(default_factory=Settings)
    interval: float = 0.95
    shortest: bool = False
    outcomes: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    benefits: Mapping[str, str] = field(default_factory=dict)
    subgroups: str | None = None
    subgroups_tau: str = "common"
    benefit: str | None = None
    minimal_important_difference: float | None = None
    at: Mapping[str, str | float] = field(default_factory=dict)
    dpi: int | None = None
    forest: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Freeze what is mutable."""
        for name in ("roles", "priors", "units", "benefits", "at", "forest"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def spec(self) -> ModelSpec:
        """The model, with what the file names for its roles.

        What is of designs is of the section of that name, where the model has none.

        Raises
        ------
        ModelError
            If there is no such model.
        """
        model = load_model(self.model or usual_model(self.moderators))
        named = named_roles(self.roles)
        if is_known(model) and "design" not in {role.name for role in parts_of(model).roles}:
            named = {name: word for name, word in named.items() if name not in OF_DESIGNS}
        return with_choices(model, named)

    @property
    def key(self) -> str | None:
        """What tells it from the other outcomes: its name, in a review with the numbers."""
        if self.outcomes:
            return JOINT
        parts = [part for part in (self.comparison, self.name, self.subgroup) if part is not None]
        return ".".join(parts) if parts else None


@dataclass(frozen=True)
class Analysis:
    """An analysis file, read and checked.

    Parameters
    ----------
    source
        The file.
    studies
        Path of the table of studies.
    columns
        Columns by our name, mapped by hand to the table's: ``{"study": "author"}``.
    plans
        One an outcome.
    sheet, decimal, arm, treated, controls, totals
        How the table is read, as `read_studies` has it.
    """

    source: Path
    title: str
    studies: Path
    columns: Mapping[str, str]
    plans: tuple[Plan, ...]
    sheet: str | None = None
    decimal: str | None = None
    arm: str | None = None
    treated: str | None = None
    controls: str | None = None
    totals: str | None = None


type Say = Callable[[str], None]
"""Takes a line of progress."""

type _Kinds = tuple[type, ...]

_WORD: _Kinds = (str,)
_NUMBER: _Kinds = (int, float)
_TABLE: _Kinds = (dict,)
_KINDS: dict[str, _Kinds] = {
    "title": _WORD, "studies": _WORD, "columns": _TABLE, "outcomes": (list,), "joint": _TABLE,
    "sheet": _WORD, "decimal": _WORD, "arm": _WORD,
    "treated": _WORD, "controls": _WORD, "totals": _WORD,
    "name": _WORD, "comparison": _WORD, "subgroup": _WORD, "values": _WORD,
    "errors": _WORD, "confidence": _NUMBER, "p_values": _WORD, "combine": _WORD,
    "measure": _WORD, "unit": _WORD, "variance": _WORD, "model": _WORD, "engine": _WORD,
    "moderators": _WORD, "priors": _TABLE, "missing": _WORD, "interval": _NUMBER,
    "subgroups": _WORD, "subgroups_tau": _WORD,
    "shortest": (bool,), "at": _TABLE, "dpi": (int,), "benefit": _WORD,
    "minimal_important_difference": _NUMBER, "forest": _TABLE,
}  # fmt: skip
_SAID: dict[_Kinds, str] = {
    (int,): "a whole number",
    _WORD: "text", _NUMBER: "a number", _TABLE: "a table",
    (list,): "a list of tables", (bool,): "true or false",
}  # fmt: skip
OF_DESIGNS = ("design", "reference", "spread", "ratio", "shared_bias")
"""Keys of the section on designs, and of the models that know them."""
_ROLES = tuple(role for role in ROLES if role != "outcome")
_KINDS |= dict.fromkeys(_ROLES, _WORD) | {
    "ratio": _NUMBER, "power": _NUMBER, "shared_bias": (bool,),
}  # fmt: skip
TOP = (*_KINDS, *SETTINGS)
_JOINT = ("outcomes", "title", "measure", "model", "engine", "moderators", "priors", "missing",
          "interval", "shortest", "minimal_important_difference", "forest", *_ROLES,
          *SETTINGS)  # fmt: skip
_READING = ("sheet", "decimal", "arm", "treated", "controls", "totals")
PER_OUTCOME = tuple(
    key for key in TOP if key not in ("studies", "columns", "outcomes", "joint", *_READING)
)
_KEY = ("name", "comparison", "subgroup")
_CHOICES: dict[str, Collection[str]] = {
    "subgroups_tau": ("common", "own"),
    "benefit": ("lower", "higher"), "engine": ENGINES, "missing": ("error", "drop"),
    "variance": ("unpooled", "pooled"), "values": ("natural", "log", "r", "z"),
    "errors": ("natural", "log", "r", "z"),
    "p_values": ("normal", "t"), "combine": ("subgroups", "arms"),
    "decimal": ("point", "comma"), "totals": ("drop", "keep"),
}  # fmt: skip
_RANGES: dict[str, tuple[float, float, str]] = {
    "interval": (0, 1, "it must be between 0 and 1"),
    "dpi": (19, 2401, "it must be a whole number from 20 to 2400"),
    "minimal_important_difference": (
        0, inf, "it must be above 0, whichever direction is benefit",
    ),
}  # fmt: skip


def read_analysis(path: str | Path) -> Analysis:
    """Return the analysis that a TOML file states.

    Raises
    ------
    AnalysisError
        If the file is not TOML, or has keys or values that cannot be used: all are named.

    Examples
    --------
    >>> read_analysis("examples/normand1999.toml").plans[0].unit
    'days'
    """
    source = Path(path)
    content = _content(source)
    problems = _problems(content, TOP, where=str(source))
    joint = content.get("joint")
    overrides = content.get("outcomes", [] if joint else [{}])
    overrides = overrides if isinstance(overrides, list) and (overrides or joint) else [{}]
    for number, override in enumerate(overrides, start=1):
        where = f"{source}, outcome {number}"
        problems += _outcome_problems(override, where=where, needs_name="outcomes" in content)
    shared = _shared(content)
    merged = [{**shared, **override} for override in overrides if isinstance(override, dict)]
    problems += _absences(content, merged, where=str(source))
    if isinstance(joint, dict):
        problems += _joint_problems(joint, shared, merged, where=f"{source}, joint")
    if problems:
        raise AnalysisError("\n".join(dict.fromkeys(problems)))
    return Analysis(
        source=source,
        title=content.get("title", source.stem),
        studies=source.parent / content["studies"],
        columns=MappingProxyType(content.get("columns", {})),
        plans=(
            *(_plan(settings, source=source) for settings in merged),
            *([_plan(joint_settings(joint, shared, merged), source=source)] if joint else []),
        ),
        **{key: content.get(key) for key in _READING},
    )


def _joint_problems(
    joint: Mapping[str, object],
    shared: Mapping[str, object],
    merged: list[dict[str, object]],
    *,
    where: str,
) -> list[str]:
    others = {key: value for key, value in joint.items() if key != "outcomes"}
    found = _problems(others, _JOINT, where=where)
    if found:
        return found
    absent = "measure" not in {**shared, **joint} and not merged
    found = [f"{where}: no key 'measure'; for mean differences write measure = \"MD\"."] * absent
    return found + joint_problems(joint, merged, where=where)


def _content(source: Path) -> dict[str, Any]:
    try:
        return read_toml(source)
    except UnreadableError as error:
        raise AnalysisError(f"{source}: {error}.") from error


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
    kinds = _KINDS[key]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        return f"{where}: {key} is {shown(value)}; it must be {_SAID[kinds]}."
    if key in _CHOICES and value not in _CHOICES[key]:
        return f"{where}: {key} is {shown(value)}; it must be one of: {', '.join(_CHOICES[key])}."
    if isinstance(value, str) and "\0" in value:
        return f"{where}: {key} is {shown(value)}; it holds a character that no text has."
    if isinstance(value, dict) and key in _TABLES:
        return _TABLES[key](value, where=where)
    return _number_problem(key, value, where=where) if isinstance(value, int | float) else ""


def _columns_problem(value: Mapping[str, object], *, where: str) -> str:
    wrong = [f"{name} = {shown(item)}" for name, item in value.items() if not isinstance(item, str)]
    said = f'{where}: columns has {", ".join(wrong)}; write as in study = "author".'
    return said if wrong else ""


_TABLES: dict[str, Callable[..., str]] = {"columns": _columns_problem, "forest": forest_problem}
"""What finds what is wrong in a table, by its key."""


def _number_problem(key: str, value: float, *, where: str) -> str:
    low, high, said = _RANGES.get(key, (-inf, inf, ""))
    return "" if low < value < high else f"{where}: {key} is {shown(value)}; {said}."


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
    names = [tuple(settings.get(key) for key in _KEY) for settings in merged]
    found += [
        f"{where}: outcome {name[0]!r} stands twice." for name in names if names.count(name) > 1
    ]
    return found


def _shared(content: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in content.items() if key in PER_OUTCOME}


def _plan(settings: Mapping[str, Any], *, source: Path) -> Plan:
    model = settings.get("model")
    beside = source.parent / str(model)
    located = str(beside) if model and beside.suffix == ".toml" else model
    told = {key: value for key, value in settings.items() if key in SETTINGS}
    roles = {key: _beside(source, value) for key, value in settings.items() if key in _ROLES}
    other = {key: value for key, value in settings.items() if key not in {*told, *roles}}
    made = {"model": located, "settings": Settings(**told), "roles": roles}
    return Plan(**{"title": source.stem, **other, **made})


def _beside(source: Path, named: str) -> str:
    """Return what is named for a role; a file, such as of covariances, stands beside the source."""
    file = source.parent / named
    return str(file) if file.is_file() else named
