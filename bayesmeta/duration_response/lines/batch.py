"""Curves that are integrated together: their designs, priors, and which studies take part."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.duration_response.lines.tables import Table
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.errors import PosteriorError


class Batch(NamedTuple):
    """Curves of a shape, or tables of studies under one curve.

    Parameters
    ----------
    estimate
        Shape (study,).
    design
        Shape (curve, coefficient, study).
    mean, precision
        Of the coefficients' priors, shape (curve, coefficient); of precision 0 it is flat.
    used
        1 for studies that take part, shape (curve, study); None where all do.
    own
        How many coefficients are the curve's own: the last ones.
    """

    estimate: FloatArray
    design: FloatArray
    mean: FloatArray
    precision: FloatArray
    used: FloatArray | None
    own: int

    @classmethod
    def of(cls, problem: Problem, curves: int, own: int) -> "Batch":
        """Return so many curves of a problem, whose arrays may be one for all."""
        shape = problem.design.shape[1:]
        design = np.broadcast_to(problem.design, (curves, *shape))
        used = problem.mask
        return cls(
            problem.estimate[0],
            np.ascontiguousarray(np.swapaxes(design, 1, 2)),
            np.array(np.broadcast_to(problem.prior_mean[:, 0], (curves, shape[1]))),
            np.array(np.broadcast_to(problem.prior_precision[:, 0], (curves, shape[1]))),
            None if used is None else np.broadcast_to(used, (curves, shape[0])),
            own,
        )

    def take(self, curves: BoolArray | IntArray | slice) -> "Batch":
        """Return some of the curves."""
        used = None if self.used is None else self.used[curves]
        return Batch(self.estimate, self.design[curves], self.mean[curves],
                     self.precision[curves], used, self.own)  # fmt: skip

    @property
    def size(self) -> int:
        """How many curves there are."""
        return len(self.design)

    @property
    def coefficients(self) -> int:
        """How many coefficients there are."""
        return int(self.design.shape[1])

    def log_joint(self, place: FloatArray, table: Table, law_weight: "Shares") -> FloatArray:
        """Return log prior plus log likelihood at coefficients (curve, point, coefficient)."""
        residual = self.estimate - place @ self.design
        return np.asarray(self._log_rows(residual, table, law_weight) + self._log_prior(place))

    def require_reached(self, centre: FloatArray, table: Table) -> None:
        """Raise unless studies are tabulated as far as they lie from centres (curve, p).

        Raises
        ------
        PosteriorError
            With how far.
        """
        residual = self.estimate - (centre[:, np.newaxis] @ self.design)[:, 0]
        used = np.ones_like(residual) if self.used is None else self.used
        if not (table.reaches(residual * used) > 0).all():
            away = float(np.sqrt(table.squares(residual * used).max()))
            raise PosteriorError(
                f"A study lies {away:.3g} times its typical distance from where the others say: "
                "it is not known there; give tau a wider prior, or leave the study out."
            )

    def log_tilt(self, place: FloatArray, factor: float) -> FloatArray:
        """Return what log priors gain where those of curves' own coefficients are wider.

        Parameters
        ----------
        factor
            How many times as wide.
        """
        own = slice(self.coefficients - self.own, None)
        away = place[..., own] - self.mean[:, np.newaxis, own]
        square = (away * away * self.precision[:, np.newaxis, own]).sum(axis=-1)
        return np.asarray(0.5 * (1 - factor**-2) * square - self.own * np.log(factor))

    def _log_rows(self, residual: FloatArray, table: Table, shares: "Shares") -> FloatArray:
        used = None if self.used is None else self.used[:, np.newaxis]
        if not shares.varying.any():
            return _summed(table.log_rows(residual), used)
        parts = [_summed(table.log_rows(residual, node), used) + weight
                 for node, weight in enumerate(shares.log_weight)]  # fmt: skip
        return log_sum(np.stack(parts, axis=-1))

    def _log_prior(self, place: FloatArray) -> FloatArray:
        precision = self.precision[:, np.newaxis]
        away = place - self.mean[:, np.newaxis]
        known = np.where(self.precision > 0, self.precision, 2 * np.pi) / (2 * np.pi)
        constant = 0.5 * np.log(known).sum(axis=1, keepdims=True)
        return np.asarray(constant - 0.5 * (away * away * precision).sum(axis=-1))


class Shares(NamedTuple):
    """Nodes of how probable a bias of a study's own is.

    Parameters
    ----------
    log_weight
        Shape (q,).
    varying
        Which studies it matters to, shape (study,).
    """

    log_weight: FloatArray
    varying: BoolArray


def _summed(rows: FloatArray, used: FloatArray | None) -> FloatArray:
    if used is not None:
        rows *= used
    return np.asarray(rows.sum(axis=-1))
