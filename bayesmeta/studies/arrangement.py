"""How arms stand in a table, brought to one row a study, treated before controls."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bayesmeta.errors import StudiesError
from bayesmeta.studies.columns import name_columns
from bayesmeta.studies.labels import NUMBERED, labelled
from bayesmeta.studies.layouts import contrasts, two_sets, unknown_arms
from bayesmeta.studies.layouts.arms import is_long, paired, question
from bayesmeta.studies.layouts.turning import turned
from bayesmeta.studies.rows import Rows
from bayesmeta.studies.wording import choice

NAMING = ("study", contrasts.FIRST, contrasts.SECOND)
"""Names that say how rows are told apart, and not what is in a column."""


class Arrangement(NamedTuple):
    """What was said of how arms and totals stand in a table."""

    arm: str | None
    treated: str | None
    controls: str | None
    totals: str | None


def in_one_direction(rows: Rows, by_hand: Mapping[str, str], said: Arrangement) -> Rows:
    """Return the table with the treated before the controls, where treatments or arms are named."""
    names = contrasts.labels(rows, by_hand, arm=said.controls)
    own = {cell for name in names for cell in rows.column(name)}
    if len(names) > 1 and said.controls in own:
        return turned(rows, names, by_hand, controls=said.controls, treated=said.treated)
    if said.controls is not None:
        return two_sets.named(rows, said.controls, said.treated)
    if len(names) < 2 or said.arm is not None:  # noqa: PLR2004  (a comparison)
        return rows
    why = contrasts.doubt(rows, names)
    if why:
        raise StudiesError(contrasts.question(rows, names, why, beside=_beside(rows, by_hand)))
    return rows._replace(notes=(*rows.notes, contrasts.said(rows, names)))


def _beside(rows: Rows, by_hand: Mapping[str, str]) -> dict[str, str]:
    """Return the choice of a label, where no column will do for one."""
    others = {ours: theirs for ours, theirs in by_hand.items() if ours not in NAMING}
    names = name_columns(rows.header, others, source=rows.source).names
    try:
        labelled(rows, by_hand, names)
    except StudiesError:
        return {"study": NUMBERED}
    return {}


def one_row_a_study(rows: Rows, label: str, said: Arrangement, *, wide: bool) -> Rows:
    """Return the table with arms beside one another, once it is said which are the controls."""
    if said.arm is not None:
        return paired(rows, label, said.arm, said.treated)
    if said.treated is not None and said.controls is None:
        raise StudiesError(
            f"{rows.source}: {choice('treated', said.treated)} goes with "
            f"{choice('arm', 'COLUMN=CONTROL')} or {choice('controls', 'NAME')}."
        )
    long = is_long(rows, label)
    asked = "" if wide else (question(rows, label) if long else two_sets.question(rows))
    asked = asked or ("" if wide else unknown_arms.question(rows, label))
    if asked:
        raise StudiesError(asked)
    return rows


def wide(names: Sequence[str]) -> bool:
    """Return whether estimates, or what both arms need, are recognised."""
    return "estimate" in names or any(
        all(f"{quantity}_{arm}" in names for quantity in need for arm in ("treatment", "control"))
        for need in two_sets.ENOUGH
    )
