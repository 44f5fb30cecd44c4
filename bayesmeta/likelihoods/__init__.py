"""How data inform a study effect; a file a likelihood.

``LIKELIHOODS`` is the register: the name a model file uses, and the part.
"""

from bayesmeta.likelihoods import normal
from bayesmeta.likelihoods.part import Likelihood

LIKELIHOODS: dict[str, Likelihood] = {"normal": normal}

__all__ = ["LIKELIHOODS", "Likelihood"]
