"""A distribution given by a table of its density.

Between the points the log of the density is a cubic spline in x, or in log(x) where every x is
above 0; outside them the density is 0. The table need not be normalised: that is done here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.mixtures.probabilities import probability
from bayesmeta.priors.family import Density, Family
from bayesmeta.priors.inversion import invert
from bayesmeta.priors.traits import LIGHT, Functions, Graph, Kind, Support, Tail, Variable

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)

type Numbers = FloatArray | tuple[FloatArray | float, ...]


@dataclass(frozen=True, eq=False)
class Curve:
    """The log density as a spline, with the probability up to each knot.

    Parameters
    ----------
    log
        Whether the coordinate is log(x).
    knots
        Coordinates of the points, shape (point,).
    coefficients
        Of the normalised log density by powers of the distance to the knot on the left, cubic
        first, shape (4, point - 1).
    below
        Probability up to each knot, shape (point,).
    log_constant
        Log of the integral of the density as the table gives it.
    """

    log: bool
    knots: FloatArray
    coefficients: FloatArray
    below: FloatArray
    log_constant: float = 0.0

    def log_density(self, coordinate: FloatArray) -> FloatArray:
        """Return the log density of x at a coordinate within the knots."""
        at = np.clip(np.searchsorted(self.knots, coordinate, "right") - 1, 0, self.knots.size - 2)
        cubic, square, linear, constant = self.coefficients[:, at]
        step = coordinate - self.knots[at]
        value: FloatArray = ((cubic * step + square) * step + linear) * step + constant
        return value

    def cdf(self, coordinate: FloatArray) -> FloatArray:
        """Return the probability up to a coordinate."""
        inside = np.clip(coordinate, self.knots[0], self.knots[-1])
        at = np.clip(np.searchsorted(self.knots, inside, "right") - 1, 0, self.knots.size - 2)
        return probability(self.below[at] + self.mass(self.knots[at], inside))

    def mass(self, low: FloatArray, high: FloatArray) -> FloatArray:
        """Return the probability between two coordinates with no knot between them."""
        half = (high - low)[..., np.newaxis] / 2
        points = low[..., np.newaxis] + half * (1 + _NODES)
        heights = np.exp(self.log_density(points) + (points if self.log else 0.0))
        return np.sum(half * _WEIGHTS * heights, axis=-1)


def curve(x: FloatArray, density: FloatArray) -> Curve:
    """Return the normalised curve through a table's points."""
    return _curve(x.tobytes(), density.tobytes())


def _columns(numbers: Numbers) -> FloatArray:
    """Return a table's numbers, shape (table, point); one table unless numbers are arrays."""
    return np.stack([np.ravel(np.asarray(number, dtype=np.float64)) for number in numbers], axis=-1)


def _by_table(function: Callable[..., FloatArray]) -> Callable[..., FloatArray]:
    """Return a function of points (table, node) from one of the points and curve of a table."""

    def each(points: FloatArray, *more: FloatArray, x: Numbers, density: Numbers) -> FloatArray:
        tables = list(zip(_columns(x), _columns(density), strict=True))
        if len(tables) == 1:
            return function(points, *more, drawn=curve(*tables[0]), ends=tables[0][0][[0, -1]])
        shape = (len(tables), np.shape(points)[-1])
        rows = zip(*(np.broadcast_to(array, shape) for array in (points, *more)), strict=True)
        return np.stack(
            [
                function(*row, drawn=curve(*table), ends=table[0][[0, -1]])
                for row, table in zip(rows, tables, strict=True)
            ]
        )

    return each


@lru_cache(maxsize=64)
def _curve(x_bytes: bytes, density_bytes: bytes) -> Curve:
    from scipy.interpolate import CubicSpline

    x, density = np.frombuffer(x_bytes), np.frombuffer(density_bytes)
    log = bool(x[0] > 0)
    knots = np.log(x) if log else x
    highest = np.log(density).max()
    coefficients = CubicSpline(knots, np.log(density) - highest).c
    masses = Curve(log, knots, coefficients, knots).mass(knots[:-1], knots[1:])
    below = np.concatenate([[0.0], np.cumsum(masses) / masses.sum()])
    coefficients[3] -= np.log(masses.sum())
    return Curve(log, knots, coefficients, below, float(highest + np.log(masses.sum())))


def _log_density(
    points: FloatArray, log_points: FloatArray, *, drawn: Curve, ends: FloatArray
) -> FloatArray:
    inside = np.clip(log_points if drawn.log else points, drawn.knots[0], drawn.knots[-1])
    outside = (points < ends[0]) | (points > ends[1])
    return np.where(outside, -np.inf, drawn.log_density(inside))


def _cdf(points: FloatArray, *, drawn: Curve, ends: FloatArray) -> FloatArray:
    return drawn.cdf(np.log(np.maximum(points, 0)) if drawn.log else points)


def _survival(points: FloatArray, *, drawn: Curve, ends: FloatArray) -> FloatArray:
    return 1 - _cdf(points, drawn=drawn, ends=ends)


def _quantile(p: FloatArray, *, drawn: Curve, ends: FloatArray) -> FloatArray:
    found = invert(lambda points: _cdf(points, drawn=drawn, ends=ends), p)
    return np.where(p < 1, np.clip(found, ends[0], ends[1]), ends[1])


def _support(*, x: Numbers, density: Numbers) -> Support:
    points = _columns(x)
    return (float(points.min()), float(points.max()))


def _tail(*, x: Numbers, density: Numbers) -> Tail:
    return LIGHT


def _complaint(*, x: tuple[float, ...], density: tuple[float, ...]) -> str:
    if len(x) != len(density):
        return f"there are {len(x)} points and {len(density)} densities"
    return "the points must increase" if np.any(np.diff(x) <= 0) else ""


def _numbers(*, x: Numbers, density: Numbers) -> Mapping[str, FloatArray]:
    drawn = curve(_columns(x)[0], _columns(density)[0])
    return {"knots": drawn.knots, "coefficients": drawn.coefficients.ravel()}


def _member(
    *, knots: FloatArray, coefficients: FloatArray, given: Mapping[str, Variable]
) -> Density:
    coefficients = np.reshape(coefficients, (4, -1))
    last = Curve(log=False, knots=knots, coefficients=coefficients, below=knots).log_density(
        knots[-1:]
    )
    heights = np.exp(np.concatenate([coefficients[3], last]))
    points = np.exp(knots) if _is_log(given) else knots
    return Density(TABLE, {"x": tuple(points), "density": tuple(heights)})


def _is_log(given: Mapping[str, Variable]) -> bool:
    return bool(np.asarray(given["x"])[0] > 0)


def _graph(
    x: Variable, *, knots: Variable, coefficients: Variable, given: Mapping[str, Variable]
) -> Variable:
    import pytensor.tensor as pt

    coordinate = pt.as_tensor_variable(pt.log(x) if _is_log(given) else x)
    # How many inner knots lie below: a search that needs no gradient.
    at = pt.sum(coordinate[..., None] >= knots[1:-1], axis=-1)
    step = coordinate - knots[at]
    pieces = len(given["x"]) - 1
    cubic, square, linear, constant = (coefficients[power * pieces + at] for power in range(4))
    return ((cubic * step + square) * step + linear) * step + constant


def _knot_ends(
    *, knots: Variable, given: Mapping[str, Variable], **_: Variable
) -> tuple[Variable, Variable]:
    import pytensor.tensor as pt

    return (pt.exp(knots[0]), pt.exp(knots[-1])) if _is_log(given) else (knots[0], knots[-1])


def _start(*, knots: Variable, given: Mapping[str, Variable], **_: Variable) -> Variable:
    import pytensor.tensor as pt

    middle = (knots[0] + knots[-1]) / 2
    return pt.exp(middle) if _is_log(given) else middle


TABLE = Family(
    name="Table",
    kinds={"x": Kind.POINTS, "density": Kind.HEIGHTS},
    forms=(("x", "density"),),
    suits=frozenset({"tau", "mu"}),
    functions=Functions(
        _by_table(_log_density), _by_table(_cdf), _by_table(_survival), _by_table(_quantile)
    ),
    support=_support,
    tail=_tail,
    complaint=_complaint,
    graph=Graph(_graph, start=_start, numbers=_numbers, ends=_knot_ends, restore=_member),
)
