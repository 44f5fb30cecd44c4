"""A posterior of frame L: the distributions that follow from its points."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.by_side import BySide
from bayesmeta.engines.lines.combined import combined
from bayesmeta.engines.lines.components import Components
from bayesmeta.engines.lines.dense import Dense, LogPrior
from bayesmeta.engines.lines.deviations import Deviations
from bayesmeta.engines.lines.effects import effect, predicted
from bayesmeta.engines.lines.joining import joined_densities
from bayesmeta.engines.lines.mixing import Mixing
from bayesmeta.engines.lines.points import Points
from bayesmeta.engines.lines.rows import Rows
from bayesmeta.engines.lines.seen import seen
from bayesmeta.engines.lines.widening import Widening
from bayesmeta.engines.quadrature import Drawn
from bayesmeta.random_effects import Kernel, Scales
from bayesmeta.sinc import SincDensity


@dataclass(frozen=True, eq=False)
class Lines:
    """One posterior, a batch of one where batches are asked.

    Parameters
    ----------
    points
        Where it is known.
    kernel, fixed
        How study effects spread, and hyperparameters that a number stands for.
    rows, design
        Of all studies, those that were left out too; the design of shape (study, coefficient).
    marginals
        Distributions of the hyperparameters, each a batch of one.
    log_marginal_likelihood, error
        log p(data) with all constants, and its numerical error, shape (1,).
    taking
        Which studies took part, shape (study,).
    mixing
        The rule over the hyperparameter that the kernel's weights are linear in, if there is one.
    widening
        Which studies may have a bias of their own; None where none may.
    outside
        Which studies' effects spread as those outside the reference design; None where all alike.
    spike
        Standard deviation of no bias, where the last coefficient may be none at all; else 0.
    log_prior
        Of the mean, where it is the one coefficient and nothing but it is told of the rows.
    is_seen
        Whether it is of one row of the design and one spread, as `seen` has it.
    """

    points: Points
    kernel: Kernel
    fixed: Mapping[str, float]
    rows: Rows
    design: FloatArray
    marginals: Mapping[str, SincDensity]
    log_marginal_likelihood: FloatArray
    error: FloatArray
    taking: FloatArray
    mixing: Mixing | None = None
    widening: Widening | None = None
    outside: BoolArray | None = None
    spike: float = 0.0
    log_prior: LogPrior | None = None
    is_seen: bool = False

    @cached_property
    def by_side(self) -> BySide:
        """How effects lie around their centres."""
        return BySide(
            self.points, self.kernel, self.fixed, self.mixing, self.widening, self.outside
        )

    @property
    def scales(self) -> Scales:
        """The kernel's normals at each node, shape (node, component).

        Weights that are linear in a hyperparameter are those at its prior mean.
        """
        return self.by_side.scales(is_outside=False)

    @property
    def deviations(self) -> Deviations:
        """How far study effects lie from what the points say, in the reference design."""
        return self.by_side.deviations(is_outside=False)

    def at_points(self, name: str) -> FloatArray:
        """Return a hyperparameter at each point, its mean there where a rule sums it, (point,)."""
        if self.mixing is not None and name == self.mixing.name:
            return np.asarray(self.points.mixing @ self.mixing.node)
        return np.asarray(self.points.values[name][self.points.node])

    @property
    def nodes(self) -> int:
        """How many points there are."""
        return self.points.weight.size

    @property
    def studies(self) -> int:
        """How many study effects there are."""
        return len(self.design)

    def heterogeneity(
        self, name: str | None = None, *, moments: FloatArray | float = np.inf
    ) -> SincDensity:
        """Return the posterior of a hyperparameter, by default of the first, shape (1,)."""
        own = next(iter(self.marginals)) if name is None else name
        return replace(self.marginals[own], moments=moments)

    def combination(
        self,
        rows: FloatArray,
        *,
        new_study: bool = False,
        kind: str = "",  # noqa: ARG002  (all new studies are alike)
        moments: FloatArray | float = np.inf,
    ) -> SincDensity:
        """Return the posterior of linear combinations of the coefficients.

        As `Integral.combination`: shape (1,) for one, (1, m) for m of them.
        """
        rows = np.asarray(rows, dtype=float)
        found = [combined(self, row, new_study=new_study) for row in np.atleast_2d(rows)]
        joined = joined_densities(found, moments=moments)
        return replace(found[0], moments=moments) if rows.ndim == 1 else joined

    def study_effects(self, studies: IntArray | slice = slice(None)) -> SincDensity:
        """Return the posterior of study effects, shape (1, study)."""
        chosen = np.arange(len(self.design))[studies]
        return joined_densities(
            [effect(self.of_study(study), study) for study in chosen], moments=np.inf
        )

    def below(self, study: int) -> FloatArray:
        """Return the probability of data below one study's own, fine and coarse, shape (2,).

        Of a study that was left out: predicted by all the others.
        """
        found = predicted(self.of_study(study), study)
        place = found.first + found.step * np.arange(found.log_weight.shape[-1])
        own = self.rows.take(np.arange(len(self.design)) == study)
        below = own.below(found.path.value(place)[0][:, np.newaxis])[:, 0]
        rough = found.log_weight if found.rough is None else found.rough
        return np.array([below @ np.exp(each[0]) for each in (found.log_weight, rough)])

    def draw(self, size: int, generator: np.random.Generator) -> Drawn:
        """Return independent draws."""
        from bayesmeta.engines.lines.drawing import draw

        return draw(self, size, generator)

    @property
    def marked(self) -> Mapping[str, FloatArray]:
        """The kernel's mark of each study by its name; nothing where it has none."""
        return {self.kernel.MARK: self.marks()} if self.kernel.MARK else {}

    def marks(self) -> FloatArray:
        """Return the posterior mean of the kernel's mark of each study, shape (study,)."""
        return np.array([self.of_study(study).mark(study) for study in range(self.studies)])

    def mark(self, study: int) -> float:
        """Return that of one study, from all the points."""
        return self.components.average(study)

    @cached_property
    def components(self) -> Components:
        """Which normal of the kernel each study's effect is of."""
        return Components(
            self.points, self.by_side.sides, self.by_side.side(self.studies), self.rows,
            self.design, self.mixing, self.widening, self.by_side.share,
        )  # fmt: skip

    @cached_property
    def dense(self) -> Dense | None:
        """The nodes whose lattices do not show the kinks; None where no node is looked at."""
        if (
            not self.rows.kinks
            or self.log_prior is None
            or self.mixing is not None
            or self.widening is not None
            or self.outside is not None
        ):
            return None
        rows = self.rows.take(self.taking > 0)
        alone = self.design.shape[1] == 1 and bool((self.design == 1).all())
        return Dense(self.points, self.scales, rows, self.log_prior) if alone else None

    def of_study(self, study: int) -> "Lines":
        """Return what one study's effect needs of the posterior."""
        return self.along(self.design[study], is_outside=self.by_side.is_outside(study))

    def along(self, row: FloatArray, *, is_outside: bool = False) -> "Lines":
        """Return what is seen of the posterior along a row, for effects of one side of the design.

        Itself where nothing would be less.
        """
        if self.is_seen or self.mixing is not None or self.dense is not None:
            return self
        key = (row.tobytes(), is_outside)
        if key not in self._along:
            known = self.by_side.spread(is_outside=is_outside)
            alike = (self.design == row).all(axis=1).astype(float)[:, np.newaxis]
            self._along[key] = replace(
                self, points=seen(self.points, row, known), design=alike, is_seen=True, spike=0.0
            )
        return self._along[key]

    @cached_property
    def _along(self) -> dict[tuple[bytes, bool], "Lines"]:
        return {}
