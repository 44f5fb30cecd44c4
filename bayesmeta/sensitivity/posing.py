"""Put a question to a meta-analysis: its keywords, checked."""

from collections.abc import Mapping
from math import nan
from pathlib import Path
from typing import Unpack

from bayesmeta import schema
from bayesmeta.assembly import PriorLike, Roles, assemble, named_roles
from bayesmeta.errors import AnalysisError
from bayesmeta.keywords import refusal
from bayesmeta.measures.effects import Effects
from bayesmeta.sensitivity.combinations import At, combination, named
from bayesmeta.sensitivity.nulls import require_answerable
from bayesmeta.sensitivity.question import EFFECT, EFFECT_NEW, WHERE, Question
from bayesmeta.spec import ModelSpec
from bayesmeta.summaries.own_scale import has_null
from bayesmeta.summaries.remembered import Matters
from bayesmeta.summaries.reopening import is_posterior, reopened


class Asking(Roles, total=False):
    """The keywords that every question of this room takes; `ask` says what they mean."""

    moderators: str | None
    priors: Mapping[str, PriorLike] | None
    missing: str
    quantity: str
    at: At | None
    benefit: str
    null: float | None
    interval: float


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
        No effect, on the scale of the estimates (0 for log ratios too); beyond it is benefit. Of
        one group's proportion or rate nothing is, so that without it there is no P(benefit).
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
    benefit, null = asking.get("benefit", "lower"), asking.get("null")
    interval = asking.get("interval", 0.95)
    require_answerable(benefit, null=0.0 if null is None else null, interval=interval)
    at = asking.get("at")
    quantity = asking.get("quantity", EFFECT if at else assembly.coefficients[0])
    if null is None:
        is_level = not has_null(assembly.effects.measure) and quantity.partition("[")[0] in WHERE
        null = nan if is_level else 0.0
    row = combination(assembly, quantity, at)
    kinds = assembly.parts.heterogeneity.kinds(assembly.layout)
    return Question(
        assembly, named(quantity, at), row,
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


def _remembered(posterior: object) -> Asking:
    """Return the direction of benefit that a posterior was told."""
    kept = getattr(getattr(posterior, "tree", posterior), "attrs", {})
    told = Matters.of(kept, None, None).benefit
    return {"benefit": told} if isinstance(told, str) else {}
