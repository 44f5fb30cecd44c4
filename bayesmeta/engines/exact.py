"""Integrate a posterior: independent draws, and the mixture that they come from."""

import json
from typing import NamedTuple

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines import derived, tree
from bayesmeta.engines.answering import Answer, answered, moments_of
from bayesmeta.engines.drawn import Draws
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.engines.lines import Lines, drawing, stored_lines
from bayesmeta.engines.moments import Moments
from bayesmeta.engines.quadrature import Drawn, Integral
from bayesmeta.engines.settings import Settings
from bayesmeta.engines.storage import stored_mixture
from bayesmeta.engines.weights import StudyWeights, mean_shares
from bayesmeta.priors import is_proper

__all__ = ["Known", "integrate_assembly", "known", "sample"]

_DOUBTFUL, _DOUBTFUL_OF_SEVERAL = 1e-6, 1e-3
"""A log marginal likelihood with a larger error fails the diagnostics: integrated over one
hyperparameter, or over several."""
_UNSETTLED = "Quadrature did not settle: the log marginal likelihood is known to {error:.1g} only."
_SAMPLER: dict[str, str | int | float] = {
    "engine": "exact",
    "form": "marginal",
    "sampler": "independent draws from the exact posterior",
    "tune": 0,
}


class Known(NamedTuple):
    """What the integral says of a posterior, as a DataTree stores it: whoever drew the draws."""

    weights: StudyWeights
    mixture: xr.Dataset
    attributes: dict[str, str | float]

    @property
    def doubts(self) -> list[str]:
        """What speaks against these numbers, in sentences; empty where the rule settled."""
        error = float(self.attributes["log_marginal_likelihood_error"])
        several = self.mixture.sizes.get(schema.HYPERPARAMETER_NAME, 1) > 1
        if error <= (_DOUBTFUL_OF_SEVERAL if several else _DOUBTFUL):
            return []
        return [_UNSETTLED.format(error=error)]


def known(assembly: Assembly, integral: Answer) -> Known:
    """Return the exact numbers of a posterior: shares, mixture, evidence, which moments exist."""
    moments = moments_of(assembly)
    attributes = _attributes(assembly, integral, moments)
    if isinstance(integral, Lines):
        nobody = StudyWeights(np.full(len(assembly.effects), np.nan), float("nan"), integral.marked)
        return Known(nobody, stored_lines(assembly, integral, moments), attributes)
    return Known(
        weights=_weights(assembly, integral),
        mixture=stored_mixture(assembly, integral, moments),
        attributes=attributes,
    )


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
    integral = answered(assembly)
    exact = known(assembly, integral)
    drawn = _draws(integral, settings)
    found = Draws(
        coefficients=drawn.coefficients,
        hyperparameters={item.name: drawn.values[item.name] for item in assembly.hyperparameters},
        theta=_theta(integral, drawn, settings),
        weights=exact.weights,
        attributes={**_SAMPLER, **exact.attributes, **_verdict(exact)},
        groups={schema.MIXTURE: exact.mixture},
    )
    return tree.build(assembly, found, settings=settings)


def _theta(integral: Answer, drawn: Drawn, settings: Settings) -> FloatArray | None:
    """Return draws of study effects where no closed form gives them, (chain, draw, study)."""
    if not isinstance(integral, Lines):
        return None
    generator = np.random.default_rng([settings.seed, 2])
    flat = Drawn(
        {name: value.ravel() for name, value in drawn.values.items()},
        drawn.coefficients.reshape(-1, drawn.coefficients.shape[-1]),
    )
    theta = drawing.study_effects(integral, flat, generator)
    return theta.reshape(*drawn.coefficients.shape[:2], -1)


def _draws(integral: Answer, settings: Settings) -> Drawn:
    """Return draws with leading shape (chain, draw)."""
    shape = (settings.chains, settings.draws)
    generator = np.random.default_rng([settings.seed, 0])
    drawn = integral.draw(settings.chains * settings.draws, generator)
    values = {name: value.reshape(shape) for name, value in drawn.values.items()}
    return Drawn(values, drawn.coefficients.reshape(*shape, -1))


def _weights(assembly: Assembly, integral: Integral) -> StudyWeights:
    precision = np.tile(integral.problem.prior_precision[0], (integral.tau.shape[1], 1))
    named = [item.name for item in assembly.hyperparameters]
    names = dict.fromkeys([*named, *integral.further])
    values = {name: integral.at_nodes(name)[0] for name in names}
    return mean_shares(assembly, values, integral.weight[0].ravel(), precision)


def _attributes(assembly: Assembly, integral: Answer, moments: Moments) -> dict[str, str | float]:
    value, error = (float(array[0]) for array in (integral.log_marginal_likelihood, integral.error))
    # With an improper prior the constant is arbitrary: nobody should compare it.
    proper = all(is_proper(prior) for prior in assembly.priors.values())
    return {
        "log_marginal_likelihood": value if proper else float("nan"),
        "log_marginal_likelihood_error": error,
        "moments": json.dumps(_finite(assembly, moments)),
    }


def _finite(assembly: Assembly, moments: Moments) -> dict[str, float]:
    """Return how many moments exist, of the quantities that do not have all."""
    named = dict(zip(assembly.coefficients, moments.coefficients.tolist(), strict=True))
    named |= {item.name: moments.of(item.name, place)
              for place, item in enumerate(assembly.hyperparameters)}  # fmt: skip
    new = min(named[assembly.coefficients[0]], moments.tau, moments.deviation)
    named |= {schema.THETA_NEW: new}
    if assembly.location.formula and assembly.location.means == 1:
        named[schema.INTERCEPT] = float(moments.coefficients.min())
    for item in derived.free(assembly):
        named[item.name] = derived.finite(assembly, item, moments.tau)
    return {name: count for name, count in named.items() if np.isfinite(count)}


def _verdict(exact: Known) -> dict[str, str]:
    doubts = exact.doubts
    return {"diagnostics": json.dumps({"ok": not doubts, "messages": doubts})}
