"""The table ``[joint]`` of an analysis file: several outcomes in one model."""

from collections.abc import Mapping, Sequence
from typing import Any

from bayesmeta.spec.toml import shown

JOINT, MODEL = "joint", "several-outcomes"
_FEWEST = 2
_SHARED = ("measure", "variance", "values", "errors", "confidence", "comparison", "subgroup")
"""What all outcomes of a model have alike, since their rows are computed together."""

_OWN = ("name", "title", "unit", "benefit", "minimal_important_difference", "model", "moderators",
        "priors", "subgroups", "subgroups_tau")  # fmt: skip
"""What an outcome has for itself alone."""


def joint_problems(
    joint: Mapping[str, object], outcomes: Sequence[Mapping[str, object]], *, where: str
) -> list[str]:
    """Return what is wrong with the outcomes that are to be joined.

    Parameters
    ----------
    outcomes
        The tables ``[[outcomes]]``, each with what stands at the top; empty where there are none.
    """
    names = joint.get("outcomes")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return [f'{where}: outcomes is {shown(names)}; write as in outcomes = ["TNF", "BDNF"].']
    if len(names) < _FEWEST or len(set(names)) < len(names):
        return [f"{where}: outcomes is {shown(names)}; it must name two or more, each once."]
    known = {str(one.get("name")): one for one in outcomes}
    unknown = [name for name in names if known and name not in known]
    found = [f"{where}: no [[outcomes]] has the name {name!r}." for name in unknown]
    own = [known[name] for name in names if name in known]
    return found + [
        f"{where}: the outcomes have more than one {key}; a model of several takes one."
        for key in _SHARED if len({str(one.get(key)) for one in own}) > 1
    ]  # fmt: skip


def joint_settings(
    joint: Mapping[str, Any],
    shared: Mapping[str, Any],
    outcomes: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the settings of the joint plan: units and directions of benefit by outcome.

    Model and moderators are those of ``[joint]`` alone; so are priors, but that an outcome's own
    of mu and tau hold for it here too.
    """
    names = tuple(joint["outcomes"])
    known = {str(one.get("name")): one for one in outcomes}
    own = {name: known.get(name, shared) for name in names}
    base = next(iter(own.values()))
    kept = {key: value for key, value in base.items() if key not in _OWN}
    title = str(joint.get("title") or f"{shared.get('title', '')}: {', '.join(names)}".lstrip(": "))
    units = {name: one["unit"] for name, one in own.items() if "unit" in one}
    benefits = {name: one["benefit"] for name, one in own.items() if "benefit" in one}
    return {
        "model": MODEL, **kept, **joint, "priors": _priors(own) | dict(joint.get("priors", {})),
        "title": title, "outcomes": names, "units": units,
        "benefits": benefits if len(benefits) == len(names) else {},
    }  # fmt: skip


def _priors(own: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the outcomes say of mu and tau, by the names of the joint model."""
    return {
        f"{variable}[{name}]": one["priors"][variable]
        for name, one in own.items() for variable in ("mu", "tau")
        if variable in one.get("priors", {})
    }  # fmt: skip
