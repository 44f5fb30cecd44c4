"""Which column of a table is which of ours."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bayesmeta.errors import StudiesError
from bayesmeta.studies.names.arms import LETTERED
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.names.metafor import CELLS, CHANGE
from bayesmeta.studies.names.ready import (
    LOGARITHMS,
    MEANT,
    OF_LOGARITHMS,
    OF_RATIOS,
    RATIOS,
    limit_of,
)
from bayesmeta.studies.names.register import STRONG, WEAK
from bayesmeta.studies.wording import column_choice

_USUAL_LEVEL = 95


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
    known = _recognised(header)
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
    level = _confidence(names, source=source)
    if level is not None:
        notes.append(f"ci_lower and ci_upper are limits of {level:g} % intervals, by their names.")
    ours = tuple(names.get(name, "") for name in header)
    meant = _meant(names, chosen)
    return Naming(ours, tuple(notes), _scale(names), _error_scale(names), level, meant)


def _recognised(header: Sequence[str]) -> dict[str, str]:
    """Return our name for each name of a header, or the name itself."""
    strong = {name: _strong(name, header) for name in header if name}
    taken = set(strong.values())
    meant = {name: _weak(name) for name, ours in strong.items() if ours == name}
    weak = {name: ours for name, ours in meant.items() if ours and ours not in taken}
    if any(key_of(name) in LOGARITHMS for name in weak):
        # A ratio beside its logarithm is the same estimate, not another.
        weak = {name: ours for name, ours in weak.items()
                if key_of(name) not in RATIOS and key_of(name) not in OF_RATIOS}  # fmt: skip
    weak = _with_correlations(strong, weak)
    return strong | {name: ours for name, ours in weak.items() if _in_company(name, strong, weak)}


def _with_correlations(strong: Mapping[str, str], weak: Mapping[str, str]) -> dict[str, str]:
    """Return the weak names, correlations without n being estimates where nothing else is one."""
    roles = {*strong.values(), *weak.values()}
    if roles & {"n", "estimate"} or not roles & {"standard_error", "variance"}:
        return dict(weak)
    return {name: "estimate" if ours == "correlation" else ours for name, ours in weak.items()}


def _weak(name: str) -> str:
    key = key_of(name)
    limit = limit_of(key)
    return WEAK.get(key, "") or (limit[0] if limit else "")


def _in_company(name: str, strong: Mapping[str, str], weak: Mapping[str, str]) -> bool:
    """Return whether a weak name stands beside what it needs: an estimate and its spread."""
    role = weak[name]
    roles = {*strong.values(), *weak.values()}
    spread = roles & {"standard_error", "variance"} or {"ci_lower", "ci_upper"} <= roles
    # bayesmeta calls the standard error sigma, but only beside y.
    if role in ("estimate", "standard_error", "variance", "ci_lower", "ci_upper"):
        return bool("estimate" in roles and (spread or "sigma" in map(key_of, strong)))
    return role != "correlation" or "n" in roles


def _strong(name: str, header: Sequence[str]) -> str:
    key, keys = key_of(name), {key_of(other) for other in header}
    if key in CELLS and {"ai", "ci"} <= keys and keys & {"bi", "n1i"}:
        return CELLS[key]
    # One group measured twice (ri is the correlation): which mean is the later one, and whose
    # standard deviation sd1i is, differs between metafor's measures. The user has to say.
    if key in CHANGE and "ri" in keys and "n1i" not in keys:
        return name
    if key in _hidden(header):
        return name
    if key == "sigma" and "y" in keys:
        return "standard_error"
    if key in LETTERED and _sized(keys):
        return LETTERED[key]
    return STRONG.get(key, name)


def _sized(keys: Iterable[str]) -> bool:
    """Return whether both arms have their size under names with a letter or digit."""
    roles = {LETTERED.get(key) for key in keys}
    return {"n_treatment", "n_control"} <= roles or {"time_treatment", "time_control"} <= roles


def _hidden(header: Iterable[str]) -> frozenset[str]:
    """Return the headings that look like ours and mean something else."""
    keys = {key_of(name) for name in header}
    # RevMan's Variance belongs to O - E; its limits are on the natural scale of a ratio, while
    # its GIV Mean is a logarithm.
    variance = {"variance"} if keys & {"oe", "o\N{MINUS SIGN}e"} else set()
    limits = {"cistart", "ciend"} if keys & {"givmean", "applicability"} else set()
    # Cases are events only beside the number of participants; alone they may be the patients.
    cases = {key for key in keys if key.endswith("cases") and not _has_size(key, keys)}
    return frozenset(variance | limits | cases)


def _has_size(key: str, keys: Iterable[str]) -> bool:
    role = STRONG.get(key, "")
    return f"n_{role.removeprefix('events_')}" in {STRONG.get(other) for other in keys}


def _scale(names: Mapping[str, str]) -> str:
    key = next((key_of(name) for name, ours in names.items() if ours == "estimate"), "")
    return "log" if key in LOGARITHMS else "natural" if key in RATIOS else ""


def _meant(
    names: Mapping[str, str], chosen: Mapping[str, str]
) -> tuple[str, tuple[str, ...]] | None:
    """Return the table's name of the estimates with the measures that it may mean."""
    name = next((name for name, ours in names.items() if ours == "estimate"), "")
    codes = MEANT.get(key_of(name))
    return None if codes is None or name in chosen else (name, codes)


def _error_scale(names: Mapping[str, str]) -> str:
    keys = [key_of(name) for name, ours in names.items() if ours in ("standard_error", "variance")]
    if keys and all(key in OF_LOGARITHMS for key in keys):
        return "log"
    return "natural" if keys and all(key in OF_RATIOS for key in keys) else ""


def _confidence(names: Mapping[str, str], *, source: str) -> float | None:
    """Return the level, other than 95 %, that the names of the limits say."""
    limits = [name for name, ours in names.items() if ours in ("ci_lower", "ci_upper")]
    found = [limit_of(key_of(name)) for name in limits]
    levels = {limit[1] for limit in found if limit}
    if len(levels) > 1:
        raise StudiesError(
            f"{source}: columns {_quoted(limits)} are limits of different levels; keep those of "
            f"one, or choose with {column_choice('ci_lower', limits[0])}."
        )
    return levels.pop() if levels - {_USUAL_LEVEL} else None


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
        raise StudiesError(f"{source}: no column {_quoted(absent)}; {has(header)}.")
    twice = [theirs for theirs, times in Counter(by_hand.values()).items() if theirs and times > 1]
    if twice:
        raise StudiesError(f"{source}: column {_quoted(twice)} is given two names.")


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
    hidden = _hidden(header)
    for why, keys in _WHY_HIDDEN.items():
        mine = [name for name in header if key_of(name) in hidden and key_of(name).endswith(keys)]
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
