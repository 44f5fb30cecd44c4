"""A toy location: the centre moves with the standard error, which is not centred."""

import numpy as np

from bayesmeta.location import MU, Location
from bayesmeta.parameters import Parameter, Role
from bayesmeta.spec import Prior

CENTRE = "mu + slope * standard_error[i]"
SLOPE = Parameter(
    "slope", Role.COEFFICIENT, column=1, default=Prior("Normal", {"mu": 0, "sigma": 1})
)


def locate(effects, moderators, *, missing):
    error = effects.standard_error
    location = Location(
        design=np.column_stack([np.ones(len(effects)), error]),
        terms=("standard_error",),
        column_means=np.zeros(1),
        moderators={"standard_error": error},
        coefficients=(MU, SLOPE),
    )
    return effects, location


def rows(location, values):
    error = np.asarray(values.get("standard_error", [0.0]), dtype=float)
    return np.column_stack([np.ones(error.size), error]), {"standard_error": error}
