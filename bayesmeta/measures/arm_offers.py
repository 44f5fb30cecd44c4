"""Columns of counts in two arms under names that are nobody's, as choices to paste."""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np

from bayesmeta.studies import Studies, key_of
from bayesmeta.studies.layouts.arms import CONTROL
from bayesmeta.studies.names.arms import QUANTITIES
from bayesmeta.studies.names.labels import YEARS
from bayesmeta.studies.names.ours import NUMERIC

type Pairs = Mapping[str, tuple[str, str]]
"""What two columns have in common, with the one of the first arm and that of the second."""

_WORD = re.compile(r"[A-Za-z]+")
_LETTERS = (("t", "c"), ("e", "c"), ("i", "c"), ("", "de"), ("1", "2"), ("1", "0"), ("a", "b"))
"""Treated and control in one letter or syllable, likeliest first."""

_NO_EVENT = ("neg", "negative", "negatives", "no", "non", "without", "unexposed", "free", "healthy")
_EVENT = ("pos", "positive", "positives", "yes", "rec", "with", "exposed", "ill")
_SIZES = (*QUANTITIES["n"], "ni")
_ARMS = ("treatment", "control")
_LABELS = tuple(f"{arm}_arm" for arm in _ARMS)
"""Which arms were compared: numbers, where a table numbers its arms, and no counts."""
_CELLS = 2
_MOST = 100
"""Columns of counts, from which on no reading of their names is likely."""


class _Sides(NamedTuple):
    """What differs between the names of two arms: the words, and what they are in the names."""

    first: str
    second: str


def arm_offers(studies: Studies) -> list[dict[str, str]]:
    """Return choices of columns of events, likeliest first.

    Columns go together whose names differ in the arm alone: ``ep1t ep1c`` beside ``nt nc``, or
    the four cells ``cir.pos cir.neg non.pos non.neg``.

    Examples
    --------
    >>> import pandas as pd
    >>> from bayesmeta.studies import read_studies
    >>> frame = pd.DataFrame({"study": ["Ash"], "nt": [20], "nc": [21], "ept": [4], "epc": [6]})
    >>> arm_offers(read_studies(frame))
    [{'events_treatment': 'ept', 'events_control': 'epc'}]
    """
    counts = [
        name
        for name, column in studies.columns.items()
        if column.dtype.kind == "f"
        and name not in NUMERIC
        and name not in _LABELS
        and _is_count(column)
        and key_of(name) not in YEARS
    ]
    if len(counts) > _MOST:
        return []
    found: dict[_Sides, dict[str, tuple[str, str]]] = {}
    for one, other in combinations(counts, 2):
        sides, common = _apart(one, other)
        if common:
            found.setdefault(sides, {})[common] = (one, other)
    # One reading alone: that of the likeliest arms. A wrong choice is worse than none.
    ranked = sorted(found.items(), key=lambda item: (*_unlikely(item[0]), -len(item[1])))
    offers = (list(_chosen(studies, sides, pairs)) for sides, pairs in ranked)
    return next(filter(None, offers), [])


def _is_count(column: np.ndarray) -> bool:
    filled = column[~np.isnan(column)]
    return filled.size > 0 and bool(np.all((filled >= 0) & (filled == np.floor(filled))))


def _apart(one: str, other: str) -> tuple[_Sides, str]:
    """Return where two names differ, in words of the names, and what they have in common."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    first, second = one[start : len(one) - end], other[start : len(other) - end]
    whole = _Sides(_whole(one, start, len(one) - end), _whole(other, start, len(other) - end))
    short = _Sides(first, second)
    common = f"{one[:start]}|{one[len(one) - end :]}"
    if short in _LETTERS or (short.second, short.first) in _LETTERS:
        return short, common
    rest = one.replace(whole.first, "|", 1), other.replace(whole.second, "|", 1)
    return (whole, rest[0]) if all(whole) and rest[0] == rest[1] else (short, "")


def _whole(name: str, start: int, end: int) -> str:
    """Return the word of a name that a part of it belongs to."""
    return next((word.group() for word in _WORD.finditer(name)
                 if word.start() <= start and word.end() >= end), "")  # fmt: skip


def _unlikely(sides: _Sides) -> tuple[int, int]:
    """Return how unlikely it is that sides are arms: 0 for those that are."""
    keys = _keys(sides)
    if keys in _LETTERS or keys[::-1] in _LETTERS:
        pair = keys if keys in _LETTERS else keys[::-1]
        return 0, 1 + _LETTERS.index(pair)
    if any(map(CONTROL.search, sides)):
        return 0, 0
    outcomes = {key in _NO_EVENT for key in keys if key in (*_NO_EVENT, *_EVENT)}
    return (2, 0) if len(outcomes) == len(keys) else (1, 0)


def _keys(sides: _Sides) -> tuple[str, str]:
    return key_of(sides.first), key_of(sides.second)


def _chosen(studies: Studies, sides: _Sides, pairs: Pairs) -> Iterator[dict[str, str]]:
    for swapped in _directions(sides):
        ordered = {common: pair[::-1] if swapped else pair for common, pair in pairs.items()}
        yield from _offered(studies, ordered, likely=_unlikely(sides)[0] < _CELLS)


def _offered(studies: Studies, ordered: Pairs, *, likely: bool) -> Iterator[dict[str, str]]:
    known = all(f"n_{arm}" in studies for arm in _ARMS)
    sizes = [common for common in ordered if set(_words(common)) & set(_SIZES)]
    sizes = sizes if len(sizes) < len(ordered) else []
    if not (known or sizes):
        one, other, *more = [*sorted(ordered, key=_is_no_event), "", ""]
        if likely and other and not any(more):
            yield _under("events", ordered[one]) | _under("non_events", ordered[other])
        return
    for common, pair in ordered.items():
        beside = [size for size in sizes if len(sizes) == 1 or _words(size)[0] == _words(common)[0]]
        if common not in sizes and (known or len(beside) == 1):
            yield _under("events", pair) | ({} if known else _under("n", ordered[beside[0]]))


def _under(quantity: str, pair: tuple[str, str]) -> dict[str, str]:
    return {f"{quantity}_{arm}": name for arm, name in zip(_ARMS, pair, strict=True)}


def _words(common: str) -> list[str]:
    return [key_of(word) for word in _WORD.findall(common)]


def _is_no_event(common: str) -> bool:
    return bool(set(_words(common)) & set(_NO_EVENT))


def _directions(sides: _Sides) -> tuple[bool, ...]:
    """Return whether the first of two sides is the control; both where nothing tells."""
    keys = _keys(sides)
    if keys in _LETTERS or keys[::-1] in _LETTERS:
        return (keys not in _LETTERS,)
    likely = [bool(CONTROL.search(side)) or key in _NO_EVENT
              for side, key in zip(sides, keys, strict=True)]  # fmt: skip
    return (likely[0],) if likely[0] != likely[1] else (False, True)
