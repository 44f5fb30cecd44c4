"""Rows of one study made one: groups of an arm taken together, or treated arms against a control.

What is taken together is what the whole group would have shown: numbers of participants, events
and times are sums, and the mean and standard deviation are those of all participants.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import StudiesError
from bayesmeta.studies import Column, Studies, key_of
from bayesmeta.studies.names.arms import TIMES
from bayesmeta.studies.table import Derived, in_words
from bayesmeta.studies.wording import choice, column_choice, together

SUBGROUPS, ARMS = "subgroups", "arms"
WAYS = (SUBGROUPS, ARMS)

_ARMS = ("treatment", "control")
_SUMS = ("n", "events", "non_events", "time")
_READY = ("estimate", "standard_error", "variance", "ci_lower", "ci_upper", "correlation")
_HANDBOOK = "that of all groups together (Cochrane Handbook, 6.5.2.10)"
_SUM = "the sum over groups"
_SHOWN = 20

type _Groups = Sequence[Sequence[int]]


class _Arm(NamedTuple):
    """What was measured in one arm of several rows: column by quantity, shape (row,)."""

    columns: Mapping[str, FloatArray]

    @np.errstate(over="ignore", divide="ignore", invalid="ignore")
    def together(self) -> dict[str, float]:
        """Return what all the rows' participants show, nan where a row does not tell.

        With groups of n, mean m and standard deviation s, N = sum n and M = sum n m / N::

            SD**2 = (sum (n - 1) s**2 + sum n (m - M)**2) / (N - 1)
        """
        found = {name: float(np.sum(self.columns[name])) for name in _SUMS if name in self.columns}
        if not {"n", "mean"} <= set(self.columns):
            return found
        n, mean = self.columns["n"], self.columns["mean"]
        found["mean"] = middle = float(np.sum(n / found["n"] * mean))
        if "sd" in self.columns:
            freedom = found["n"] - 1
            within = np.sum((n - 1) / freedom * self.columns["sd"] ** 2)
            found["sd"] = float(np.sqrt(within + np.sum(n / freedom * (mean - middle) ** 2)))
        return found


def combined(studies: Studies, way: str) -> Studies:
    """Return the table with one row for each study and outcome.

    Parameters
    ----------
    way
        ``"subgroups"``: rows are separate groups of patients, and both arms are taken together;
        ``"arms"``: rows are treated arms against the same control, which is counted once.

    Raises
    ------
    StudiesError
        If the table has no arms, or the controls of a study are the same where groups are to be
        separate, or differ where the control is to be shared; every study is named.

    References
    ----------
    Higgins JPT, Li T, Deeks JJ (2019). Choosing effect measures and computing estimates of effect.
    In: Cochrane Handbook for Systematic Reviews of Interventions, section 6.5.2.10.

    Examples
    --------
    >>> import pandas as pd
    >>> from bayesmeta.studies import read_studies
    >>> frame = pd.DataFrame({"study": ["Ash", "Ash"], "subgroup": ["men", "women"],
    ...     "n_treatment": [10, 12], "mean_treatment": [5, 6], "sd_treatment": [2, 2],
    ...     "n_control": [11, 9], "mean_control": [7, 8], "sd_control": [2, 3]})
    >>> table = combined(read_studies(frame), "subgroups")
    >>> table["n_treatment"], table["mean_treatment"].round(3), table["sd_treatment"].round(3)
    (array([22.]), array([5.545]), array([2.017]))
    """
    arms = {arm: _measured(studies, arm) for arm in _ARMS}
    if not any(arms.values()):
        raise StudiesError(
            f"{studies.source}: {choice('combine', way)} is for what was measured in arms; the "
            "table has ready-made estimates alone, from which no group can be taken together."
        )
    groups = _groups(studies)
    several = [rows for rows in groups if len(rows) > 1]
    if not several:
        note = f"No study stands in several rows: {choice('combine', way)} changes nothing."
        return replace(studies, notes=(*studies.notes, note))
    _require_way(studies, several, arms["control"], way)
    joined = _ARMS if way == SUBGROUPS else ("treatment",)
    columns = dict(_kept(studies.columns, groups, sums=("n",) if way == SUBGROUPS else ()))
    for arm in joined:
        columns |= _together(arms[arm], groups, arm)
    first = studies.take(np.array([rows[0] for rows in groups]))
    merged = np.array([len(rows) > 1 for rows in groups])
    derived = tuple(
        Derived(f"{name}_{arm}", _SUM if name in _SUMS else _HANDBOOK, merged)
        for arm in joined for name in arms[arm]
    )  # fmt: skip
    found = replace(
        first, columns=columns, theirs=_kept(studies.theirs, groups),
        derived=(*first.derived, *derived), distinct_labels=(),
        notes=(*studies.notes, *_notes(studies, several, way)),
    )  # fmt: skip
    return found.distinct() if studies.distinct_labels else found


def ways(studies: Studies, groups: _Groups) -> list[str]:
    """Return the choices that make one row of the rows of a study, where arms allow it."""
    control = _measured(studies, "control")
    timed = any(key_of(name) in TIMES for name in studies.columns)
    if timed or not control or not _measured(studies, "treatment"):
        return []
    if all(_is_shared(control, rows) for rows in groups):
        return [f"treated arms together, against their control: {choice('combine', ARMS)}"]
    if any(_is_shared(control, rows) for rows in groups):
        return []
    return [f"groups of patients together, if no patient is in two: {choice('combine', SUBGROUPS)}"]


def _measured(studies: Studies, arm: str) -> dict[str, FloatArray]:
    names = (*_SUMS, "mean", "sd")
    return {name: studies[f"{name}_{arm}"] for name in names if f"{name}_{arm}" in studies}


def _groups(studies: Studies) -> list[list[int]]:
    """Return the rows of each study and outcome, in file order."""
    outcomes = studies["outcome"].tolist() if "outcome" in studies else [""] * len(studies)
    found: dict[tuple[str, str], list[int]] = {}
    for row, key in enumerate(zip(studies["study"].tolist(), outcomes, strict=True)):
        found.setdefault(key, []).append(row)
    return list(found.values())


def _is_shared(control: Mapping[str, FloatArray], rows: Sequence[int]) -> bool:
    """Return whether the controls of some rows are the same in all that was measured."""
    return all(
        np.array_equal(column[rows[:1]].repeat(len(rows)), column[list(rows)], equal_nan=True)
        for column in control.values()
    )


def _require_way(
    studies: Studies, several: _Groups, control: Mapping[str, FloatArray], way: str
) -> None:
    when = next(
        (
            name
            for name in studies.columns
            if key_of(name) in TIMES
            and any(len(set(studies[name][list(rows)].tolist())) > 1 for rows in several)
        ),
        "",
    )
    if when:
        last = choice("outcome", in_words(studies[when][several[0][-1]]))
        raise StudiesError(
            f"{studies.source}: column {when!r} differs between the rows of a study, which are of "
            f"the same patients then; choose one: {together(column_choice('outcome', when), last)}."
        )
    wrong = [rows for rows in several if _is_shared(control, rows) != (way == ARMS)]
    if not wrong:
        return
    why = (
        f"have the same control, which would count several times; say {choice('combine', ARMS)}"
        if way == SUBGROUPS
        else f"have controls that differ; if they are separate patients say "
        f"{choice('combine', SUBGROUPS)}"
    )
    sentences = [
        f"{studies.place(rows[0])}: this row and {_listed(studies, rows[1:])} {why}."
        for rows in wrong[:_SHOWN]
    ]
    raise StudiesError("\n".join(sentences))


def _listed(studies: Studies, rows: Sequence[int]) -> str:
    return ", ".join(str(studies.lines[row]) for row in rows)


def _together(arm: Mapping[str, FloatArray], groups: _Groups, name: str) -> dict[str, FloatArray]:
    parts = [_Arm({what: column[list(rows)] for what, column in arm.items()}) for rows in groups]
    whole = [
        part.together() if len(rows) > 1 else {what: float(column[0]) for what, column in
                                               part.columns.items()}
        for part, rows in zip(parts, groups, strict=True)
    ]  # fmt: skip
    return {f"{what}_{name}": np.array([one.get(what, np.nan) for one in whole]) for what in arm}


def _kept(
    columns: Mapping[str, Column], groups: _Groups, *, sums: Sequence[str] = ()
) -> dict[str, Column]:
    """Return other columns with a row for each group: what is the same, else nothing or both."""
    found: dict[str, Column] = {}
    for name, column in columns.items():
        how: Callable[[Column], object] = np.sum if name in sums else _common
        how = _none if name in _READY else how
        cells = [column[rows[0]] if len(rows) == 1 else how(column[list(rows)]) for rows in groups]
        found[name] = np.array(cells, dtype=column.dtype if column.dtype.kind == "f" else np.str_)
    return found


def _none(cells: Column) -> object:
    return np.nan if cells.dtype.kind == "f" else ""


def _common(cells: Column) -> object:
    """Return what cells have in common, else all words together, and no number."""
    values = list(dict.fromkeys(cells.tolist()))
    if cells.dtype.kind == "f":
        return cells[0] if np.all(cells == cells[0]) else np.nan
    return " + ".join(filter(None, map(str, values)))


def _notes(studies: Studies, several: _Groups, way: str) -> list[str]:
    what = "groups" if way == SUBGROUPS else "treated arms"
    telling = "subgroup" if way == SUBGROUPS else "treatment_arm"
    notes = []
    for rows in several:
        names = [str(studies[telling][row]) for row in rows] if telling in studies else []
        who = f" ({', '.join(names)})" if names else ""
        notes.append(f"{studies['study'][rows[0]]}: {len(rows)} {what} are taken together, rows "
                     f"{_listed(studies, rows)}{who}.")  # fmt: skip
    gone = [name for name in _READY[:1] if name in studies]
    if gone:
        refused = column_choice("estimate", "")
        notes.append(f"Ready-made estimates of rows taken together are not used ({refused}).")
    return notes
