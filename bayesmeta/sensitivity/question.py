"""What is asked of a meta-analysis: which quantity, and which side of which value is benefit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Unpack

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, PriorLike, Roles, assemble, named_roles
from bayesmeta.errors import AnalysisError, ModelError
from bayesmeta.keywords import refusal
from bayesmeta.location import filled
from bayesmeta.measures.effects import Effects
from bayesmeta.spec import ModelSpec
from bayesmeta.studies.wording import at_choice
from bayesmeta.summaries.own_scale import is_moved, pooled_as, read_as, symbol
from bayesmeta.summaries.remembered import Matters
from bayesmeta.summaries.reopening import is_posterior, reopened
from bayesmeta.within import is_number, is_positive, within

DIRECTIONS = ("lower", "higher")
EFFECT = "effect"
EFFECT_NEW = "effect_new"
WHERE = {
    schema.MU: "",
    schema.THETA_NEW: " in a new study",
    schema.INTERCEPT: " where moderators are 0",
    EFFECT: " at ",
    EFFECT_NEW: " in a new study at ",
}
"""Quantities that are effects, with what an event says behind the measure's name."""

type At = Mapping[str, float | str]


class Asking(Roles, total=False):
    """The keywords that every question of this room takes; `ask` says what they mean."""

    moderators: str | None
    priors: Mapping[str, PriorLike] | None
    missing: str
    quantity: str
    at: At | None
    benefit: str
    null: float
    interval: float


@dataclass(frozen=True, eq=False)
class Question:
    """One linear combination of the coefficients, for the studies' mean or for a new study.

    Parameters
    ----------
    assembly
        The model on the full table: its priors, uisd, centring and column SDs hold throughout.
    quantity
        The quantity's name, with the moderators' values where it is an effect at some.
    row
        The combination, shape (coefficient,).
    new_study
        Whether tau's spread comes on top.
    kind
        Which kind of new study belongs to it; None where there are several and none is named.
    benefit
        ``"lower"`` or ``"higher"`` than the null.
    null
        No effect, on the scale of the estimates.
    interval
        Probability of the central interval.
    """

    assembly: Assembly
    quantity: str
    row: FloatArray
    new_study: bool
    benefit: str
    null: float
    interval: float
    kind: str | None = ""

    @property
    def has_new_study(self) -> bool:
        """Whether a new study has an effect of this kind; no study has a slope for itself."""
        means = self.assembly.location.means
        return self.kind is not None and bool(self.row[:means].sum() == 1)

    @property
    def symbol(self) -> str:
        """The event that is benefit on the scale of the estimates, such as ``mu < 0``."""
        return f"{self.quantity} {'<' if self.benefit == 'lower' else '>'} {self.null:g}"

    @property
    def event(self) -> str:
        """The same as effects are read: of a ratio ``RR < 1``, of a correlation ``r < 0``."""
        sign = "<" if self.benefit == "lower" else ">"
        return f"{self.name} {sign} {self.read_null:g}"

    @property
    def name(self) -> str:
        """What the quantity is called in an event: a pooled ratio by its measure's code."""
        measure = self.assembly.effects.measure
        if not is_moved(measure) or not self.is_effect:
            return self.quantity
        _, bracket, label = self.quantity.partition("[")
        return f"{symbol(measure)}{self._where}{bracket}{label}"

    @property
    def is_effect(self) -> bool:
        """Whether the quantity is an effect, not a slope or another coefficient."""
        return self.quantity.partition("[")[0] in WHERE

    @property
    def _where(self) -> str:
        return WHERE[self.quantity.partition("[")[0]]

    @property
    def read_null(self) -> float:
        """No effect, on the scale that effects are read on: 1 for a ratio."""
        measure = self.assembly.effects.measure
        return read_as(measure, self.null) if self.is_effect else self.null

    @property
    def coefficient(self) -> str | None:
        """The coefficient asked about, where it is a single one: mu or a slope."""
        named = np.flatnonzero(self.row)
        alone = named.size == 1 and self.row[named[0]] == 1
        return self.assembly.coefficients[named[0]] if alone else None

    def under(self, assembly: Assembly) -> "Question":
        """Return the same question under another model of the same table."""
        return replace(self, assembly=assembly)


def ask(
    effects: Effects, model: str | Path | ModelSpec | None = None, **asking: Unpack[Asking]
) -> Question:
    """Return a question, checked.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`; or in the place of effects a posterior, with its model, formula
        and priors.
    moderators, priors, missing
        As in `bayesmeta.fit`; the priors that are looked at as the analysis' own.
    cluster, trial, outcome, level, covariance, tau_formula, coding
        Columns in the roles of the model's parts, as in `bayesmeta.fit`.
    quantity
        ``mu`` (default), ``theta_new``, ``beta[term]``, ``Intercept``; or, with ``at``,
        ``effect`` and ``effect_new``: the mean effect, or that in a new study, at moderator values.
    at
        Moderator values, such as ``{"duration_weeks": 6}``; numeric ones not given stand at
        their mean.
    benefit
        ``"lower"`` (default) or ``"higher"``: which side of the null helps.
    null
        No effect, on the scale of the estimates (0 for log ratios too); beyond it is benefit.
    interval
        Probability of the central intervals, 0.95 by default.

    Raises
    ------
    AnalysisError
        If a keyword is unknown, or the quantity, direction, null or interval makes no sense.
    ModelError, PriorError, StudiesError
        As `bayesmeta.assembly.assemble`.
    """
    _check_keywords(asking)
    given: object = effects
    if is_posterior(effects):
        own = reopened(effects)  # type: ignore[arg-type]  # a posterior, where effects may be
        effects, model = own.effects, own.model if model is None else model
        asking = {"moderators": own.moderators, **_remembered(given), **asking}
    assembly = assemble(
        effects,
        model,
        moderators=asking.get("moderators"),
        priors=asking.get("priors"),
        missing=asking.get("missing", "error"),
        roles=named_roles(asking),
    )
    benefit, null = asking.get("benefit", "lower"), asking.get("null", 0.0)
    interval = asking.get("interval", 0.95)
    _check(benefit, null=null, interval=interval)
    at = asking.get("at")
    quantity = asking.get("quantity", EFFECT if at else assembly.coefficients[0])
    row = _row(assembly, quantity, at)
    kinds = assembly.parts.heterogeneity.kinds(assembly.layout)
    return Question(
        assembly, _named(quantity, at), row,
        quantity == EFFECT_NEW or quantity.partition("[")[0] == schema.THETA_NEW,
        benefit, float(null), interval, _kind(quantity, kinds),
    )  # fmt: skip


def _kind(quantity: str, kinds: tuple[str, ...]) -> str | None:
    label = quantity.partition("[")[2].removesuffix("]")
    if kinds == ("",):
        return ""
    return label if label in kinds else None


def _check_keywords(asking: Asking) -> None:
    known = sorted(Asking.__annotations__, key=lambda name: name in Roles.__annotations__)
    if unknown := [name for name in asking if name not in known]:
        raise AnalysisError(str(refusal("This question", unknown[0], known)))


def _check(benefit: str, *, null: float, interval: float) -> None:
    if benefit not in DIRECTIONS:
        raise AnalysisError(f"benefit is {benefit!r}; it must be one of: {', '.join(DIRECTIONS)}.")
    if not (is_number(null) and np.isfinite(null)):
        raise AnalysisError(f"null is {null}; it must be a finite number, such as 0.")
    if not within(interval, 0, 1):
        raise AnalysisError(
            f"The interval is {interval}; it must be between 0 and 1, such as 0.95."
        )


def _row(assembly: Assembly, quantity: str, at: At | None) -> FloatArray:
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


def _named(quantity: str, at: At | None) -> str:
    if not at:
        return quantity
    shown = [
        f"{name}={value if isinstance(value, str) else f'{value:g}'}" for name, value in at.items()
    ]
    return f"{quantity}[{', '.join(shown)}]"


def _remembered(posterior: object) -> Asking:
    """Return the direction of benefit that a posterior was told."""
    kept = getattr(getattr(posterior, "tree", posterior), "attrs", {})
    told = Matters.of(kept, None, None).benefit
    return {"benefit": told} if isinstance(told, str) else {}


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


def beyond(measure: str, difference: float, *, benefit: str = "lower") -> float:
    """Return the null that makes benefit one of at least the minimal important difference.

    Parameters
    ----------
    difference
        Above 0, in the unit; for ratio measures a ratio, where 0.8 and 1.25 say the same; for
        correlations a correlation.

    Raises
    ------
    AnalysisError
        If the difference is not above 0, or a ratio is 1.

    Examples
    --------
    >>> beyond("MD", 3.0), beyond("MD", 3.0, benefit="higher"), round(beyond("RR", 0.8), 4)
    (-3.0, 3.0, -0.2231)
    """
    _check(benefit, null=0.0, interval=0.95)
    if not is_positive(difference):
        raise AnalysisError(
            f"The minimal important difference is {difference!r}; it must be above 0."
        )
    distance = pooled_as(measure, difference)
    if distance == 0:
        raise AnalysisError(f"A ratio of 1 is no difference; give {measure} of 0.8, for example.")
    return -distance if benefit == "lower" else distance
