"""How many digits of a quantity are printed, decided once for every page."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Self

from bayesmeta.summaries import digits

_TOO_WIDE = 1.0
"""A tail so heavy that the sd exceeds the interval: the interval's width tells the digits then."""
_SDS = 4  # that an interval is wide, nearly, where no sd tells
_MOST_OF_PER_CENT = 1
_FAR = 300.0
"""Beyond it a Fisher's z is a correlation of 1, to any number of digits."""


class Kind(Enum):
    """What a quantity is printed as."""

    NUMBER = "number"
    RATIO = "ratio of its exponential"
    CORRELATION = "correlation, of its Fisher's z"
    PROPORTION = "proportion, of its logit"
    RATE = "rate, of its logarithm"
    PER_CENT = "fraction in per cent"


LEVELS = (Kind.PROPORTION, Kind.RATE)
"""Levels of one group, not differences of two: of them no value is that of no effect."""
_GROWING = (Kind.RATIO, Kind.RATE)
"""Exponentials: their digits follow their size."""


@dataclass(frozen=True)
class Precision:
    """How the numbers of one quantity are printed: each method takes one, on the data's scale.

    Two significant digits of the posterior's sd are printed, of a point and of both limits; fewer
    where a numerical error does not support them; more of a limit that would look like a mark
    that it is not.

    Parameters
    ----------
    places
        Decimals of what is printed (of the ratio, of the per cent).
    kind
        What a number is printed as.
    marks
        What a limit must be told apart from: no effect, a minimal important difference; on the
        scale of the data.
    known
        Decimals that the errors of both limits support.

    Examples
    --------
    >>> mu = Precision.of(sd=7.468, lower=-29.61, upper=0.02828)
    >>> mu.span([-14.59, -29.61, 0.02828]).bracketed()
    '−14.6 [−29.6 to 0.028]'
    """  # noqa: RUF002

    places: int
    kind: Kind = Kind.NUMBER
    marks: tuple[float, ...] = (0.0,)
    known: int = digits.ALL

    @classmethod
    def of(  # noqa: PLR0913  (the numbers of one quantity, each by its name)
        cls,
        *,
        sd: float,
        lower: float,
        upper: float,
        median: float = 0.0,
        errors: Sequence[float] = (0.0, 0.0),
        kind: Kind = Kind.NUMBER,
        marks: Sequence[float] = (0.0,),
    ) -> Self:
        """Return the precision of a quantity.

        Parameters
        ----------
        sd, lower, upper
            The posterior's, on the scale of the data (a ratio's logarithm). Where the sd is
            infinite, unknown, or greater than the whole interval, the interval tells the spread.
        median
            A ratio's or a correlation's spread follows from it.
        errors
            Numerical errors of both limits.
        """
        bounded = kind in (Kind.CORRELATION, Kind.PROPORTION)
        ends = (-math.inf, math.inf) if bounded else ()  # -1 or 0, and 1, as read
        printed = cls(0, kind, (*([] if kind in LEVELS else marks), *ends))
        width = upper - lower
        spread = sd if 0 < sd <= _TOO_WIDE * width else width / _SDS
        places = _two_digits(printed.scaled(spread, at=median))
        if kind is Kind.PER_CENT:
            places = min(places, _MOST_OF_PER_CENT)
        known = (
            digits.supported(printed.scaled(error, at=end))
            for end, error in zip((lower, upper), errors, strict=True)
        )
        return replace(printed, places=places, known=min(known))

    def scaled(self, size: float, *, at: float) -> float:
        """Return a small difference at a number, as large as it is in print."""
        if self.kind in _GROWING:
            return size * self.shown(at)
        if self.kind is Kind.PROPORTION:
            return size * self.shown(at) * self.shown(-at)
        if self.kind is Kind.CORRELATION:
            return size / math.cosh(min(abs(at), _FAR)) ** 2
        return 100 * size if self.kind is Kind.PER_CENT else size

    def shown(self, value: float) -> float:
        """Return a number as it is printed, before rounding."""
        if self.kind in _GROWING:
            return math.exp(value) if value < math.log(1e300) else math.inf
        if self.kind is Kind.PROPORTION:
            return (1 + math.tanh(value / 2)) / 2
        if self.kind is Kind.CORRELATION:
            return math.tanh(value)
        return 100 * value if self.kind is Kind.PER_CENT else value

    def number(self, value: float, error: float = 0.0) -> str:
        """Return a mean, an sd or a classical estimate as text."""
        return self._text(value, self._decimals(value, error, self.places))

    def point(self, value: float, error: float = 0.0) -> str:
        """Return what an interval stands around as text.

        It has no decimals that its interval lacks, but is not rounded to tens because that is.
        """
        most = min(self.places, max(self.known, 0))
        return self._text(value, self._decimals(value, error, most))

    def limit(self, value: float, error: float = 0.0) -> str:
        """Return the end of an interval as text."""
        if not math.isfinite(value):
            return self._text(value, 0)
        decimals = min(self._decimals(value, error, self.places), self.known)
        shown, missed = self.shown(value), self.scaled(error, at=value)
        for mark in self.marks:
            decimals = digits.telling(shown, self.shown(mark), decimals, missed)
        return self._text(value, decimals)

    def span(
        self, values: Sequence[float], errors: Sequence[float] = (0.0, 0.0, 0.0)
    ) -> digits.Span:
        """Return a point, a lower and an upper limit as text."""
        point, lower, upper = zip(values, errors, strict=True)
        return digits.Span(self.point(*point), self.limit(*lower), self.limit(*upper))

    def finer(self) -> Self:
        """Return the same with one digit more, for differences between printed numbers."""
        return replace(self, places=self.places + 1)

    def _decimals(self, value: float, error: float, most: int) -> int:
        known = digits.supported(self.scaled(error, at=value))
        shown = self.shown(value)
        if self.kind in _GROWING and math.isfinite(shown) and shown > 0:
            # A small ratio has digits of its own: 0.06 is not 0.1.
            most = max(most, 1 - math.floor(math.log10(shown)))
        return min(most, known)

    def _text(self, value: float, decimals: int) -> str:
        text = digits.fixed(self.shown(value), decimals)
        return f"{text} %" if self.kind is Kind.PER_CENT and not math.isnan(value) else text


def _two_digits(spread: float) -> int:
    """Return decimals that show two significant digits of an sd; tens only from 10 000 on."""
    return digits.column_places([spread])
