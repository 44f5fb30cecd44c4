"""Which rows belong to one analysis, and in which unit it is."""

from collections.abc import Mapping, Sequence

import numpy as np

from bayesmeta.errors import MeasureError, StudiesError
from bayesmeta.measures.contract import Measure
from bayesmeta.studies import Studies, key_of
from bayesmeta.studies.table import in_words
from bayesmeta.studies.wording import choice, column_choice, together

_SHOWN = 40
_OFFERED = 6


def analysed(
    studies: Studies,
    outcome: str | Sequence[str] | None,
    *,
    comparison: str | None,
    subgroup: str | None,
    repeated: bool,
) -> tuple[Studies, str]:
    """Return the rows that are analysed, and their outcome ("" for none or several).

    Of one outcome, or where a study may stand in several rows of all or of those in a sequence.

    Raises
    ------
    StudiesError
        If there are several analyses and none is chosen, or the one chosen is not there.
    MeasureError
        If several outcomes are named where a study may not stand in several rows.
    """
    several = None if outcome is None or isinstance(outcome, str) else tuple(outcome)
    if several is not None and not repeated:
        raise MeasureError(f"outcome={several!r} are several; one is analysed at a time.")
    if repeated and outcome is None and "outcome_number" not in studies:
        several = tuple(dict.fromkeys(studies["outcome"].tolist())) if "outcome" in studies else ()
    if not several:
        one = outcome if isinstance(outcome, str) else None
        rows, name = one_analysis(studies, one, comparison=comparison, subgroup=subgroup)
        return (rows.distinct() if repeated else rows), name
    parts = [one_analysis(studies, one, comparison=comparison, subgroup=subgroup)
             for one in several]  # fmt: skip
    chosen = {number for rows, _ in parts for number in rows.numbers}
    rows = studies.take(np.array([number in chosen for number in studies.numbers]))
    return rows.distinct(), parts[0][1] if len(parts) == 1 else ""


def one_analysis(
    studies: Studies, outcome: str | None, *, comparison: str | None, subgroup: str | None
) -> tuple[Studies, str]:
    """Return the rows of one analysis, and its outcome ("" where the table does not name it).

    In a table of a review, comparison and outcome are numbers (an outcome's name does where it
    stands once), and without a subgroup the rows are those of the overall analysis. In other
    tables each is a value of the column of that name.

    Raises
    ------
    StudiesError
        If there are several and none is chosen, or the one chosen is not there.
    """
    if "outcome_number" in studies:
        rows = _numbered(studies, outcome, comparison)
    else:
        rows = _where(studies, "comparison", comparison)
        rows = _one_outcome(rows, outcome)
    rows = _within(rows, subgroup)
    names = list(dict.fromkeys(rows["outcome"].tolist())) if "outcome" in rows else [""]
    return rows, str(names[0]) if len(names) == 1 else ""


def _one_outcome(studies: Studies, outcome: str | None) -> Studies:
    if "outcome" not in studies:
        if outcome is None:
            return studies
        raise StudiesError(
            f"{studies.source}: no column 'outcome' to look for {outcome!r} in; name it with "
            f"{column_choice('outcome', 'COLUMN')}."
        )
    names = _values(studies, "outcome")
    if outcome is None and len(names) == 1:
        return studies
    if outcome not in names:
        wanted = "choose one outcome" if outcome is None else f"no outcome {outcome!r}"
        raise StudiesError(
            f"{studies.source}: {wanted}; the table has: {', '.join(names)}. Say "
            f"{' or '.join(choice('outcome', name) for name in names[:_OFFERED])}, for all of "
            f"them together {choice('model', 'several-outcomes')}, or if the column is something "
            f"else {column_choice('outcome', '')}."
        )
    return studies.take(np.asarray(studies["outcome"] == outcome))


def _numbered(studies: Studies, outcome: str | None, comparison: str | None) -> Studies:
    rows = _where(studies, "comparison", comparison)
    if outcome is not None:
        matches = np.asarray(rows["outcome_number"] == outcome)
        if not np.any(matches) and "outcome" in rows:
            matches = np.asarray(rows["outcome"] == outcome)
        if not np.any(matches):
            raise StudiesError(f"{studies.source}: no outcome {outcome!r}.\n{analyses(rows)}")
        rows = rows.take(matches)
    keys = set(zip(rows["comparison"], rows["outcome_number"], strict=True))
    if len(keys) > 1:
        raise StudiesError(f"{studies.source}: several analyses; choose one:\n{analyses(rows)}")
    return rows


def analyses(studies: Studies) -> str:
    """Return the analyses of a review, a line each with the choice to paste."""
    keys = list(zip(studies["comparison"].tolist(), studies["outcome_number"].tolist(),
                    strict=True))  # fmt: skip
    lines = []
    for comparison, outcome in dict.fromkeys(keys):
        places = [place for place, key in enumerate(keys) if key == (comparison, outcome)]
        first = places[0]
        name = studies["outcome"][first] if "outcome" in studies else ""
        stated = [str(studies[column][first]) for column in ("effect_measure", "data_type")
                  if column in studies]  # fmt: skip
        kind = ", ".join(filter(None, [f"{len(places)} rows", *stated]))
        chosen = together(choice("comparison", comparison), choice("outcome", outcome))
        lines.append(f"  {chosen}  {name} ({kind})")
    more = [f"  ... and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return "\n".join(lines[:_SHOWN] + more)


def _within(studies: Studies, subgroup: str | None) -> Studies:
    """Return the rows of a subgroup, or those of the overall analysis."""
    if subgroup is None:
        if "applicability" not in studies:
            return studies
        overall = np.asarray(studies["applicability"] != "SUBGROUP")
        if not np.any(overall):
            groups = " or ".join(choice("subgroup", one) for one in _values(studies, "subgroup"))
            raise StudiesError(
                f"{studies.source}: the analysis has subgroups and no overall estimate; choose "
                f"{groups}."
            )
        return studies.take(overall)
    if "subgroup_number" in studies:
        numbers = studies["subgroup_number"] == subgroup
        matches = np.asarray(numbers if np.any(numbers) else studies["subgroup"] == subgroup)
        if not np.any(matches):
            return _where(studies, "subgroup", subgroup)
        studies = studies.take(matches)
        if "applicability" not in studies:
            return studies
        own = np.asarray(studies["applicability"] != "OVERALL")
        return studies.take(own) if np.any(own) else studies
    return _where(studies, "subgroup", subgroup)


def _where(studies: Studies, role: str, value: str | None) -> Studies:
    """Return the rows with one value in the column of a name, all of them without a value."""
    if value is None:
        return studies
    name = next((name for name in studies.columns if key_of(name) == role), "")
    if not name:
        raise StudiesError(
            f"{studies.source}: no column {role!r} to look for {value!r} in; name it with "
            f"{column_choice(role, 'COLUMN')}."
        )
    words = np.array([in_words(cell) for cell in studies[name]])
    if value not in words:
        known = ", ".join(dict.fromkeys(words.tolist()))
        raise StudiesError(f"{studies.source}: no {role} {value!r}; the table has: {known}.")
    return studies.take(np.asarray(words == value))


def _values(studies: Studies, name: str) -> list[str]:
    return list(dict.fromkeys(in_words(cell) for cell in studies[name]))


def units_of(studies: Studies, measure: Measure) -> dict[str, str]:
    """Return the unit of the estimates by outcome ("" where the table does not name it).

    Raises
    ------
    StudiesError
        If the rows of an outcome are in several units.
    """
    if "outcome" not in studies:
        return {"": unit_of(studies, measure)}
    return {
        name: unit_of(studies.take(np.asarray(studies["outcome"] == name)), measure)
        for name in dict.fromkeys(studies["outcome"].tolist())
    }


def stated_units(
    studies: Studies, measure: Measure, unit: str | Mapping[str, str]
) -> dict[str, str]:
    """Return units by outcome, as they are stated: one for all, or of some by name.

    Raises
    ------
    StudiesError
        If the table has no such outcome, or the rows of another are in several units.
    """
    names = list(dict.fromkeys(studies["outcome"].tolist())) if "outcome" in studies else [""]
    if isinstance(unit, str):
        return dict.fromkeys(names, unit)
    if not isinstance(unit, Mapping):
        raise StudiesError(f"unit is {unit!r}; write it as text, such as {choice('unit', 'days')}.")
    unknown = [name for name in unit if name not in names]
    if unknown:
        raise StudiesError(
            f"{studies.source}: a unit is stated for {', '.join(unknown)}, and the outcomes are: "
            f"{', '.join(names)}."
        )
    rest = [name for name in names if name not in unit]
    left = studies.take(np.isin(np.asarray(studies["outcome"], dtype=object), rest))
    return {**(units_of(left, measure) if rest else {}), **unit}


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
            f"them, or say {choice('unit', common)} if they are the same.\n{listed}"
        )
    return common
