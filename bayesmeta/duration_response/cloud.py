"""The posterior over shapes, their parameters, coefficients and tau, as weighted nodes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.changes import Change, split
from bayesmeta.duration_response.design import rows_of
from bayesmeta.duration_response.deviating import widened
from bayesmeta.duration_response.heterogeneity import AveragedTau
from bayesmeta.duration_response.lines.law import Law
from bayesmeta.duration_response.odds import factor_of_change
from bayesmeta.duration_response.others import Others, Setting
from bayesmeta.duration_response.posterior import ShapePosterior
from bayesmeta.location.shapes import Observed
from bayesmeta.mixtures import NormalMixture


class Predicted(NamedTuple):
    """The mean effect, and the effect in a new study."""

    mean: NormalMixture
    new_study: NormalMixture


@dataclass(frozen=True, eq=False)
class Cloud:
    """All shapes with their probabilities, and the coefficients' posterior under each.

    Parameters
    ----------
    parts
        The posterior under each shape.
    others
        Further moderators.
    moments
        How many moments of tau exist.
    prior
        Prior probability of each shape, shape (shape,).
    law
        Of study effects that are not normal; None where they are.
    figure
        Whether two digits are enough.
    """

    parts: Sequence[ShapePosterior]
    others: Others
    moments: int
    prior: FloatArray
    law: Law | None = None
    figure: bool = False

    @property
    def shapes(self) -> tuple[str, ...]:
        """Names of the shapes."""
        return tuple(part.curves.shape for part in self.parts)

    @cached_property
    def drawn(self) -> "Cloud":
        """The same for figures: less work, and no errors."""
        parts = [replace(part, nodes=part.drawn) for part in self.parts]
        return replace(self, parts=parts, figure=True)

    @property
    def observed(self) -> Observed:
        """The observed durations."""
        return self.parts[0].curves.observed

    @cached_property
    def probability(self) -> tuple[FloatArray, FloatArray]:
        """Posterior probability of each shape; fine and coarse, each of shape (shape,)."""
        fine = np.array([part.log_evidence for part in self.parts])
        coarse = np.array([part.coarse_log_evidence for part in self.parts])
        return _shares(np.log(self.prior) + fine), _shares(np.log(self.prior) + coarse)

    @property
    def factor_of_change(self) -> tuple[float, float]:
        """The Bayes factor of any change against none, and its error; nan without the constant."""
        fine, coarse = (
            factor_of_change(np.array(evidence), self.shapes, self.prior)
            for evidence in (
                [part.log_evidence for part in self.parts],
                [part.coarse_log_evidence for part in self.parts],
            )
        )
        return fine, abs(fine - coarse)

    def of(self, shape: str) -> ShapePosterior:
        """Return the posterior under one shape."""
        return self.parts[self.shapes.index(shape)]

    def log_evidence(self, shape: str) -> tuple[float, float]:
        """Return a shape's log marginal likelihood, and its error."""
        part = self.of(shape)
        return part.log_evidence, abs(part.log_evidence - part.coarse_log_evidence)

    def shape_probability(self, shape: str) -> tuple[float, float]:
        """Return a shape's posterior probability, and its error."""
        place = self.shapes.index(shape)
        fine, coarse = (float(part[place]) for part in self.probability)
        return fine, abs(fine - coarse)

    def effects(
        self, weeks: FloatArray, *, shape: str | None = None, at: Setting | None = None
    ) -> Predicted:
        """Return the mean effect at chosen weeks, and that in a new study, batches (week,)."""
        others = self.others.rows(weeks, at or {})
        rows = [rows_of(part.curves, weeks, self.others, others) for part in self._parts(shape)]
        mean, spread = self._mixture(rows, shape)
        return Predicted(mean, widened(mean, spread, self.law, figure=self.figure))

    def change(self, start: float, end: float, *, shape: str | None = None) -> Change:
        """Return the change of the mean effect from one duration to another."""
        weeks = np.array([start, end])
        others = self.others.rows(weeks, {})
        rows = [
            np.diff(rows_of(part.curves, weeks, self.others, others), axis=1)
            for part in self._parts(shape)
        ]
        found, _ = self._mixture(rows, shape)
        assert found.coarse_weight is not None  # noqa: S101  (nodes have both)
        return split(found.weight[0], found.coarse_weight[0], found.location[0], found.scale[0])

    def parameter(self, shape: str) -> tuple[FloatArray, FloatArray]:
        """Return values of a shape's own parameters, (node, parameter), and probabilities."""
        part = self.of(shape)
        return part.curves.parameter, part.probability

    @property
    def spreads(self) -> tuple[str, ...]:
        """Names of the hyperparameters, the residual between-study SD first."""
        return tuple(self.parts[0].spreads)

    def tau(self, shape: str | None = None, name: str | None = None) -> AveragedTau:
        """Return the residual between-study SD, or another hyperparameter by its name."""
        name = name or self.parts[0].first
        if shape is not None:
            return self.of(shape).spreads[name]
        fine, coarse = self.probability
        own = [part.spreads[name] for part in self.parts]
        every = list(zip(own, fine, coarse, strict=True))
        return AveragedTau(
            [tau.times(share) for part, share, _ in every for tau in part.parts],
            [tau.times(share) for part, _, share in every for tau in part.coarse_parts],
            own,
        )

    def _parts(self, shape: str | None) -> Sequence[ShapePosterior]:
        return self.parts if shape is None else [self.of(shape)]

    def _mixture(
        self, rows: Sequence[FloatArray], shape: str | None
    ) -> tuple[NormalMixture, FloatArray]:
        """Return the posterior of rows (curve, m, coefficient), an array a shape, a batch (m,).

        Beside it stands the SD of a new study's effect at each of the components.
        """
        parts = self._parts(shape)
        shares = self.probability if shape is None else (np.ones(1), np.ones(1))
        found = [part.nodes.components(row) for part, row in zip(parts, rows, strict=True)]
        fine = [p * item.weight for p, item in zip(shares[0], found, strict=True)]
        coarse = [p * item.coarse_weight for p, item in zip(shares[1], found, strict=True)]
        location, scale = (
            np.concatenate([getattr(item, name) for item in found], axis=1)
            for name in ("location", "scale")
        )
        count = location.shape[0]
        mixture = NormalMixture(_joined(fine, count), location, scale, _joined(coarse, count))
        return mixture, np.concatenate([item.spread for item in found])


def _joined(weights: Sequence[FloatArray], count: int) -> FloatArray:
    """Return weights, shape (m, component): those that are the same for all m repeated."""
    return np.concatenate(
        [np.broadcast_to(weight, (count, weight.shape[-1])) for weight in weights], axis=1
    )


def _shares(log_evidence: FloatArray) -> FloatArray:
    found: FloatArray = np.exp(log_evidence - np.logaddexp.reduce(log_evidence))
    return found
