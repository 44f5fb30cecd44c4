"""How far draws are from the exact answer, in Monte Carlo errors."""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines.answering import Answer, answered, moments_of
from bayesmeta.engines.array_stats import array_stats
from bayesmeta.engines.diagnostics import can_be_judged, quantities
from bayesmeta.errors import PriorError
from bayesmeta.mixtures import Distribution

LIMIT = 4.0
"""Differences beyond so many Monte Carlo errors are flagged."""


def differences_from_exact(
    posterior: xr.DataTree, assembly: Assembly, *, integral: Answer | None = None
) -> dict[str, float]:
    """Return (draws - exact) / Monte Carlo error of mu, each slope, tau and theta_new.

    Means are compared, or medians where the standard deviation does not exist, since a mean has
    no Monte Carlo error then.

    Parameters
    ----------
    posterior
        Sampled, with the names of ``schema``.
    assembly
        What it is the posterior of.
    integral
        The exact posterior where it is known already; else it is integrated here.

    Returns
    -------
    dict
        By quantity; empty where a prior is none that the exact engine takes.
    """
    try:
        integral = integral or answered(assembly)
    except PriorError:
        return {}
    exact = dict(_exact(integral, assembly))
    found = {name: _difference(draws, exact[name])
             for name, draws in quantities(posterior) if name in exact}  # fmt: skip
    return {name: value for name, value in found.items() if np.isfinite(value)}


def disagreements(differences: Mapping[str, float]) -> list[str]:
    """Return a sentence on each difference beyond the limit.

    Examples
    --------
    >>> disagreements({"mu": -0.3, "tau": 5.25})
    ['tau is 5.2 Monte Carlo errors from its exact value (limit 4).']
    """
    return [
        f"{name} is {abs(value):.1f} Monte Carlo errors from its exact value (limit {LIMIT:.0f})."
        for name, value in differences.items()
        if abs(value) > LIMIT
    ]


def _exact(integral: Answer, assembly: Assembly) -> Iterator[tuple[str, Distribution]]:
    moments = moments_of(assembly)
    rows = np.eye(len(assembly.coefficients))
    for name, row in zip(assembly.coefficients, rows, strict=True):
        yield name, integral.combination(row, moments=moments.combination(row))
    if assembly.hyperparameters:
        exist, part = moments.combination(rows[0], new_study=True), assembly.parts.heterogeneity
        for place, item in enumerate(assembly.hyperparameters):
            exist_own = moments.of(item.name, place)
            yield item.name, integral.heterogeneity(item.name, moments=exist_own)
        for kind in part.kinds(assembly.layout):
            row = rows[assembly.location.centre(kind)]
            new = integral.combination(row, new_study=True, kind=kind, moments=exist)
            yield schema.theta_new(kind), new


def _difference(draws: FloatArray, exact: Distribution) -> float:
    if not can_be_judged(draws):
        return np.nan
    if np.isfinite(exact.sd()).all():
        mean = np.mean(draws) - np.squeeze(exact.mean())
        return float(mean / array_stats().mcse(draws, method="mean"))
    median = np.median(draws) - np.squeeze(exact.median())
    return float(median / array_stats().mcse(draws, method="median"))
