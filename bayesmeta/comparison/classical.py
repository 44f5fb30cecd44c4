"""The classical rows of a comparison."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.comparison.row import Row
from bayesmeta.frequentist import Fit, higgins, rows


def classical_rows(
    assembly: Assembly, combinations: Mapping[str, FloatArray], *, level: float
) -> list[Row]:
    """Return nine fits with Wald's interval, then with Knapp and Hartung's, a row a combination.

    Heterogeneity is the fit's, and so the same in all its rows; prediction intervals are mu's.
    """
    fits = rows(assembly.effects, assembly.design, interval=level)
    first = np.eye(assembly.design.shape[1])[0]
    if not np.allclose(assembly.design.mean(axis=0), first):
        # A column that is not centred marks cohorts: mu is the effect in trials, not in the mean.
        fits = [_at(fit, first) for fit in fits]
    return [
        fit_row(fit, coefficient, row) for coefficient, row in combinations.items() for fit in fits
    ]


def fit_row(fit: Fit, coefficient: str, row: FloatArray | None = None) -> Row:
    """Return the row of a fit: of mu, or of another combination of the coefficients."""
    effect = _mu(fit) if row is None or coefficient == schema.MU else _effect(fit, row)
    words: Row = {
        "method": fit.name, "coefficient": coefficient, "kind": _kind(fit), "priors": ""
    }  # fmt: skip
    return words | _heterogeneity(fit) | effect


def _at(fit: Fit, row: FloatArray) -> Fit:
    """Return the fit with its mu at a row of the design."""
    return replace(
        fit, mu=float(row @ fit.coefficients), mu_unscaled=float(row @ fit.unscaled @ row)
    )


def _kind(fit: Fit) -> str:
    return "Wald" if fit.test == "z" else "Knapp-Hartung"


def _heterogeneity(fit: Fit) -> Row:
    tau, lower, upper = (
        math.sqrt(value) if value >= 0 else math.nan
        for value in (fit.tau2, fit.tau2_lower, fit.tau2_upper)
    )
    return {
        "tau2": fit.tau2, "tau": tau, "tau_lower": lower, "tau_upper": upper, "I2": fit.I2,
        "I2_lower": fit.I2_lower, "I2_upper": fit.I2_upper, "Q": fit.Q, "Q_p": fit.Q_p,
    }  # fmt: skip


def _mu(fit: Fit) -> Row:
    """Return the numbers of mu, with both prediction intervals."""
    found: Row = {
        name: math.nan if value is None else value for name, value in fit.row().items()
        if name != "method"
    }  # fmt: skip
    lower, upper = higgins(fit)
    return found | {
        "hts_lower": lower, "hts_upper": upper, "degrees_of_freedom": fit.degrees_of_freedom
    }  # fmt: skip


def _effect(fit: Fit, row: FloatArray) -> Row:
    estimate = float(row @ fit.coefficients)
    se = math.sqrt(row @ fit.covariance @ row)
    half = fit.critical * se
    return {"estimate": estimate, "se": se, "lower": estimate - half, "upper": estimate + half,
            "degrees_of_freedom": fit.degrees_of_freedom}  # fmt: skip
