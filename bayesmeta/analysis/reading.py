"""Read an analysis file into plans."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bayesmeta.analysis.checking import problems_of
from bayesmeta.analysis.joint import joint_settings
from bayesmeta.analysis.keys import PER_OUTCOME, READING, ROLE_KEYS
from bayesmeta.analysis.plan import Analysis, Plan
from bayesmeta.assembly import named_roles
from bayesmeta.engines.settings import SETTINGS, Settings
from bayesmeta.errors import AnalysisError
from bayesmeta.spec.toml import UnreadableError, read_toml


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
    joint = content.get("joint")
    overrides = content.get("outcomes", [] if joint else [{}])
    overrides = overrides if isinstance(overrides, list) and (overrides or joint) else [{}]
    shared = {key: value for key, value in content.items() if key in PER_OUTCOME}
    problems = problems_of(content, shared, overrides, source=str(source))
    if problems:
        raise AnalysisError("\n".join(problems))
    merged = [{**shared, **override} for override in overrides]
    return Analysis(
        source=source,
        title=content.get("title", source.stem),
        studies=source.parent / content["studies"],
        columns=MappingProxyType(content.get("columns", {})),
        plans=(
            *(_plan(settings, source=source) for settings in merged),
            *([_plan(joint_settings(joint, shared, merged), source=source)] if joint else []),
        ),
        **{key: content.get(key) for key in READING},
    )


def _content(source: Path) -> dict[str, Any]:
    try:
        return read_toml(source)
    except UnreadableError as error:
        raise AnalysisError(f"{source}: {error}.") from error


def _plan(settings: Mapping[str, Any], *, source: Path) -> Plan:
    model = settings.get("model")
    beside = source.parent / str(model)
    located = str(beside) if model and beside.suffix == ".toml" else model
    told = {key: value for key, value in settings.items() if key in SETTINGS}
    named = {key: _beside(source, value) for key, value in settings.items() if key in ROLE_KEYS}
    other = {key: value for key, value in settings.items() if key not in {*told, *named}}
    made = {"model": located, "settings": Settings(**told), "roles": named_roles(named)}
    return Plan(**{"title": source.stem, **other, **made})


def _beside(source: Path, named: str | float) -> str | float:
    """Return what is named for a role; a file, such as of covariances, stands beside the source."""
    if not isinstance(named, str):  # a number or a switch
        return named
    file = source.parent / named
    return str(file) if file.is_file() else named
