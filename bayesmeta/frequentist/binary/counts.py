"""The counts behind the effects of a table, with what their pooled fits share."""

import math
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.frequentist.fit import Fit
from bayesmeta.measures.counted import Counted

type Table = Counted
"""Events with patients, or with person-time, of both arms; each of shape (study,)."""


class Counts(NamedTuple):
    """Events and non-events in both arms, each of shape (study,)."""

    treatment_events: FloatArray
    treatment_rest: FloatArray
    control_events: FloatArray
    control_rest: FloatArray

    @classmethod
    def of(cls, table: Table) -> "Counts":
        """Return the counts of a table with patients."""
        a, c = table["events_treatment"], table["events_control"]
        return cls(a, table["n_treatment"] - a, c, table["n_control"] - c)

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


def silent(table: Table) -> BoolArray:
    """Return the studies without events, or without anything else, in both arms."""
    pairs = [(table["events_treatment"], table["events_control"])]
    if "n_treatment" in table:
        counts = Counts.of(table)
        pairs.append((counts.treatment_rest, counts.control_rest))
    return np.any([(one == 0) & (two == 0) for one, two in pairs], axis=0)


class Heterogeneity(NamedTuple):
    """Q of the studies that have a say in it, with the number of the others."""

    Q: float
    silent: int


def homogeneous_fit(
    method: str, estimate: float, variance: float, *, found: Heterogeneity, k: int, interval: float
) -> Fit:
    """Return the row of a pooled common effect."""
    return Fit(
        method=method, test="z", interval=interval, k=k,
        coefficients=np.array([estimate]), unscaled=np.array([[variance]]), scale=1.0,
        degrees_of_freedom=math.inf, mu=estimate, mu_unscaled=variance, tested=(0,),
        explained=estimate**2 / variance, tau2=0.0, tau2_lower=math.nan, tau2_upper=math.nan,
        typical_variance=math.nan, Q=found.Q, silent=found.silent,
    )  # fmt: skip
