"""Rows that compare named treatments, brought to one direction: treated against control."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bayesmeta.errors import StudiesError
from bayesmeta.studies.cells import MISSING, number
from bayesmeta.studies.layouts.arms import OURS
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.names.ready import LOGARITHMS, MEANT, RATIOS
from bayesmeta.studies.recognition import recognised
from bayesmeta.studies.rows import Rows
from bayesmeta.studies.wording import choice

_INDEX = re.compile(r"(?<!\d)([1-9])(?!\d)")
_SHOWN = 6
_ALSO = {"y": "mean", "s": "sd", "d": "events", "events": "events"}


class _Row(NamedTuple):
    """One comparison: the row it stands in, and which of the row's treatments are compared."""

    at: int
    treated: int
    control: int


def turned(
    rows: Rows, names: Sequence[str], by_hand: Mapping[str, str], *, controls: str,
    treated: str | None,
) -> Rows:  # fmt: skip
    """Return a row for each comparison with the control, treated first.

    Columns that stand for each treatment, such as ``n1 n2``, become those of the treated and the
    control; a ready-made estimate of the other direction is turned round. Rows without both are
    left out, noted.

    Raises
    ------
    StudiesError
        If no row compares these, or it is unclear how an estimate is turned round.
    """
    arms = list(zip(*(rows.column(name) for name in names), strict=True))
    _require_known(rows, arms, controls, treated)
    found = list(_comparisons(arms, controls, treated))
    if not found:
        raise StudiesError(f"{rows.source}: no row compares {treated!r} with {controls!r}.")
    indexed = _indexed(rows.header, names)
    taken = {name for columns in indexed.values() for name in columns.values()}
    shared = [name for name in rows.header if name not in taken and name not in names]
    known = recognised(rows.header) | {theirs: ours for ours, theirs in by_hand.items() if theirs}
    flips = _flips(rows, found, {name: known[name] for name in shared if name})
    columns = {name: rows.column(name) for name in rows.header}
    cells = [
        [
            *(flips.get((name, one.at), columns[name][one.at]) for name in shared),
            *(columns[by[which]][one.at] if which in by else ""
              for by in indexed.values() for which in (one.treated, one.control)),
            arms[one.at][one.treated - 1], controls,
        ]
        for one in found
    ]  # fmt: skip
    whose = [f"{root}_{arm}" for root in indexed for arm in ("treatment", "control")]
    return rows._replace(
        header=(*shared, *whose, "treatment_arm", "control_arm"),
        cells=cells, lines=tuple(rows.lines[one.at] for one in found),
        notes=(*rows.notes, *_notes(rows, found, controls, treated)),
    )  # fmt: skip


def _require_known(
    rows: Rows, arms: Sequence[Sequence[str]], controls: str, treated: str | None
) -> None:
    known = list(dict.fromkeys(cell for row in arms for cell in row if cell not in MISSING))
    for role, value in (("controls", controls), ("treated", treated)):
        if value is not None and value not in known:
            answers = " or ".join(choice(role, one) for one in known[:_SHOWN])
            raise StudiesError(f"{rows.source}: no treatment {value!r} is compared; say {answers}.")


def _comparisons(
    arms: Sequence[Sequence[str]], controls: str, treated: str | None
) -> Iterator[_Row]:
    for at, row in enumerate(arms):
        if controls not in row:
            continue
        for place, label in enumerate(row):
            if label not in MISSING and label != controls and treated in (None, label):
                yield _Row(at, place + 1, row.index(controls) + 1)


def _indexed(header: Sequence[str], names: Sequence[str]) -> dict[str, dict[int, str]]:
    """Return the columns that stand for each treatment, by what they hold and its number."""
    found: dict[str, dict[int, str]] = {}
    for name in header:
        match = _INDEX.search(name)
        if name not in names and match and int(match.group(1)) <= len(names):
            root = f"{name[: match.start()]}{name[match.end() :]}"
            found.setdefault(root, {}).setdefault(int(match.group(1)), name)
    whole = {root: by for root, by in found.items() if {1, 2} <= set(by)}
    roles: dict[str, dict[int, str]] = {}
    for root, by in whole.items():
        role = OURS.get(key_of(root)) or _ALSO.get(key_of(root)) or root.strip(" ._-") or "value"
        roles.setdefault(role if role not in roles else f"{role} {len(roles)}", by)
    return roles


def _flips(
    rows: Rows, found: Sequence[_Row], known: Mapping[str, str]
) -> dict[tuple[str, int], str]:
    """Return the cells of ready-made estimates that are turned round, by column and row."""
    wrong = [one.at for one in found if one.treated > one.control]
    estimate = next((name for name, ours in known.items() if ours == "estimate"), "")
    if not wrong or not estimate:
        return {}
    inverse = _inverse(rows, estimate)
    limits = [name for name, ours in known.items() if ours in ("ci_lower", "ci_upper")]
    source = dict(zip(limits, reversed(limits), strict=True)) | {estimate: estimate}
    columns = {name: rows.column(name) for name in source}
    return {(name, at): _opposite(columns[theirs][at], inverse=inverse)
            for name, theirs in source.items() for at in wrong}  # fmt: skip


def _inverse(rows: Rows, estimate: str) -> bool:
    """Return whether an estimate is turned round by its inverse: it is a ratio."""
    key = key_of(estimate)
    if key in RATIOS:
        return True
    values = [number(cell) for cell in rows.column(estimate) if cell not in MISSING]
    differences = key in LOGARITHMS or key in MEANT
    if not differences and all(value is not None and value > 0 for value in values):
        raise StudiesError(
            f"{rows.source}: some rows have to be turned round, and column {estimate!r} may hold "
            "differences or ratios: all of it is above 0. Turn these rows round in the table, or "
            "call the column by what it is, such as MD, SMD, logOR or OR."
        )
    return False


def _opposite(cell: str, *, inverse: bool) -> str:
    value = number(cell)
    if value is None or cell in MISSING:
        return cell
    if inverse:
        return repr(1 / value) if value else cell
    return repr(-value)


def _notes(rows: Rows, found: Sequence[_Row], controls: str, treated: str | None) -> Iterator[str]:
    whom = "every other treatment" if treated is None else repr(treated)
    yield f"Rows compare {whom} with {controls!r}, as was said."
    wrong = [str(rows.lines[one.at]) for one in found if one.treated > one.control]
    if wrong:
        yield f"The other direction stands in rows {', '.join(wrong)}: turned round."
    used = {one.at for one in found}
    gone = [str(line) for at, line in enumerate(rows.lines) if at not in used]
    if gone:
        yield f"Rows of other comparisons are left out: {', '.join(gone)}."
