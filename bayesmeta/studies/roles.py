"""Columns that have the name of a role, questioned from their values."""

from collections.abc import Mapping, Sequence

from bayesmeta.studies.cells import MISSING, UNREPORTED, number
from bayesmeta.studies.names.ours import NUMERIC
from bayesmeta.studies.wording import column_choice

_FEW = 2
_JUDGEMENTS = frozenset((
    "low", "high", "unclear", "some concerns", "moderate", "serious", "critical", "+", "-", "?",
    "low risk", "high risk", "unclear risk", "yes", "no", "l", "h", "u", "n", "y", "good", "fair",
    "poor", "probably yes", "probably no", "no information", "not applicable",
))  # fmt: skip


def questioned(
    text: Mapping[str, Sequence[str]], theirs: Mapping[str, str], chosen: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return new names for columns whose values are not those of their role, and why.

    Parameters
    ----------
    text
        Cells by our name of the column.
    theirs
        The table's own name by ours.
    chosen
        Roles given by hand: they are not questioned.
    """
    renamed, notes = {}, []
    for ours, why in (("outcome", _no_outcome), *((name, _no_number) for name in NUMERIC)):
        if ours not in text or ours in chosen:
            continue
        # Confidence in words is that in the evidence.
        reason = why(text[ours], ours == theirs.get(ours) and ours != "confidence")
        if reason:
            name = theirs.get(ours, ours)
            renamed[ours] = name if name not in text else f"{name} (not {ours})"
            notes.append(
                f"Column {name!r} is not taken as {ours}: {reason}. Take it as such with "
                f"{column_choice(ours, name)}."
            )
    return renamed, tuple(notes)


def without_words(
    text: Mapping[str, Sequence[str]],
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return the cells with those of numbers emptied that say that there is none, and the notes.

    Examples
    --------
    >>> without_words({"n": ("20", "NR"), "study": ("NR", "B")})[0]
    {'n': ('20', ''), 'study': ('NR', 'B')}
    """
    found, notes = {}, []
    for name, cells in text.items():
        said = [cell for cell in cells if name in NUMERIC and cell.lower() in UNREPORTED
                and cell not in MISSING]  # fmt: skip
        found[name] = tuple("" if cell in said else cell for cell in cells)
        if said:
            words = ", ".join(map(repr, dict.fromkeys(said)))
            notes.append(f"{words} in column {name} stands for a missing number.")
    return found, tuple(notes)


def _no_outcome(cells: Sequence[str], exact: bool) -> str:  # noqa: FBT001
    filled = {cell.strip().lower() for cell in cells if cell}
    if filled and filled <= _JUDGEMENTS:
        return "it holds judgements, such as those of a risk of bias"
    values = [number(cell) for cell in filled]
    if filled and all(value is not None and value % 1 != 0 for value in values):
        return "it holds measurements and not names"
    if len(cells) > _FEW and len(filled) == len(cells) and None not in values:
        return "it numbers the rows"
    return ""


def _no_number(cells: Sequence[str], exact: bool) -> str:  # noqa: FBT001
    """Return why a column under another name than ours holds no numbers at all."""
    filled = [cell for cell in cells if cell not in MISSING]
    if exact or not filled or any(any(map(str.isdigit, cell)) for cell in filled):
        return ""
    return "it holds words and no numbers"
