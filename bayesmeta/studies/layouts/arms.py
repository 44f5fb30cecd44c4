"""One row per arm: brought to one row per study, once the control arm is named."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bayesmeta.errors import StudiesError
from bayesmeta.studies.names.arms import QUANTITIES
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.rows import Rows
from bayesmeta.studies.wording import choice

_MOST_LEVELS = 30
_SHOWN = 6
_OURS = {word: ours for ours, words in QUANTITIES.items() for word in words}
_OURS |= {"ni": "n", "mi": "mean", "sdi": "sd", "xi": "events", "ti": "time", "r": "events",
          "x": "events", "stddev": "sd", "std": "sd"}  # fmt: skip
_WITHIN = ("outcome", "comparison", "subgroup", "time", "timepoint")


def measured(header: Sequence[str]) -> dict[str, str]:
    """Return what is measured in the arm of a row, our name by the table's.

    Examples
    --------
    >>> measured(["study", "arm", "N", "Mean", "SD"])
    {'N': 'n', 'Mean': 'mean', 'SD': 'sd'}
    """
    found: dict[str, str] = {}
    for name in header:
        ours = _OURS.get(key_of(name))
        if ours and ours not in found.values():
            found[name] = ours
    enough = ({"n", "mean", "sd"}, {"n", "events"}, {"events", "non_events"}, {"events", "time"})
    return found if any(need <= set(found.values()) for need in enough) else {}


def is_long(rows: Rows, label: str) -> bool:
    """Return whether studies stand in several rows with what was measured in one arm."""
    labels = rows.column(label)
    return bool(measured(rows.header)) and len(set(labels)) < len(labels)


def question(rows: Rows, label: str) -> str:
    """Return the question which arms are controls, with the answers; "" if no column tells arms."""
    answers = [
        choice("arm", f"{name}={level}")
        for name in _arm_columns(rows, label)
        for level in dict.fromkeys(rows.column(name))
    ]
    if not answers:
        return ""
    more = f" ... and {len(answers) - _SHOWN} more" if len(answers) > _SHOWN else ""
    return (
        f"{rows.source}: one row per arm ({', '.join(measured(rows.header))}). Say which arms are "
        f"the controls: {' or '.join(answers[:_SHOWN])}{more}."
    )


def _arm_columns(rows: Rows, label: str) -> Iterator[str]:
    """Yield the columns that tell the rows of every study apart, with few values."""
    labels, quantities = rows.column(label), measured(rows.header)
    within = [one for one in rows.header if key_of(one) in _WITHIN and one not in quantities]
    for name in rows.header:
        if not name or name == label or name in quantities or key_of(name) in _WITHIN:
            continue
        cells = rows.column(name)
        keys = list(zip(labels, *(rows.column(one) for one in within), cells, strict=True))
        studies = Counter(key[:-1] for key in keys)
        if (
            1 < len(set(cells)) <= _MOST_LEVELS
            and len(set(keys)) == len(keys)
            and all(times > 1 for times in studies.values())
        ):
            yield name


def paired(rows: Rows, label: str, arm: str) -> Rows:
    """Return one row a study, its control being the arm that was named.

    Parameters
    ----------
    arm
        ``"COLUMN=CONTROL"``: the column that tells arms apart, and its value for controls.

    Raises
    ------
    StudiesError
        If the column or value is not there, nothing is measured in arms, or a study has not one
        control and one other arm; every such study is named.
    """
    name, control = _named(rows, arm)
    quantities = measured(rows.header)
    if not quantities:
        raise StudiesError(
            f"{rows.source}: {choice('arm', arm)} is for one row per arm, with columns n, mean and "
            "sd, or n and events; the table has none."
        )
    groups = _groups(rows, label, exclude={name, *quantities})
    _refuse_unpaired(rows, groups, rows.column(name), control, label)
    shared = [one for one in rows.header if one not in quantities and one != name]
    header = (*shared, *(f"{ours}_{which}" for which in ("treatment", "control")
                         for ours in quantities.values()), "treatment_arm")  # fmt: skip
    cells, lines, varying = [], [], set()
    for members in groups:
        treated, controls = sorted(members, key=lambda at: rows.column(name)[at] == control)
        varying |= {one for one in shared
                    if rows.column(one)[treated] != rows.column(one)[controls]}  # fmt: skip
        own = [[rows.column(one)[at] for one in quantities] for at in (treated, controls)]
        cells.append([*(rows.column(one)[treated] for one in shared), *own[0], *own[1],
                      rows.column(name)[treated]])  # fmt: skip
        lines.append(rows.lines[treated])
    note = f"One row per arm: {name} = {control!r} are the controls, the others are treated."
    differ = f"Columns that differ between arms are those of the treated: {', '.join(varying)}."
    return rows._replace(header=header, cells=cells, lines=tuple(lines),
                         notes=(*rows.notes, note, *([differ] if varying else [])))  # fmt: skip


def _named(rows: Rows, arm: str) -> tuple[str, str]:
    name, _, control = (part.strip() for part in arm.partition("="))
    if name not in rows.header:
        known = ", ".join(filter(None, rows.header))
        raise StudiesError(f"{rows.source}: no column {name!r} of arms; it has: {known}.")
    levels = list(dict.fromkeys(rows.column(name)))
    if control not in levels:
        answers = " or ".join(choice("arm", f"{name}={level}") for level in levels[:_SHOWN])
        raise StudiesError(f"{rows.source}: no arm {control!r} in column {name}; say {answers}.")
    return name, control


def _groups(rows: Rows, label: str, *, exclude: set[str]) -> list[list[int]]:
    """Return the rows of each study, and of each outcome or point of time within it."""
    within = [one for one in rows.header if key_of(one) in _WITHIN and one not in exclude]
    found: dict[tuple[str, ...], list[int]] = {}
    for place, key in enumerate(
        zip(rows.column(label), *(rows.column(one) for one in within), strict=True)
    ):
        found.setdefault(key, []).append(place)
    return list(found.values())


def _refuse_unpaired(
    rows: Rows, groups: Sequence[Sequence[int]], arms: Sequence[str], control: str, label: str
) -> None:
    labels, sentences = rows.column(label), []
    for members in groups:
        own = [arms[at] for at in members]
        if len(own) != 2 or own.count(control) != 1:  # noqa: PLR2004  (a pair)
            lines = ", ".join(str(rows.lines[at]) for at in members)
            sentences.append(
                f"{rows.source}, line {lines}, study {labels[members[0]]!r}: arms "
                f"{', '.join(map(repr, own))}; one control ({control!r}) and one other are needed."
            )
    if sentences:
        raise StudiesError("\n".join([*sentences[:20], "Keep two arms of each study."]))
