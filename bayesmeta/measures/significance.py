"""Test statistics beside estimates: as the table has them, or out of two-sided p-values."""

import re
from collections.abc import Iterable
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.errors import StudiesError
from bayesmeta.measures import ready_made
from bayesmeta.measures.contract import NO_REMARKS, Remarks
from bayesmeta.measures.participants import labels_of
from bayesmeta.measures.rounding import step
from bayesmeta.studies import Column, Studies, key_of
from bayesmeta.studies.cells import number
from bayesmeta.studies.names.tests import DEGREES, P_VALUES, SHORT, STATISTICS
from bayesmeta.studies.wording import choice, column_choice

LAWS = ("normal", "t")
"""What a two-sided p-value may be of: a normal statistic, or Student's t."""

_GIVEN = re.compile(r"(?:p\s*)?=\s*", re.IGNORECASE)
_BOUND = re.compile(r"(?:p\s*)?[<>\u2264\u2265].*|n\.?s\.?", re.IGNORECASE)
_COARSEST = 0.01
_LOOSE = 0.05
_SHOWN = 20


class Tests(NamedTuple):
    """Statistics of the rows, nan where there is none.

    Parameters
    ----------
    statistic
        The estimate in its standard errors, above 0, shape (row,).
    columns
        The table's columns that they come from.
    how
        How the standard error of some rows follows.
    remarks
        What the reader should know of some rows.
    """

    statistic: FloatArray
    columns: tuple[str, ...] = ()
    how: Remarks = NO_REMARKS
    remarks: Remarks = NO_REMARKS

    def __bool__(self) -> bool:
        """Return whether any row has one."""
        return not bool(np.all(np.isnan(self.statistic)))


def tests(studies: Studies, law: str | None) -> Tests:
    """Return the statistics of a table: its own, else by its p-values where their law was said.

    The standard error of an estimate is its distance from no effect over the statistic. Of a
    p-value the statistic is the quantile of the normal law, or of Student's t with the degrees of
    freedom of the column ``df``, else with those of two arms, n_treatment + n_control - 2.

    Parameters
    ----------
    law
        ``"normal"`` or ``"t"``; None leaves p-values alone.

    Raises
    ------
    StudiesError
        If a cell is no p-value or statistic, a statistic has the other sign than its estimate,
        or no degrees of freedom are there for t.

    Examples
    --------
    >>> import pandas as pd
    >>> from bayesmeta.studies import read_studies
    >>> frame = pd.DataFrame({"study": ["Ash"], "md": [-2.0], "p": [0.05], "se": [""]})
    >>> tests(read_studies(frame), "normal").statistic.round(4)
    array([1.96])
    """
    none = np.full(len(studies), np.nan)
    name = _named(studies, STATISTICS)
    if name:
        found = _numbers(studies, name)
        _require_same_sign(studies, name, found)
        how = f"the standard error is the distance from no effect over {name}"
        given = np.abs(found)
        return Tests(given, (name,), {how: np.asarray(~np.isnan(given))})
    name = _named(studies, P_VALUES)
    if not name or law is None:
        return Tests(none)
    p = _numbers(studies, name)
    _require_shares(studies, name, p)
    freedom, of = _freedom(studies, p) if law == "t" else (none, "")
    statistic = _quantile(p, freedom)
    of_law = f"t with {of} degrees of freedom" if law == "t" else "normal"
    how = f"the standard error follows from the two-sided p-value in column {name} ({of_law})"
    loose = "the p-value is so rounded that its standard error may be more than 5 % off"
    return Tests(
        statistic, (name, *([of] if of == "df" else [])),
        {how: np.asarray(~np.isnan(statistic))}, {loose: _is_loose(p, statistic, freedom)},
    )  # fmt: skip


def offer(studies: Studies) -> str:
    """Return the choices that take standard errors from tests, "" where there are none."""
    if "estimate" not in studies:
        return ""
    name = _named(studies, P_VALUES)
    if name:
        laws = [f"{choice('p-values', 'normal')} if they are of a normal statistic"]
        if _named(studies, DEGREES) or {"n_treatment", "n_control"} <= set(studies.columns):
            laws.append(f"{choice('p-values', 't')} if of Student's t")
        ways = " or ".join(laws)
        return f"Take standard errors from the two-sided p-values in {name!r} with {ways}."
    short = _named(studies, SHORT)
    if not short:
        return ""
    said = column_choice(ready_made.STATISTIC, short)
    return f"If {short!r} is the estimate over its standard error, say {said}."


def _named(studies: Studies, keys: Iterable[str]) -> str:
    by_key = {key_of(name): name for name in studies.columns}
    return next((by_key[key] for key in keys if key in by_key), "")


def _numbers(studies: Studies, name: str) -> FloatArray:
    """Return a column as numbers; what is only bounded, as "<0.001", is none."""
    column: Column = studies[name]
    if column.dtype.kind == "f":
        return np.asarray(column, dtype=np.float64)
    values = [number(_GIVEN.sub("", cell)) for cell in column]
    wrong = [row for row, value in enumerate(values)
             if value is None and not _BOUND.fullmatch(column[row])]  # fmt: skip
    if wrong:
        raise StudiesError("\n".join(
            f"{studies.place(row)}, column {name}: {str(column[row])!r} is not a number."
            for row in wrong[:_SHOWN]
        ))  # fmt: skip
    return np.array([np.nan if value is None else value for value in values])


def _require_shares(studies: Studies, name: str, p: FloatArray) -> None:
    wrong = np.flatnonzero((p <= 0) | (p > 1)).tolist()
    if wrong:
        raise StudiesError("\n".join(
            f"{studies.place(row)}, column {name}: {p[row]:g} is not a p-value; it must be above "
            "0 and at most 1 (leave a rounded 0 empty)."
            for row in wrong[:_SHOWN]
        ))  # fmt: skip


def _require_same_sign(studies: Studies, name: str, statistic: FloatArray) -> None:
    """Raise if a statistic below 0 stands beside an estimate above, unless that is a ratio."""
    estimate = studies["estimate"]
    wrong = (statistic * estimate < 0) & np.any(estimate < 0)
    if np.any(wrong):
        who = ", ".join(labels_of(studies, np.asarray(wrong)))
        raise StudiesError(
            f"{studies.source}: {name} has the other sign than the estimate in {who}; one of them "
            "is of another comparison."
        )


def _freedom(studies: Studies, p: FloatArray) -> tuple[FloatArray, str]:
    name = _named(studies, DEGREES)
    if name:
        return _numbers(studies, name), "df"
    arms = ("n_treatment", "n_control")
    if not set(arms) <= set(studies.columns):
        raise StudiesError(
            f"{studies.source}: p-values of Student's t need a column df, or n_treatment and "
            f"n_control; say {choice('p-values', 'normal')} if they are of a normal statistic."
        )
    return studies[arms[0]] + studies[arms[1]] - 2, "n_treatment + n_control - 2"


def _quantile(p: FloatArray, freedom: FloatArray) -> FloatArray:
    if np.isnan(freedom).all():
        normal = NormalDist()
        return np.array([-normal.inv_cdf(one / 2) if one > 0 else np.nan for one in p])
    from scipy.special import stdtrit  # twice the cost of numpy, so only where needed

    return np.asarray(-stdtrit(freedom, p / 2), dtype=np.float64)


def _is_loose(p: FloatArray, statistic: FloatArray, freedom: FloatArray) -> BoolArray:
    """Return where the p-values that round to the one given spread the standard error by 5 %."""
    half = np.array([min(step(np.array([one])), _COARSEST) / 2 for one in p])
    with np.errstate(divide="ignore", invalid="ignore"):
        low = _quantile(np.minimum(p + half, 1), freedom)
        high = _quantile(np.maximum(p - half, np.finfo(float).tiny), freedom)
        spread = np.maximum(statistic / low, high / statistic) - 1
    return np.asarray(spread > _LOOSE)
