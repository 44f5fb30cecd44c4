"""A member's posterior by NUTS, where no exact engine takes its coefficients."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines import nuts
from bayesmeta.engines.settings import Settings
from bayesmeta.refits.sampled import SampledRefit
from bayesmeta.summaries.monte_carlo import mcse_mean
from bayesmeta.summaries.sampled import Draws

SETTINGS = Settings(seed=14, cores=1)
"""How such a member is drawn."""
_VARIANCE = 2
"""Moments that a standard deviation needs."""


@dataclass(frozen=True, eq=False)
class Quantity(Draws):
    """A quantity known by draws, asked as one that is integrated.

    Parameters
    ----------
    moments
        How many of its moments exist.
    """

    moments: float = np.inf

    def mean(self) -> FloatArray:
        """Return the mean of the draws; nan where there is none."""
        return super().mean() if self.moments >= 1 else np.full(self.values.shape[:-2], np.nan)

    def sd(self) -> FloatArray:
        """Return the standard deviation; infinite where there is none."""
        exists = self.moments >= _VARIANCE
        return super().sd() if exists else np.full(self.values.shape[:-2], np.inf)

    def quantile(self, p: FloatArray | float) -> FloatArray:
        """Return quantiles of the draws."""
        return super().quantile(np.asarray(p))

    def cdf(self, x: FloatArray | float) -> FloatArray:
        """Return the share of draws at or below x."""
        return super().cdf(np.asarray(x))

    def density(self, x: FloatArray | float) -> FloatArray:
        """Return a kernel density of the draws."""
        return super().density(np.asarray(x))

    def coarse(self) -> Self:
        """Return the same, moved by the Monte Carlo error of the mean: that is the error here."""
        error = mcse_mean(self.values)[..., np.newaxis, np.newaxis]
        return replace(self, values=self.values + error)

    def mode(self) -> FloatArray:
        """Return where the density of the draws is highest, about."""
        first, last = np.quantile(self.values, (0.01, 0.99)).tolist()
        place = np.linspace(first, last, 200)
        return np.asarray(place[self.density(place).argmax()])


@dataclass(frozen=True, eq=False)
class Sampled:
    """The posterior of one member.

    Parameters
    ----------
    refit
        Its draws.
    scales
        Those of the free hyperparameters by name, each of shape (chain, draw).
    seed
        That they come from.
    """

    refit: SampledRefit
    scales: Mapping[str, FloatArray]
    seed: int

    @classmethod
    def of(cls, assembly: Assembly) -> "Sampled":
        """Return the draws of a model by NUTS.

        Raises
        ------
        ModelError, PriorError
            As `bayesmeta.fit` with ``engine="nuts"``.
        """
        found = nuts.sample(assembly, SETTINGS)
        drawn = found[schema.POSTERIOR]
        scales = {item.name: drawn[item.name].to_numpy() for item in assembly.hyperparameters}
        return cls(SampledRefit.of(found, assembly), scales, SETTINGS.seed)

    def combination(
        self,
        rows: FloatArray,
        *,
        new_study: bool = False,
        kind: str = "",  # noqa: ARG002  (all new studies are alike)
        moments: FloatArray | float = np.inf,
    ) -> Quantity:
        """Return the posterior of a linear combination of the coefficients."""
        drawn = self.refit.combination(np.asarray(rows, dtype=float), new_study=new_study)
        return Quantity(drawn, moments=float(np.max(moments)))

    def heterogeneity(
        self, name: str | None = None, *, moments: FloatArray | float = np.inf
    ) -> Quantity:
        """Return the posterior of a hyperparameter, by default of the first."""
        known = {item.name: item for item in self.refit.assembly.hyperparameters}
        own = known[next(iter(known)) if name is None else name]
        return Quantity(self.scales[own.name], own.support, moments=float(np.max(moments)))

    @property
    def messages(self) -> tuple[str, ...]:
        """What speaks against the draws."""
        return self.refit.messages

    def some(
        self, size: int, generator: np.random.Generator
    ) -> tuple[FloatArray, dict[str, FloatArray]]:
        """Return coefficients (case, coefficient) and scales (case,) of some of the draws."""
        coefficients = self.refit.coefficients
        flat = coefficients.reshape(-1, coefficients.shape[-1])
        at = generator.integers(len(flat), size=size)
        return flat[at], {name: np.ravel(each)[at] for name, each in self.scales.items()}
