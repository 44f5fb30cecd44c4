"""The counts of two-by-two tables, with what their pooled fits share."""

import math
from typing import NamedTuple

import numpy as np

from bayesmeta.errors import MeasureError
from bayesmeta.frequentist.fit import Fit
from bayesmeta.measures.effects import Effects, FloatArray

COLUMNS = ("events_treatment", "n_treatment", "events_control", "n_control")


class Counts(NamedTuple):
    """Events and non-events in both arms, each of shape (study,)."""

    treatment_events: FloatArray
    treatment_rest: FloatArray
    control_events: FloatArray
    control_rest: FloatArray

    @property
    def treatment(self) -> FloatArray:
        """Patients treated."""
        return self.treatment_events + self.treatment_rest

    @property
    def control(self) -> FloatArray:
        """Patients in control."""
        return self.control_events + self.control_rest

    @property
    def total(self) -> FloatArray:
        """Patients of the study."""
        return self.treatment + self.control


def counts(effects: Effects) -> Counts:
    """Return the counts behind the effects, without any correction of zero cells.

    Raises
    ------
    MeasureError
        Unless the table of studies has events and patients of both arms.
    """
    missing = [column for column in COLUMNS if column not in effects.studies]
    if missing:
        raise MeasureError(
            f"No column {missing[0]!r} in the table of studies; this needs {', '.join(COLUMNS)}."
        )
    events, patients, control_events, controls = (effects.studies[name] for name in COLUMNS)
    return Counts(events, patients - events, control_events, controls - control_events)


def homogeneous_fit(
    method: str, estimate: float, variance: float, *, effects: Effects, interval: float
) -> Fit:
    """Return the row of a pooled common effect; Q compares the studies' own estimates with it."""
    deviation = (effects.estimate - estimate) / effects.standard_error
    return Fit(
        method=method, test="z", interval=interval, k=len(effects),
        coefficients=np.array([estimate]), unscaled=np.array([[variance]]), scale=1.0,
        degrees_of_freedom=math.inf, mu=estimate, mu_unscaled=variance, tested=(0,),
        explained=estimate**2 / variance, tau2=0.0, tau2_lower=math.nan, tau2_upper=math.nan,
        typical_variance=math.nan, Q=float(deviation @ deviation),
    )  # fmt: skip
