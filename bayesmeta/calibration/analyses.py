"""The analyses that a calibration looks at: each from a batch of meta-analyses to intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, require_integrable
from bayesmeta.calibration.simulation import Simulated
from bayesmeta.engines.answering import Answer, answered
from bayesmeta.engines.coefficients import Fixed, forms, product
from bayesmeta.engines.integration import structure_of
from bayesmeta.engines.propriety import require_proper
from bayesmeta.engines.quadrature import Problem, integrate
from bayesmeta.engines.tau_priors import tau_prior
from bayesmeta.errors import ModelError, PriorError
from bayesmeta.frequentist import ESTIMATORS, between_study_variances, pool_many
from bayesmeta.frequentist.fit import HOMOGENEOUS, SUFFIX
from bayesmeta.refits.posing import is_plain

_TOLERANCE = 1e-4
"""Integrals and distribution functions are known to about its square."""


def classical_methods() -> dict[str, tuple[str, str]]:
    """Return the names of the classical analyses, with estimator and test."""
    return {
        f"{method}{suffix}": (method, test)
        for test, suffix in SUFFIX.items()
        for method in ESTIMATORS
    }


class Intervals(NamedTuple):
    """What an analysis gives for each simulation, each of shape (simulation,)."""

    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    pi_lower: FloatArray
    pi_upper: FloatArray


type Analysis = Callable[[Simulated], Intervals]


@dataclass(frozen=True)
class Classical:
    """A classical estimator with its interval and metafor's prediction interval."""

    method: str
    test: str
    level: float

    def __call__(self, data: Simulated) -> Intervals:
        """Return the intervals of a batch."""
        tau2 = between_study_variances(data.estimate, data.variance, method=self.method)
        found = pool_many(data.estimate, data.variance, tau2, test=self.test, interval=self.level)
        # A common effect has no new studies to predict.
        known = np.nan if self.method in HOMOGENEOUS else 1.0
        return Intervals(
            found.mu, found.lower, found.upper, known * found.pi_lower, known * found.pi_upper
        )


@dataclass(frozen=True, eq=False)
class Bayesian:
    """The exact posterior: median, central interval, interval of the effect in a new study.

    Parameters
    ----------
    template
        The problem of the design's own table, a batch of one.
    level
        Probability of the intervals.
    row
        Of the design, that asks for mu.
    predicts
        Whether all new studies are alike.
    """

    template: Problem
    level: float
    row: FloatArray
    predicts: bool = True

    @classmethod
    def of(cls, assembly: Assembly, *, level: float) -> Self:
        """Return the analysis under an assembly's priors.

        Raises
        ------
        ImproperPosteriorError, PriorError
            If the posterior would be improper, or the prior on mu is no finite mixture of normals.
        """
        context, names = assembly.context, assembly.coefficients
        require_proper(assembly.design, assembly.priors, names, context=context)
        parts = forms([assembly.priors[name] for name in names], names)
        if not all(isinstance(part, Fixed) for part in parts):
            raise PriorError(
                f"mu ~ {assembly.priors[schema.MU]}: a calibration takes flat and normal priors on "
                "mu, and mixtures of normals."
            )
        normals = product([part.normals() for part in parts])
        several = normals.mean.shape[1] > 1
        standard_error = assembly.effects.standard_error
        template = Problem(
            estimate=np.zeros((1, standard_error.size)),
            variance=standard_error[np.newaxis] ** 2,
            design=assembly.design[np.newaxis],
            prior_mean=normals.mean,
            prior_precision=normals.precision,
            log_component_weight=normals.log_weight if several else None,
            log_prior=None,
            structure=structure_of(assembly),
        )
        if assembly.hyperparameters:
            inner = assembly.priors[assembly.hyperparameters[0].name]
            template = replace(template, **tau_prior(inner, context)._asdict())
        return cls(template, level, _mean(assembly), _alike(assembly))

    def __call__(self, data: Simulated) -> Intervals:
        """Return the intervals of a batch."""
        problem = replace(self.template, estimate=data.estimate, variance=data.variance)
        found = integrate(problem, tolerance=_TOLERANCE)
        return _intervals(found, self)


@dataclass(frozen=True, eq=False)
class OneByOne:
    """The same where each posterior has a rule of its own; parameters as `Bayesian` has them."""

    assembly: Assembly
    level: float
    row: FloatArray
    predicts: bool = True

    def __call__(self, data: Simulated) -> Intervals:
        """Return the intervals of a batch."""
        errors = np.broadcast_to(np.sqrt(data.variance), data.estimate.shape)
        pairs = zip(data.estimate, errors, strict=True)
        return joined([_intervals(answered(self._seen(*pair)), self) for pair in pairs])

    def _seen(self, estimate: FloatArray, error: FloatArray) -> Assembly:
        seen = replace(self.assembly.effects, estimate=estimate.copy(), standard_error=error.copy())
        return replace(self.assembly, effects=seen)


def analysis_of(assembly: Assembly, *, level: float) -> Bayesian | OneByOne:
    """Return the analysis under an assembly's priors, all simulations at once where that goes.

    Raises
    ------
    ModelError
        If no engine integrates the model, naming the part.
    ImproperPosteriorError, PriorError
        As `Bayesian.of`.
    """
    try:
        require_integrable(assembly.model)
    except ModelError as error:
        raise ModelError(
            f"calibrate integrates every posterior. {error} Or ask for classical rows alone, such "
            "as DL and REML+HKSJ."
        ) from error
    if is_plain(assembly):
        return Bayesian.of(assembly, level=level)
    answered(assembly)  # what refuses this table refuses every other of its design
    return OneByOne(assembly, level, _mean(assembly), _alike(assembly))


def _intervals(found: Answer, asked: Bayesian | OneByOne) -> Intervals:
    ends = np.array([0.5 - asked.level / 2, 0.5 + asked.level / 2])
    mu = found.combination(asked.row).quantile(np.array([0.5, *ends]))
    if not asked.predicts:
        return Intervals(*mu.T, *np.full((2, len(mu)), np.nan))
    return Intervals(*mu.T, *found.combination(asked.row, new_study=True).quantile(ends).T)


def _mean(assembly: Assembly) -> FloatArray:
    """Return the row of the design that asks for mu."""
    row: FloatArray = np.zeros(len(assembly.coefficients))
    row[0] = 1.0
    return row


def _alike(assembly: Assembly) -> bool:
    """Return whether all new studies are alike."""
    return assembly.parts.heterogeneity.kinds(assembly.layout) == ("",)


def joined(parts: Sequence[Intervals]) -> Intervals:
    """Return batches as one."""
    return Intervals(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
