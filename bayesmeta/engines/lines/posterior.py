"""A posterior of frame L: the distributions that follow from its points."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.components import Components, Side
from bayesmeta.engines.lines.dense import Dense, LogPrior
from bayesmeta.engines.lines.deviations import Deviations
from bayesmeta.engines.lines.joining import joined_densities
from bayesmeta.engines.lines.leaning import towards
from bayesmeta.engines.lines.middles import Rough, between, middle_of
from bayesmeta.engines.lines.mixing import Mixing
from bayesmeta.engines.lines.points import Points
from bayesmeta.engines.lines.reading import own_kernel
from bayesmeta.engines.lines.rows import Rows
from bayesmeta.engines.lines.seen import seen
from bayesmeta.engines.lines.spiked import spiked
from bayesmeta.engines.lines.tabulating import INTERPOLATED, SPREAD, Densities, tabulated
from bayesmeta.engines.lines.widened import WidenedKernel
from bayesmeta.engines.lines.widening import SHARE, Widening
from bayesmeta.engines.quadrature import Drawn
from bayesmeta.random_effects import Kernel, ScaleMixture, Scales
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
    def scales(self) -> Scales:
        """The kernel's normals at each node, shape (node, component).

        Weights that are linear in a hyperparameter are those at its prior mean.
        """
        return self._scales(self.kernel)

    def _scales(self, kernel: ScaleMixture) -> Scales:
        count = len(self.points.covariance)
        found = kernel.scales(self._all_values())
        if self.mixing is not None:
            found = found._replace(log_weight=np.log(self.mixing.average))
        shape = np.broadcast_shapes(found.log_weight.shape, found.variance.shape, (count, 1))
        return Scales(*(np.broadcast_to(each, shape) for each in found))

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
        found = [self._combined(row, new_study=new_study) for row in np.atleast_2d(rows)]
        joined = joined_densities(found, moments=moments)
        return replace(found[0], moments=moments) if rows.ndim == 1 else joined

    def study_effects(self, studies: IntArray | slice = slice(None)) -> SincDensity:
        """Return the posterior of study effects, shape (1, study)."""
        chosen = np.arange(len(self.design))[studies]
        return joined_densities([self._of(study).effect(study) for study in chosen], moments=np.inf)

    def below(self, study: int) -> FloatArray:
        """Return the probability of data below one study's own, fine and coarse, shape (2,).

        Of a study that was left out: predicted by all the others.
        """
        found = self._of(study).predicted(study)
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
        return np.array([self._of(study).mark(study) for study in range(self.studies)])

    def mark(self, study: int) -> float:
        """Return that of one study, from all the points."""
        return self._components.average(study)

    @cached_property
    def _components(self) -> Components:
        values, side = self._all_values(), np.zeros(self.studies, dtype=np.intp)
        none = np.empty((len(self.scales.variance), 0))
        every = [self.kernel, *([self.kernel.OUTSIDE] if self.kernel.OUTSIDE is not None else [])]
        sides = [Side(self._scales(each), each.mark(values) if self.kernel.MARK else none)
                 for each in every]  # fmt: skip
        return Components(
            self.points, sides, side if self.outside is None else side + self.outside, self.rows,
            self.design, self.mixing, self.widening, self._share,
        )  # fmt: skip

    @cached_property
    def _share(self) -> FloatArray:
        """How probable a bias is at each node, shape (node,)."""
        return self._all_values()[SHARE] if self.widening is not None else np.zeros(1)

    @cached_property
    def deviations(self) -> Deviations:
        """How far study effects lie from what the points say."""
        return self._deviations(self.kernel)

    def _deviations(self, kernel: ScaleMixture) -> Deviations:
        scales = self.scales if kernel is self.kernel else self._scales(kernel)
        return Deviations(self.points, kernel, self._all_values(), scales, self.mixing)

    def _deviations_of(self, study: int) -> Deviations:
        """Return how far one study's effect lies from what the points say."""
        if self.outside is None or not self.outside[study]:
            return self.deviations
        return self._deviations_outside

    @cached_property
    def _deviations_outside(self) -> Deviations:
        assert self.kernel.OUTSIDE is not None  # noqa: S101  (asked of such studies alone)
        return self._deviations(self.kernel.OUTSIDE)

    def _all_values(self) -> dict[str, FloatArray]:
        count = len(self.points.covariance)
        fixed = {name: np.full(count, value) for name, value in self.fixed.items()}
        if self.mixing is not None:
            fixed[self.mixing.name] = np.full(count, self.mixing.node[0])
        return {**fixed, **self.points.values}

    def _combined(self, row: FloatArray, *, new_study: bool) -> SincDensity:
        points = self.points
        place = points.location @ row
        if not new_study and self.spike and not row[:-1].any():
            return spiked(points, self.spike, float(row[-1]))
        if self._dense is not None and self._dense.nodes.size and (row == 1).all():
            return self._mean(self._dense, new_study=new_study)
        if not new_study:
            bulk = middle_of(place, points.weight, np.zeros(1))
            found = tabulated(
                self.deviations.coefficients(row, points.both), *bulk, floor=INTERPOLATED
            )
            return towards(found, place, points.coarse_weight)
        own = self._along(row)
        return self._new(row if own is self else np.ones(1), own.deviations)

    def _of(self, study: int) -> "Lines":
        """Return what one study's effect needs of the posterior."""
        return self._along(self.design[study], study)

    def _along(self, row: FloatArray, study: int | None = None) -> "Lines":
        """Return what is seen of the posterior along a row, for a study's spread or a new one's.

        Itself where nothing would be less.
        """
        if self.is_seen or self.mixing is not None or self._dense is not None:
            return self
        is_outside = study is not None and self.outside is not None and bool(self.outside[study])
        key = (row.tobytes(), is_outside)
        if key not in self._lines_along:
            kernel = self.kernel.OUTSIDE if is_outside else self.kernel
            assert kernel is not None  # noqa: S101  (where studies are outside, one is of them)
            scales = self._scales(kernel)
            share = np.broadcast_to(self._share, len(scales.variance))[:, np.newaxis]
            known = np.concatenate([*scales, share], axis=1)
            alike = (self.design == row).all(axis=1).astype(float)[:, np.newaxis]
            self._lines_along[key] = replace(
                self, points=seen(self.points, row, known), design=alike, is_seen=True, spike=0.0
            )
        return self._lines_along[key]

    @cached_property
    def _lines_along(self) -> dict[tuple[bytes, bool], "Lines"]:
        return {}

    def _new(self, row: FloatArray, deviations: Deviations) -> SincDensity:
        """Return the posterior of row @ coefficients plus a deviation."""
        points, spread = deviations.points, np.array([deviations.typical])
        return tabulated(
            deviations.densities(row, deviations.new_study()),
            *middle_of(points.location @ row, points.weight, spread**2),
        )

    def _mean(self, dense: Dense, *, new_study: bool) -> SincDensity:
        """Return the mean's posterior, or a new study's, with the kinks of likelihoods."""
        one, points, deviations = np.ones(1), self.points, self.deviations
        if new_study:
            others = deviations.densities(one, deviations.new_study() * dense.smooth)
            spread, kinked = deviations.typical**2, dense.new_study()
        else:
            others = deviations.coefficients(one, dense.smooth[..., 0] * points.both)
            spread, kinked = 0.0, dense.mean()
        bulk = middle_of(points.location[:, 0], points.weight, np.full(1, spread))
        floor = SPREAD if new_study else INTERPOLATED
        return tabulated(lambda x: others(x) + kinked(x), *bulk, floor=floor, kinks=self.rows.kinks)

    def effect(self, study: int) -> SincDensity:
        """Return the posterior of one study effect: L(theta) times what all else says of it."""
        row = self.design[study]
        if not self.taking[study]:
            return self.predicted(study)
        own = self.rows.take(np.arange(len(self.design)) == study)
        cavity = self._components.cavity(study)
        top = cavity.max()
        weight = np.exp(cavity - top)[..., np.newaxis] * self.points.both[:, np.newaxis]

        around = self._around(study, row, weight)
        if self._dense is not None:
            around = self._densely(study, weight, top)

        def densities(x: FloatArray) -> FloatArray:
            log_likelihood = own.log_likelihood(x[:, np.newaxis]) + top
            return np.exp(log_likelihood) * around(x)

        return tabulated(densities, *self._start(study), kinks=own.kinks)

    def predicted(self, study: int) -> SincDensity:
        """Return what all others say of one study's effect, its own bias in it, if it may."""
        row, points = self.design[study], self.points
        deviations = self._deviations_of(study)
        if self.widening is None or not self.widening.mark[study]:
            is_new = deviations is self.deviations
            return self._combined(row, new_study=True) if is_new else self._new(row, deviations)
        around = self._around(study, row, deviations.new_study())
        spread = np.array([deviations.typical**2 + self.widening.variance])
        return tabulated(around, *middle_of(points.location @ row, points.weight, spread))

    def _around(self, study: int, row: FloatArray, weight: FloatArray) -> Densities:
        """Return what all else says of a study's effect, its own bias in it, if it may have one."""
        deviations = self._deviations_of(study)
        if self.widening is None or not self.widening.mark[study]:
            return deviations.densities(row, weight, far=not self.taking[study])
        share = self._share[self.points.node][:, np.newaxis, np.newaxis]
        none = deviations.densities(row, weight * (1 - share))
        some = self._widened(study).densities(row, weight * share)
        return lambda x: none(x) + some(x)

    def _densely(self, study: int, weight: FloatArray, top: float) -> Densities:
        """Return what all else says of a study's effect, with the kinks of the other rows."""
        dense = self._dense
        assert dense is not None  # noqa: S101  (asked where it is)
        others = self.deviations.densities(self.design[study], weight * dense.smooth)
        kinked = dense.without(int(self.taking[:study].sum()), top)
        return lambda x: others(x) + kinked(x)

    @cached_property
    def _dense(self) -> Dense | None:
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

    def _widened(self, study: int) -> Deviations:
        """Return how far one study's effect lies from what the points say where it has a bias."""
        assert self.widening is not None  # noqa: S101  (asked of such studies alone)
        own, more = self._deviations_of(study), self.widening.variance
        if id(own) not in self._wider:
            scales = own.scales._replace(variance=own.scales.variance + more)
            kernel = WidenedKernel(own_kernel(self.kernel, self.outside, study), more)
            self._wider[id(own)] = Deviations(self.points, kernel, own.values, scales, None)
        return self._wider[id(own)]

    @cached_property
    def _wider(self) -> dict[int, Deviations]:
        """Deviations with a bias beside them, by those without."""
        return {}

    def _start(self, study: int) -> tuple[float, float]:
        """Return about where a study effect lies."""
        estimate, variance = self.rows.rough()
        own = Rough(float(estimate[study]), float(variance[study]))
        return between(own, self.points.location @ self.design[study], self.points.weight,
                       self._deviations_of(study).typical**2)  # fmt: skip
