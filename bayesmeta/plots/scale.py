"""The range and the ticks of an axis of effects."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.summaries import digits

_MOST_TICKS = 7
_PAD = 0.5
_MARGIN = 0.04
_NARROW = 2.5  # below this ratio of its ends, a ratio axis has even steps
_WIDE_Z = 1.2
"""A range of Fisher's z up to which correlations have even steps."""
_CORRELATIONS = (0.0, 0.9, 0.6, 0.99, 0.8, 0.4, 0.97, 0.2, 0.999, 0.95)
"""Correlations at which ticks stand on a wider one, the ones to keep first where it is crowded."""
_WIDE_LOGIT = 2.5
"""The same of logits, which are proportions."""
_SIDE = (0.2, 0.05, 0.01, 0.001, 1e-4, 0.1, 0.02, 0.3, 0.002)
_PROPORTIONS = (0.5, *(value for side in _SIDE for value in (side, round(1 - side, 6))))
_MANTISSAS: tuple[tuple[float, ...], ...] = (
    (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8), (1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)
)  # fmt: skip


class Ticks(NamedTuple):
    """Where ticks stand on the axis, and what they say."""

    positions: tuple[float, ...]
    labels: tuple[str, ...]


class Range(NamedTuple):
    """Both ends of an axis."""

    low: float
    high: float


def effect_range(core: Iterable[float], ends: Iterable[float]) -> Range:
    """Return a range that shows the core whole, and interval ends within reason.

    An interval far wider than the core would squeeze all others to a point; it is cut, and the
    plot shows an arrow.
    """
    inner = _finite(core)
    outer = np.concatenate([inner, _finite(ends)])
    span = float(np.ptp(inner)) or float(np.ptp(outer)) or abs(float(inner[0])) or 1.0
    low = max(float(outer.min()), float(inner.min()) - _PAD * span)
    high = min(float(outer.max()), float(inner.max()) + _PAD * span)
    margin = _MARGIN * ((high - low) or span)
    return Range(low - margin, high + margin)


def linear_ticks(span: Range) -> Ticks:
    """Return round positions in a range, with labels of equal decimals.

    Examples
    --------
    >>> linear_ticks(Range(-95.0, 31.0)).labels
    ('−80', '−60', '−40', '−20', '0', '20')
    """  # noqa: RUF002
    width = span.high - span.low
    power = 10.0 ** np.floor(np.log10(width / _MOST_TICKS))
    step = next(m * power for m in (1, 2, 2.5, 5, 10, 20) if width / (m * power) <= _MOST_TICKS)
    count = np.arange(np.ceil(span.low / step), np.floor(span.high / step) + 1)
    # One digit more for steps such as 2.5, none of it for 1, 2 and 5.
    decimals = int(-np.floor(np.log10(step))) + (
        0 if round(step / 10.0 ** np.floor(np.log10(step)), 6).is_integer() else 1
    )
    shown = tuple(digits.fixed(float(n * step), decimals) for n in count)
    return Ticks(tuple(float(n * step) for n in count), shown)


def ratio_ticks(span: Range) -> Ticks:
    """Return positions in a range of log ratios, labelled as ratios.

    Examples
    --------
    >>> ratio_ticks(Range(-2.4, 1.2)).labels
    ('0.1', '0.2', '0.5', '1', '2')
    """
    low, high = float(np.exp(span.low)), float(np.exp(span.high))
    if high < _NARROW * low:
        even = linear_ticks(Range(low, high))
        return Ticks(tuple(np.log(even.positions).tolist()), even.labels)
    for mantissas in _MANTISSAS:
        ratios = _ladder(mantissas, low, high)
        if len(ratios) <= _MOST_TICKS:
            return Ticks(tuple(np.log(ratios).tolist()), tuple(_ratio(value) for value in ratios))
    every = -(-len(ratios) // _MOST_TICKS)
    around = [value for value in ratios if round(np.log10(value)) % every == 0]
    return Ticks(tuple(np.log(around).tolist()), tuple(_ratio(value) for value in around))


def correlation_ticks(span: Range) -> Ticks:
    """Return positions in a range of Fisher's z, labelled as correlations.

    Examples
    --------
    >>> correlation_ticks(Range(-0.2, 0.5)).labels
    ('−0.1', '0.0', '0.1', '0.2', '0.3', '0.4')
    >>> correlation_ticks(Range(-0.3, 2.2)).labels
    ('0', '0.6', '0.8', '0.9', '0.97')
    """  # noqa: RUF002
    if span.high - span.low < _WIDE_Z:
        even = linear_ticks(Range(float(np.tanh(span.low)), float(np.tanh(span.high))))
        return Ticks(tuple(np.arctanh(even.positions).tolist()), even.labels)
    apart, found = (span.high - span.low) / (_MOST_TICKS + 2), list[float]()
    for size in _CORRELATIONS:
        for r in sorted({size, -size}):
            at = float(np.arctanh(r))
            free = all(abs(at - float(np.arctanh(known))) >= apart for known in found)
            found += [r] if free and span.low <= at <= span.high else []
    found.sort()
    return Ticks(tuple(np.arctanh(found).tolist()), tuple(_ratio(value) for value in found))


def proportion_ticks(span: Range) -> Ticks:
    """Return positions in a range of logits, labelled as proportions.

    Examples
    --------
    >>> proportion_ticks(Range(-0.8, 1.4)).labels
    ('0.4', '0.5', '0.6', '0.7', '0.8')
    >>> proportion_ticks(Range(-5.0, 3.0)).labels
    ('0.01', '0.05', '0.2', '0.5', '0.8', '0.95')
    """
    low, high = (float(1 / (1 + np.exp(-end))) for end in span)
    if span.high - span.low < _WIDE_LOGIT:
        even = np.array(linear_ticks(Range(low, high)).positions)
        found = [value for value in even.tolist() if 0 < value < 1]
        labels = linear_ticks(Range(low, high)).labels
        kept = tuple(label for label, value in zip(labels, even, strict=True) if 0 < value < 1)
        return Ticks(tuple(float(np.log(value / (1 - value))) for value in found), kept)
    apart, found = (span.high - span.low) / (_MOST_TICKS + 2), list[float]()
    for value in _PROPORTIONS:
        at = float(np.log(value / (1 - value)))
        free = all(abs(at - float(np.log(known / (1 - known)))) >= apart for known in found)
        found += [value] if free and span.low <= at <= span.high else []
    found.sort()
    positions = tuple(float(np.log(value / (1 - value))) for value in found)
    return Ticks(positions, tuple(_ratio(value) for value in found))


def _ladder(mantissas: Sequence[float], low: float, high: float) -> list[float]:
    powers = np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    found = {float(f"{m * 10.0**power:.6g}") for power in powers for m in mantissas}
    return sorted(value for value in found if low <= value <= high)


def _ratio(value: float) -> str:
    return f"{value:.6g}".replace("-", digits.MINUS)


def _finite(values: Iterable[float]) -> FloatArray:
    found = np.array([value for value in values if np.isfinite(value)], dtype=float)
    return found if found.size else np.zeros(1)
