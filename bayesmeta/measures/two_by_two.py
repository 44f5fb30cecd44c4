"""Two-by-two tables: the cells that the binary measures share, with the rule for zeros."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.measures.contract import Remarks, Table

COLUMNS = ("events_treatment", "n_treatment", "events_control", "n_control")

_CORRECTED = "1/2 is added to all four cells, because one is zero"
_WITHOUT_EVENTS = "no events in either arm; kept, by the rule for zero cells"
_EVENTS_ONLY = "events in everybody of both arms; kept, by the rule for zero cells"


class Cells(NamedTuple):
    """Events and others by arm, each of shape (study,), none of them zero."""

    events_treatment: FloatArray
    others_treatment: FloatArray
    events_control: FloatArray
    others_control: FloatArray
    remarks: Remarks
    converted: Remarks

    @property
    def risk_treatment(self) -> FloatArray:
        """Events among the participants of the treatment arm."""
        return self.events_treatment / (self.events_treatment + self.others_treatment)

    @property
    def risk_control(self) -> FloatArray:
        """Events among the participants of the control arm."""
        return self.events_control / (self.events_control + self.others_control)


def cells(table: Table) -> Cells:
    """Return the four cells, with 1/2 added to each cell of any table that has a zero.

    Tables without events in either arm are kept: they say that the groups do not differ much.

    References
    ----------
    Gart JJ, Zweifel JR (1967). On the bias of various estimators of the logit and its variance
    with application to quantal bioassay. Biometrika 54(1/2), 181-187.

    Examples
    --------
    >>> found = cells({"events_treatment": np.array([0.0]), "n_treatment": np.array([12.0]),
    ...                "events_control": np.array([16.0]), "n_control": np.array([33.0])})
    >>> [cell.item() for cell in found[:4]]
    [0.5, 12.5, 16.5, 17.5]
    """
    counts = np.array([
        table["events_treatment"], table["n_treatment"] - table["events_treatment"],
        table["events_control"], table["n_control"] - table["events_control"],
    ])  # fmt: skip
    zero = np.any(counts == 0, axis=0)
    filled = counts + np.where(zero, 0.5, 0.0)
    return Cells(filled[0], filled[1], filled[2], filled[3], _remarks(counts), {_CORRECTED: zero})


def control_cells(table: Table) -> tuple[FloatArray, FloatArray]:
    """Return events and others of the control arm, 1/2 added to both where one is zero.

    It is the arm's own zero that counts, and so the same in all rows that share it.

    Examples
    --------
    >>> control_cells({"events_control": np.array([0.0, 3.0]), "n_control": np.array([9.0, 9.0])})
    (array([0.5, 3. ]), array([9.5, 6. ]))
    """
    events, others = table["events_control"], table["n_control"] - table["events_control"]
    added = np.where((events == 0) | (others == 0), 0.5, 0.0)
    return events + added, others + added


def _remarks(counts: FloatArray) -> Remarks:
    return {
        _WITHOUT_EVENTS: (counts[0] == 0) & (counts[2] == 0),
        _EVENTS_ONLY: (counts[1] == 0) & (counts[3] == 0),
    }
