"""Arms side by side under names that tell nothing: `d.asp n.asp d.plac n.plac`, or one name twice.

Once it is said which set of columns holds the controls, the columns have our names.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from bayesmeta.errors import StudiesError
from bayesmeta.studies.layouts.arms import CONTROL
from bayesmeta.studies.names.arms import QUANTITIES
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.recognition import COUNTS, SHARE
from bayesmeta.studies.rows import Rows
from bayesmeta.studies.wording import choice, together

FIRST, SECOND = "first", "second"
"""What tells two columns of one name apart."""

_WORDS = {key_of(word): ours for ours, words in QUANTITIES.items() for word in words}
_WORDS |= {"x": "events", "r": "events", "d": "events", "std": "sd", "s": "sd", "y": "mean"}
_JOINT = re.compile(r"[\s_.\-:]+|(?<=[A-Za-z])(?=\d$)")
ENOUGH = (
    {"n", "mean", "sd"}, {"n", "mean", "se"}, {"n", "mean", "var"}, {"n", "events"},
    {"events", "non_events"}, {"events", "time"},
)  # fmt: skip
_TWIN = re.compile(r"\.1$")
_SHOWN = 6
_TWINS = 2

type Sets = dict[str, dict[str, str]]
"""Our quantity to the table's column, for each set."""


def without_twins(rows: Rows) -> Rows:
    """Return the table with what an arm has told apart where each name stands twice.

    RevMan copies its forest plots with `Mean SD Total Mean SD Total` as headings.

    Examples
    --------
    >>> table = Rows("x.csv", ("study", "Events", "Total", "Events", "Total"), [], ())
    >>> without_twins(table).header
    ('study', 'Events (first)', 'Total (first)', 'Events (second)', 'Total (second)')
    """
    # pandas and R call the second of two columns Mean.1.
    plain = [_TWIN.sub("", name) if _TWIN.sub("", name) in rows.header else name
             for name in rows.header]  # fmt: skip
    twice = {name for name, times in Counter(plain).items() if times == _TWINS and name}
    if not twice or any(key_of(name) not in _WORDS for name in twice):
        return rows
    seen: set[str] = set()
    header = []
    for name in plain:
        which = SECOND if name in seen else FIRST
        header.append(f"{name} ({which})" if name in twice else name)
        seen.add(name)
    return rows._replace(header=tuple(header))


def sets(rows: Rows) -> Sets:
    """Return the sets of columns that each hold what was measured in one arm.

    Examples
    --------
    >>> table = Rows("x.csv", ("study", "d.asp", "n.asp", "d.plac", "n.plac"), [], ())
    >>> sets(table)["plac"]
    {'events': 'd.plac', 'n': 'n.plac'}
    """
    found: Sets = {}
    for name in rows.header:
        for ours, rest in readings(name):
            found.setdefault(rest, {}).setdefault(ours, name)
    enough = {
        rest: columns
        for rest, columns in found.items()
        if any(need <= set(columns) for need in ENOUGH)
    }
    alike = len({frozenset(columns) for columns in enough.values()}) == 1
    return enough if len(enough) > 1 and alike else {}


def readings(name: str) -> Iterator[tuple[str, str]]:
    """Yield our quantity and the rest of a name, for each way to cut it."""
    plain = name.replace("(", " ").replace(")", " ").strip()
    for joint in _JOINT.finditer(plain):
        before, after = plain[: joint.start()].strip(), plain[joint.end() :].strip()
        for word, rest in ((before, after), (after, before)):
            ours = _WORDS.get(key_of(word))
            if ours and rest and not (ours in COUNTS and SHARE.search(name)):
                yield ours, rest


def question(rows: Rows) -> str:
    """Return the question which set holds the controls, with the answers; "" if there are none."""
    found = sets(rows)
    if not found:
        return ""
    names = list(found)
    several = len(names) > _TWINS
    answers = [
        together(
            choice("controls", name),
            *([choice("treated", _other(names, name))] if several else []),
        )
        for name in _likely_first(names)
    ]
    shown = "; ".join(", ".join(columns.values()) for columns in found.values())
    return (
        f"{rows.source}: arms side by side ({shown}), and no name tells the controls. Say "
        f"{' or '.join(answers[:_SHOWN])}."
    )


def _likely_first(names: list[str]) -> list[str]:
    """Return the sets, those that may be controls by their name first, else the last first."""
    return [*filter(CONTROL.search, names),
            *(name for name in reversed(names) if not CONTROL.search(name))]  # fmt: skip


def _other(names: list[str], name: str) -> str:
    return next(other for other in names if other != name)


def named(rows: Rows, controls: str, treated: str | None) -> Rows:
    """Return the table with our names for the columns of two arms.

    Raises
    ------
    StudiesError
        If there are no such sets, or none of the name that was said.
    """
    found = sets(rows)
    if not found:
        raise StudiesError(
            f"{rows.source}: {choice('controls', controls)} is for arms side by side, such as "
            "n.drug mean.drug sd.drug n.placebo mean.placebo sd.placebo; the table has none."
        )
    _require_one(rows, found, controls, "controls")
    others = [name for name in found if name != controls]
    if treated is None and len(others) > 1:
        answers = " or ".join(choice("treated", name) for name in others[:_SHOWN])
        raise StudiesError(f"{rows.source}: several arms beside {controls!r}; say {answers}.")
    chosen = treated if treated is not None else others[0]
    _require_one(rows, {name: found[name] for name in others}, chosen, "treated")
    ours = {theirs: f"{quantity}_{arm}"
            for arm, rest in (("treatment", chosen), ("control", controls))
            for quantity, theirs in found[rest].items()}  # fmt: skip
    note = f"Columns of {controls} are those of the controls, of {chosen} those of the treated."
    header = tuple(ours.get(name, name) for name in rows.header)
    return rows._replace(header=header, notes=(*rows.notes, note))


def _require_one(rows: Rows, found: Mapping[str, object], wanted: str, role: str) -> None:
    if wanted not in found:
        answers = " or ".join(choice(role, name) for name in list(found)[:_SHOWN])
        raise StudiesError(f"{rows.source}: no arm {wanted!r} side by side; say {answers}.")
