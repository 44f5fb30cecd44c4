"""The rows of both designs, and what is known a priori of their effects."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines.further.axis import Axis
from bayesmeta.engines.further.even import axis_of
from bayesmeta.engines.lines.question import Question
from bayesmeta.engines.lines.rows import NormalRows, Rows
from bayesmeta.engines.lines.spreads import Spreads
from bayesmeta.errors import PosteriorError
from bayesmeta.priors import Density, density
from bayesmeta.random_effects import Kernel, kernel_of
from bayesmeta.spec import Prior

_FLAT = 1e4
"""How many times wider than all priors one is that says nothing."""
_QUARTILE = 0.6744897501960817
MOST = 1
"""Slopes beside the effect: with more, tables are of too many dimensions."""


@dataclass(frozen=True, eq=False)
class Sides:
    """Trials and cohorts with t effects, their scales by one hyperparameter or two.

    Parameters
    ----------
    estimate, error
        Shape (study,).
    cohort
        1 for cohorts, shape (study,).
    slope
        The column of the one slope, zeros without one, shape (study,).
    kernel, fixed
        How effects spread, and its hyperparameters that are numbers.
    axes
        Its hyperparameters that have a prior, tau first.
    mu, beta
        Densities of the priors; beta None where there is no slope.
    bias
        Mean and standard deviation of the usual bias.
    """

    estimate: FloatArray
    error: FloatArray
    cohort: FloatArray
    slope: FloatArray
    kernel: Kernel
    fixed: Mapping[str, float]
    axes: tuple[Axis, ...]
    mu: Density
    beta: Density | None
    bias: tuple[float, float]

    @classmethod
    def of(
        cls,
        pooled: Assembly,
        cohort: FloatArray,
        bias: tuple[float, float],
        spread: Assembly | None = None,
    ) -> "Sides":
        """Return the sides of a table.

        Parameters
        ----------
        pooled
            The table as if all its studies had one design.
        spread
            A model that says how the effects of cohorts spread, if not as those of trials.

        Raises
        ------
        PosteriorError
            If it has more slopes than tables serve.
        """
        names = pooled.coefficients
        if len(names) > MOST + 1:
            raise PosteriorError(
                f"t effects of two designs are tabulated beside {MOST} slope at most, and there "
                f"are {len(names) - 1} ({', '.join(names[1:])})"
            )
        own = pooled if spread is None else spread
        kernel = kernel_of(own.parts.heterogeneity)
        assert kernel is not None  # noqa: S101  (t effects have one)
        known = {name: density(pooled.priors[name], pooled.context) for name in names}
        axes = tuple(axis_of(own, item) for item in own.hyperparameters)
        design = pooled.design
        return cls(
            pooled.effects.estimate, pooled.effects.standard_error, cohort,
            design[:, 1] if len(names) > 1 else np.zeros(len(design)), kernel, own.fixed,
            axes, known[names[0]], known[names[1]] if len(names) > 1 else None, bias,
        )  # fmt: skip

    @property
    def rows(self) -> Rows:
        """All rows."""
        return NormalRows(self.estimate, self.error**2)

    def of_design(self, *, cohorts: bool) -> BoolArray:
        """Return which studies are of one side."""
        return np.asarray((self.cohort > 0) == cohorts)

    def asked(
        self, studies: BoolArray, mu: Density | None = None, *, power: float = 1.0
    ) -> Question:
        """Return the posterior of some studies' effect and slope as the engine of lines has it.

        Parameters
        ----------
        mu
            Another prior of the effect.
        """
        own = self.mu if mu is None else mu
        columns = [np.ones(int(studies.sum()))]
        priors = [own]
        if self.beta is not None:
            columns.append(self.slope[studies])
            priors.append(self.beta)
        return Question(
            self.rows.take(studies), np.column_stack(columns), self.kernel, priors, [], self.fixed,
            powers=None if power == 1 else np.full(int(studies.sum()), power),
            outside=None if self.kernel.OUTSIDE is None else self.cohort[studies] > 0,
        )  # fmt: skip

    def normal(self, mean: float, sd: float) -> Density:
        """Return a normal prior."""
        return density(Prior("Normal", {"mu": float(mean), "sigma": float(sd)}))

    @property
    def around(self) -> tuple[float, float]:
        """Where the prior of the effect lies, and how wide it is: median, and a SD by quartiles."""
        low, middle, high = self.mu.quantile(np.array([0.25, 0.5, 0.75])).tolist()
        return middle, (high - low) / (2 * _QUARTILE)

    def flat(self) -> Density:
        """Return a prior of the effect in cohorts that says nothing."""
        middle, sd = self.around
        mean, own = self.bias
        return self.normal(middle + mean, _FLAT * (sd + own + abs(mean)))

    def scales(self, values: Mapping[str, FloatArray], *, cohorts: bool) -> Spreads:
        """Return how effects of one side spread, shape (node, component).

        Parameters
        ----------
        values
            Of the hyperparameters that have a prior, each of shape (node,).
        """
        kernel = self.kernel.OUTSIDE if cohorts and self.kernel.OUTSIDE is not None else self.kernel
        count = max([value.size for value in values.values()], default=1)
        known = {name: np.full(count, value) for name, value in self.fixed.items()}
        found = kernel.scales({**known, **values})
        shape = np.broadcast_shapes(found.log_weight.shape, found.variance.shape)
        weight, variance = (np.broadcast_to(each, shape) for each in found)
        return Spreads(weight, variance, np.zeros((count, 1)))

    def biased_by(self, bias: tuple[float, float]) -> "Sides":
        """Return the same with another usual bias."""
        return replace(self, bias=bias)
