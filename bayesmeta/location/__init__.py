"""The centre of the study effects: an intercept, or moderators by formula.

``LOCATIONS`` is the register: the name a model file uses, and what builds the design.
"""

from bayesmeta.location import formula, intercept
from bayesmeta.location.design import Location, Locator
from bayesmeta.location.prediction import new_rows

LOCATIONS: dict[str, Locator] = {"intercept": intercept.locate, "formula": formula.locate}

__all__ = ["LOCATIONS", "Location", "new_rows"]
