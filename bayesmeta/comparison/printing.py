"""How the numbers of a comparison and of its gap are printed."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bayesmeta import schema
from bayesmeta.comparison import wording
from bayesmeta.comparison.row import Record
from bayesmeta.summaries.precision import Kind, Precision
from bayesmeta.summaries.tails import distance

if TYPE_CHECKING:
    import pandas as pd

_DASH = "\N{EN DASH}"
_BAYESIAN, _TYPICAL = "Bayesian", "REML"


class Printing(NamedTuple):
    """The precision of each kind of number in a table, the same in all of its rows.

    It is that of the analysis' own posterior, so that the comparison prints what every other page
    prints; where there is none, that of REML's standard error.
    """

    effect: Precision
    prediction: Precision
    tau: Precision
    fraction: Precision


def printing(chosen: "pd.DataFrame", quantity: str) -> Printing:
    """Return how the rows of one coefficient are printed.

    Parameters
    ----------
    chosen
        Rows of `compare`, the analysis' own first.
    """
    own = _own(chosen)
    known = own["kind"] == _BAYESIAN
    kind = wording.kind(chosen.attrs, quantity)
    marks = marks_of(chosen.attrs, quantity)
    effect = _effect(own, kind=kind, marks=marks)
    prediction = effect if np.isnan(own["pi_lower"]) else Precision.of(
        sd=own["pi_sd"], lower=own["pi_lower"], upper=own["pi_upper"], median=own["estimate"],
        errors=(_error(own, "pi_lower"), _error(own, "pi_upper")), kind=effect.kind, marks=marks,
    )  # fmt: skip
    if not known:  # a classical tau has no sd, and its digits are the estimate's
        plain = Precision.of(sd=own["se"], lower=own["lower"], upper=own["upper"])
        return Printing(effect, prediction, plain, Precision(1, Kind.PER_CENT, (0.0, 1.0)))
    return Printing(effect, prediction, _spread(own, "tau"), _spread(own, "I2"))


def gap_printing(gap: "pd.DataFrame") -> Printing:
    """Return how the steps of a gap are printed, on the scale that effects are read on.

    As the last step that was made: under all priors it is the analysis' own posterior.
    """
    made = [step for step in gap.to_dict("records") if not step["skipped"]]
    if not made:
        return Printing(*[Precision(0)] * len(Printing._fields))
    last = made[-1]
    marks = marks_of(gap.attrs, gap.attrs["quantity"])
    kind = wording.kind(gap.attrs, gap.attrs["quantity"])
    effect = _effect(last, kind=kind, marks=marks)
    prediction = Precision.of(
        sd=last["pi_sd"],
        lower=last["pi_lower"],
        upper=last["pi_upper"],
        marks=marks,
        median=last["estimate"],
        kind=kind,
    )
    return Printing(effect, prediction, effect, effect)


def change_precision(printed: Printing, part: str) -> Precision:
    """Return how a change of the estimate, the width or the prediction's width is printed."""
    return (printed.prediction if part == "pi_width" else printed.effect).finer()


def marks_of(attrs: Record, quantity: str) -> tuple[float, ...]:
    """Return what limits are told apart from: no effect, and the minimal important difference."""
    difference = attrs.get("minimal_important_difference")
    if difference is None or quantity.startswith(f"{schema.BETA}["):
        return (0.0,)
    away = distance(str(attrs["measure"]), float(difference))
    return (0.0, -away, away)


def dashed(text: str, value: float) -> str:
    """Return a text, or a dash where there is no number."""
    return _DASH if np.isnan(value) else text


def _own(chosen: "pd.DataFrame") -> Record:
    """Return the row whose digits all rows have."""
    rows = chosen.to_dict("records")
    if rows[0]["kind"] == _BAYESIAN:
        return rows[0]
    return next((row for row in rows if row["method"] == _TYPICAL), rows[0])


def _effect(row: Record, *, kind: Kind, marks: tuple[float, ...]) -> Precision:
    return Precision.of(
        sd=row["se"], lower=row["lower"], upper=row["upper"], median=row["estimate"],
        errors=(_error(row, "lower"), _error(row, "upper")),
        kind=kind, marks=marks,
    )  # fmt: skip


def _spread(row: Record, name: str) -> Precision:
    kind, marks = (Kind.NUMBER, (0.0,)) if name == "tau" else (Kind.PER_CENT, (0.0, 1.0))
    if np.isnan(row[name]):
        return Precision(1, kind, marks)
    return Precision.of(
        sd=row[f"{name}_sd"], lower=row[f"{name}_lower"], upper=row[f"{name}_upper"],
        median=row[name], kind=kind, marks=marks,
    )  # fmt: skip


def _error(row: Record, name: str) -> float:
    error = float(row.get(f"{name}_error", 0.0))
    return 0.0 if np.isnan(error) else error
