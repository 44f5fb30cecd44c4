"""Standard errors that hold whatever the covariance within clusters is: CR2."""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.covariance import Groups
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.frequentist.design import Design, design_of, mean_only
from bayesmeta.frequentist.distributions import two_sided_quantile
from bayesmeta.frequentist.printing import coefficient_lines
from bayesmeta.within import within

FEWEST = 4
"""Clusters; with fewer, Satterthwaite's degrees of freedom are hardly any."""
_SINGULAR = 1e-10


class ClusterRobust(NamedTuple):
    """Coefficients with robust standard errors; every array has shape (coefficient,)."""

    coefficients: FloatArray
    se: FloatArray
    degrees_of_freedom: FloatArray
    lower: FloatArray
    upper: FloatArray
    clusters: int

    def __repr__(self) -> str:
        """Return the fit as it is read, a coefficient a line."""
        return "\n".join([f"Cluster-robust (CR2), {self.clusters} clusters",
                          *coefficient_lines(self)])  # fmt: skip

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"


class Robust(NamedTuple):
    """What each cluster says of the coefficients.

    Parameters
    ----------
    coefficients
        Shape (coefficient,).
    shares
        Each cluster's adjusted score, shape (cluster, coefficient): their cross products sum to
        the robust covariance.
    own, crossed
        Expected products of the shares under the working covariance, as `freedom` takes them.
    """

    coefficients: FloatArray
    shares: FloatArray
    own: list[FloatArray]
    crossed: list[FloatArray]
    inverse: FloatArray

    def se(self, row: FloatArray) -> float:
        """Return the robust standard error of row @ coefficients."""
        return float(np.sqrt(((self.shares @ row) ** 2).sum()))

    def freedom(self, row: FloatArray) -> float:
        """Return Satterthwaite's degrees of freedom of the variance of row @ coefficients.

        The variance is a quadratic form; with Omega the covariance of the clusters' shares under
        the working model they are (trace Omega)² / trace(Omega²).
        """
        own = np.array([row @ each @ row for each in self.own])
        crossed = np.array([row @ each for each in self.crossed])
        omega = np.diag(own) - crossed @ self.inverse @ crossed.T
        return float(np.trace(omega) ** 2 / (omega**2).sum())


def cluster_robust(
    estimate: ArrayLike,
    covariance: ArrayLike,
    clusters: Iterable[object],
    design: ArrayLike | None = None,
    *,
    interval: float = 0.95,
) -> ClusterRobust:
    """Return generalised least squares with CR2 standard errors and Satterthwaite's t intervals.

    With V the working covariance, W its inverse, M = (X' W X)^-1 and, of cluster i, residuals e
    and D' D = V::

        covariance         = M (sum over i of X' W A e e' A' W X) M
        A                  = D' B^(1/2) D,  B = (D (V - X M X') D')^+

    so that it is unbiased where the working covariance is right; it is consistent for many
    clusters where that is wrong.

    Parameters
    ----------
    estimate
        Shape (row,).
    covariance
        The working covariance of the estimates around the design, heterogeneity included: shape
        (row, row), or variances of shape (row,). Nothing between clusters.
    clusters
        The cluster of each row.
    design
        Shape (row, coefficient); a column of ones where absent.
    interval
        Level of the intervals.

    Raises
    ------
    StudiesError, ModelError
        If the arrays or the level cannot be used, or there are fewer than 4 clusters.

    References
    ----------
    Pustejovsky JE, Tipton E (2018). Small-sample methods for cluster-robust variance estimation
    and hypothesis testing in fixed effects models. J Bus Econ Stat 36:672-683.
    Tipton E (2015). Small sample adjustments for robust variance estimation with meta-regression.
    Psychol Methods 20:375-393.

    Examples
    --------
    Four clusters of two with equal variances: the t interval of the four means, on 3.

    >>> found = cluster_robust([1, 2, 2, 4, 0, 1, 3, 5], [1.0] * 8, "aabbccdd")
    >>> found.se.round(6), found.degrees_of_freedom.round(6)
    (array([0.777282]), array([3.]))
    """
    values, groups = np.asarray(estimate, dtype=float), Groups.of(clusters)
    matrix = _square(np.asarray(covariance, dtype=float), values, groups)
    if not within(interval, 0, 1):
        raise ModelError(f"Interval level {interval!r}; it must lie between 0 and 1.")
    columns = None if design is None else np.asarray(design, dtype=float)
    own = mean_only(values.size) if columns is None else design_of(columns)
    blocks = [matrix[np.ix_(rows, rows)] for rows in rows_of(groups)]
    found = robust(values, blocks, own, groups)
    unit = np.eye(len(found.coefficients))
    se = np.array([found.se(row) for row in unit])
    freedom = np.array([found.freedom(row) for row in unit])
    half = se * [two_sided_quantile(interval, each) for each in freedom.tolist()]
    coefficients = found.coefficients
    return ClusterRobust(
        coefficients, se, freedom, coefficients - half, coefficients + half, len(groups)
    )


def _square(covariance: FloatArray, estimate: FloatArray, groups: Groups) -> FloatArray:
    """Return a working covariance in full, checked."""
    count = estimate.size
    matrix = np.diag(covariance) if covariance.ndim == 1 else covariance
    if estimate.ndim != 1 or matrix.shape != (count, count) or groups.code.size != count:
        raise StudiesError(
            f"Estimates of shape {estimate.shape} with a covariance of shape {covariance.shape} "
            f"and {groups.code.size} clusters; give one row of each an estimate."
        )
    if not (np.isfinite(matrix).all() and np.isfinite(estimate).all()):
        raise StudiesError("Estimates and their working covariance must be finite.")
    if np.any((matrix != 0) & ~groups.same):
        raise ModelError("The working covariance joins rows of different clusters.")
    return matrix


def rows_of(groups: Groups) -> list[IntArray]:
    """Return the rows of each cluster."""
    return [np.flatnonzero(groups.code == code) for code in range(len(groups))]


def require_clusters(groups: Groups) -> None:
    """Raise unless there are clusters enough.

    Raises
    ------
    ModelError
        If there are fewer than 4.
    """
    if len(groups) < FEWEST:
        raise ModelError(
            f"{len(groups)} clusters are too few for cluster-robust standard errors; "
            f"they need at least {FEWEST}."
        )


def robust(
    estimate: FloatArray, blocks: list[FloatArray], design: Design, groups: Groups
) -> Robust:
    """Return what each cluster says of the coefficients.

    Parameters
    ----------
    blocks
        The working covariance of each cluster's rows, in the order of the table.

    Raises
    ------
    ModelError
        If there are fewer than 4 clusters, or a working covariance is not positive definite.
    """
    require_clusters(groups)
    rows, basis = rows_of(groups), design.basis.T
    try:
        roots = [np.linalg.cholesky(block) for block in blocks]
    except np.linalg.LinAlgError as error:
        raise ModelError("The working covariance is not positive definite.") from error
    weighted = [np.linalg.solve(block, basis[own]) for block, own in zip(blocks, rows, strict=True)]
    every = list(zip(weighted, rows, strict=True))
    inverse = np.linalg.inv(sum((left.T @ basis[own] for left, own in every), start=0.0))
    location = inverse @ sum((left.T @ estimate[own] for left, own in every), start=0.0)
    shares, spreads, crossed = [], [], []
    for block, root, left, own in zip(blocks, roots, weighted, rows, strict=True):
        adjusted = _adjusted(block, root, basis[own], inverse) @ left @ inverse @ design.back.T
        shares.append(adjusted.T @ (estimate[own] - basis[own] @ location))
        spreads.append(adjusted.T @ block @ adjusted)
        crossed.append(adjusted.T @ basis[own])
    return Robust(design.back @ location, np.array(shares), spreads, crossed, inverse)


def _adjusted(
    block: FloatArray, root: FloatArray, columns: FloatArray, inverse: FloatArray
) -> FloatArray:
    """Return A of one cluster, symmetric: with it the expected product of residuals is V."""
    left = block - columns @ inverse @ columns.T
    value, vector = np.linalg.eigh(root.T @ left @ root)
    there = value > _SINGULAR * value.max()
    power = np.where(there, np.where(there, value, 1.0) ** -0.5, 0.0)
    half = root @ vector
    return np.asarray((half * power) @ half.T)
