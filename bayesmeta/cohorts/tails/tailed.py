"""The posterior of one member with t effects, from the tables that all members share."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.cohorts.tails.node import Node
from bayesmeta.cohorts.tails.walking import Tables
from bayesmeta.cohorts.tails.weighing import Apart, Way, log_total
from bayesmeta.engines.further.joint import along_walk
from bayesmeta.engines.lines import Lines
from bayesmeta.engines.lines.points import Points
from bayesmeta.errors import PosteriorError
from bayesmeta.sinc import SincDensity

_LEAST, _NEGLIGIBLE = 1e-13, 32.0
_STEP, _LOOK, _REACH, _FAR = 0.42, 41, 9.0, 30.0
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
    _weights: dict[int, FloatArray] = field(default_factory=dict)

    @property
    def log_marginal_likelihood(self) -> FloatArray:
        """Log p(data) with all constants, shape (1,)."""
        return np.array([self._total])

    def heterogeneity(
        self, name: str | None = None, *, moments: FloatArray | float = np.inf
    ) -> SincDensity:
        """Return the posterior of tau, shape (1,)."""
        walk = self.tables.walk
        if walk is None or name not in (None, schema.TAU):
            raise PosteriorError(f"{name}: t effects of two designs have tau alone, if it is free.")
        found = along_walk(walk, self._height)
        return replace(found, moments=moments)

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
        """Return the posterior of one of effect, slope and bias with tau."""
        if name not in self._known:
            self._known[name] = self._lines([self._marginal(name, place) for place in self._kept])
        return self._known[name]

    def weighed(self, place: int) -> FloatArray:
        """Return log weights of a node's cells, shape (slope, effect)."""
        if place not in self._weights:
            node = self.tables.nodes[place]
            self._weights[place] = self.way.weighed(node, self.tables.sides.beta)
        return self._weights[place]

    def drawn(
        self, size: int, generator: np.random.Generator
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return draws of tau, slope, and the effects in trials and in cohorts, on the nodes."""
        share = self.share / self.share.sum()
        at = np.sort(generator.choice(share.size, size, p=share))
        found = np.empty((4, size))
        for place in np.unique(at):
            node, here = self.tables.nodes[place], at == place
            weight = self.weighed(int(place))
            own = np.exp(weight - weight.max()).ravel()
            cell = generator.choice(own.size, int(here.sum()), p=own / own.sum())
            slope, effect = np.unravel_index(cell, weight.shape)
            found[0, here], found[1, here] = node.tau, node.slope[slope]
            found[2, here] = node.effect[effect]
            found[3, here] = self._cohorts(node, slope, effect, generator)
        return found[0], found[1], found[2], found[3]

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
        """The probability of each node of tau, shape (node,)."""
        return np.exp(self._height - self._total)

    @cached_property
    def _height(self) -> FloatArray:
        nodes = self.tables.nodes
        found = [log_total(self.weighed(place), each) for place, each in enumerate(nodes)]
        return np.array(found) + self.tables.log_prior

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
        return np.flatnonzero(self.share > _LEAST * self.share.max())

    def _marginal(self, name: str, place: int) -> tuple[FloatArray, FloatArray]:
        """Return nodes of a quantity at a node of tau, and log weights, each of shape (point,)."""
        node = self.tables.nodes[place]
        if name == BIAS:
            assert self.way.apart is not None  # noqa: S101  (asked of members with a bias)
            return _of_bias(node, self.way, self.way.apart)
        weight = self.weighed(place)
        if name == SLOPE:
            return node.slope, np.logaddexp.reduce(weight, axis=1)
        return node.effect, np.logaddexp.reduce(weight, axis=0)

    def _lines(self, found: list[tuple[FloatArray, FloatArray]]) -> Lines:
        tables, kept = self.tables, self._kept
        share = self.share[kept]
        weight = [own * np.exp(each - np.logaddexp.reduce(each))
                  for own, (_, each) in zip(share, found, strict=True)]  # fmt: skip
        used = [each > _LEAST * max(own.max() for own in weight) for each in weight]
        node = np.concatenate([np.full(int(each.sum()), place) for place, each in enumerate(used)])
        every = np.concatenate([each[own] for each, own in zip(weight, used, strict=True)])
        coarse = every * tables.parity[kept][node]
        step = np.array([each[1] - each[0] for each, _ in found])
        points = Points(
            node,
            np.concatenate([each[own] for (each, _), own in zip(found, used, strict=True)])[
                :, None
            ],
            every / every.sum(),
            coarse / coarse.sum(),
            {} if tables.walk is None else {schema.TAU: tables.tau[kept]},
            (step**2)[:, np.newaxis, np.newaxis],
            np.ones((node.size, 1)),
        )
        sides = tables.sides
        marginals = {} if tables.walk is None else {schema.TAU: self.heterogeneity()}
        return Lines(
            points, sides.kernel, sides.fixed, sides.rows, np.ones((sides.error.size, 1)),
            marginals, self.log_marginal_likelihood, np.zeros(1), np.ones(sides.error.size),
        )  # fmt: skip


def _of_bias(node: Node, way: Way, apart: Apart) -> tuple[FloatArray, FloatArray]:
    """Return nodes of what the cohorts' effect has more than the trials', and log weights."""
    trials = node.trials + way.log_prior(node.effect)
    # Given the effect in trials: the cohorts' less that.
    more = apart.mean + (apart.ratio - 1) * node.effect
    ends = [node.cohort_effect[0] - node.effect[-1], node.cohort_effect[-1] - node.effect[0]]
    if np.isfinite(apart.sd):
        ends = [
            max(ends[0], more.min() - _REACH * apart.sd),
            min(ends[1], more.max() + _REACH * apart.sd),
        ]
    wide = 1 / (node.widths[0] ** 2 + node.widths[1] ** 2)
    step = _STEP / np.sqrt(wide + apart.sd**-2)

    def weighed(bias: FloatArray) -> FloatArray:
        found = np.empty(bias.size)
        for place, each in enumerate(bias):
            own = node.cohorts_at(node.effect + each) - 0.5 * ((each - more) / apart.sd) ** 2
            found[place] = np.logaddexp.reduce(trials + own, axis=None)
        return found

    rough = np.linspace(ends[0], ends[1], _LOOK)
    value = weighed(rough)
    there = rough[value >= value.max() - _FAR]
    low, high = there[0] - (rough[1] - rough[0]), there[-1] + (rough[1] - rough[0])
    bias = np.linspace(low, high, max(int(np.ceil((high - low) / step)), 8) + 1)
    return bias, weighed(bias)
