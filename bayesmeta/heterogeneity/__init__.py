"""How study effects spread around their centre; a file a distribution.

``HETEROGENEITY`` is the register: the name a model file uses, and the part.
"""

from bayesmeta.heterogeneity import none, normal
from bayesmeta.heterogeneity.part import Heterogeneity

HETEROGENEITY: dict[str, Heterogeneity] = {"normal": normal, "none": none}

__all__ = ["HETEROGENEITY", "Heterogeneity"]
