"""What a shape is: the contract its files satisfy."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import ModelError

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

type Amount = Any
"""Numbers, arrays, or PyTensor variables, which carry no types: the same arithmetic takes all."""


@dataclass(frozen=True)
class Observed:
    """The distinct weeks that the studies had, which fix a shape's scale and knots.

    Parameters
    ----------
    distinct
        In increasing order, two at least.

    Examples
    --------
    >>> observed = Observed.of(np.array([4.0, 2.0, 12.0, 4.0]))
    >>> observed.distinct, observed.span, observed.middles
    ((2.0, 4.0, 12.0), 10.0, (3.0, 8.0))
    """

    distinct: tuple[float, ...]

    @classmethod
    def of(cls, weeks: FloatArray) -> "Observed":
        """Return the distinct weeks among those of the studies.

        Raises
        ------
        ModelError
            If there are fewer than two of them, or one is negative.
        """
        found = tuple(float(week) for week in np.unique(weeks[np.isfinite(weeks)]))
        if len(found) < 2:  # noqa: PLR2004 - a curve needs two points
            raise ModelError(
                f"The studies have {len(found)} distinct duration"
                f"{f', {found[0]:g}' if found else 's'}; a duration curve needs two."
            )
        if found[0] < 0:
            raise ModelError(f"A duration is {found[0]:g}; durations are 0 or more.")
        return cls(found)

    @property
    def shortest(self) -> float:
        """The shortest observed duration."""
        return self.distinct[0]

    @property
    def longest(self) -> float:
        """The longest observed duration."""
        return self.distinct[-1]

    @property
    def span(self) -> float:
        """From the shortest to the longest."""
        return self.longest - self.shortest

    @property
    def middles(self) -> tuple[float, ...]:
        """Half-way between neighbours: the cuts that the studies can tell apart."""
        pairs = zip(self.distinct, self.distinct[1:], strict=False)
        return tuple((low + high) / 2 for low, high in pairs)

    def knots(self, pieces: int) -> tuple[float, ...]:
        """Return quantiles of the distinct weeks that part them into so many pieces."""
        quantiles = np.quantile(self.distinct, np.linspace(0, 1, pieces + 1))
        return tuple(float(week) for week in quantiles)


class Grid(NamedTuple):
    """A shape's own parameters with their prior, as nodes of a quadrature rule.

    Parameters
    ----------
    values
        Shape (node, parameter).
    weight, coarse_weight
        Prior probability of each node, by the rule and by a coarser one; shape (node,). The
        difference between the answers of the two is the error.
    """

    values: FloatArray
    weight: FloatArray
    coarse_weight: FloatArray


NONE, CURVE, JUMP, FLEXIBLE = "no change", "curve", "jump", "flexible shape"
"""Families of shapes: near copies of one another share the prior probability of their family."""

NO_PARAMETER = Grid(np.empty((1, 0)), np.ones(1), np.ones(1))
"""The grid of a shape without parameters of its own."""


class Shape(Protocol):
    """How the centre of the study effects moves with the weeks.

    The curve is the sum of its columns times their coefficients. The columns are scaled so that
    independent coefficients of one prior sd D give the change from the shortest to the longest
    observed week the prior sd D: the squares of the columns' changes sum to one. Where there
    are several columns the curve is a priori a random walk over the weeks, so that its
    increments are independent.
    """

    @property
    def TITLE(self) -> str:  # noqa: N802 - a constant of a module
        """In words, for a table."""

    @property
    def STATEMENT(self) -> str:  # noqa: N802 - a constant of a module
        """As one would write it on a board."""

    @property
    def PARAMETERS(self) -> tuple[str, ...]:  # noqa: N802 - a constant of a module
        """Names of the shape's own parameters; empty for most."""

    @property
    def DISCRETE(self) -> bool:  # noqa: N802 - a constant of a module
        """Whether the parameter has finitely many values, so that the grid is all there is."""

    @property
    def MINIMUM(self) -> int:  # noqa: N802 - a constant of a module
        """Distinct weeks needed to tell this shape from a straight line."""

    @property
    def FAMILY(self) -> str:  # noqa: N802 - a constant of a module
        """Which shapes it is a near copy of."""

    def obstacle(self, observed: Observed) -> str:
        """Return why these weeks do not suit the shape; empty if they do."""
        ...

    def columns(self, weeks: Amount, observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
        """Return the columns at some weeks, each of the weeks' shape."""
        ...

    def breaks(self, observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
        """Return the weeks at which the columns jump or bend; between them they are smooth."""
        ...

    def grid(self, observed: Observed) -> Grid:
        """Return the shape's parameters with their stated prior."""
        ...

    def variables(self, observed: Observed) -> "tuple[TensorVariable, ...]":
        """Return the parameters as PyMC variables, inside a ``pm.Model``."""
        ...


def no_obstacle(observed: Observed) -> str:
    """Return nothing: any weeks suit."""
    return ""


def no_breaks(observed: Observed, parameter: Amount) -> tuple[Amount, ...]:
    """Return nothing: the columns are smooth over all observed weeks."""
    return ()


def no_grid(observed: Observed) -> Grid:
    """Return the one node of a shape without parameters."""
    return NO_PARAMETER


def no_variables(observed: Observed) -> "tuple[TensorVariable, ...]":
    """Return no PyMC variables."""
    return ()


def positive_part(amount: Amount) -> Amount:
    """Return the amount where it is above 0, and 0 elsewhere.

    Examples
    --------
    >>> positive_part(np.array([-1.0, 2.0])).tolist()
    [0.0, 2.0]
    """
    return (amount + abs(amount)) / 2


def gauss(low: float, high: float, count: int) -> tuple[FloatArray, FloatArray]:
    """Return nodes on an interval and weights that sum to one: a uniform prior, integrated.

    References
    ----------
    Gauss and Legendre's rule: Golub GH, Welsch JH (1969). Math Comp 23:221-230.
    """
    node, weight = _legendre(count)
    return low + (high - low) * (node + 1) / 2, weight / 2


_legendre = lru_cache(np.polynomial.legendre.leggauss)


def joined(values: Sequence[FloatArray], weights: Sequence[FloatArray]) -> Grid:
    """Return a fine and a coarse rule as one grid: each node has a weight in one of them."""
    fine, coarse = weights
    return Grid(
        np.concatenate(values),
        np.concatenate([fine, np.zeros(coarse.size)]),
        np.concatenate([np.zeros(fine.size), coarse]),
    )
