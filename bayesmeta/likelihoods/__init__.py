"""How data inform a study effect; a file a likelihood.

``LIKELIHOODS`` is the register: the name a model file uses, and the part.
"""

from bayesmeta.likelihoods import binomial, hypergeometric, normal, poisson, poisson_conditional
from bayesmeta.likelihoods.part import Likelihood
from bayesmeta.likelihoods.single_arm import PROPORTION, RATE

LIKELIHOODS: dict[str, Likelihood] = {
    "normal": normal,
    "binomial": binomial,
    "hypergeometric": hypergeometric,
    "poisson": poisson,
    "poisson-conditional": poisson_conditional,
    "proportion": PROPORTION,
    "rate": RATE,
}

__all__ = ["LIKELIHOODS", "Likelihood"]
