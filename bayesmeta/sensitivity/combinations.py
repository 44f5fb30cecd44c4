"""The combination of the coefficients that the name of a quantity asks for."""

from collections.abc import Mapping, Sequence

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.errors import AnalysisError, ModelError
from bayesmeta.location import filled
from bayesmeta.sensitivity.question import EFFECT, EFFECT_NEW, Question
from bayesmeta.studies.wording import at_choice

type At = Mapping[str, float | str]


def combination(assembly: Assembly, quantity: str, at: At | None) -> FloatArray:
    """Return the combination that a quantity asks for, shape (coefficient,).

    Raises
    ------
    AnalysisError, ModelError
        If there is no such quantity, or it does not go with the moderators' values.
    """
    if quantity in (EFFECT, EFFECT_NEW):
        return _row_at(assembly, quantity, at)
    if at:
        raise AnalysisError(
            f"Values of moderators go with {EFFECT} or {EFFECT_NEW}, not with {quantity}."
        )
    rows = _named_rows(assembly)
    if quantity not in rows:
        known = ", ".join([*rows, *([EFFECT, EFFECT_NEW] if assembly.terms else [])])
        raise AnalysisError(f"No quantity {quantity!r} here; known: {known}.")
    return rows[quantity]


def _named_rows(assembly: Assembly) -> dict[str, FloatArray]:
    unit = np.eye(len(assembly.coefficients))
    location, part = assembly.location, assembly.parts.heterogeneity
    rows = dict(zip(assembly.coefficients, unit, strict=True))
    rows |= {schema.theta_new(kind): unit[location.centre(kind)]
             for kind in part.kinds(assembly.layout)}  # fmt: skip
    if assembly.terms and location.means == 1:
        row = np.concatenate([[1.0], -assembly.location.column_means])
        rows[schema.INTERCEPT] = filled(row[np.newaxis], len(unit))[0]
    return rows


def _row_at(assembly: Assembly, quantity: str, at: At | None) -> FloatArray:
    if at is not None and not isinstance(at, Mapping):
        raise AnalysisError(f"at is {at!r}; say of which moderator, {at_choice('weeks', 6)}.")
    if not at:
        raise AnalysisError(f"{quantity} needs moderator values, such as {at_choice('weeks', 6)}.")
    if not assembly.terms:
        raise ModelError("The model has no moderators, so that its effect is the same everywhere.")
    values = {name: _listed(value) for name, value in at.items()}
    rows, _ = assembly.parts.location.rows(assembly.location, values)
    row: FloatArray = filled(rows, len(assembly.coefficients))[0]
    return row


def _listed(value: float | str) -> Sequence[float] | Sequence[str]:
    return [value] if isinstance(value, str) else [float(value)]


def named(quantity: str, at: At | None) -> str:
    """Return a quantity's name with the moderators' values that it is at."""
    if not at:
        return quantity
    shown = [
        f"{name}={value if isinstance(value, str) else f'{value:g}'}" for name, value in at.items()
    ]
    return f"{quantity}[{', '.join(shown)}]"


def extrapolated(question: Question, at: At | None) -> list[str]:
    """Return a sentence for each value of a moderator that lies outside the observed ones."""
    seen = question.assembly.location.moderators
    ends = {name: (seen[name].min(), seen[name].max()) for name in at or {}
            if name in seen and seen[name].dtype.kind == "f"}  # fmt: skip
    return [
        f"{name} = {float(value):g} lies outside the observed {ends[name][0]:g} to "
        f"{ends[name][1]:g}: an extrapolation."
        for name, value in (at or {}).items()
        if name in ends and not ends[name][0] <= float(value) <= ends[name][1]
    ]
