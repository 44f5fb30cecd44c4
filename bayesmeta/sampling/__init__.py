"""How estimates vary around their study effects; a file a covariance.

``SAMPLING`` is the register: the name a model file uses, and the part.
"""

from bayesmeta.sampling import correlated, independent
from bayesmeta.sampling.part import Sampling

SAMPLING: dict[str, Sampling] = {"independent": independent, "correlated": correlated}

__all__ = ["SAMPLING", "Sampling"]
