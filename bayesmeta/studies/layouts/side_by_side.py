"""Several outcomes side by side: `yi_pain vi_pain yi_mood vi_mood`, or `pain.yi pain.vi`."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from bayesmeta.studies.names.arms import LETTERED
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.names.register import STRONG, WEAK
from bayesmeta.studies.rows import Rows

title = "outcomes side by side"

_OUTCOME = "outcome"
_JOINT = re.compile(r"[\s_.\-]+")
_READY = ("estimate", "standard_error", "variance", "ci_lower", "ci_upper")
_SUFFICE = (
    {"estimate", "standard_error"}, {"estimate", "variance"}, {"estimate", "ci_lower", "ci_upper"},
    {"mean_treatment", "sd_treatment", "mean_control", "sd_control"},
    {"events_treatment", "events_control"},
)  # fmt: skip

type _Outcomes = dict[str, dict[str, str]]


def recognises(rows: Rows) -> bool:
    """Return whether two or more outcomes have the same quantities, each with a word of its own."""
    return _OUTCOME not in map(key_of, rows.header) and bool(_outcomes(rows))


def arranged(rows: Rows) -> Rows:
    """Return one row a study and outcome, the words beside the quantities being the outcomes.

    A study without any cell of an outcome did not report it.
    """
    outcomes = _outcomes(rows)
    roles = list(next(iter(outcomes.values())))
    own = {name for columns in outcomes.values() for name in columns.values()}
    shared = [place for place, name in enumerate(rows.header) if name not in own]
    header = (*(rows.header[place] for place in shared), *roles, _OUTCOME)
    cells, lines = [], []
    for outcome, columns in outcomes.items():
        places = [rows.header.index(columns[role]) for role in roles]
        for line, row in zip(rows.lines, rows.cells, strict=True):
            measured = [row[place] for place in places]
            if any(measured):
                cells.append([*(row[place] for place in shared), *measured, outcome])
                lines.append(line)
    note = f"Outcomes stand side by side, told apart in the names: {', '.join(outcomes)}."
    return rows._replace(header=header, cells=cells, lines=tuple(lines), notes=(*rows.notes, note))


def _outcomes(rows: Rows) -> _Outcomes:
    """Return the table's column by our name of it, for each outcome; none where there is one."""
    found: _Outcomes = {}
    for name in rows.header:
        if _role(name):
            continue
        readings = [(role, outcome) for quantity, outcome in _splits(name)
                    if (role := _role(quantity))]  # fmt: skip
        # Before `d` and other words that are short, a name of arms counts: `d.xti`.
        readings.sort(key=lambda reading: reading[0] in _READY)
        for role, outcome in readings[:1]:
            found.setdefault(outcome, {})[role] = name
    enough = {ending: roles for ending, roles in found.items() if _suffices(roles)}
    alike = len({frozenset(roles) for roles in enough.values()}) == 1
    return enough if len(enough) > 1 and alike else {}


def _splits(name: str) -> Iterator[tuple[str, str]]:
    """Yield quantity and outcome of a name cut at each joint: outcome behind, before, between."""
    joints = list(_JOINT.finditer(name.strip()))
    for joint in reversed(joints):
        yield name[: joint.start()], name[joint.end() :].strip()
    for joint in joints:
        yield name[joint.end() :].strip(), name[: joint.start()]
    for before, after in pairwise(joints):
        inner = name[before.end() : after.start()]
        yield f"{name[: before.start()]} {name[after.end() :]}".strip(), inner


def _role(name: str) -> str:
    key = key_of(name)
    weak = WEAK.get(key, "")
    return STRONG.get(key) or LETTERED.get(key) or (weak if weak in _READY else "")


def _suffices(roles: Mapping[str, str]) -> bool:
    return any(need <= set(roles) for need in _SUFFICE)
