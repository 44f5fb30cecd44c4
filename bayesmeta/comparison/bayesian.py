"""The Bayesian rows of a comparison, from exact posteriors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.comparison.row import Row
from bayesmeta.engines.answering import Answer, answered, moments_of
from bayesmeta.engines.moments import Moments
from bayesmeta.measures.typical_variance import typical_variance
from bayesmeta.mixtures import Distribution
from bayesmeta.sinc import Fraction, SincDensity
from bayesmeta.spec import Prior
from bayesmeta.summaries.own_scale import has_null
from bayesmeta.summaries.wording import is_effect


@dataclass(frozen=True, eq=False)
class Posterior:
    """One exact posterior with the choices of the table.

    Parameters
    ----------
    level
        Probability of the central intervals.
    benefit
        Which side of 0 helps; None where that was not said.
    """

    assembly: Assembly
    integral: Answer
    moments: Moments
    level: float
    benefit: str | None = None

    @classmethod
    def of(cls, assembly: Assembly, *, level: float, benefit: str | None = None) -> Self:
        """Return the posterior of a model on its effects.

        Raises
        ------
        ImproperPosteriorError, PriorError
            If there is no proper posterior, or none the exact engine knows.
        """
        integral = answered(assembly)
        moments = moments_of(assembly)
        return cls(assembly, integral, moments, level, benefit)

    def combination(self, row: FloatArray, *, new_study: bool = False) -> Distribution:
        """Return the posterior of row @ coefficients, or of the effect in a new study there."""
        moments = self.moments.combination(row, new_study=new_study)
        return self.integral.combination(row, new_study=new_study, moments=moments)

    @property
    def tau(self) -> Distribution:
        """The posterior of tau."""
        return self._tau

    @property
    def _tau(self) -> SincDensity:
        return self.integral.heterogeneity(moments=self.moments.tau)

    def effect(self, row: FloatArray) -> Row:
        """Return median, sd, interval and tail probabilities of a combination."""
        found = self.combination(row)
        three = triple(found, self.level)
        sd, below = float(found.sd()[0]), float(found.cdf(0.0)[0])
        coarse = float(found.coarse().cdf(0.0)[0])
        share = {None: np.nan, "lower": below, "higher": 1 - below}[self.benefit]
        return {
            "estimate": three["median"], "se": sd, "lower": three["lower"], "upper": three["upper"],
            "p_below_0": below, "p_benefit": share, "estimate_error": three["median_error"],
            "lower_error": three["lower_error"], "upper_error": three["upper_error"],
            "p_error": abs(below - coarse),
        }  # fmt: skip

    def prediction(self, row: FloatArray) -> Row:
        """Return the interval and the sd of the effect in a new study."""
        if self.assembly.parts.heterogeneity.kinds(self.assembly.layout) != ("",):
            return {}  # an interval for each kind of new study, and none for all
        found = self.combination(row, new_study=True)
        three = triple(found, self.level)
        return {
            "pi_lower": three["lower"], "pi_upper": three["upper"], "pi_sd": float(found.sd()[0]),
            "pi_lower_error": three["lower_error"], "pi_upper_error": three["upper_error"],
        }  # fmt: skip

    def heterogeneity(self) -> Row:
        """Return the median, interval and sd of tau and of what grows with it."""
        if schema.TAU not in [item.name for item in self.assembly.hyperparameters[:1]]:
            return {}  # all is fixed, or there are several
        three = triple(self.tau, self.level)
        names = {"tau": "median", "tau_lower": "lower", "tau_upper": "upper"}
        found: Row = {name: three[key] for name, key in names.items()}
        typical = typical_variance(self.assembly.effects.standard_error, self.assembly.design)
        if typical is not None and self.assembly.parts.heterogeneity.SPREAD is not None:
            found |= {name.replace("tau", "I2"): share(three[key], typical)
                      for name, key in names.items()}  # fmt: skip
            fraction = self._tau.transformed(Fraction(typical))
            found["I2_sd"] = float(fraction.sd()[0])
        return found | {
            "tau2": three["median"] ** 2, "tau_error": three["median_error"],
            "tau_sd": float(self.tau.sd()[0]),
        }  # fmt: skip


_NO_SIDES: Row = {"p_below_0": np.nan, "p_benefit": np.nan, "p_error": np.nan}
"""Of a level, which no value of no effect divides."""


def share(tau: float, typical: float) -> float:
    """Return I-squared, a fraction, at tau: tau**2 / (tau**2 + typical variance)."""
    return 1 / (1 + typical / tau**2) if tau else 0.0


def triple(found: Distribution, level: float) -> dict[str, float]:
    """Return median, lower and upper limit of a batch of one, each with its numerical error.

    The error is what the rule of twice the step misses the probability by, over the density.
    """
    p = np.array([0.5, 0.5 - level / 2, 0.5 + level / 2])
    x = np.asarray(found.quantile(p))
    missed = np.abs(found.coarse().cdf(x) - p)
    error = missed / np.maximum(found.density(x), np.finfo(float).tiny)
    names = ("median", "lower", "upper")
    values = dict(zip(names, x[0].tolist(), strict=True))
    errors = (f"{name}_error" for name in names)
    return values | dict(zip(errors, error[0].tolist(), strict=True))


def bayesian_rows(
    name: str, posterior: Posterior, combinations: Mapping[str, FloatArray]
) -> list[Row]:
    """Return one row a combination of the coefficients; prediction intervals for mu alone."""
    words: Row = {
        "method": name, "kind": "Bayesian", "priors": stated(posterior.assembly)
    }  # fmt: skip
    shared = words | posterior.heterogeneity()
    levelled = not has_null(posterior.assembly.effects.measure)
    return [
        shared | {"coefficient": coefficient} | posterior.effect(row)
        | (_NO_SIDES if levelled and is_effect(coefficient) else {})
        | (posterior.prediction(row) if coefficient == schema.MU else {})
        for coefficient, row in combinations.items()
    ]  # fmt: skip


def stated(assembly: Assembly) -> str:
    """Return the same of a model, what stands once a study followed by what it is."""
    said = {item.name: f" ({item.says})" for item in assembly.parts.nuisance(assembly.layout)}
    own = {name: f"{name} ~ {short(prior)}" for name, prior in assembly.priors.items()}
    return "; ".join(line + said.get(name, "") for name, line in own.items())


def written(priors: Mapping[str, Prior]) -> str:
    """Return resolved priors as one line, numbers to four digits."""
    return "; ".join(f"{name} ~ {short(prior)}" for name, prior in priors.items())


def short(prior: Prior) -> str:
    """Return a prior's text with its numbers rounded to four digits.

    Examples
    --------
    >>> short(Prior("HalfCauchy", {"beta": 6.507012}))
    'HalfCauchy(beta=6.507)'
    """
    rounded = {name: float(f"{value:.4g}") if isinstance(value, float | int) else value
               for name, value in prior.parameters.items()}  # fmt: skip
    return str(Prior(prior.distribution, rounded, unit=prior.unit, on=prior.on))
