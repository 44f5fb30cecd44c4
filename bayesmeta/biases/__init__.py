"""How estimates of one design of studies may be biased beside another's; a file a statement.

``BIASES`` is the register: the name a model file uses in the slot ``bias``, and the part.
"""

from bayesmeta.biases import design, none, probable, shared
from bayesmeta.biases.part import Bias, Patterns
from bayesmeta.biases.probable import MOST_COHORTS
from bayesmeta.biases.spreading import spread_of

BIASES: dict[str, Bias] = {
    "none": none,
    "design": design,
    "probable": probable,
    "probable-shared": shared,
}

__all__ = ["BIASES", "MOST_COHORTS", "Bias", "Patterns", "spread_of"]
