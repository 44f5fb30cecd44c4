"""Rows that each compare named treatments: `treat1 treat2 TE seTE`, `t1 r1 n1 t2 r2 n2`.

So networks of treatments are kept. Which treatment is the first differs from row to row, so that
nothing is pooled before it is said what is compared with what.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from bayesmeta.studies.cells import MISSING, number
from bayesmeta.studies.layouts.arms import CONTROL
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.rows import Rows
from bayesmeta.studies.wording import choice, columns_choice, together

FIRST, SECOND = "first_arm", "second_arm"
"""Our names of the columns that name the treatments of a row, to choose or to refuse them."""

_NUMBERED = re.compile(
    r"(treat|treatment|trt|tx|arm|group|grp|drug|intervention|therapy|regimen|t)(name|label)?"
    r"([1-9])(long|label|name)?"
)
_NAMED = (
    ("intervention", "treatment", "experimental", "treated", "active", "drug", "treatmentarm"),
    ("comparator", "control", "comparison", "reference", "controlarm", "comparatorarm"),
)
_CODED = ("treat", "treatment", "trt", "drug", "t")
_MOST_CODES = 30
_SHOWN = 6
_PAIR = 2


def labels(rows: Rows, by_hand: Mapping[str, str], *, arm: str | None = None) -> tuple[str, ...]:
    """Return the columns that name the treatments a row compares, () where none do.

    Parameters
    ----------
    arm
        A treatment that is to stand in them, where several sets of columns name treatments.

    Examples
    --------
    >>> table = Rows("x.csv", ("study", "treat1", "treat2", "TE"), [["A", "drug", "sham", "1"]],
    ...              (2,))
    >>> labels(table, {})
    ('treat1', 'treat2')
    """
    if FIRST in by_hand or SECOND in by_hand:
        return tuple(by_hand[name] for name in (FIRST, SECOND) if by_hand.get(name))
    found = list(_families(rows))
    holding = [names for names in found if any(arm in rows.column(name) for name in names)]
    return (holding or found or [()])[0]


def _families(rows: Rows) -> Iterator[tuple[str, ...]]:
    """Yield each set of columns that names treatments."""
    numbered: dict[tuple[str, ...], dict[int, str]] = {}
    for name in rows.header:
        match = _NUMBERED.fullmatch(key_of(name))
        if match:
            stem, before, index, behind = match.groups("")
            numbered.setdefault((stem, before, behind), {})[int(index)] = name
    for (stem, *_), columns in numbered.items():
        names = tuple(columns[index] for index in sorted(columns))
        whole = sorted(columns) == list(range(1, len(columns) + 1)) and len(columns) >= _PAIR
        if whole and (_worded(rows, names) or (stem in _CODED and _coded(rows, names))):
            yield names
    by_key = {key_of(name): name for name in rows.header}
    pair = tuple(next((by_key[key] for key in keys if key in by_key), "") for keys in _NAMED)
    if all(pair) and _worded(rows, pair):
        yield pair


def _filled(rows: Rows, name: str) -> list[str]:
    return [cell for cell in rows.column(name) if cell not in MISSING]


def _worded(rows: Rows, names: Sequence[str]) -> bool:
    """Return whether columns hold words."""
    return all(
        (cells := _filled(rows, name)) and all(number(cell) is None for cell in cells)
        for name in names
    )


def _coded(rows: Rows, names: Sequence[str]) -> bool:
    """Return whether columns hold the same few small whole numbers: codes of treatments."""
    values = [[number(cell) for cell in _filled(rows, name)] for name in names]
    every = [value for column in values for value in column]
    small = all(value is not None and 0 < value <= _MOST_CODES and value == int(value)
                for value in every)  # fmt: skip
    return small and bool(set(values[0]) & set(values[1])) and len(set(every)) > _PAIR


def doubt(rows: Rows, names: Sequence[str]) -> str:
    """Return why it is not plain what a row's effect compares, "" where it is.

    Examples
    --------
    >>> table = Rows("x.csv", ("study", "treat1", "treat2"), [["A", "drug", "sham"],
    ...              ["B", "sham", "drug"]], (2, 3))
    >>> doubt(table, ("treat1", "treat2"))
    "'drug' stands in both"
    """
    columns = [set(_filled(rows, name)) for name in names[:_PAIR]]
    both = sorted(columns[0] & columns[1])
    if both:
        return f"{both[0]!r} stands in both"
    if any(_filled(rows, name) for name in names[_PAIR:]):
        return "some rows compare more than two"
    likely = [{bool(CONTROL.search(one)) for one in column} for column in columns]
    if likely[0] == {True} and likely[1] != {True}:
        return f"{names[0]} seems to name the controls"
    if key_of(names[0]) in _NAMED[0] or len(columns[1]) == 1:
        return ""
    # Groups may be called by number in an ordinary review; treatments are in a network.
    network = key_of(names[0]).startswith(_CODED) or min(map(len, columns)) > 1
    mixed = network or len(likely[1]) > 1
    return f"{names[1]} names several ({_listed(columns[1])})" if mixed else ""


def _listed(labels: set[str]) -> str:
    shown = sorted(labels)[:_SHOWN]
    return ", ".join([*map(repr, shown), *(["..."] if len(labels) > _SHOWN else [])])


def question(rows: Rows, names: Sequence[str], why: str, *, beside: Mapping[str, str]) -> str:
    """Return the question what is compared with what, with the answers.

    Parameters
    ----------
    beside
        Columns that have to be chosen with any answer.
    """
    ordered = Counter(
        pair
        for cells in zip(*(rows.column(name) for name in names), strict=True)
        for pair in combinations([cell for cell in cells if cell not in MISSING], _PAIR)
    )
    pairs: Counter[tuple[str, ...]] = Counter()
    for pair, times in ordered.most_common():
        # The direction that is more frequent stands for both.
        if pair[::-1] not in pairs and pair[0] != pair[1]:
            pairs[pair] = times + ordered[pair[::-1]]
    also = [columns_choice(beside)] if beside else []
    answers = []
    for pair, times in pairs.most_common(_SHOWN):
        treated, control = sorted(pair, key=lambda one: bool(CONTROL.search(one)))
        chosen = together(choice("treated", treated), choice("controls", control), *also)
        answers.append(f"{chosen} ({times} {'row' if times == 1 else 'rows'})")
    more = f" ... and {len(pairs) - _SHOWN} more pairs" if len(pairs) > _SHOWN else ""
    every = together(choice("controls", "ARM"), *also)
    refused = columns_choice({FIRST: "", **beside})
    return (
        f"{rows.source}: columns {', '.join(map(repr, names))} name what each row compares, and "
        f"{why}. Say {' or '.join(answers)}{more}; for all against one {every}; or if the rows are "
        f"to be taken as they stand, {refused}."
    )


def said(rows: Rows, names: Sequence[str]) -> str:
    """Return the note that says in which direction effects are taken."""
    first, second = (list(dict.fromkeys(_filled(rows, name))) for name in names[:_PAIR])
    whom = ", ".join(first[:_SHOWN]), ", ".join(second[:_SHOWN])
    return (
        f"Rows compare {names[0]} ({whom[0]}) with {names[1]} ({whom[1]}): the first is taken as "
        "treated."
    )
