"""A posterior of frame L: its nodes, and the distributions that follow."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.band import density_at, pieces
from bayesmeta.engines.lines.mixing import Mixing
from bayesmeta.engines.lines.rows import Rows
from bayesmeta.engines.lines.tabulating import INTERPOLATED, tabulated
from bayesmeta.engines.quadrature import Drawn
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.random_effects import Kernel, Scales
from bayesmeta.sinc import SincDensity

_ALIAS = 1e-10
"""A lattice shows a kernel where the rest of its spectrum is no more than this."""
_QUARTILE = 0.6744897501960817


@dataclass(frozen=True, eq=False)
class Points:
    """Coefficients on lattices, one a node of the hyperparameters.

    Parameters
    ----------
    node
        Which node of the hyperparameters, shape (point,).
    location
        Coefficients, shape (point, coefficient).
    weight, coarse_weight
        Probabilities, shape (point,); at twice the step of the hyperparameters.
    values
        Hyperparameters by name, each of shape (node,).
    covariance
        A lattice's steps times their transpose, shape (node, coefficient, coefficient).
    mixing
        Probabilities of the mixing rule's nodes at each point, shape (point, mixing node).
    """

    node: IntArray
    location: FloatArray
    weight: FloatArray
    coarse_weight: FloatArray
    values: Mapping[str, FloatArray]
    covariance: FloatArray
    mixing: FloatArray

    @cached_property
    def both(self) -> FloatArray:
        """Both weights, shape (point, 2)."""
        return np.stack([self.weight, self.coarse_weight], axis=-1)


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

    @cached_property
    def scales(self) -> Scales:
        """The kernel's normals at each node, shape (node, component).

        Weights that are linear in a hyperparameter are those at its prior mean.
        """
        count = len(self.points.covariance)
        found = self.kernel.scales(self._all_values())
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
        return joined_densities([self._effect(study) for study in chosen], moments=np.inf)

    def below(self, study: int) -> FloatArray:
        """Return the probability of data below one study's own, fine and coarse, shape (2,).

        Of a study that was left out: predicted by all the others.
        """
        found = self.combination(self.design[study], new_study=True)
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
        points, mark = self.points, self.kernel.mark(self._all_values())
        total = np.zeros(len(self.design))
        for study in range(total.size):
            for part in pieces(points.node.size, mark.shape[-1]):
                own = self._component(study, part)
                total[study] += points.weight[part] @ (own * mark[points.node[part]]).sum(axis=-1)
        return total

    def _component(self, study: int, part: slice) -> FloatArray:
        """Return how likely one study's effect is of each normal, shape (point, component)."""
        terms = self._terms(study, part)
        if self.mixing is None:
            terms = terms + self.scales.log_weight[self.points.node[part]]
            return np.exp(terms - log_sum(terms)[:, np.newaxis])
        each = np.exp(terms - terms.max(axis=-1, keepdims=True))
        over = self.points.mixing[part] / (each @ self.mixing.component.T)
        return np.asarray(each * (over @ self.mixing.component))

    def _terms(self, study: int, part: slice) -> FloatArray:
        """Return the log of one row's likelihood spread by each normal, (point, component)."""
        own = self.rows.take(np.arange(len(self.design)) == study)
        centre = (self.points.location[part] @ self.design[study])[:, np.newaxis, np.newaxis]
        variance = self.scales.variance[self.points.node[part]][..., np.newaxis]
        return own.log_spread(centre, variance)[..., 0]

    def _cavity(self, study: int) -> FloatArray:
        """Return the log weight of each normal at each point without one row, (point, component).

        Without a mixing rule one column serves for all the normals.
        """
        every = slice(None)
        terms = self._terms(study, every)
        if self.mixing is None:
            weighted = terms + self.scales.log_weight[self.points.node]
            return -log_sum(weighted)[:, np.newaxis]
        top = terms.max(axis=-1, keepdims=True)
        over = self.points.mixing / (np.exp(terms - top) @ self.mixing.component.T)
        return np.asarray(np.log(over @ self.mixing.component) - top)

    def _all_values(self) -> dict[str, FloatArray]:
        count = len(self.points.covariance)
        fixed = {name: np.full(count, value) for name, value in self.fixed.items()}
        if self.mixing is not None:
            fixed[self.mixing.name] = np.full(count, self.mixing.node[0])
        return {**fixed, **self.points.values}

    def _combined(self, row: FloatArray, *, new_study: bool) -> SincDensity:
        points = self.points
        place = points.location @ row
        if not new_study:
            step, nothing = self._steps(row)[points.node], np.zeros(place.size)

            def densities(x: FloatArray) -> FloatArray:
                return density_at(x, place, step, nothing, points.both)

            bulk = _bulk(place, points.weight, np.zeros(1))
            return tabulated(densities, *bulk, floor=INTERPOLATED)
        spread, weight = np.array([self._typical]), self._new()
        return tabulated(
            lambda x: self._around(x, row, weight),
            *_bulk(place, points.weight, spread**2),
        )

    @cached_property
    def _typical(self) -> float:
        """How far study effects lie from their centres, roughly: a middle of the scales."""
        weight, variance = self.scales
        middle = np.exp((np.exp(weight) * np.log(np.maximum(variance, 1e-300))).sum(axis=-1))
        return float(np.sqrt(self._node_weight @ middle))

    @cached_property
    def _node_weight(self) -> FloatArray:
        return np.bincount(
            self.points.node, self.points.weight, minlength=len(self.points.covariance)
        )

    def _steps(self, row: FloatArray) -> FloatArray:
        """Return how far apart a lattice's points are along a row, shape (node,)."""
        return np.sqrt(row @ self.points.covariance @ row)

    def _around(self, x: FloatArray, row: FloatArray, weight: FloatArray) -> FloatArray:
        """Return the density of row @ coefficients plus a study's deviation, (point, column).

        Parameters
        ----------
        weight
            Of points, shape (point, 1, column); or, with a mixing rule, of points and normals,
            (point, component, column).
        """
        step = self._steps(row)
        log_weight, variance = self.scales
        place = self.points.location @ row
        if self.mixing is not None:
            return self._by_scales(x, place, slice(None), weight, step)
        with np.errstate(under="ignore"):
            alias = np.exp(log_weight - 2 * (np.pi / step[:, np.newaxis]) ** 2 * variance)
        plain = (alias.sum(axis=-1) < _ALIAS)[self.points.node]
        found = self._by_kernel(x, place, plain, weight[:, 0])
        share = np.exp(log_weight)[self.points.node[~plain]][..., np.newaxis]
        return np.asarray(found + self._by_scales(x, place, ~plain, weight[~plain] * share, step))

    def _by_kernel(
        self, x: FloatArray, place: FloatArray, own: BoolArray, weight: FloatArray
    ) -> FloatArray:
        node = self.points.node[own]
        values = {name: value[node] for name, value in self._all_values().items()}
        found = np.zeros((x.size, weight.shape[1]))
        for part in pieces(x.size, node.size):
            kernel = np.exp(self.kernel.log_kernel(x[part, np.newaxis] - place[own], values))
            found[part] = kernel @ weight[own]
        return found

    def _by_scales(
        self,
        x: FloatArray,
        place: FloatArray,
        own: BoolArray | slice,
        weight: FloatArray,
        step: FloatArray,
    ) -> FloatArray:
        node = self.points.node[own]
        found = np.zeros((x.size, weight.shape[-1]))
        if not node.size:
            return found
        least = _ALIAS * 1e-3 * weight.max()
        for component, variance in enumerate(self.scales.variance.T):
            share = weight[:, component]
            if share.max() > least:
                found += density_at(x, place[own], step[node], variance[node], share)
        return found

    def _new(self) -> FloatArray:
        """Return the weights of points for a new study, as `_around` takes them."""
        points = self.points
        if self.mixing is None:
            return points.both[:, np.newaxis]
        own = points.mixing @ self.mixing.component
        return np.asarray(own[..., np.newaxis] * points.both[:, np.newaxis])

    def _effect(self, study: int) -> SincDensity:
        """Return the posterior of one study effect: L(theta) times what all else says of it."""
        row = self.design[study]
        if not self.taking[study]:
            return self._combined(row, new_study=True)
        own = self.rows.take(np.arange(len(self.design)) == study)
        cavity = self._cavity(study)
        top = cavity.max()
        weight = np.exp(cavity - top)[..., np.newaxis] * self.points.both[:, np.newaxis]

        def densities(x: FloatArray) -> FloatArray:
            log_likelihood = own.log_likelihood(x[:, np.newaxis]) + top
            return np.exp(log_likelihood) * self._around(x, row, weight)

        return tabulated(densities, *self._start(study))

    def _start(self, study: int) -> tuple[float, float]:
        """Return about where a study effect lies: between its estimate and the centre."""
        estimate, variance = self.rows.rough()
        centre = self.points.weight @ (self.points.location @ self.design[study])
        spread = self._typical**2 + 1e-300
        left = variance[study] / (variance[study] + spread)
        scale = np.sqrt(left * spread + 1e-300)
        around = self.points.location @ self.design[study] - centre
        wide = np.sqrt(scale**2 + left**2 * (self.points.weight @ around**2))
        return float(estimate[study] + left * (centre - estimate[study])), float(wide)


def _bulk(place: FloatArray, weight: FloatArray, variance: FloatArray) -> tuple[float, float]:
    """Return a middle and a scale of points spread by a variance."""
    order = np.argsort(place)
    levels = np.searchsorted(np.cumsum(weight[order]), [0.25, 0.5, 0.75])
    low, middle, high = place[order][np.minimum(levels, place.size - 1)].tolist()
    spread = (high - low) / (2 * _QUARTILE)
    return middle, float(np.sqrt(spread**2 + variance.sum()))


def joined_densities(found: list[SincDensity], *, moments: FloatArray | float) -> SincDensity:
    """Return densities, each a batch of one, as one batch of shape (1, density)."""
    width = max(each.log_weight.shape[-1] for each in found)

    def padded(name: str) -> FloatArray:
        arrays = [getattr(each, name)[0] for each in found]
        filled = [np.pad(a, (0, width - a.size), constant_values=-np.inf) for a in arrays]
        return np.stack(filled)[np.newaxis]

    path = found[0].path
    centre, scale = (
        np.stack([getattr(each.path, name)[0] for each in found])[np.newaxis]
        for name in ("centre", "scale")
    )
    return SincDensity(
        path._replace(centre=centre, scale=scale),
        np.stack([each.first[0] for each in found])[np.newaxis],
        np.stack([each.step[0] for each in found])[np.newaxis],
        padded("log_weight"),
        moments=moments,
        rough=padded("rough"),
    )
