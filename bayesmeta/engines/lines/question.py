"""What is integrated: rows, a design, a kernel, and priors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.engines.further.axis import Axis
from bayesmeta.engines.lines.mixing import Mixing
from bayesmeta.engines.lines.mixtures import log_mixed, log_products
from bayesmeta.engines.lines.rows import NormalRows, Rows
from bayesmeta.engines.lines.spreads import Spreads
from bayesmeta.engines.lines.widening import SHARE, Widening
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.errors import ModelError
from bayesmeta.priors import Density
from bayesmeta.random_effects import Kernel
from bayesmeta.studies.wording import choice


@dataclass(frozen=True, eq=False)
class Question:
    """One posterior, before it is integrated.

    Parameters
    ----------
    rows
        The likelihoods of the rows that take part.
    design
        Shape (row, coefficient).
    kernel
        How study effects spread around their centres.
    priors
        Of the coefficients.
    axes
        The hyperparameters that are walked.
    fixed
        Values of those that a number stands for.
    mixing
        The rule over the one that the kernel's weights are linear in, where there is one.
    powers
        Of each row's part, shape (row,); None where all are 1.
    widening
        Which rows may have a bias of their own; None where none may.
    outside
        Which rows' effects spread as the kernel says of those outside the reference design; None
        where it says that all spread alike.
    """

    rows: Rows
    design: FloatArray
    kernel: Kernel
    priors: Sequence[Density]
    axes: Sequence[Axis]
    fixed: Mapping[str, float]
    mixing: Mixing | None = None
    powers: FloatArray | None = None
    widening: Widening | None = None
    outside: BoolArray | None = None

    def __post_init__(self) -> None:
        """Look whether it is known which rows spread otherwise, where the kernel has that.

        Raises
        ------
        ModelError
            If it is not.
        """
        if (self.outside is None) != (self.kernel.OUTSIDE is None):
            raise ModelError(
                "Study effects spread otherwise outside the reference design, and here nothing "
                f"says which studies are: {choice('spread', 'common')} would do."
            )

    def valued(self, values: Mapping[str, FloatArray]) -> Mapping[str, FloatArray]:
        """Return values of all hyperparameters, each of shape (node,)."""
        shape = np.broadcast_shapes(*(each.shape for each in values.values())) or (1,)
        every = {**{name: np.full(shape, value) for name, value in self.fixed.items()}, **values}
        return {name: np.broadcast_to(value, shape) for name, value in every.items()}

    def scales(self, values: Mapping[str, FloatArray]) -> Spreads:
        """Return the mixtures at values of the free hyperparameters, shape (node, component)."""
        known = self.valued(values)
        if self.mixing is None:
            found = self.kernel.scales(known)
        else:  # weights by the prior; the sums over the rule take their own
            some = {self.mixing.name: np.full(1, self.mixing.node[0])}
            found = self.kernel.scales({**known, **some})
            found = found._replace(log_weight=np.log(self.mixing.average))
        shape = np.broadcast_shapes(found.log_weight.shape, found.variance.shape)
        share = np.zeros(1) if self.widening is None else known[SHARE]
        nodes = np.broadcast_to(share[:, np.newaxis], (shape[0], 1))
        weight, variance = (np.broadcast_to(each, shape) for each in found)
        return Spreads(
            weight, variance, nodes, spread_by_row(self.kernel, self.outside, known, variance)
        )

    def log_prior(self, coefficients: FloatArray) -> FloatArray:
        """Return the log prior density of coefficients, shape (..., coefficient)."""
        columns = np.moveaxis(coefficients, -1, 0)
        terms = [prior.log_density(own) for prior, own in zip(self.priors, columns, strict=True)]
        return np.asarray(sum(terms))

    @cached_property
    def rough(self) -> "Question":
        """The same of normal likelihoods where the rows' own lie, and as wide: to find the way."""
        return replace(self, rows=NormalRows(*self.rows.rough()))

    @cached_property
    def kinks(self) -> tuple[float, ...]:
        """Where, of one coefficient, rows may have kinks; of more, where effects do."""
        every = np.array(self.rows.kinks)
        if self.design.shape[1] > 1 or not every.size:
            return self.rows.kinks
        slope = np.unique(self.design[self.design != 0])
        return tuple(np.unique(every[:, np.newaxis] / slope).tolist())

    def centre(self, coefficients: FloatArray) -> FloatArray:
        """Return the rows' centres, shape (..., row), or (..., 1) where all rows share them."""
        return np.asarray(coefficients @ self._design.T)

    @cached_property
    def _design(self) -> FloatArray:
        alike = bool((self.design == self.design[:1]).all())
        return self.design[:1] if alike else self.design

    def log_joint(self, coefficients: FloatArray, scales: Spreads) -> FloatArray:
        """Return log prior plus log likelihood of coefficients, shape (node, point).

        Parameters
        ----------
        coefficients
            Shape (node, point, coefficient).
        scales
            Shape (node, component).
        """
        if self.mixing is not None:
            return log_sum(self.log_mixings(coefficients, scales))
        found = self.log_rows(self.centre(coefficients), scales).sum(axis=-1)
        return np.asarray(found + self.log_prior(coefficients))

    def log_rows(self, centre: FloatArray, scales: Spreads) -> FloatArray:
        """Return what each row says of its centre, biases and powers in it, (node, point, row)."""
        found = log_mixed(self.rows, centre, scales)
        if self.widening is not None:
            found = self.widening.mixed(found, self.rows, centre, scales)
        return found if self.powers is None else found * self.powers

    def log_mixings(self, coefficients: FloatArray, scales: Spreads) -> FloatArray:
        """Return its terms at the nodes of the mixing rule, shape (node, point, mixing node)."""
        if self.mixing is None:
            return self.log_joint(coefficients, scales)[..., np.newaxis]
        centre = self.centre(coefficients)
        found = log_products(self.rows, centre, scales.variance, self.mixing.component)
        log_prior = self.log_prior(coefficients)[..., np.newaxis]
        return np.asarray(found + log_prior + np.log(self.mixing.weight))


def spread_by_row(
    kernel: Kernel,
    outside: BoolArray | None,
    values: Mapping[str, FloatArray],
    variance: FloatArray,
) -> FloatArray | None:
    """Return the variances of each row's own normals, shape (node, component, row).

    None where effects of all rows spread alike.

    Parameters
    ----------
    outside
        Which rows' effects spread as those outside the reference design.
    values
        Of all hyperparameters, each of shape (node,).
    variance
        Of the normals in the reference design, shape (node, component).
    """
    if kernel.OUTSIDE is None or outside is None:
        return None
    other = np.broadcast_to(kernel.OUTSIDE.scales(values).variance, variance.shape)
    return np.where(outside, other[..., np.newaxis], variance[..., np.newaxis])
