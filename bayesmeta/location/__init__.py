"""The centre of the study effects: an intercept, or moderators by formula.

``LOCATIONS`` is the register: the name a model file uses, and the part.
"""

from bayesmeta.location import formula, intercept, outcomes
from bayesmeta.location.design import MU, Location, Locator, filled, slopes

LOCATIONS: dict[str, Locator] = {
    "intercept": intercept,
    "formula": formula,
    "outcomes": outcomes,
}

__all__ = ["LOCATIONS", "MU", "Location", "Locator", "filled", "slopes"]
