"""Integrate a posterior: independent draws, and the mixture that they come from."""

import json

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.assembly import Assembly
from bayesmeta.engines import tree
from bayesmeta.engines.integration import context_of, integrate_assembly
from bayesmeta.engines.propriety import Moments, finite_moments
from bayesmeta.engines.quadrature import Integral, draw
from bayesmeta.engines.settings import Settings
from bayesmeta.engines.weights import StudyWeights, mean_shares
from bayesmeta.measures.effects import FloatArray
from bayesmeta.priors import is_proper
from bayesmeta.sinc import stored

__all__ = ["integrate_assembly", "sample"]

_DOUBTFUL = 1e-6
"""A log marginal likelihood with a larger error fails the diagnostics."""
_COARSE_WEIGHT, _TAU_LOG_WEIGHT, _TAU_NODE = "coarse_weight", "tau_log_weight", "tau_node"


def sample(assembly: Assembly, settings: Settings) -> xr.DataTree:
    """Return the exact posterior: independent draws and the normal mixture they come from.

    Summaries use the mixture; the draws are for whoever wants draws.

    Parameters
    ----------
    settings
        Seed, chains and draws count; there is no warm-up.

    Raises
    ------
    ImproperPosteriorError
        If there is no proper posterior.
    PriorError
        If a coefficient's prior is no mixture of normals.
    PosteriorError
        If there is a posterior, but numbers do not reach it.
    """
    integral = integrate_assembly(assembly)
    moments = finite_moments(
        assembly.design, assembly.priors, assembly.coefficients, context=context_of(assembly)
    )
    coefficients, tau = _draws(integral, settings)
    drawn = tree.Draws(
        coefficients=coefficients,
        tau=tau if assembly.has_tau else None,
        weights=_weights(assembly, integral),
        attributes=_attributes(assembly, integral, moments),
        groups={schema.MIXTURE: _mixture(assembly, integral, moments)},
    )
    return tree.build(assembly, drawn, settings=settings)


def _draws(integral: Integral, settings: Settings) -> tuple[FloatArray, FloatArray]:
    shape = (settings.chains, settings.draws)
    generator = np.random.default_rng([settings.seed, 0])
    drawn = draw(integral, settings.chains * settings.draws, seed=generator)
    return drawn.coefficients.reshape(*shape, -1), drawn.tau.reshape(shape)


def _weights(assembly: Assembly, integral: Integral) -> StudyWeights:
    components = integral.weight.shape[-1]
    tau = np.repeat(integral.tau[0], components)
    precision = np.tile(integral.problem.prior_precision[0], (integral.tau.shape[1], 1))
    return mean_shares(assembly, tau, integral.weight[0].ravel(), precision)


def _attributes(
    assembly: Assembly, integral: Integral, moments: Moments
) -> dict[str, str | int | float]:
    value, error = (float(array[0]) for array in (integral.log_marginal_likelihood, integral.error))
    # With an improper prior the constant is arbitrary: nobody should compare it.
    proper = all(is_proper(prior) for prior in assembly.priors.values())
    return {
        "engine": "exact",
        "form": "marginal",
        "sampler": "independent draws from the exact posterior",
        "tune": 0,
        "log_marginal_likelihood": value if proper else float("nan"),
        "log_marginal_likelihood_error": error,
        "moments": json.dumps(_finite(assembly, moments)),
        "diagnostics": json.dumps(_diagnostics(error)),
    }


def _finite(assembly: Assembly, moments: Moments) -> dict[str, float]:
    """Return how many moments exist, of the quantities that do not have all."""
    named = dict(zip(assembly.coefficients, moments.coefficients.tolist(), strict=True))
    named |= {schema.TAU: moments.tau, schema.THETA_NEW: min(named[schema.MU], moments.tau)}
    if assembly.terms:
        named[schema.INTERCEPT] = float(moments.coefficients.min())
    return {name: count for name, count in named.items() if np.isfinite(count)}


def _diagnostics(error: float) -> dict[str, bool | list[str]]:
    if error <= _DOUBTFUL:
        return {"ok": True, "messages": []}
    message = (
        f"Quadrature did not settle: the log marginal likelihood is known to {error:.1g} only."
    )
    return {"ok": False, "messages": [message]}


def _mixture(assembly: Assembly, integral: Integral, moments: Moments) -> xr.Dataset:
    """Return the mixture group: nodes and components along one axis."""
    names = list(assembly.coefficients)
    size = len(names)
    node, pair = (schema.NODE, schema.COEFFICIENT), (schema.COEFFICIENT, schema.COEFFICIENT_BIS)
    found = {
        schema.WEIGHT: (schema.NODE, integral.weight[0].ravel()),
        _COARSE_WEIGHT: (schema.NODE, integral.coarse_weight[0].ravel()),
        schema.MEAN: (node, integral.mean[0].reshape(-1, size)),
        schema.COVARIANCE: ((schema.NODE, *pair), integral.covariance[0].reshape(-1, size, size)),
    }
    attributes = {"log_marginal_likelihood": float(integral.log_marginal_likelihood[0])}
    coordinates = {schema.COEFFICIENT: names, schema.COEFFICIENT_BIS: names}
    if assembly.has_tau:
        tau = np.repeat(integral.tau[0], integral.weight.shape[-1])
        density = integral.heterogeneity(moments=moments.tau)
        found[schema.HYPERPARAMETER] = (
            (schema.NODE, schema.HYPERPARAMETER_NAME), tau[:, np.newaxis]
        )  # fmt: skip
        found[_TAU_LOG_WEIGHT] = (_TAU_NODE, density.log_weight[0])
        coordinates[schema.HYPERPARAMETER_NAME] = [schema.TAU]
        attributes |= stored(density)
    return xr.Dataset(found, coords=coordinates, attrs=attributes)
