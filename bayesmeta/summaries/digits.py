"""Numbers as text: only the digits that their error supports."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

MINUS = "\N{MINUS SIGN}"
INFINITY = "\N{INFINITY}"
SIGNIFICANT = 4
ALL = 400
"""More decimals than a number has: what no error limits."""
THRESHOLDS = (0.9, 0.95, 0.975)
"""Probabilities that conclusions are drawn at; so are their complements."""
_ROUGH = 0.9
"""The threshold whose complement is no mark."""
_MOST_DECIMALS = 6
_ALIKE = 1e-9
"""Numbers closer than this share of a printed unit are the same: rounding, not knowledge."""


def places(value: float, error: float = 0.0, *, significant: int = SIGNIFICANT) -> int:
    """Return how many decimals of a value can be printed.

    The error is at most two units of the last digit printed, as metrology has it; and there are
    never more significant digits than asked for.

    Examples
    --------
    >>> places(-14.728064, 0.17), places(-14.728064, 1e-9), places(1234.0, 30.0)
    (1, 2, -2)
    """
    shown = significant - 1 - _exponent(value) if value else significant
    return min(shown, supported(error))


def number(value: float, error: float = 0.0, *, significant: int = SIGNIFICANT) -> str:
    """Return a number as text, with the digits that its error supports.

    Examples
    --------
    >>> number(21.282488, 0.06), number(21.282488, 1e-10), number(float("inf"))
    ('21.3', '21.28', '∞')
    """
    if not math.isfinite(value):
        return _special(value)
    decimals = places(value, error, significant=significant)
    # Rounding up to a power of ten would show one digit too many: 9.9996 is 10.00.
    decimals = min(decimals, places(round(value, decimals), error, significant=significant))
    return fixed(value, decimals)


class Span(NamedTuple):
    """A point and both ends of its interval, as text."""

    point: str
    lower: str
    upper: str

    def bracketed(self, joint: str = " to ") -> str:
        """Return them as one text.

        Examples
        --------
        >>> Span("−14.73", "−29.69", "0.14").bracketed()
        '−14.73 [−29.69 to 0.14]'
        """  # noqa: RUF002
        return f"{self.point} [{self.lower}{joint}{self.upper}]"


def fixed(value: float, decimals: int) -> str:
    """Return a number with so many decimals; negative ones round to tens, hundreds ...

    Examples
    --------
    >>> fixed(-14.728, 1), fixed(1234.0, -2), fixed(-0.0001, 2), fixed(1.5e-9, 10)
    ('−14.7', '1200', '0.00', '1.5e−9')
    """  # noqa: RUF002
    if not math.isfinite(value):
        return _special(value)
    rounded = round(value, decimals) + 0.0
    if rounded and (decimals > _MOST_DECIMALS or abs(rounded) >= 1e7):  # noqa: PLR2004
        return _scientific(rounded, decimals)
    shown = max(decimals, 0) if decimals <= _MOST_DECIMALS else 0
    text = f"{rounded:.{shown}f}"
    return text.replace("-", MINUS)


def per_cent(value: float, error: float = 0.0) -> str:
    """Return a fraction as per cent, with one decimal at most.

    Examples
    --------
    >>> per_cent(0.83921, 0.001), per_cent(0.83921), per_cent(float("nan"))
    ('83.9 %', '83.9 %', 'n/a')
    """
    if math.isnan(value):
        return _special(value)
    decimals = min(1, places(100 * value, 100 * error)) if 0 < value < 1 else 0
    return f"{fixed(100 * value, decimals)} %"


def probability(
    value: float, error: float = 0.0, *, thresholds: Sequence[float] = THRESHOLDS
) -> str:
    """Return a probability with three decimals at most, never rounded to 0 or 1.

    One that would print as a threshold that it is not, or as its complement (not that of 0.9: a
    tenth is many a probability), has as many more as tell them apart, where its error supports
    them.

    Parameters
    ----------
    thresholds
        What conclusions are drawn at.

    Examples
    --------
    >>> probability(0.98567), probability(0.98567, 0.004), probability(0.99999)
    ('0.986', '0.99', '>0.999')
    >>> probability(0.97484), probability(0.02516), probability(0.975), probability(0.97484, 0.004)
    ('0.9748', '0.0252', '0.975', '0.97')
    """
    if math.isnan(value):
        return _special(value)
    decimals = max(1, min(3, supported(error)))
    edge = 10.0**-decimals
    if value < edge / 2:
        return f"<{edge:.{decimals}f}"
    if value > 1 - edge / 2:
        return f">{1 - edge:.{decimals}f}"
    for threshold in thresholds:
        marks = (threshold, 1 - threshold) if threshold > _ROUGH else (threshold,)
        for mark in marks:
            decimals = telling(value, mark, decimals, error)
    return f"{value:.{decimals}f}"


def stated(shown: str) -> str:
    """Return a printed probability behind what it is of: ``"= 0.976"``, ``"> 0.999"``.

    Examples
    --------
    >>> stated("0.976"), stated(">0.999"), stated("<0.001")
    ('= 0.976', '> 0.999', '< 0.001')
    """
    return f"{shown[0]} {shown[1:]}" if shown[:1] in ("<", ">") else f"= {shown}"


def telling(value: float, mark: float, decimals: int, error: float = 0.0) -> int:
    """Return how many decimals to print, more where a number would look like a mark it is not.

    Next to 0 a number shows its own two significant digits, next to another mark as many as tell
    them apart; or fewer, that its error supports. Where that leaves it looking like the mark,
    nothing is known to lie between.

    Examples
    --------
    >>> telling(0.02828, 0.0, 1), telling(-2.961, -3.0, 1), telling(0.13, 0.0, 1)
    (3, 2, 1)
    >>> telling(0.02828, 0.0, 1, 0.3), telling(0.0, 0.0, 1)
    (1, 1)
    """
    finer, known = decimals, supported(error)
    if mark == 0 and _alike(value, mark, decimals):
        finer = min(1 - _exponent(value), known)
    while finer < known and _alike(value, mark, finer):
        finer += 1
    return finer if finer > decimals and not _alike(value, mark, finer) else decimals


def supported(error: float) -> int:
    """Return how many decimals an error supports: it is at most two units of the last.

    Examples
    --------
    >>> supported(0.17), supported(30.0), supported(0.0) > 300
    (1, -2, True)
    """
    if not math.isfinite(error) or error <= 0:
        return ALL
    # 1e-9: log10 of a power of ten may come out a hair above the integer.
    return math.floor(-math.log10(error / 2) + 1e-9)


def _alike(value: float, mark: float, decimals: int) -> bool:
    """Return whether a number prints as a mark, and is another."""
    apart = abs(value - mark) > _ALIKE * 10.0**-decimals
    return apart and round(value, decimals) == round(mark, decimals)


def column_places(errors: Iterable[float]) -> int:
    """Return decimals for a column of estimates: two digits of a typical standard error.

    Examples
    --------
    >>> column_places([6.4, 2.1, 0.35]), column_places([0.021, 0.04])
    (1, 3)
    """
    known = sorted(error for error in errors if math.isfinite(error) and error > 0)
    if not known:
        return 2
    exponent = _exponent(known[(len(known) - 1) // 2])
    return 1 - exponent if exponent > _MOST_DECIMALS // 2 else max(0, 1 - exponent)


def ratio(value: float) -> str:
    """Return a ratio with two decimals, fewer from 10 and more under 0.1.

    Examples
    --------
    >>> ratio(0.6537), ratio(12.345), ratio(0.01234), ratio(1.0)
    ('0.65', '12.3', '0.012', '1.00')
    """
    if not math.isfinite(value) or value <= 0:
        return _special(value) if value else "0"
    return fixed(value, ratio_places(value))


def ratio_places(value: float) -> int:
    """Return the decimals that a ratio is printed with, where its error says nothing."""
    return min(2, 2 - _exponent(value)) if value >= 1 else max(2, 1 - _exponent(value))


def read(text: str) -> float:
    """Return the number that a text of this module shows.

    Examples
    --------
    >>> read("−14.73"), read("∞")
    (-14.73, inf)
    """  # noqa: RUF002
    return float(text.replace(MINUS, "-").replace(INFINITY, "inf"))


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value)))


def _special(value: float) -> str:
    if math.isnan(value):
        return "n/a"
    return INFINITY if value > 0 else MINUS + INFINITY


def _scientific(value: float, decimals: int) -> str:
    exponent = _exponent(value)
    mantissa = f"{value / 10.0**exponent:.{max(0, exponent + decimals)}f}"
    return f"{mantissa}e{exponent}".replace("-", MINUS)
