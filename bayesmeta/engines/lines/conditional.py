"""What rows say given coefficients and hyperparameters: of draws of them, whoever drew."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines.lines.question import spread_by_row
from bayesmeta.engines.lines.reading import outside_of, rows_of, widening_of
from bayesmeta.engines.lines.rows import Rows, Spreads, log_mixed
from bayesmeta.engines.lines.widening import SHARE, Widening
from bayesmeta.random_effects import Kernel, kernel_of

type Values = Mapping[str, FloatArray]
"""Free hyperparameters by name, each of shape (draw,)."""


@dataclass(frozen=True, eq=False)
class Conditional:
    """A model of frame L, given all but study effects.

    Parameters
    ----------
    kernel, fixed
        How study effects spread, and hyperparameters that a number stands for.
    rows, design
        Of all studies; the design of shape (study, coefficient).
    widening
        Which studies may have a bias of their own; None where none may.
    outside
        Which studies' effects spread as those outside the reference design; None where all alike.
    """

    kernel: Kernel
    fixed: Mapping[str, float]
    rows: Rows
    design: FloatArray
    widening: Widening | None
    outside: BoolArray | None = None

    @classmethod
    def of(cls, assembly: Assembly) -> "Conditional":
        """Return that of a model on a table."""
        kernel = kernel_of(assembly.parts.heterogeneity)
        assert kernel is not None  # noqa: S101  (asked where the model is of lines)
        rows = rows_of(assembly.parts, assembly.effects.estimate, assembly.rows)
        widening = widening_of(assembly.parts, assembly.constants, assembly.rows)
        outside = outside_of(kernel, assembly.rows)
        return cls(kernel, assembly.fixed, rows, assembly.design, widening, outside)

    @property
    def studies(self) -> int:
        """How many studies there are."""
        return len(self.design)

    def log_rows(self, centre: FloatArray, values: Values) -> FloatArray:
        """Return log p(data of a row), effects and biases integrated out, (draw, study)."""
        spreads, point = self._spreads(values, len(centre)), centre[:, np.newaxis]
        found = log_mixed(self.rows, point, spreads)
        if self.widening is not None:
            found = self.widening.mixed(found, self.rows, point, spreads)
        return found[:, 0]

    def chances(self, centre: FloatArray, values: Values) -> FloatArray:
        """Return how probable a bias of each study's own is, shape (draw, study)."""
        if self.widening is None:
            return np.zeros(centre.shape)
        spreads = self._spreads(values, len(centre))
        return self.widening.chances(self.rows, centre[:, np.newaxis], spreads)[:, 0]

    def _spreads(self, values: Values, size: int) -> Spreads:
        fixed = {name: np.full(size, value) for name, value in self.fixed.items()}
        known = {**fixed, **values}
        scales = self.kernel.scales(known)
        shape = np.broadcast_shapes(scales.log_weight.shape, scales.variance.shape)
        share = known[SHARE] if self.widening is not None else np.zeros(size)
        weight, variance = (np.broadcast_to(each, shape) for each in scales)
        by_row = spread_by_row(self.kernel, self.outside, known, variance)
        return Spreads(weight, variance, share[:, np.newaxis], by_row)
