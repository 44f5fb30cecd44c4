"""The numbers of posteriors that every table here prints, a batch of them at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.cohorts.question import Question
from bayesmeta.cohorts.sampled import Sampled
from bayesmeta.cohorts.shares import shares
from bayesmeta.cohorts.tails.tailed import Tailed
from bayesmeta.engines.answering import Answer, moments_of
from bayesmeta.engines.quadrature import Integral
from bayesmeta.mixtures import Distribution

type Numbers = Mapping[str, FloatArray]
"""mean, sd, median, lower, upper, p_below_0, error: each of shape (batch,)."""


@dataclass(frozen=True, eq=False)
class Posed:
    """Posteriors of one model on one table, a batch.

    Parameters
    ----------
    assembly
        The model on the table.
    integral
        The posteriors.
    row
        The effect in trials as a combination of the coefficients, shape (coefficient,).
    members
        1 for studies that take part, 0 for others, shape (study,); None for all.
    """

    assembly: Assembly
    integral: Answer | Tailed | Sampled
    row: FloatArray
    members: FloatArray | None = None

    @property
    def mixture(self) -> Integral:
        """The posteriors where they are mixtures of normals: all but those that go by row."""
        assert isinstance(self.integral, Integral)  # noqa: S101  (asked of such members alone)
        return self.integral

    @classmethod
    def of(cls, assembly: Assembly, integral: Answer | Tailed | Sampled) -> "Posed":
        """Return posteriors whose first coefficient is the effect in trials."""
        return cls(assembly, integral, np.eye(len(assembly.coefficients))[0])


def effect(posed: Posed, question: Question) -> dict[str, FloatArray]:
    """Return what is known of the effect in trials, each of shape (batch,)."""
    mu = _of_effect(posed)
    found = dict(numbers(mu, question.interval))
    found["p_benefit"] = question.benefits(found["p_below_0"])
    if question.difference is not None:
        side = -question.difference if question.benefit == "lower" else question.difference
        found["p_beyond"] = question.benefits(_column(mu.cdf(np.array([side]))))
    each = shares(posed.assembly, posed.integral, posed.row)
    found["cohort_share"] = each @ question.cohort
    return found


def benefit(posed: Posed, question: Question) -> FloatArray:
    """Return the probability of benefit, shape (batch,)."""
    return question.benefits(_column(_of_effect(posed).cdf(np.array([0.0]))))


def _of_effect(posed: Posed) -> Distribution:
    exist = moments_of(posed.assembly, posed.members).combination(posed.row)
    return posed.integral.combination(posed.row, moments=exist)


def numbers(distribution: Distribution, level: float) -> Numbers:
    """Return the numbers of a quantity."""
    asked = np.array([0.5, 0.5 - level / 2, 0.5 + level / 2])
    median, lower, upper = np.moveaxis(distribution.quantile(asked), -1, 0)
    return {
        "mean": np.atleast_1d(distribution.mean()),
        "sd": np.atleast_1d(distribution.sd()),
        "median": np.atleast_1d(median),
        "lower": np.atleast_1d(lower),
        "upper": np.atleast_1d(upper),
        "p_below_0": _column(distribution.cdf(np.array([0.0]))),
        "error": _errors(distribution),
    }


def _errors(distribution: Distribution) -> FloatArray:
    """Return what halving the step changes of the mean: the sum's own error is its square."""
    coarse, fine = np.atleast_1d(distribution.coarse().mean()), np.atleast_1d(distribution.mean())
    apart = np.full(fine.shape, np.nan)  # of a mean that does not exist
    np.subtract(coarse, fine, out=apart, where=np.isfinite(coarse) & np.isfinite(fine))
    return np.abs(apart)


def _column(array: FloatArray) -> FloatArray:
    return np.atleast_1d(np.asarray(array)[..., 0])


def parameters(posed: Posed, question: Question) -> dict[str, dict[str, float]]:
    """Return the numbers of every parameter of a batch of one, as JSON has them."""
    assembly, integral = posed.assembly, posed.integral
    unit, exist = np.eye(len(assembly.coefficients)), moments_of(assembly, posed.members)
    rows = {"mu": posed.row, **dict(zip(assembly.coefficients[1:], unit[1:], strict=True))}
    found: dict[str, Distribution] = {
        name: integral.combination(row, moments=exist.combination(row))
        for name, row in rows.items()
    }
    for place, item in enumerate(assembly.hyperparameters):
        known = exist.of(item.name, place)
        found[item.name] = integral.heterogeneity(item.name, moments=known)
    if assembly.parts.heterogeneity.kinds(assembly.layout):
        new = exist.combination(posed.row, new_study=True)
        found["theta_new"] = integral.combination(posed.row, new_study=True, moments=new)
    return {
        name: {key: float(value[0]) for key, value in numbers(each, question.interval).items()}
        for name, each in found.items()
    }
