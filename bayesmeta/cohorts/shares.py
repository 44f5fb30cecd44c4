"""How much of what is known of an effect the cohorts say."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.cohorts.by_row import shares_by_row, shares_of_draws, shares_of_tables
from bayesmeta.cohorts.sampled import Sampled
from bayesmeta.cohorts.tails.tailed import Tailed
from bayesmeta.engines.answering import Answer
from bayesmeta.engines.lines import Lines
from bayesmeta.engines.quadrature import Integral

_BLOCK = 2_000_000
"""Most numbers in one array of nodes times studies."""


def shares(assembly: Assembly, integral: Answer | Tailed | Sampled, row: FloatArray) -> FloatArray:
    """Return each study's share in the posterior mean of row @ coefficients, shape (batch, study).

    Given the hyperparameters that mean is linear in the estimates and in the prior means: with C
    the covariance of the coefficients, W the powers over the variances of independent rows, the
    shares are ``row @ C @ X' W``. Averaged over the posterior. What is left to 1 is the prior's.

    It is a share of information. With n trials and n cohorts of precision w each, a bias ~
    Normal(0, u**2) and a prior on mu of precision p, cohorts have c = 1 / (1 / (n w) + u**2) and
    the share c / (n w + c + p). So it depends on how u compares with a design's standard error
    1 / sqrt(n w), tau included, and no single number goes with the default u. Six and six of 30 an
    arm, outcome SD 1, tau 0.1 uisd: 1 / sqrt(n w) is 0.067 uisd against u of 0.25, and the share
    6 %. The simulated rTMS trials spread by a tau of 0.3 to 0.4 uisd: 1 / sqrt(n w) is 0.13 to
    0.17 uisd, and the share 18 to 24 %.

    Parameters
    ----------
    integral
        A batch of posteriors of the assembly's table.
    row
        Shape (coefficient,).
    """
    if isinstance(integral, Tailed):
        return shares_of_tables(assembly, integral, row)[np.newaxis]
    if isinstance(integral, Sampled):
        return shares_of_draws(assembly, integral, row)[np.newaxis]
    if isinstance(integral, Lines):
        return shares_by_row(assembly, integral, row)[np.newaxis]
    batch = range(len(integral.log_weight))
    return np.stack([_of_one(assembly, integral, row, place) for place in batch])


def _of_one(assembly: Assembly, integral: Integral, row: FloatArray, place: int) -> FloatArray:
    design = integral.own.design[min(place, len(integral.own.design) - 1)]
    used = integral.own.used[min(place, len(integral.own.used) - 1)]
    values = {name: np.broadcast_to(value, integral.tau.shape)[place, :, np.newaxis]
              for name, value in integral.values.items()}  # fmt: skip
    weight = np.exp(integral.log_weight[place])
    total = np.zeros(len(design))
    step = max(1, _BLOCK // len(design))
    for start in range(0, len(weight), step):
        here = slice(start, start + step)
        own = {name: value[here] for name, value in values.items()}
        variance = np.broadcast_to(
            assembly.covariance(own).variance, (len(weight[here]), len(design))
        )
        gain = np.einsum("p,ncpq->ncq", row, integral.covariance[place, here]) @ design.T
        total += np.einsum("nc,nck,nk->k", weight[here], gain, used / variance)
    return total
