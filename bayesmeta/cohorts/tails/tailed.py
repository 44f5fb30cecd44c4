"""The posterior of one member with t effects, from the tables that all members share."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.cohorts.tails.bias import of_bias
from bayesmeta.cohorts.tails.node import Node
from bayesmeta.cohorts.tails.walking import Tables, share_changed
from bayesmeta.cohorts.tails.weighing import Sums, Way, log_sums
from bayesmeta.engines.further.even import distribution
from bayesmeta.engines.lines import Lines
from bayesmeta.engines.lines.integrate import change_counted
from bayesmeta.engines.lines.points import Points
from bayesmeta.errors import PosteriorError
from bayesmeta.sinc import SincDensity

_LEAST, _NEGLIGIBLE = 1e-13, 32.0
EFFECT, SLOPE, BIAS = "effect", "slope", "bias"
"""What a posterior is known along."""

type Rows = Mapping[str, FloatArray]
"""By what a posterior is known along, that as a combination of a model's coefficients."""


@dataclass(frozen=True, eq=False)
class Tailed:
    """One posterior, a batch of one where batches are asked.

    Parameters
    ----------
    tables
        What both designs say.
    way
        How they are put together.
    rows
        Which combinations of the coefficients the tables know.
    """

    tables: Tables
    way: Way
    rows: Rows
    _known: dict[str, Lines] = field(default_factory=dict)

    @property
    def log_marginal_likelihood(self) -> FloatArray:
        """Log p(data) with all constants, shape (1,)."""
        return np.array([self._total])

    def heterogeneity(
        self, name: str | None = None, *, moments: FloatArray | float = np.inf
    ) -> SincDensity:
        """Return the posterior of a scale's hyperparameter, by default of the first, shape (1,).

        Raises
        ------
        PosteriorError
            If there is none of that name, or it is fixed.
        """
        known = [walk.axis.name for walk in self.tables.walks]
        own = known[0] if name is None and known else name
        if own not in known:
            raise PosteriorError(
                f"{name}: of the scales of t effects {', '.join(known) or 'none'} is free."
            )
        place = known.index(own)
        grid = np.moveaxis(self.tables.on_grid(self._height), place, 0)
        along = np.logaddexp.reduce(grid.reshape(len(grid), -1), axis=1)
        return replace(distribution(self.tables.walks[place], along), moments=moments)

    def combination(
        self,
        rows: FloatArray,
        *,
        new_study: bool = False,
        kind: str = "",  # noqa: ARG002  (all new studies are alike)
        moments: FloatArray | float = np.inf,
    ) -> SincDensity:
        """Return the posterior of one combination of the coefficients, shape (1,).

        Raises
        ------
        PosteriorError
            If the tables do not know it.
        """
        name = next((name for name, row in self.rows.items() if np.array_equal(row, rows)), None)
        if name is None:
            raise PosteriorError(
                f"Of t effects of two designs {', '.join(self.rows)} are tabulated, and no other "
                "combination of the coefficients."
            )
        own = self.along(name)
        return own.combination(np.ones(1), new_study=new_study, moments=moments)

    def along(self, name: str) -> Lines:
        """Return the posterior of one of effect, slope and bias with the scales."""
        if name not in self._known:
            self._known[name] = self._lines([self._marginal(name, place) for place in self._kept])
        return self._known[name]

    def weighed(self, place: int) -> FloatArray:
        """Return log weights of a node's cells, shape (slope, effect)."""
        return self.way.weighed(self.tables.nodes[place], self.tables.sides.beta)

    def drawn(
        self, size: int, generator: np.random.Generator
    ) -> tuple[Mapping[str, FloatArray], FloatArray]:
        """Return draws on the nodes: free hyperparameters by name, and slope and effects.

        The latter are the slope, the effect in trials and that in cohorts, shape (3, draw).
        """
        kept = self._kept
        share = self.share[kept] / self.share[kept].sum()
        at = kept[np.sort(generator.choice(share.size, size, p=share))]
        found = np.empty((3, size))
        for place in np.unique(at):
            node, here = self.tables.nodes[place], at == place
            weight = self.weighed(int(place))
            own = np.exp(weight - weight.max()).ravel()
            cell = generator.choice(own.size, int(here.sum()), p=own / own.sum())
            slope, effect = np.unravel_index(cell, weight.shape)
            found[0, here], found[1, here] = node.slope[slope], node.effect[effect]
            found[2, here] = self._cohorts(node, slope, effect, generator)
        return {name: value[at] for name, value in self.tables.values.items()}, found

    def _cohorts(
        self, node: Node, slope: IntArray, effect: IntArray, generator: np.random.Generator
    ) -> FloatArray:
        """Return draws of the effect in cohorts given cells."""
        apart, own = self.way.apart, node.effect[effect]
        if apart is None or apart.sd == 0:
            return own if apart is None else apart.centre(own)
        centre, sd = apart.centre(own)[:, np.newaxis], apart.sd
        if sd < 2 * node.cohort_step:
            places = centre + sd * node.places(sd)
            log_told = node.cohorts_at(places)[slope, np.arange(slope.size)]
        else:
            places = np.broadcast_to(node.cohort_effect, (slope.size, node.cohort_effect.size))
            log_told = node.cohorts[slope]
        log_weight = log_told - 0.5 * ((places - centre) / sd) ** 2
        upto = np.cumsum(np.exp(log_weight - log_weight.max(axis=1, keepdims=True)), axis=1)
        level = generator.random((slope.size, 1)) * upto[:, -1:]
        return np.asarray(places[np.arange(slope.size), (upto < level).sum(axis=1)])

    @cached_property
    def share(self) -> FloatArray:
        """The probability of each node, shape (node,)."""
        return np.exp(self._height - self._total)

    @cached_property
    def _height(self) -> FloatArray:
        return np.array([each.total for each in self._sums]) + self.tables.log_prior

    @cached_property
    def _sums(self) -> list[Sums]:
        """What is kept of each node's cells."""
        return [log_sums(self.weighed(place), node) for place, node in enumerate(self.tables.nodes)]

    @property
    def _total(self) -> float:
        total = float(np.logaddexp.reduce(self._height))
        if not np.isfinite(total):
            raise PosteriorError(
                "Trials and cohorts with t effects lie so far apart that no number says how "
                "probable both are; give tau a wider prior"
            )
        return total

    @cached_property
    def _kept(self) -> IntArray:
        """Which nodes are points with probability."""
        own = self.tables.points
        share = self.share[own]
        return np.asarray(own[share > _LEAST * share.max()])

    def _marginal(self, name: str, place: int) -> tuple[FloatArray, FloatArray]:
        """Return nodes of a quantity at a node, and log weights, each of shape (point,)."""
        node = self.tables.nodes[place]
        if name == BIAS:
            assert self.way.apart is not None  # noqa: S101  (asked of members with a bias)
            return of_bias(node, self.way, self.way.apart)
        own = self._sums[place]
        return (node.slope, own.slope) if name == SLOPE else (node.effect, own.effect)

    @cached_property
    def _coarse(self) -> FloatArray:
        """What multiplies weights at twice the step, shape (kept,).

        Where more nodes than the points are known, by how much less these changed the sum.
        """
        parity = self.tables.parity[np.isin(self.tables.points, self._kept)]
        return 1 + change_counted(*share_changed(self.share, self.tables)) * (parity - 1)

    def _lines(self, found: list[tuple[FloatArray, FloatArray]]) -> Lines:
        tables, kept = self.tables, self._kept
        share = self.share[kept] / self.share[kept].sum()
        weight = [own * np.exp(each - np.logaddexp.reduce(each))
                  for own, (_, each) in zip(share, found, strict=True)]  # fmt: skip
        least = _LEAST * max(each.max() for each in weight)
        used = [each > least for each in weight]
        node = np.concatenate([np.full(int(each.sum()), place) for place, each in enumerate(used)])
        every = np.concatenate([each[own] for each, own in zip(weight, used, strict=True)])
        coarse = every * self._coarse[node]
        step = np.array([each[1] - each[0] for each, _ in found])
        points = Points(
            node,
            np.concatenate([each[own] for (each, _), own in zip(found, used, strict=True)])[
                :, None
            ],
            every / every.sum(),
            coarse / coarse.sum(),
            {name: value[kept] for name, value in tables.values.items()},
            (step**2)[:, np.newaxis, np.newaxis],
            np.ones((node.size, 1)),
        )
        sides = tables.sides
        marginals = {name: self.heterogeneity(name) for name in tables.values}
        return Lines(
            points, sides.kernel, sides.fixed, sides.rows, np.ones((sides.error.size, 1)),
            marginals, self.log_marginal_likelihood, np.zeros(1), np.ones(sides.error.size),
        )  # fmt: skip
