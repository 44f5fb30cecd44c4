"""Which column of a table is which of ours."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bayesmeta.errors import StudiesError
from bayesmeta.near import did_you_mean
from bayesmeta.studies.meanings import confidence_of, error_scale_of, meant_by, scale_of
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.recognition import hidden, recognised
from bayesmeta.studies.wording import column_choice, columns_choice


class Naming(NamedTuple):
    """Our name for each column of a header ("" for one left out), with what was decided.

    Parameters
    ----------
    names
        Our name of each column, or its own.
    notes
        What was decided, in sentences.
    scale, error_scale
        ``"log"`` or ``"natural"`` where the name of the estimates, or of their standard errors,
        says so, else "".
    confidence
        The level of the intervals in per cent where the names of their limits say so.
    meant
        The measures that the name of the estimates may mean, and that name; None where it may be
        any, or was chosen by hand.
    """

    names: tuple[str, ...]
    notes: tuple[str, ...]
    scale: str = ""
    error_scale: str = ""
    confidence: float | None = None
    meant: tuple[str, tuple[str, ...]] | None = None


def name_columns(header: Sequence[str], by_hand: Mapping[str, str], *, source: str) -> Naming:
    """Return our names for the columns of a header.

    Parameters
    ----------
    header
        The columns' names as the table has them, stripped.
    by_hand
        Our name to theirs, for what is not recognised; to "" for a role that no column has.
    source
        The file's name, for messages.

    Raises
    ------
    StudiesError
        If a name stands twice, two columns mean the same, or a column named by hand is absent.

    Examples
    --------
    >>> name_columns(["slab", "yi", "vi", "weeks"], {}, source="bcg.csv").names
    ('study', 'estimate', 'variance', 'weeks')
    """
    _refuse_repeats(header, source=source)
    _refuse_absent(header, by_hand, source=source)
    chosen = {theirs: ours for ours, theirs in by_hand.items() if theirs}
    refused = {ours for ours, theirs in by_hand.items() if not theirs}
    known = recognised(header)
    found = {name: chosen.get(name) or known[name] for name in header if name}
    denied = [name for name, ours in found.items() if ours in refused and name not in chosen]
    # A column that is called so keeps no name of a role that it was refused.
    found |= {name: name if name not in refused else f"{name} (refused)" for name in denied}
    displaced = [name for name, ours in found.items() if ours in chosen.values()
                 and name not in chosen]  # fmt: skip
    names = {name: "" if name in displaced else ours for name, ours in found.items()}
    _refuse_synonyms(names, source=source)
    notes = [
        *_renamed(names, chosen),
        *_left_out(header, displaced, found),
        *(f"Column {name!r} is not taken as {known[name]}, as was said." for name in denied),
    ]
    level = confidence_of(names, source=source)
    if level is not None:
        notes.append(f"ci_lower and ci_upper are limits of {level:g} % intervals, by their names.")
    ours = tuple(names.get(name, "") for name in header)
    meant = meant_by(names, chosen)
    return Naming(ours, tuple(notes), scale_of(names), error_scale_of(names), level, meant)


def _refuse_repeats(header: Sequence[str], *, source: str) -> None:
    repeated = [name for name, times in Counter(header).items() if name and times > 1]
    if repeated:
        raise StudiesError(
            f"{source}: column {_quoted(repeated)} stands twice in the header; give each column "
            "its own name."
        )


def _refuse_absent(header: Sequence[str], by_hand: Mapping[str, str], *, source: str) -> None:
    absent = [theirs for theirs in by_hand.values() if theirs and theirs not in header]
    if absent:
        raise StudiesError(
            f"{source}: no column {_quoted(absent)}; {has(header)}."
            f"{_turned(by_hand, header) or did_you_mean(absent[0], header)}"
        )
    twice = [theirs for theirs, times in Counter(by_hand.values()).items() if theirs and times > 1]
    if twice:
        raise StudiesError(f"{source}: column {_quoted(twice)} is given two names.")


def _turned(by_hand: Mapping[str, str], header: Sequence[str]) -> str:
    """Return what to write where names are given the wrong way round: the table's to ours."""
    wrong = {ours: theirs for ours, theirs in by_hand.items() if theirs and theirs not in header}
    if any(ours not in header for ours in wrong):
        return ""
    return f" Our name comes first: {columns_choice({one: ours for ours, one in wrong.items()})}."


def _refuse_synonyms(names: Mapping[str, str], *, source: str) -> None:
    sentences = []
    for ours, times in Counter(names.values()).items():
        if ours and times > 1:
            both = [name for name, meaning in names.items() if meaning == ours]
            choices = " or ".join(column_choice(ours, name) for name in both)
            sentences.append(
                f"{source}: columns {_quoted(both)} both mean {ours}; keep one, or choose by "
                f"hand with {choices}."
            )
    if sentences:
        raise StudiesError("\n".join(sentences))


def _renamed(names: Mapping[str, str], chosen: Mapping[str, str]) -> list[str]:
    return [
        f"Column {name!r} is read as {ours}{' (chosen by hand)' if name in chosen else ''}."
        for name, ours in names.items()
        if ours not in ("", name) and not ours.endswith("(refused)")
    ]


def _left_out(
    header: Sequence[str], displaced: Sequence[str], found: Mapping[str, str]
) -> list[str]:
    unnamed = [str(place) for place, name in enumerate(header, start=1) if not name]
    notes = [f"Column {place} has no name and is left out." for place in unnamed]
    notes += [
        f"Column {name!r} is left out: another was chosen as {found[name]}." for name in displaced
    ]
    unread = hidden(header)
    for why, keys in _WHY_HIDDEN.items():
        mine = [name for name in header if key_of(name) in unread and key_of(name).endswith(keys)]
        if mine:
            notes.append(f"Columns {_quoted(mine)} keep their names: {why}.")
    return notes


_WHY_HIDDEN = {
    "RevMan's variance is that of O - E": ("variance",),
    "RevMan's limits are not on the scale of GIV Mean": ("cistart", "ciend"),
    "cases may be events or participants, and no column says how many participated": ("cases",),
}


def has(header: Iterable[str]) -> str:
    """Return the columns of a header, for a message."""
    return f"it has: {', '.join(name for name in header if name)}"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
