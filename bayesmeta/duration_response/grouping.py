"""Which group each study is in, by the words of a column or by durations between cuts."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.duration_response.weeks import read_durations
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.measures.effects import Effects
from bayesmeta.near import did_you_mean


class Grouping(NamedTuple):
    """Each study's group by number, shape (study,), and the groups' names."""

    labels: IntArray
    names: tuple[str, ...]

    @property
    def members(self) -> FloatArray:
        """1 where a study is of a group, shape (group, study)."""
        which = np.arange(len(self.names))[:, np.newaxis]
        return np.asarray(self.labels == which, dtype=float)


def grouped(effects: Effects, column: str, cuts: Sequence[float] | None) -> Grouping:
    """Return the groups that a column makes.

    Raises
    ------
    ModelError
        If there are not two groups, one has no study, or each has a single one.
    StudiesError
        If there is no such column, or a cell says nothing, or of durations a range or a gap.
    """
    if cuts is None:
        names, labels = _by_words(effects, column)
    else:
        bounds = sorted(float(cut) for cut in cuts)
        durations = read_durations(effects, column)
        if not durations.complete:
            raise StudiesError(f"Column {column}: a range or a gap falls in no group.")
        labels = np.searchsorted(bounds, durations.middle, side="left")
        names = _between(bounds)
    if len(set(labels.tolist())) < max(2, len(names)):
        empty = [name for place, name in enumerate(names) if place not in labels]
        raise ModelError(f"Column {column}: no study in {', '.join(empty) or 'a second group'}.")
    if len(names) == len(labels):
        raise ModelError(
            f"Column {column}: each of the {len(names)} groups is a single study, which tells "
            "nothing of a group; name a column of fewer values, or cut durations into groups."
        )
    return Grouping(labels, tuple(names))


def _by_words(effects: Effects, column: str) -> tuple[list[str], IntArray]:
    if column not in effects.studies:
        known = ", ".join(effects.studies.columns)
        raise StudiesError(
            f"No column {column!r} in the table of studies; it has: {known}."
            f"{did_you_mean(column, effects.studies.columns)}"
        )
    cells = effects.studies[column]
    numbers = cells.dtype.kind == "f"
    words = [f"{cell:g}" if numbers else str(cell).strip() for cell in cells]
    empty = [row for row, word in enumerate(words) if word in ("", "nan")]
    if empty:
        raise StudiesError(
            f"{effects.studies.place(empty[0])}: {column} is empty, and it says the subgroup; "
            "fill it in, or leave the row out."
        )
    names = list(dict.fromkeys(words))
    return names, np.array([names.index(word) for word in words])


def _between(bounds: Sequence[float]) -> list[str]:
    inner = [f"over {low:g} to {high:g}" for low, high in itertools.pairwise(bounds)]
    return [f"up to {bounds[0]:g}", *inner, f"over {bounds[-1]:g}"]
