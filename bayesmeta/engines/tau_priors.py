"""Priors on tau as the quadrature core takes them: one, or one for each problem of a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.quadrature.problem import LogPrior
from bayesmeta.errors import PriorError
from bayesmeta.priors import Context, Density, Raised, density, raised, structure
from bayesmeta.priors.binding import stack
from bayesmeta.priors.family import Argument
from bayesmeta.priors.landmarks import landmarks
from bayesmeta.spec import Prior


class TauPrior(NamedTuple):
    """What a `Problem` needs to know of the prior on tau; its fields of the same names."""

    log_prior: LogPrior
    prior_parameters: dict[str, FloatArray]
    support: tuple[FloatArray | float, FloatArray | float]
    landmarks: FloatArray


def tau_prior(prior: Prior, context: Context | None = None, *, power: float = 1.0) -> TauPrior:
    """Return one prior, its density raised to a power, for every problem of a batch.

    Examples
    --------
    >>> found = tau_prior(Prior("HalfCauchy", {"beta": 1}))
    >>> found.log_prior(np.zeros((1, 1))).round(6), found.support
    (array([[-1.14473]]), (0.0, inf))
    """
    one = density(prior, context)
    lower, upper = one.support()
    ends, marks = (float(lower), float(upper)), np.atleast_2d(landmarks(one))
    return TauPrior(_One(raised(one, power)), {}, ends, marks)


def tau_priors(priors: Sequence[Prior], context: Context | None = None) -> TauPrior:
    """Return many priors that differ in their numbers alone, one for each problem of a batch.

    Parameters
    ----------
    priors
        Checked, of one structure: all half-normal, say.
    context
        What data-dependent priors look at.

    Raises
    ------
    PriorError
        If the priors are not of one structure.

    Examples
    --------
    >>> found = tau_priors([Prior("HalfNormal", {"sigma": s}) for s in (0.5, 1.0)])
    >>> found.log_prior(np.zeros((1, 1)), row=np.array([[1]])).round(4)
    array([[-0.7258]])
    """
    kinds = {structure(prior) for prior in priors}
    if len(kinds) != 1:
        raise PriorError(
            f"One batch takes priors of one structure, and these are: {', '.join(sorted(kinds))}."
        )
    ends = [density(prior, context).support() for prior in priors]
    lower, upper = (np.array(end, dtype=float) for end in zip(*ends, strict=True))
    rows = {"row": np.arange(len(priors), dtype=float)}
    every = stack(priors, context)
    return TauPrior(_Stacked(every), rows, (lower, upper), np.atleast_2d(landmarks(every)))


@dataclass(frozen=True)
class _One:
    """The log density of one prior: of tau, and of log tau."""

    density: Density | Raised

    def __call__(self, log_tau: FloatArray) -> FloatArray:
        return self.density.log_density_at_log(log_tau)

    def of_log(self, log_tau: FloatArray) -> FloatArray:
        return self.density.log_density_of_log(log_tau)


@dataclass(frozen=True)
class Together:
    """The log density of one prior with those of others, which stand as ratios to its quantity.

    With t the quantity and r = u / t, in the coordinates t and log r::

        p(t, log r) = p(t) p_u(r t) r t

    Parameters
    ----------
    own
        Of the quantity.
    others
        By the names under which their ratios are passed.
    """

    own: Density | Raised
    others: Mapping[str, Density | Raised]

    def __call__(self, log_tau: FloatArray, **ratio: FloatArray) -> FloatArray:
        """Return the log of p(t, log r)."""
        return self.own.log_density_at_log(log_tau) + self._others(log_tau, ratio)

    def of_log(self, log_tau: FloatArray, **ratio: FloatArray) -> FloatArray:
        """Return the log of p(log t, log r)."""
        return self.own.log_density_of_log(log_tau) + self._others(log_tau, ratio)

    def _others(self, log_tau: FloatArray, ratio: Mapping[str, FloatArray]) -> FloatArray:
        each = [self.others[name].log_density_of_log(log_tau + np.log(r))
                for name, r in ratio.items()]  # fmt: skip
        return np.asarray(sum(each))

    def ends(self, name: str) -> tuple[float, float]:
        """Return the ends of another's support."""
        lower, upper = self.others[name].support()
        return float(lower), float(upper)


@dataclass(frozen=True)
class _Stacked:
    """The same of chosen priors of a batch."""

    density: Density

    def __call__(self, log_tau: FloatArray, *, row: FloatArray) -> FloatArray:
        return self._chosen(row).log_density_at_log(log_tau)

    def of_log(self, log_tau: FloatArray, *, row: FloatArray) -> FloatArray:
        return self._chosen(row).log_density_of_log(log_tau)

    def _chosen(self, row: FloatArray) -> Density:
        return _member(self.density, row[:, 0].astype(np.intp))


def _member(density: Density, rows: IntArray) -> Density:
    parameters = {name: _taken(value, rows) for name, value in density.parameters.items()}
    return replace(density, parameters=parameters)


def _taken(argument: Argument, rows: IntArray) -> Argument:
    if isinstance(argument, Density):
        return _member(argument, rows)
    if isinstance(argument, tuple):
        return tuple(_member(item, rows) if isinstance(item, Density) else np.asarray(item)[rows]
                     for item in argument)  # fmt: skip
    return np.asarray(np.asarray(argument)[rows])
