"""What the studies say at a value of tau: sums over studies, linear in who takes part."""

from typing import NamedTuple

import numpy as np

from bayesmeta.engines.quadrature.conditional import inverse
from bayesmeta.measures.effects import FloatArray


class Sums(NamedTuple):
    """Weighted sums with w = 1 / (s**2 + tau**2) and r = y - X b0, for some b0.

    Parameters
    ----------
    studies
        Studies that take part, shape (...,).
    log_variance, square
        sum(log(s**2 + tau**2)) and sum(w r**2), shape (...,).
    information, moment
        X'WX, shape (..., coefficient, coefficient), and X'Wr, shape (..., coefficient).
    """

    studies: FloatArray
    log_variance: FloatArray
    square: FloatArray
    information: FloatArray
    moment: FloatArray


class Table(NamedTuple):
    """The studies' numbers, with a reference b0 near them.

    Parameters
    ----------
    residual, variance
        y - X b0 and s**2, shape (study,).
    design
        X, shape (study, coefficient).
    reference
        b0, shape (coefficient,): what is subtracted so that squares do not cancel.
    """

    residual: FloatArray
    variance: FloatArray
    design: FloatArray
    reference: FloatArray

    @classmethod
    def of(cls, estimate: FloatArray, standard_error: FloatArray, design: FloatArray) -> "Table":
        """Return the studies with their unweighted least squares fit as the reference."""
        reference = np.linalg.lstsq(design, estimate)[0]
        return cls(estimate - design @ reference, standard_error**2, design, reference)

    @property
    def spread(self) -> float:
        """The largest difference or standard error, where tau may matter at the most."""
        return max(float(np.ptp(self.residual)), float(np.sqrt(self.variance.max())))

    def sums(self, tau: FloatArray, members: FloatArray | None = None) -> Sums:
        """Return the sums at tau.

        Parameters
        ----------
        tau
            Shape (...,); with members, (node,).
        members
            How much of each study takes part, shape (member, study): 1, 0, or a power that the
            likelihood is raised to. Without it, all do, and the sums have tau's shape; with it,
            (member, node).
        """
        terms = self._terms(tau)
        if members is None:
            totals, count = terms.sum(axis=-2), np.asarray(float(self.residual.size))
        else:
            studies, columns = self.residual.size, terms.shape[-1]
            flat = members @ np.moveaxis(terms, -2, 0).reshape(studies, -1)
            totals = flat.reshape(len(members), tau.size, columns)
            count = members.sum(axis=1)[:, np.newaxis]
        return self._split(totals, count)

    def _terms(self, tau: FloatArray) -> FloatArray:
        """Return each study's share of every sum, shape (..., study, sum)."""
        total = self.variance + tau[..., np.newaxis] ** 2
        x, r = self.design, self.residual
        products = (x[:, :, np.newaxis] * x[:, np.newaxis, :]).reshape(r.size, -1)
        known = np.column_stack([r**2, x * r[:, np.newaxis], products])
        weighted = known / total[..., np.newaxis]
        return np.concatenate([np.log(total)[..., np.newaxis], weighted], axis=-1)

    def _split(self, totals: FloatArray, count: FloatArray) -> Sums:
        p = self.design.shape[1]
        information = totals[..., 2 + p :].reshape(*totals.shape[:-1], p, p)
        return Sums(count, totals[..., 0], totals[..., 1], information, totals[..., 2 : 2 + p])


class Given(NamedTuple):
    """The posterior of one combination of the coefficients given tau, and the evidence.

    Parameters
    ----------
    log_evidence
        log p(y | tau), with all constants, shape (...,).
    location, variance
        Of the combination, shape (...,).
    """

    log_evidence: FloatArray
    location: FloatArray
    variance: FloatArray


def given(
    sums: Sums,
    reference: FloatArray,
    *,
    prior_mean: FloatArray,
    prior_precision: FloatArray,
    row: FloatArray,
) -> Given:
    """Return what is known of row @ b at each tau, in closed form.

    Parameters
    ----------
    sums
        Of any shape that broadcasts against the priors'.
    reference
        The table's b0.
    prior_mean, prior_precision
        Shape (..., coefficient); zero precision is flat with density one.

    References
    ----------
    Röver C (2020). J Stat Softw 93(6).
    """
    flat = prior_precision == 0
    away = prior_mean - reference
    pull = prior_precision * away
    diagonal = prior_precision[..., np.newaxis] * np.eye(prior_precision.shape[-1])
    covariance, log_determinant = inverse(sums.information + diagonal)
    moment = sums.moment + pull
    mean = (covariance @ moment[..., np.newaxis])[..., 0]
    misfit = sums.square + (pull * away).sum(axis=-1) - (mean * moment).sum(axis=-1)
    known = (sums.studies - flat.sum(axis=-1)) * np.log(2 * np.pi)
    known = known - np.log(np.where(flat, 1.0, prior_precision)).sum(axis=-1)
    log_evidence = -0.5 * (sums.log_variance + log_determinant + misfit + known)
    location = mean @ row + row @ reference
    return Given(log_evidence, location, np.einsum("p,...pq,q->...", row, covariance, row))
