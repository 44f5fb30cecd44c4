"""What rows say of a centre where their effects are spread by mixtures of normals."""

from collections.abc import Iterator

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.lines.curves import are_worth_it, read_off
from bayesmeta.engines.lines.rows import NormalRows, Rows
from bayesmeta.engines.lines.spreads import Spreads

_BLOCK = 150_000
"""Most numbers in one array of components, nodes and rows: what a processor's cache holds."""
_FACTORS = 32
"""Numbers multiplied before a log is taken."""


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
