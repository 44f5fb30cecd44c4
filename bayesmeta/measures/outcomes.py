"""Which rows belong to one outcome, and in which unit it is."""

import numpy as np

from bayesmeta.errors import StudiesError
from bayesmeta.measures.contract import Measure
from bayesmeta.studies import Studies


def one_outcome(studies: Studies, outcome: str | None) -> tuple[Studies, str]:
    """Return the rows of one outcome, and its name ("" where the table does not name it).

    Raises
    ------
    StudiesError
        If there are several and none is chosen, or the one chosen is not there.
    """
    if "outcome" not in studies:
        if outcome is None:
            return studies, ""
        raise StudiesError(f"{studies.source}: no column 'outcome' to look for {outcome!r} in.")
    names = list(dict.fromkeys(str(name) for name in studies["outcome"]))
    if outcome is None and len(names) == 1:
        return studies, names[0]
    if outcome not in names:
        wanted = "choose one outcome" if outcome is None else f"no outcome {outcome!r}"
        raise StudiesError(f"{studies.source}: {wanted}; the table has: {', '.join(names)}.")
    return studies.take(np.asarray(studies["outcome"] == outcome)), outcome


def unit_of(studies: Studies, measure: Measure) -> str:
    """Return the unit of the estimates: the measure's own, or the one in the column ``unit``.

    Raises
    ------
    StudiesError
        If the rows are in several units.
    """
    if measure.unit or "unit" not in studies:
        return measure.unit
    units = [str(unit) for unit in studies["unit"]]
    common = max(set(units), key=units.count)
    others = [f"{studies.place(row)}: {unit!r}" for row, unit in enumerate(units) if unit != common]
    if others:
        listed = "\n".join(others[:20])
        raise StudiesError(
            f"{studies.source}: column unit is {common!r} in most rows, but not in these; convert "
            f"them, or say unit=... if they are the same.\n{listed}"
        )
    return common
