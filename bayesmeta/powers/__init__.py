"""Powers that likelihoods of rows are raised to; a file a statement.

``POWERS`` is the register: the name a model file uses in the slot ``power``, and the part.
"""

from bayesmeta.powers import cohorts, none
from bayesmeta.powers.part import Power

POWERS: dict[str, Power] = {"none": none, "cohorts": cohorts}

__all__ = ["POWERS", "Power"]
