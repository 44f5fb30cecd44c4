"""Studies that stand in several rows of one analysis."""

from bayesmeta.measures import combining
from bayesmeta.studies import Column, Studies, key_of, line_word
from bayesmeta.studies.labels import NUMBERED, holds_years
from bayesmeta.studies.layouts.arms import CONTROL
from bayesmeta.studies.table import in_words
from bayesmeta.studies.wording import choice, column_choice, together

_MOST_LEVELS = 20
_SHOWN = 20
_FEW = 2
_ARMS = ("treatment", "arm", "trt", "treat", "drug", "intervention", "treatmentgroup", "condition")
_OTHERS = ("study", "subgroup", "subgroup_number", "outcome", "treatment_arm", "control_arm")


def repeats(studies: Studies) -> list[str]:
    """Return a sentence for each study that stands in several rows, and what would do.

    Rows of one study are dependent: they share patients. The estimates of independent studies
    are pooled, so they are refused rather than pooled as if they were independent.
    """
    labels = studies["study"].tolist()
    places: dict[str, list[int]] = {}
    for row, label in enumerate(labels):
        places.setdefault(label, []).append(row)
    twice = {label: rows for label, rows in places.items() if len(rows) > 1}
    if not twice:
        return []
    word = line_word(studies.source)
    sentences = [
        f"{studies.place(rows[0])}: the same study stands again on {word} "
        f"{_shortened([str(studies.lines[row]) for row in rows[1:]])}."
        for rows in twice.values()
    ]
    more = [f"... and {len(sentences) - _SHOWN} more"] if len(sentences) > _SHOWN else []
    return [*sentences[:_SHOWN], *more, _advice(studies, twice)]


def _shortened(lines: list[str]) -> str:
    more = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return f"{', '.join(lines[:_SHOWN])}{more}"


def _advice(studies: Studies, twice: dict[str, list[int]]) -> str:
    groups = list(twice.values())
    arms = _arms(studies, groups)
    if arms:
        return (
            f"Column {arms[0]!r} names a control, {arms[1]!r}, among the rows of a study, so they "
            "seem to be arms and no comparisons. Give what compares the arms, or the means and "
            "standard deviations or events of each."
        )
    ways = [*_joint(studies), *_subsets(studies, groups), *combining.ways(studies, groups),
            *_models(studies), *_numbered(studies, groups)]  # fmt: skip
    return (
        f"Rows of one study depend on each other and are not pooled as if they did not. Choose "
        f"{'; or '.join(ways)}. Otherwise keep one row of each study."
    )


def _models(studies: Studies) -> list[str]:
    """Return the models that know how rows of a study depend on each other."""
    label = studies.label if studies.label in {*studies.columns, *studies.theirs} else "study"
    nested = together(choice("model", "nested"), choice("cluster", label))
    shared = [choice("control-arm", "control_arm")] if "control_arm" in studies else []
    correlated = together(choice("model", "correlated"), choice("trial", label), *shared)
    alike = f"and {choice('cluster', label)} where effects of one study are alike, too"
    ways = [
        f"a model with effects that differ within a study: {nested}",
        f"a model of estimates that share patients: {correlated}, {alike}",
    ]
    if "outcome" in studies and len(set(studies["outcome"].tolist())) > 1:
        ways.append(f"a model of all outcomes: {choice('model', 'several-outcomes')}")
    return ways


def _joint(studies: Studies) -> list[str]:
    """Return the label of two columns that is different in every row, if there is one."""
    texts = {name: [in_words(cell) for cell in column] for name, column in studies.columns.items()}
    year = next((name for name, cells in texts.items() if holds_years(name, cells)), "")
    joined = list(zip(texts["study"], texts[year], strict=True)) if year else []
    if not joined or len(set(joined)) < len(joined):
        return []
    chosen = column_choice("study", f"{studies.label or 'study'}, {year}")
    return [f"a label of two columns, if these are different studies: {chosen}"]


def _numbered(studies: Studies, groups: list[list[int]]) -> list[str]:
    """Return labels with numbers where a few names alone are the same, as of homonyms."""
    if _joint(studies) or 2 * sum(map(len, groups)) > len(studies) + _FEW:
        return []
    chosen = column_choice("study", f"{studies.label or 'study'}, {NUMBERED}")
    return [f"the number of the row in the label, if these are different studies: {chosen}"]


def _arms(studies: Studies, groups: list[list[int]]) -> tuple[str, str] | None:
    """Return a column that names controls among the rows of studies, and such a name.

    Not where arms stand beside one another, one of which is compared.
    """
    if "control_arm" in studies or "n_control" in studies or "events_control" in studies:
        return None
    for name, column in studies.columns.items():
        if column.dtype.kind != "U" or key_of(name) not in _ARMS:
            continue
        found = [[one for row in group if CONTROL.search(one := str(column[row]))]
                 for group in groups]  # fmt: skip
        mixed = [some for some, group in zip(found, groups, strict=True)
                 if 0 < len(some) < len(group)]  # fmt: skip
        if 2 * len(mixed) > len(groups):
            return name, mixed[0][0]
    return None


def _subsets(studies: Studies, groups: list[list[int]]) -> list[str]:
    """Return choices of one value of a column that tells the rows of each study apart."""
    found = []
    if "control_arm" in studies and _apart(studies["treatment_arm"], groups):
        levels = list(dict.fromkeys(studies["treatment_arm"].tolist()))
        return [f"one treated arm: {choice('treated', levels[0])}"]
    if "subgroup" in studies and _apart(studies["subgroup"].astype(str), groups):
        levels = list(dict.fromkeys(studies["subgroup"].tolist()))
        found.append(f"one subgroup: {choice('subgroup', in_words(levels[0]))}")
    for name, column in studies.columns.items():
        if column.dtype.kind != "U" or name in _OTHERS:
            continue
        levels = list(dict.fromkeys(column.tolist()))
        if 1 < len(levels) <= _MOST_LEVELS and levels[0] and _apart(column, groups):
            if name == "comparison":
                found.append(f"one comparison: {choice('comparison', levels[0])}")
            elif "outcome" not in studies:
                chosen = together(column_choice("outcome", name), choice("outcome", levels[0]))
                found.append(f"one value of {name!r}: {chosen}")
    return found[:3]


def _apart(column: Column, groups: list[list[int]]) -> bool:
    return all(len({str(column[row]) for row in rows}) == len(rows) for rows in groups)
