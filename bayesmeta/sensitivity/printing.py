"""How the numbers of an examination are printed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bayesmeta import schema
from bayesmeta.sensitivity.asked_words import kind_of_question
from bayesmeta.summaries import digits
from bayesmeta.summaries.precision import Kind, Precision
from bayesmeta.summaries.tails import distance

if TYPE_CHECKING:
    import pandas as pd

type Tables = Mapping[str, "pd.DataFrame"]
type Row = Mapping[Any, Any]


class Printing(NamedTuple):
    """The precision of each kind of number, that of the analysis' own posterior in every table.

    Parameters
    ----------
    effect, prediction, tau
        Of the quantity asked about, of the same in a new study, and of tau.
    spread
        Of the quantity's sd and its shifts: on the scale that is pooled on.
    coefficients
        Of each coefficient, by name.
    thresholds
        Of probabilities.
    """

    effect: Precision
    spread: Precision
    prediction: Precision
    tau: Precision
    coefficients: Mapping[str, Precision]
    thresholds: tuple[float, ...]


def printing(tables: Tables, *, threshold: float, difference: float | None = None) -> Printing:
    """Return how the tables of an examination are printed.

    Parameters
    ----------
    threshold
        P(benefit) that benefit is concluded at.
    difference
        Minimal important difference in the unit (for ratio measures a ratio), where one is stated.
    """
    named = tables["prior_sensitivity"]
    known = named.dropna(subset=["estimate", "lower", "upper"])
    own: Row = (known if len(known) else named).iloc[0].to_dict()
    marks, kind = _marks(named.attrs, difference), kind_of_question(named.attrs)
    return Printing(
        effect=_precision(own, ("sd", "lower", "upper"), marks, kind),
        spread=_precision(own, ("sd", "lower", "upper"), marks),
        prediction=_precision(own, ("pi_sd", "pi_lower", "pi_upper"), marks, kind),
        tau=_precision(own, ("tau_sd", "tau_lower", "tau_upper"), (0.0,)),
        coefficients=_coefficients(tables),
        thresholds=tuple(dict.fromkeys((*digits.THRESHOLDS, threshold))),
    )


def _precision(
    row: Row, names: tuple[str, str, str], marks: tuple[float, ...], kind: Kind = Kind.NUMBER
) -> Precision:
    sd, lower, upper = (float(row[name]) for name in names)
    errors = [float(np.nan_to_num(row.get(f"{name}_error", 0.0))) for name in names[1:]]
    middle = float(row["estimate"])
    return Precision.of(
        sd=sd, lower=lower, upper=upper, median=middle, errors=errors, marks=marks, kind=kind
    )


def _marks(about: Row, difference: float | None) -> tuple[float, ...]:
    """Return what limits are told apart from: 0, the null, the minimal important difference."""
    slope = str(about["quantity"]).startswith(f"{schema.BETA}[")
    away = 0.0 if difference is None or slope else distance(str(about["measure"]), difference)
    null = np.nan_to_num(float(about["null"]))
    return tuple(dict.fromkeys((0.0, float(null), -away, away)))


def _coefficients(tables: Tables) -> dict[str, Precision]:
    if "informativeness" not in tables:
        return {}
    known = tables["informativeness"]["sd"].drop(index=schema.TAU, errors="ignore")
    return {
        str(name): Precision.of(sd=float(sd), lower=-2 * float(sd), upper=2 * float(sd))
        for name, sd in known.items()
    }
