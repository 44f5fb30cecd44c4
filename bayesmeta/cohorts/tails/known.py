"""Members with t effects: each from the tables, with what its evidence and shares need."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.cohorts.evidence import pooled_designs
from bayesmeta.cohorts.question import Question
from bayesmeta.cohorts.tails.alone import alone, shifted_alone
from bayesmeta.cohorts.tails.sides import Sides
from bayesmeta.cohorts.tails.tailed import BIAS, EFFECT, SLOPE, Tailed
from bayesmeta.cohorts.tails.walking import Tables, tables
from bayesmeta.cohorts.tails.weighing import Apart, LogPrior, Way
from bayesmeta.cohorts.unbiased import unbiased
from bayesmeta.errors import PosteriorError
from bayesmeta.priors import density, normal
from bayesmeta.spec import Prior

_COMMON, _BIASED = "common", "design-bias"


@dataclass(frozen=True, eq=False)
class Known:
    """The tables of one question, and its members' posteriors.

    Parameters
    ----------
    question
        With t effects for all. The tables are of the spread that its member with a bias has.
    """

    question: Question

    @cached_property
    def spread(self) -> str:
        """How the effects of cohorts spread beside those of trials."""
        return self.question.spreads[_BIASED]

    @cached_property
    def common(self) -> "Known":
        """The same where effects of cohorts spread as those of trials do."""
        if self.spread == _COMMON:
            return self
        return Known(replace(self.question, spread=_COMMON))

    def of(self, member: str) -> "Known":
        """Return the tables that serve a member, by the spread that it has."""
        return self if self.question.spreads.get(member, _COMMON) == self.spread else self.common

    @cached_property
    def pooled(self) -> Assembly:
        """The table as if all studies had one design."""
        return pooled_designs(self.question)

    @cached_property
    def tables(self) -> Tables:
        """What both designs say.

        Raises
        ------
        PosteriorError
            If they are more than are tabulated.
        """
        question = self.question
        bias = question.bias_mean, question.bias_sd
        apart = None if self.spread == _COMMON else question.biased
        sides = Sides.of(self.pooled, question.cohort, bias, apart)
        return tables(sides, max(sides.around[1], self._as_moderator_sd))

    def pooling(self, power: float = 1.0, *, trials: bool = True) -> Tailed:
        """Return the posterior where designs have one effect; ``power`` 0 is of trials alone."""
        return Tailed(self.tables, Way(self._log_prior, trials, power), self._rows(self.pooled))

    def biased(self, sd: float) -> Tailed:
        """Return the posterior under one standard deviation of the bias, 0 and infinity too."""
        apart = Apart(self.question.bias_mean, 1.0, sd)
        own = self._unbiased if sd == 0 else self.question.biased
        return Tailed(
            self.tables, Way(self._log_prior, apart=apart, normal=self._normal), self._rows(own)
        )

    def under(self, sd: float) -> Assembly:
        """Return the model with a bias of one standard deviation."""
        if sd == 0:
            return self._unbiased
        own = self.question.biased
        prior = Prior("flat") if np.isinf(sd) else Prior(
            "Normal", {"mu": self.question.bias_mean, "sigma": sd}
        )  # fmt: skip
        return replace(own, priors={**own.priors, schema.BIAS: prior})

    def moderated(self, assembly: Assembly, row: FloatArray) -> Tailed:
        """Return the posterior with design as an ordinary moderator.

        Raises
        ------
        PosteriorError
            If the priors of the effect and of that slope are not both normal.
        """
        effect, cohorts, both = self._jointly(assembly)
        ratio = both / effect[1] ** 2
        sd = float(np.sqrt(cohorts[1] ** 2 - ratio * both))
        apart = Apart(cohorts[0] - ratio * effect[0], ratio, sd)
        prior = density(Prior("Normal", {"mu": effect[0], "sigma": effect[1]}))
        return Tailed(
            self.tables,
            Way(prior.log_density, apart=apart, normal=effect),
            self._rows(assembly, row),
        )

    def are_normal(self, assembly: Assembly) -> bool:
        """Return whether the effect and the slope of design as a moderator are, a priori."""
        names = assembly.coefficients
        known = [normal(assembly.coefficient_priors[name]) for name in (names[0], names[-1])]
        return all(each is not None and not each.is_flat for each in known)

    def without_trials(self, found: Tailed) -> float:
        """Return log p(cohorts) under a member's model."""
        way, known = found.way, self.tables
        if way.apart is None:
            if way.power == 1:
                return float(self.pooling(trials=False).log_marginal_likelihood[0])
            return alone(known, way.power)
        return shifted_alone(known, way)

    @cached_property
    def _unbiased(self) -> Assembly:
        return self.pooled if self.spread == _COMMON else unbiased(self.question)

    def _rows(
        self, assembly: Assembly, effect: FloatArray | None = None
    ) -> Mapping[str, FloatArray]:
        """Return what the tables know as combinations of a model's coefficients."""
        unit = np.eye(len(assembly.coefficients))
        found = {EFFECT: unit[0] if effect is None else effect}
        if self.tables.sides.beta is not None:
            found[SLOPE] = unit[1]
        if len(unit) > len(found):
            found[BIAS] = unit[-1]
        return found

    @cached_property
    def _log_prior(self) -> LogPrior:
        """Of the effect in trials."""
        return self.tables.sides.mu.log_density

    @cached_property
    def _normal(self) -> tuple[float, float] | None:
        """Mean and SD of the effect's prior, where that is normal."""
        found = normal(self.pooled.coefficient_priors[self.pooled.coefficients[0]])
        return None if found is None or found.is_flat else (found.mean, found.sd)

    @cached_property
    def _as_moderator_sd(self) -> float:
        """Standard deviation of the effect in trials where design is a moderator; 0 unknown."""
        from bayesmeta.cohorts.members import moderated

        own = moderated(self.question)
        return self._jointly(own)[0][1] if self.are_normal(own) else 0.0

    def _jointly(
        self, assembly: Assembly
    ) -> tuple[tuple[float, float], tuple[float, float], float]:
        """Return mean and SD of the effects in trials and in cohorts, and their covariance."""
        names = assembly.coefficients
        effect, slope = (
            normal(assembly.coefficient_priors[name]) for name in (names[0], names[-1])
        )
        if effect is None or slope is None or effect.is_flat or slope.is_flat:
            raise PosteriorError(
                "design as a moderator is tabulated with normal priors of mu and of that slope"
            )
        mean = float(assembly.location.column_means[-1])
        at = np.array([-mean, 1 - mean])
        middle = effect.mean + at * slope.mean
        variance = effect.sd**2 + np.outer(at, at) * slope.sd**2
        sds = np.sqrt(np.diag(variance))
        pairs = [(float(each), float(sd)) for each, sd in zip(middle, sds, strict=True)]
        return pairs[0], pairs[1], float(variance[0, 1])
