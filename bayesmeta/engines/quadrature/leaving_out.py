"""Leave studies out: the same problem under many masks, and what each study's rest foretells."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.quadrature.integral import Integral, integrate
from bayesmeta.engines.quadrature.problem import Problem

_BLOCK = 2_000_000
"""Most numbers in the masks of one batch."""


class Predictive(NamedTuple):
    """log p(y_i | all other y) of each study, shape (study,), with the numerical error."""

    log_density: FloatArray
    error: FloatArray


def masked(problem: Problem, mask: FloatArray) -> Problem:
    """Return a problem, a batch of one, once for each mask.

    Parameters
    ----------
    mask
        1 for studies used, 0 for studies left out, shape (batch, study).

    Examples
    --------
    >>> problem = Problem.of(np.zeros(3), np.ones(3), log_prior=np.zeros_like)
    >>> masked(problem, 1 - np.eye(3)).size
    3
    """
    own = 1.0 if problem.mask is None else problem.mask
    return replace(problem, mask=own * mask)


def leave_one_out(problem: Problem) -> Iterator[Problem]:
    """Yield batches in which each study in turn is left out, in the studies' order."""
    studies = problem.estimate.shape[1]
    rows = max(1, _BLOCK // studies)
    for start in range(0, studies, rows):
        left_out = np.arange(start, min(start + rows, studies))
        mask = np.ones((left_out.size, studies))
        mask[np.arange(left_out.size), left_out] = 0.0
        yield masked(problem, mask)


def log_predictive(integral: Integral, *, tolerance: float = 1e-6) -> Predictive:
    """Return the log density of each estimate given all others: log p(y) - log p(y without i).

    The posteriors without one study must be proper; `propriety.require_proper` tells.

    Parameters
    ----------
    integral
        The posterior of all studies, a batch of one.

    Examples
    --------
    Two studies with a common effect and a flat prior: the second is Normal(y_1, s_1**2 + s_2**2)
    given the first.

    >>> problem = Problem.of(np.array([0.0, 1.0]), np.array([1.0, 3.0]), log_prior=None)
    >>> log_predictive(integrate(problem)).log_density.round(6)
    array([-1.737086, -1.737086])
    """
    parts = [integrate(batch, tolerance=tolerance) for batch in leave_one_out(integral.problem)]
    rest = np.concatenate([part.log_marginal_likelihood for part in parts])
    error = np.concatenate([part.error for part in parts])
    return Predictive(integral.log_marginal_likelihood - rest, integral.error + error)
