"""What rows say of a centre: their likelihoods, spread by normals of given variances."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from scipy.special import ndtr

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.curves import are_worth_it, read_off

_BLOCK = 150_000
"""Most numbers in one array of components, nodes and rows: what a processor's cache holds."""


_FACTORS = 32
"""Numbers multiplied before a log is taken."""


class Spreads(NamedTuple):
    """Effects around their centres at nodes, and how probable a row's own bias is there.

    Parameters
    ----------
    log_weight, variance
        Of the effects' normals, shape (node, component).
    share
        Of biased ones among rows that may be, shape (node, 1); nothing looks at it elsewhere.
    by_row
        The variances of each row's own normals, shape (node, component, row); None where effects
        of all rows spread alike. `variance` is that of the reference design then.
    """

    log_weight: FloatArray
    variance: FloatArray
    share: FloatArray
    by_row: FloatArray | None = None

    def take(self, nodes: slice | IntArray) -> "Spreads":
        """Return those of some nodes."""
        by_row = None if self.by_row is None else self.by_row[nodes]
        return Spreads(self.log_weight[nodes], self.variance[nodes], self.share[nodes], by_row)

    def among(self, rows: BoolArray) -> "Spreads":
        """Return those of some rows."""
        return self._replace(by_row=None if self.by_row is None else self.by_row[..., rows])

    def wider(self, variance: float) -> "Spreads":
        """Return the normals with one more beside each."""
        by_row = None if self.by_row is None else self.by_row + variance
        return self._replace(variance=self.variance + variance, by_row=by_row)

    @property
    def typical(self) -> FloatArray:
        """A middle of the effects' scales, shape (node, row), or (node, 1) for all rows."""
        weight = np.exp(self.log_weight)[..., np.newaxis]
        with np.errstate(divide="ignore"):  # of a tau of 0
            logs = np.log(self.of_rows)
        return np.asarray(np.exp(0.5 * (weight * logs).sum(axis=1) / weight.sum(axis=1)))

    @property
    def of_rows(self) -> FloatArray:
        """The variances, shape (node, component, row), or (node, component, 1) for all rows."""
        return self.variance[..., np.newaxis] if self.by_row is None else self.by_row


class Slopes(NamedTuple):
    """First derivative of the log in the centre, and how fast it surely falls, (..., row)."""

    slope: FloatArray
    curvature: FloatArray


class Rows(Protocol):
    """Likelihoods of rows, each convolved with a normal distribution."""

    def __len__(self) -> int:
        """Return how many rows there are."""
        ...

    def take(self, rows: BoolArray) -> "Rows":
        """Return some of the rows."""
        ...

    def rough(self) -> tuple[FloatArray, FloatArray]:
        """Return about where each likelihood lies, and its variance there, shape (row,)."""
        ...

    def log_spread(
        self, centre: FloatArray, variance: FloatArray, log_weight: FloatArray | float = 0.0
    ) -> FloatArray:
        """Return the log of the integral of L(theta) Normal(theta; centre, variance), weighted.

        Parameters
        ----------
        centre, variance, log_weight
            They broadcast against each other, the last axis the row.
        """
        ...

    @property
    def least(self) -> FloatArray:
        """Logs of integrals below which they are not known, shape (row,)."""
        ...

    @property
    def kinks(self) -> tuple[float, ...]:
        """Effects at which the likelihoods are not smooth."""
        ...

    def slopes(self, centre: FloatArray, variance: FloatArray) -> Slopes:
        """Return its derivatives in the centre."""
        ...

    def log_likelihood(self, theta: FloatArray) -> FloatArray:
        """Return log L at theta, shape (..., row)."""
        ...

    def below(self, theta: FloatArray) -> FloatArray:
        """Return the probability of data below the rows' own at theta, shape (..., row)."""
        ...


@dataclass(frozen=True, eq=False)
class NormalRows:
    """Estimates with known standard errors: all is closed form.

    Parameters
    ----------
    estimate, variance
        Shape (row,).
    """

    estimate: FloatArray
    variance: FloatArray

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self.estimate.size

    def take(self, rows: BoolArray) -> "NormalRows":
        """Return some of the rows."""
        return NormalRows(self.estimate[rows], self.variance[rows])

    def rough(self) -> tuple[FloatArray, FloatArray]:
        """Return the estimates and their variances."""
        return self.estimate, self.variance

    def log_spread(
        self, centre: FloatArray, variance: FloatArray, log_weight: FloatArray | float = 0.0
    ) -> FloatArray:
        """Return Normal(estimate; centre, own variance + variance), weighted."""
        total = self.variance + variance
        constant = log_weight - 0.5 * np.log(2 * np.pi * total)
        found = (self.estimate - centre) ** 2 * (-0.5 / total)
        found += constant
        return np.asarray(found)

    @property
    def kinks(self) -> tuple[float, ...]:
        """None."""
        return ()

    @property
    def least(self) -> FloatArray:
        """Nothing: a normal is known everywhere."""
        return np.full(len(self), -np.inf)

    def slopes(self, centre: FloatArray, variance: FloatArray) -> Slopes:
        """Return its derivatives in the centre."""
        precision = 1 / (self.variance + variance)
        return Slopes((self.estimate - centre) * precision, precision)

    def log_likelihood(self, theta: FloatArray) -> FloatArray:
        """Return log L at theta, shape (..., row)."""
        return self.log_spread(theta, np.zeros(1))

    def below(self, theta: FloatArray) -> FloatArray:
        """Return the normal probability of an estimate below the rows' own."""
        return np.asarray(ndtr((self.estimate - theta) / np.sqrt(self.variance)))


def log_mixed(rows: Rows, centre: FloatArray, scales: Spreads) -> FloatArray:
    """Return log E of rows at centres, shape (node, point, row).

    Parameters
    ----------
    centre
        Shape (node, point, row), or (node, point, 1) where all rows share it.
    scales
        Of the effects, shape (node, component).
    """
    weight, variance = scales.log_weight, scales.of_rows
    if not isinstance(rows, NormalRows) or not are_worth_it(centre.shape[1], variance.shape[1]):
        return _log_summed(rows, centre, weight, variance)
    known = read_off(rows.estimate, rows.variance, centre, weight, variance)
    if known.nodes.all():
        return known.value
    found, others = np.empty((*centre.shape[:2], len(rows))), ~known.nodes
    found[known.nodes] = known.value
    found[others] = _log_summed(rows, centre[others], weight[others], variance[others])
    return found


def _log_summed(
    rows: Rows, centre: FloatArray, log_weight: FloatArray, variance: FloatArray
) -> FloatArray:
    """Return log E as a sum over normals at every centre."""
    found = np.empty((*centre.shape[:2], len(rows)))
    for part in _pieces(found.shape, variance.shape[1]):
        found[part] = _log_sum(_terms(rows, centre[part], log_weight[part], variance[part]))
    return found


def log_products(
    rows: Rows, centre: FloatArray, variance: FloatArray, component: FloatArray
) -> FloatArray:
    """Return the log of the product of E over rows, one a set of weights, (node, point, set).

    Parameters
    ----------
    centre
        As `log_mixed`.
    variance
        Of the effects' normals, shape (node, component).
    component
        Their weights, shape (set, component).
    """
    sets = len(component)
    found = np.empty((*centre.shape[:2], sets))
    for part in _pieces((*centre.shape[:2], 1), sets + len(rows) * component.shape[1]):
        own = variance[part]
        terms = _terms(rows, centre[part], np.zeros_like(own), own[..., np.newaxis])
        top = terms.max(axis=0)
        terms -= top
        np.exp(terms, out=terms)
        found[part] = _log_product(np.moveaxis(terms, -1, 0), component)
        found[part] += top.sum(axis=-1)[..., np.newaxis]
    return found


def _log_product(terms: FloatArray, component: FloatArray) -> FloatArray:
    """Return logs of products over rows of weighted sums over components, (node, point, set).

    Parameters
    ----------
    terms
        Shape (row, component, node, point), the largest component 1.
    """
    product = np.ones((*terms.shape[2:], len(component)))
    log_product = np.zeros_like(product)
    mixed, more = np.empty_like(product), np.empty_like(product)
    for row, each in enumerate(terms, start=1):
        np.multiply(each[0][..., np.newaxis], component[:, 0], out=mixed)
        for own, weight in zip(each[1:], component.T[1:], strict=True):
            np.multiply(own[..., np.newaxis], weight, out=more)
            mixed += more
        product *= mixed
        if row % _FACTORS == 0 or row == len(terms):
            log_product += np.log(product)
            product[...] = 1.0
    return log_product


def shares(rows: Rows, centre: FloatArray, scales: Spreads) -> FloatArray:
    """Return each component's probability given row and centre, (component, node, point, row)."""
    terms = _terms(rows, centre, scales.log_weight, scales.of_rows)
    return np.asarray(np.exp(terms - _log_sum(terms.copy())))


def _terms(
    rows: Rows, centre: FloatArray, log_weight: FloatArray, variance: FloatArray
) -> FloatArray:
    """Return the log of each component's part, shape (component, node, point, row).

    Parameters
    ----------
    variance
        Shape (node, component, row), or (node, component, 1) where all rows have the same.
    """
    weight = np.moveaxis(log_weight, -1, 0)[..., np.newaxis, np.newaxis]
    return rows.log_spread(centre, np.moveaxis(variance, 1, 0)[:, :, np.newaxis], weight)


def _pieces(shape: tuple[int, ...], width: int) -> Iterator[slice]:
    size = max(1, _BLOCK // max(1, shape[1] * shape[2] * width))
    return (slice(start, start + size) for start in range(0, shape[0], size))


def _log_sum(terms: FloatArray) -> FloatArray:
    """Return the log of the sum of exponentials along the first axis."""
    if len(terms) == 1:
        return np.asarray(terms[0])
    top = terms.max(axis=0)
    top = np.where(np.isfinite(top), top, 0.0)
    terms -= top
    np.exp(terms, out=terms)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(terms.sum(axis=0)) + top)
