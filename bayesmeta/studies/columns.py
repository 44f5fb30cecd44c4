"""Names of columns: ours, and those of other programs that mean the same.

RevMan's names are the headings of the "data rows" table that RevMan and the Cochrane Library
export. metafor's are the arguments of its function ``escalc``; metadat's are the columns of
the data sets that come with it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bayesmeta.errors import StudiesError

TEXT = ("study", "outcome", "unit", "design")
"""Columns that are text even where they look like numbers."""

NUMERIC = (
    "n_treatment", "mean_treatment", "sd_treatment", "events_treatment", "non_events_treatment",
    "n_control", "mean_control", "sd_control", "events_control", "non_events_control",
    "estimate", "standard_error", "variance", "ci_lower", "ci_upper", "n", "duration_weeks",
    "mean_before", "mean_after", "sd_before", "sd_after", "correlation",
    "time_treatment", "time_control",
)  # fmt: skip
"""Columns that are numbers; anything else in them is an error."""

RANGED = ("duration_weeks",)
"""Columns of numbers that may also hold ranges such as 4-6; the whole column is then text."""

# Short names, so the case counts: a column CI is not metafor's cell ci.
_METAFOR = {
    "slab": "study", "yi": "estimate", "vi": "variance", "sei": "standard_error", "ni": "n",
    "n1i": "n_treatment", "m1i": "mean_treatment", "sd1i": "sd_treatment",
    "n2i": "n_control", "m2i": "mean_control", "sd2i": "sd_control", "ri": "correlation",
    "x1i": "events_treatment", "t1i": "time_treatment",
    "x2i": "events_control", "t2i": "time_control",
}  # fmt: skip
_METAFOR_CELLS = {
    "ai": "events_treatment", "bi": "non_events_treatment",
    "ci": "events_control", "di": "non_events_control",
}  # fmt: skip
_METAFOR_CHANGE = ("m1i", "sd1i", "m2i", "sd2i")
_METADAT = {
    "n_trt": "n_treatment", "mean_trt": "mean_treatment", "sd_trt": "sd_treatment",
    "n_ctl": "n_control", "mean_ctl": "mean_control", "sd_ctl": "sd_control",
    "tpos": "events_treatment", "tneg": "non_events_treatment",
    "cpos": "events_control", "cneg": "non_events_control",
    "event_trt": "events_treatment", "noevent_trt": "non_events_treatment",
    "event_ctl": "events_control", "noevent_ctl": "non_events_control",
}  # fmt: skip
_REVMAN = {
    "experimentaln": "n_treatment", "experimentaltotal": "n_treatment",
    "experimentalmean": "mean_treatment", "experimentalsd": "sd_treatment",
    "experimentalcases": "events_treatment", "experimentalevents": "events_treatment",
    "controln": "n_control", "controltotal": "n_control",
    "controlmean": "mean_control", "controlsd": "sd_control",
    "controlcases": "events_control", "controlevents": "events_control",
    "givmean": "estimate", "givse": "standard_error", "meandifference": "estimate",
    "cistart": "ci_lower", "ciend": "ci_upper",
    "studyyear": "year", "yearofstudy": "year", "analysisname": "outcome",
}  # fmt: skip
_OURS = {name.replace("_", ""): name for name in TEXT + NUMERIC}


class Naming(NamedTuple):
    """Our name for each column of a header ("" for one left out), with what was decided."""

    names: tuple[str, ...]
    notes: tuple[str, ...]


def name_columns(header: Sequence[str], by_hand: Mapping[str, str], *, source: str) -> Naming:
    """Return our names for the columns of a header.

    Parameters
    ----------
    header
        The columns' names as the table has them, stripped.
    by_hand
        Our name to theirs, for what is not recognised.
    source
        The file's name, for messages.

    Raises
    ------
    StudiesError
        If a name stands twice, two columns mean the same, a column named by hand is absent, or
        there is no column of study labels.

    Examples
    --------
    >>> name_columns(["slab", "yi", "vi", "weeks"], {}, source="bcg.csv").names
    ('study', 'estimate', 'variance', 'weeks')
    """
    _refuse_repeats(header, source=source)
    _refuse_absent(header, by_hand, source=source)
    chosen = {theirs: ours for ours, theirs in by_hand.items()}
    found = {name: chosen.get(name) or _ours(name, header) for name in header if name}
    displaced = [name for name, ours in found.items() if ours in by_hand and name not in chosen]
    names = {name: "" if name in displaced else ours for name, ours in found.items()}
    _refuse_synonyms(names, source=source)
    _refuse_nameless_studies(names, source=source)
    notes = [*_renamed(names, chosen), *_left_out(header, displaced, found)]
    return Naming(tuple(names.get(name, "") for name in header), tuple(notes))


def _ours(name: str, header: Sequence[str]) -> str:
    if name in _METAFOR_CELLS and {"ai", "ci"} <= set(header):
        return _METAFOR_CELLS[name]
    # One group measured twice (ri is the correlation): which mean is the later one, and whose
    # standard deviation sd1i is, differs between metafor's measures. The user has to say.
    if name in _METAFOR_CHANGE and "ri" in header and "n1i" not in header:
        return name
    key = _key(name)
    if key in _hidden(header):
        return name
    return _METAFOR.get(name) or _METADAT.get(name) or _OURS.get(key) or _REVMAN.get(key, name)


def _key(name: str) -> str:
    """Return a name without case, spaces and joints: "Experimental SD" is experimentalsd."""
    return "".join(letter for letter in name.lower() if letter not in " _.-")


def _hidden(header: Iterable[str]) -> frozenset[str]:
    """Return the headings of RevMan that look like ours and mean something else."""
    keys = {_key(name) for name in header}
    # RevMan's Variance belongs to O - E; its limits are on the natural scale of a ratio, while
    # its GIV Mean is a logarithm.
    variance = {"variance"} if keys & {"oe", "o\N{MINUS SIGN}e"} else set()
    limits = {"cistart", "ciend"} if "givmean" in keys else set()
    return frozenset(variance | limits)


def _refuse_repeats(header: Sequence[str], *, source: str) -> None:
    repeated = [name for name, times in Counter(header).items() if name and times > 1]
    if repeated:
        raise StudiesError(f"{source}: column {_quoted(repeated)} stands twice in the header.")


def _refuse_absent(header: Sequence[str], by_hand: Mapping[str, str], *, source: str) -> None:
    absent = [theirs for theirs in by_hand.values() if theirs not in header]
    if absent:
        raise StudiesError(f"{source}: no column {_quoted(absent)}; {_has(header)}.")
    twice = [theirs for theirs, times in Counter(by_hand.values()).items() if times > 1]
    if twice:
        raise StudiesError(f"{source}: column {_quoted(twice)} is given two names.")


def _refuse_synonyms(names: Mapping[str, str], *, source: str) -> None:
    for ours, times in Counter(names.values()).items():
        if ours and times > 1:
            both = [name for name, meaning in names.items() if meaning == ours]
            raise StudiesError(
                f"{source}: columns {_quoted(both)} both mean {ours}; keep one, or choose by "
                f'hand with columns={{"{ours}": "{both[0]}"}}.'
            )


def _refuse_nameless_studies(names: Mapping[str, str], *, source: str) -> None:
    if "study" not in names.values():
        example = next((name for name in names if _key(name) in ("author", "trial")), "author")
        raise StudiesError(
            f"{source}: no column 'study' with the studies' names; {_has(names)}. Rename the one "
            f'that holds them, or read it with columns={{"study": "{example}"}}.'
        )


def _renamed(names: Mapping[str, str], chosen: Mapping[str, str]) -> list[str]:
    return [
        f"Column {name!r} is read as {ours}{' (chosen by hand)' if name in chosen else ''}."
        for name, ours in names.items()
        if ours not in ("", name)
    ]


def _left_out(
    header: Sequence[str], displaced: Sequence[str], found: Mapping[str, str]
) -> list[str]:
    unnamed = [str(place) for place, name in enumerate(header, start=1) if not name]
    notes = [f"Column {place} has no name and is left out." for place in unnamed]
    notes += [
        f"Column {name!r} is left out: another was chosen as {found[name]}." for name in displaced
    ]
    hidden = [name for name in header if _key(name) in _hidden(header)]
    if hidden:
        notes.append(
            f"Columns {_quoted(hidden)} keep their names: RevMan's variance is that of O - E, "
            "and its limits are not on the scale of GIV Mean."
        )
    return notes


def _has(header: Iterable[str]) -> str:
    return f"it has: {', '.join(name for name in header if name)}"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
