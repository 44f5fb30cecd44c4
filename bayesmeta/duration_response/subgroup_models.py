"""The models that subgroups are compared by: one mean or a mean each, one tau or a tau each."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.grouping import Grouping
from bayesmeta.engines.further.scaled import scaled
from bayesmeta.engines.quadrature.integral import Integral
from bayesmeta.engines.quadrature.posteriors import integrate
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.tau_priors import tau_prior
from bayesmeta.errors import PriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.mixtures import NormalMixture
from bayesmeta.priors import Context
from bayesmeta.schema import MU, TAU
from bayesmeta.sinc import SincDensity
from bayesmeta.spec import Prior

_NEGLIGIBLE = 1e-9
_POINTS, _SCALES = 4001, 14.0
"""Of the sum over a mean that all groups share: equal steps, so many scales to each side."""
_NOTHING = 1e-300


class Evidence(NamedTuple):
    """A log marginal likelihood and its error."""

    value: float
    error: float


class Models(NamedTuple):
    """The posteriors under four models of means and taus.

    Parameters
    ----------
    whole
        One mean, one tau, a batch of one.
    common
        A mean each, one tau: a batch of one, a coefficient a group.
    own
        A mean each, a tau each: a batch, one problem a group, since nothing is shared.
    mu
        The prior of a mean.
    """

    whole: Integral
    common: Integral
    own: Integral
    mu: Prior

    @property
    def evidence(self) -> dict[tuple[str, str], Evidence]:
        """Evidence by how many means and taus there are, each ``"one"`` or ``"each"``."""
        return {
            ("one", "one"): _sum(self.whole),
            ("each", "one"): _sum(self.common),
            ("one", "each"): _one_mean(self.own, self.mu),
            ("each", "each"): _sum(self.own),
        }


def fitted(effects: Effects, priors: Mapping[str, Prior], groups: Grouping) -> Models:
    """Return the posteriors under the four models.

    Raises
    ------
    PriorError
        If the prior of mu is not normal.
    """
    if priors[MU].distribution != "Normal":
        raise PriorError(f"prior mu: {priors[MU]} will not do for subgroups; use a Normal prior.")
    one = _problem(effects, priors, np.ones((len(effects), 1)))
    return Models(
        integrate(one),
        integrate(_problem(effects, priors, groups.members.T)),
        integrate(replace(one, mask=groups.members)),
        priors[MU],
    )


def _problem(effects: Effects, priors: Mapping[str, Prior], design: FloatArray) -> Problem:
    mean, sd = _bell(priors[MU])
    tau = tau_prior(priors[TAU], Context(effects.standard_error))
    plain = Problem.of(
        effects.estimate, effects.standard_error**2, design, prior_mean=mean,
        prior_precision=sd**-2, log_prior=tau.log_prior,
    )  # fmt: skip
    return replace(plain, **tau._asdict())


def _bell(mu: Prior) -> tuple[float, float]:
    """Return mean and standard deviation of a normal prior."""
    mean, sd = (mu.parameters[name] for name in ("mu", "sigma"))
    return float(mean), float(sd)  # type: ignore[arg-type]  # numbers, of this distribution


def _sum(integral: Integral) -> Evidence:
    return Evidence(float(integral.log_marginal_likelihood.sum()), float(integral.error.sum()))


def _one_mean(own: Integral, mu: Prior) -> Evidence:
    """Return the evidence of one mean and a tau each, the model tau-by-level.

    With g(m) the prior of a mean and f(m) the posterior of each group's own mean, whose evidence
    is p, the group's likelihood of m is p f(m) / g(m), so that the evidence is::

        prod(p) * integral of prod(f(m)) * g(m)^(1 - groups) dm

    The sum at equal steps is as good as exact; at twice the step it tells the error.
    """
    every = own.combination(np.ones(1))
    centre, sd = every.mean(), every.sd()
    low, high = (centre - _SCALES * sd).min(), (centre + _SCALES * sd).max()
    step = min((high - low) / _POINTS, float(sd.min()) / 40)
    points = np.arange(low, high, step)
    mean, scale = _bell(mu)
    log_prior = -0.5 * ((points - mean) / scale) ** 2 - np.log(scale * np.sqrt(2 * np.pi))
    with np.errstate(divide="ignore"):
        log_value = every.log_density(points).sum(axis=0) + (1 - len(centre)) * log_prior
    top = log_value.max()
    value = np.exp(log_value - top)
    fine, coarse = value.sum() * step, value[::2].sum() * 2 * step
    parts = _sum(own)
    return Evidence(
        parts.value + float(top + np.log(max(fine, _NOTHING))),
        parts.error + abs(float(np.log(max(fine, _NOTHING) / max(coarse, _NOTHING)))),
    )


def mean_of(model: Integral, place: int, *, new_study: bool = False) -> NormalMixture:
    """Return a group's mean: a coefficient of the one problem, or the one of its own problem."""
    groups = model.mean.shape[-1]
    row = np.ones(1) if groups == 1 else np.eye(groups)[place]
    return _one(model.combination(row, new_study=new_study), place if groups == 1 else 0)


def difference(model: Integral, first: int, second: int) -> NormalMixture:
    """Return the first mean less the second: within one problem, or of two independent ones."""
    groups = model.mean.shape[-1]
    if groups > 1:
        return _one(model.combination(np.eye(groups)[first] - np.eye(groups)[second]), 0)
    one, other = (_pruned(mean_of(model, place)) for place in (first, second))
    return NormalMixture(
        np.outer(one.weight, other.weight).ravel(),
        np.subtract.outer(one.location, other.location).ravel(),
        np.hypot.outer(one.scale, other.scale).ravel(),
        np.outer(one.coarse().weight, other.coarse().weight).ravel(),
    )


def tau_ratio(own: Integral, first: int, second: int) -> SincDensity:
    """Return the distribution of the first group's tau over the second's, which are independent.

    Given the second tau it is a multiple of the first's distribution.
    """
    every = own.heterogeneity()
    log_share = every.log_weight[second]
    used = log_share > np.log(1e-13)
    rows = np.full(int(used.sum()), first)
    each = replace(
        every, path=every.path.take(rows), first=every.first[rows], step=every.step[rows],
        log_weight=every.log_weight[rows],
    )  # fmt: skip
    return scaled(each, log_share[used], 1 / own.tau[second][used])


def _one(every: NormalMixture, place: int) -> NormalMixture:
    coarse = every.coarse_weight
    return NormalMixture(
        every.weight[place], every.location[place], every.scale[place],
        None if coarse is None else coarse[place],
    )  # fmt: skip


def _pruned(mixture: NormalMixture) -> NormalMixture:
    coarse = mixture.coarse().weight
    kept = np.maximum(mixture.weight, coarse) > _NEGLIGIBLE
    weight, other = mixture.weight[kept], coarse[kept]
    return NormalMixture(
        weight / weight.sum(), mixture.location[kept], mixture.scale[kept], other / other.sum()
    )
