"""Which of several moderators matter: spike and slab, summed over all subsets exactly."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.assembly import Assembly, PriorLike, assemble
from bayesmeta.engines.quadrature.integral import Integral
from bayesmeta.engines.quadrature.posteriors import integrate
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.tau_priors import tau_prior
from bayesmeta.errors import ModelError, PriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import Context
from bayesmeta.schema import MU, TAU, slope
from bayesmeta.within import within

_MOST = 12


def select_moderators(
    effects: Effects,
    moderators: Sequence[str],
    *,
    priors: Mapping[str, PriorLike] | None = None,
    inclusion: float = 0.5,
    missing: str = "error",
) -> pd.DataFrame:
    """Return how probably each moderator matters, with all subsets of them weighed exactly.

    A priori each moderator is in or out independently; in, its slopes have their prior, out,
    they are zero. A categorical moderator is in or out as a whole.

    Parameters
    ----------
    effects, priors, missing
        As in `fit`.
    moderators
        Terms, such as ``["duration_weeks", "C(design)", "year"]``; 12 at most.
    inclusion
        Prior probability that a moderator is in.

    Returns
    -------
    DataFrame
        One row a slope: ``term, moderator, prior_inclusion, inclusion, inclusion_error``, then
        ``mean, sd`` with zero counted in where the moderator is out, and ``mean_if_in,
        sd_if_in``; per raw unit.

    Raises
    ------
    BayesmetaError
        If a term or prior cannot be used, or slopes are flat.

    References
    ----------
    George EI, McCulloch RE (1993). Variable selection via Gibbs sampling. J Am Stat Assoc
    88:881-889.

    Examples
    --------
    Simulated trials in which weeks matter, and the design does not:

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> found = bm.select_moderators(effects, ["duration_weeks", "C(design)"])
    >>> found[["term", "inclusion", "mean"]].round(2)
                      term  inclusion  mean
    0       duration_weeks       0.93 -0.96
    1  C(design)[T.cohort]       0.28  0.23
    """
    terms = list(dict.fromkeys([moderators] if isinstance(moderators, str) else moderators))
    if not 1 <= len(terms) <= _MOST:
        raise ModelError(f"{len(terms)} moderators; 1 to {_MOST} can be weighed.")
    if not within(inclusion, 0, 1):
        raise ModelError(f"inclusion is {inclusion}; it must lie between 0 and 1.")
    assembly = assemble(effects, moderators=" + ".join(terms), priors=priors, missing=missing)
    owner = _owners(effects, terms, assembly, missing=missing)
    subsets = np.array(list(itertools.product([False, True], repeat=len(terms))))
    included = subsets[:, owner]
    posterior = integrate(_problem(assembly, included))
    weights = _weights(posterior, subsets, inclusion)
    rows = [
        {"term": name, "moderator": terms[owner[place]], "prior_inclusion": inclusion}
        | _row(posterior, weights, included[:, place], place)
        for place, name in enumerate(assembly.terms)
    ]
    return pd.DataFrame(rows)


def _weights(
    posterior: Integral, subsets: BoolArray, inclusion: float
) -> tuple[FloatArray, FloatArray]:
    """Return the subsets' posterior probabilities, and those at twice the step."""
    size, count = subsets.sum(axis=1), subsets.shape[1]
    prior = size * np.log(inclusion) + (count - size) * np.log1p(-inclusion)
    fine = prior + posterior.log_marginal_likelihood
    return _normalised(fine), _normalised(fine + posterior.error)


def _row(
    posterior: Integral, weights: tuple[FloatArray, FloatArray], inside: BoolArray, place: int
) -> dict[str, float]:
    """Return one slope's inclusion and moments, over all subsets and over those that have it."""
    row = np.eye(posterior.mean.shape[-1])[1 + place]
    own = posterior.combination(row)
    fine, coarse = (float(weight[inside].sum()) for weight in weights)
    mean, square = (
        float(weights[0][inside] @ part[inside]) / fine
        for part in (own.mean(), own.mean() ** 2 + own.sd() ** 2)
    )
    return {
        "inclusion": fine,
        "inclusion_error": abs(fine - coarse),
        "mean": fine * mean,
        "sd": float(np.sqrt(fine * square - (fine * mean) ** 2)),
        "mean_if_in": mean,
        "sd_if_in": float(np.sqrt(square - mean**2)),
    }


def _owners(
    effects: Effects, terms: Sequence[str], assembly: Assembly, *, missing: str
) -> list[int]:
    """Return which moderator each slope belongs to, by the slopes it has alone."""
    alone = [
        set(assemble(effects, moderators=term, priors=_PLAIN, missing=missing).terms)
        for term in terms
    ]
    return [next(i for i, names in enumerate(alone) if name in names) for name in assembly.terms]


_PLAIN: Mapping[str, PriorLike] = {
    "mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=1)", "beta": "Normal(mu=0, sigma=1)"
}  # fmt: skip


def _problem(assembly: Assembly, included: BoolArray) -> Problem:
    """Return the batch of all subsets; a slope that is out has a column of zeros."""
    effects = assembly.effects
    mean, sd = np.array([_normal(assembly, name) for name in assembly.coefficients]).T
    kept = np.column_stack([np.ones(len(included), dtype=bool), included])
    tau = tau_prior(assembly.priors[TAU], Context(effects.standard_error))
    return Problem(
        estimate=effects.estimate[np.newaxis],
        variance=effects.standard_error[np.newaxis] ** 2,
        design=assembly.design * kept[:, np.newaxis],
        prior_mean=np.where(kept, mean, 0.0)[:, np.newaxis],
        prior_precision=np.where(kept, sd**-2, 1.0)[:, np.newaxis],
        **tau._asdict(),
    )


def _normal(assembly: Assembly, name: str) -> tuple[float, float]:
    prior = assembly.priors[name]
    if name == MU and prior.distribution == "flat":
        return 0.0, np.inf
    if prior.distribution != "Normal":
        slopes = ", ".join(map(slope, assembly.terms))
        raise PriorError(f"prior {name}: {prior} will not do for choosing among {slopes}; "
                         "use a Normal prior.")  # fmt: skip
    return float(prior.parameters["mu"]), float(prior.parameters["sigma"])  # type: ignore[arg-type]


def _normalised(log_weight: FloatArray) -> FloatArray:
    found: FloatArray = np.exp(log_weight - np.logaddexp.reduce(log_weight))
    return found
