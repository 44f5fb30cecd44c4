"""One row per arm: brought to one row per study, once the control arm is named."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bayesmeta.errors import StudiesError
from bayesmeta.studies.ending import ended
from bayesmeta.studies.names.arms import QUANTITIES, TIMES
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.recognition import COUNTS, SHARE
from bayesmeta.studies.rows import Rows
from bayesmeta.studies.wording import choice, column_choice, together

_MOST_LEVELS = 30
_SHOWN = 6
_PAIR = 2
CONTROL = re.compile(
    r"control|placebo|^pla?c?b?o?$|^plac\b|sham|usual|standard care|wait|tau\b|"
    r"kontroll|temoin|^no(?:n|ne)?[ _.-]|^ctrl?\b|^con$|nothing|untreated",
    re.IGNORECASE,
)
_MOST = 20
OURS = {word: ours for ours, words in QUANTITIES.items() for word in words}
OURS |= {"ni": "n", "mi": "mean", "sdi": "sd", "xi": "events", "ti": "time", "r": "events",
          "x": "events", "stddev": "sd", "std": "sd"}  # fmt: skip
_WITHIN = ("outcome", "comparison", "subgroup", *TIMES)
_LATER = re.compile(r"post|follow|after|end|final|late|last|nach", re.IGNORECASE)


def measured(header: Sequence[str]) -> dict[str, str]:
    """Return what is measured in the arm of a row, our name by the table's.

    Examples
    --------
    >>> measured(["study", "arm", "N", "Mean", "SD"])
    {'N': 'n', 'Mean': 'mean', 'SD': 'sd'}
    """
    found: dict[str, str] = {}
    for name in header:
        ours = OURS.get(key_of(name))
        if ours and ours not in found.values() and not (ours in COUNTS and SHARE.search(name)):
            found[name] = ours
    if "mean" in found.values():
        # Of means, a column called time is the point of time, not the time at risk.
        found = {name: ours for name, ours in found.items() if ours != "time"}
    enough = (
        {"n", "mean", "sd"},
        {"n", "mean", "se"},
        {"n", "mean", "var"},
        {"n", "events"},
        {"events", "non_events"},
        {"events", "time"},
    )
    return found if any(need <= set(found.values()) for need in enough) else {}


def is_long(rows: Rows, label: str) -> bool:
    """Return whether studies stand in several rows with what was measured in one arm."""
    labels = rows.column(label)
    return bool(measured(rows.header)) and len(set(labels)) < len(labels)


def question(rows: Rows, label: str) -> str:
    """Return the question which arms are controls, with the answers; "" if no column tells arms."""
    answers = [answer for name in arm_columns(rows, label) for answer in answers_of(rows, name)]
    if not answers:
        return ""
    time, moments = _moments(rows, label)
    if moments:
        answers = [together(answer, column_choice("outcome", time), choice("outcome", moment))
                   for moment in moments[:3] for answer in answers[:_PAIR]]  # fmt: skip
    more = f" ... and {len(answers) - _SHOWN} more" if len(answers) > _SHOWN else ""
    return (
        f"{rows.source}: one row per arm{f' and {time}' if moments else ''} "
        f"({', '.join(measured(rows.header))}). Say which arms are "
        f"the controls: {' or '.join(answers[:_SHOWN])}{more}."
    )


def _moments(rows: Rows, label: str) -> tuple[str, list[str]]:
    """Return the column of points of time, and these, the later first, where studies have some."""
    name = next((one for one in rows.header if key_of(one) in TIMES), "")
    if not name or name in measured(rows.header) or "outcome" in map(key_of, rows.header):
        return "", []
    pairs = set(zip(rows.column(label), rows.column(name), strict=True))
    moments = list(dict.fromkeys(rows.column(name)))
    if len(pairs) == len({study for study, _ in pairs}):
        return "", []
    return name, sorted(moments, key=lambda moment: not _LATER.search(moment))


def answers_of(rows: Rows, name: str) -> list[str]:
    """Return the choices of a control; with more than two arms, of what is compared with it."""
    arms = rows.column(name)
    levels = list(dict.fromkeys(arms))
    if len(levels) <= _PAIR:
        return [choice("arm", f"{name}={level}") for level in levels]
    likely = max(levels, key=lambda level: (bool(CONTROL.search(level)), arms.count(level)))
    others = [level for level in levels if level != likely]
    arm = choice("arm", f"{name}={likely}")
    return [
        *(together(arm, choice("treated", level)) for level in others[:3]),
        *(choice("arm", f"{name}={level}") for level in others),
    ]


def arm_columns(rows: Rows, label: str) -> Iterator[str]:
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


def paired(rows: Rows, label: str, arm: str, treated: str | None) -> Rows:
    """Return a row for each treated arm of a study, beside its control: the arm that was named.

    Parameters
    ----------
    arm
        ``"COLUMN=CONTROL"``: the column that tells arms apart, and its value for controls.
    treated
        The one arm that is compared with controls; studies without both are left out, noted.

    Raises
    ------
    StudiesError
        If the column or value is not there, nothing is measured in arms, or a study has not one
        control and another arm; every such study is named.
    """
    name, control = _named(rows, arm)
    quantities = measured(rows.header)
    if not quantities:
        raise StudiesError(
            f"{rows.source}: {choice('arm', arm)} is for one row per arm, with columns n, mean and "
            "sd, or n and events; the table has none."
        )
    groups = _groups(rows, label, exclude={name, *quantities})
    arms = rows.column(name)
    _require_level(rows, name, treated)
    pairs, gone = _pairs(rows, groups, arms, control, label, treated)
    shared = [one for one in rows.header if one not in quantities and one != name]
    whose = [
        f"{ours}_{which}" for which in ("treatment", "control") for ours in quantities.values()
    ]
    header = (*shared, *whose, "treatment_arm", "control_arm")
    columns = {one: rows.column(one) for one in (*shared, *quantities)}
    cells = [
        [*(columns[one][at] for one in shared), *(columns[one][at] for one in quantities),
         *(columns[one][beside] for one in quantities), arms[at], control]
        for at, beside in pairs
    ]  # fmt: skip
    varying = [
        one
        for one in shared
        if any(columns[one][at] != columns[one][beside] for at, beside in pairs)
    ]
    others = "the others are treated" if treated is None else f"{treated!r} are treated"
    notes = [f"One row per arm: {name} = {control!r} are the controls, {others}."]
    if gone:
        notes.append(ended(f"Without both arms, and left out: {', '.join(gone)}"))
    if varying:
        said = ", ".join(varying)
        notes.append(f"Columns that differ between arms are those of the treated: {said}.")
    lines = tuple(rows.lines[at] for at, _ in pairs)
    return rows._replace(header=header, cells=cells, lines=lines, notes=(*rows.notes, *notes))


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


def _pairs(
    rows: Rows, groups: Sequence[Sequence[int]], arms: Sequence[str], control: str, label: str,
    treated: str | None,
) -> tuple[list[tuple[int, int]], list[str]]:  # fmt: skip
    """Return the row of each treated arm with that of its control, and the studies without."""
    pairs, without = [], []
    for members in groups:
        controls = [at for at in members if arms[at] == control]
        others = [at for at in members if arms[at] != control
                  and treated in (None, arms[at])]  # fmt: skip
        if len(controls) != 1 or not others:
            without.append(members)
        pairs += [(at, controls[0]) for at in others if len(controls) == 1]
    labels = rows.column(label)
    if (treated is None and without) or not pairs:
        raise StudiesError(_unpaired(rows, without, arms, control, labels))
    kept = {labels[at] for at, _ in pairs}
    gone = [labels[members[0]] for members in without if labels[members[0]] not in kept]
    return pairs, list(dict.fromkeys(gone))


def _unpaired(
    rows: Rows, without: Sequence[Sequence[int]], arms: Sequence[str], control: str,
    labels: Sequence[str],
) -> str:  # fmt: skip
    sentences = []
    for members in without:
        lines = ", ".join(str(rows.lines[at]) for at in members)
        own = ", ".join(repr(arms[at]) for at in members)
        sentences.append(
            f"{rows.source}, line {lines}, study {labels[members[0]]!r}: arms {own}; one control "
            f"({control!r}) and another are needed."
        )
    levels = [level for level in dict.fromkeys(arms) if level != control]
    answers = " or ".join(choice("treated", level) for level in levels[:_SHOWN])
    more = f" ... and {len(sentences) - _MOST} more" if len(sentences) > _MOST else ""
    advice = f"Choose what is compared, and leave studies without it out, with {answers}."
    return "\n".join([*sentences[:_MOST], *([more] if more else []), advice])


def _require_level(rows: Rows, name: str, treated: str | None) -> None:
    levels = list(dict.fromkeys(rows.column(name)))
    if treated is not None and treated not in levels:
        answers = " or ".join(choice("treated", level) for level in levels[:_SHOWN])
        raise StudiesError(f"{rows.source}: no arm {treated!r} in column {name}; say {answers}.")
