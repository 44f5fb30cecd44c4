"""The members and the dials with t effects, beside those whose study effects are normal."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from bayesmeta.arrays import FloatArray
from bayesmeta.cohorts.answers import Posed
from bayesmeta.cohorts.dial import default_sds, dial_table, numbers_of
from bayesmeta.cohorts.members import (
    Member,
    Route,
    Say,
    effect_row,
    integrated,
    member_of,
    routes,
)
from bayesmeta.cohorts.question import Question
from bayesmeta.cohorts.result import Designs, TailDials, with_ratios
from bayesmeta.cohorts.slopes import beside_slopes, by_draws, serves
from bayesmeta.cohorts.tails.known import Known
from bayesmeta.cohorts.tails.tailed import Tailed
from bayesmeta.cohorts.tipping import crossings_along
from bayesmeta.errors import AnalysisError, BayesmetaError

HETEROGENEITIES = ("normal", "student-t")
"""How study effects may spread in the members."""
MOST_POINTS = 15
"""Of each dial with t effects."""
_NORMAL = (
    "Sentences that do not name t effects, of conflict and confounding too, are of normal effects; "
    "of t effects {scales}, not {sd}."
)


def require_known(heterogeneity: str) -> None:
    """Look at how study effects are to spread.

    Raises
    ------
    AnalysisError
        If no member has such effects.
    """
    if heterogeneity not in HETEROGENEITIES:
        raise AnalysisError(
            f"heterogeneity is {heterogeneity!r}; the members have: {', '.join(HETEROGENEITIES)}."
        )


def with_tails(found: Designs, heterogeneity: str, points: int, say: Say) -> Designs:
    """Return an answer with the members and the dials with t effects too, or why without.

    Parameters
    ----------
    points
        Of each dial; no more than `MOST_POINTS` are taken.
    """
    question = found.question
    known = Known(replace(question, heterogeneity=heterogeneity))
    rows, left_out = _members(known, say)
    dials, no_dials = _dials(known, min(points, MOST_POINTS), found.uisd)
    notes = (_note(rows),) if rows else ()
    stated = [item for row in rows for item in row.posed.assembly.stated().items()]
    priors = {name: str(prior) for name, prior in stated if name != "power"}
    return replace(
        found, rows=(*found.rows, *rows), priors={**priors, **found.priors}, tails=dials,
        warnings=(*found.warnings, *left_out, *no_dials), notes=(*found.notes, *notes),
    )  # fmt: skip


def _note(rows: Sequence[Member]) -> str:
    """Return what is of normal effects, and which parameters of t effects are scales."""
    known = [row.posed.assembly for row in rows]
    every = [item for each in known for item in each.parts.heterogeneity.parameters(each.layout)]
    names = list(dict.fromkeys(item.name for item in every if item.unit_power))
    if len(names) == 1:
        return _NORMAL.format(scales=f"{names[0]} is a scale", sd="an SD")
    return _NORMAL.format(scales=f"{' and '.join(names)} are scales", sd="SDs")


def _members(known: Known, say: Say) -> tuple[list[Member], tuple[str, ...]]:
    """Return every member that can be had with t effects, and why others are left out."""
    found, said, ways = list[Member](), list[str](), list(routes(known.question))
    for place, way in enumerate(ways):
        try:
            found.append(_member(known, way))
            said += by_draws(found[-1])
        except BayesmetaError as error:
            said.append(f"The member {way.name} with t effects is left out: {error}")
        say(place + 1, len(ways) + 1)
    return found, tuple(said)


def _member(known: Known, way: Route) -> Member:
    assembly = way.assembled()
    if not serves(known.pooled):
        return beside_slopes(known.question, way, assembly)
    # Row by row: where each has a bias of its own or none, and where priors are not normal.
    apart = way.name == "moderator" and not known.are_normal(assembly)
    if way.name == "probably-biased" or apart:
        return integrated(known.question, way)
    row, own = effect_row(assembly), known.of(way.name)
    found = _posterior(own, way)
    whole = None if way.taking_part.all() else way.taking_part
    return member_of(known.question, way, Posed(assembly, found, row, whole),
                     _evidence(own, way, found))  # fmt: skip


def _posterior(known: Known, way: Route) -> Tailed:
    if way.name == "design-bias":
        return known.biased(known.question.bias_sd)
    if way.name == "moderator":
        assembly = way.assembled()
        return known.moderated(assembly, effect_row(assembly))
    power = 0.0 if way.name == "trials-only" else 1.0 if way.power is None else way.power
    return known.pooling(power, trials=way.name != "cohorts-only")


def _evidence(known: Known, way: Route, found: Tailed) -> float | None:
    if way.name == "cohorts-only":
        return None
    both = float(found.log_marginal_likelihood[0])
    says_nothing = found.way.apart is None and found.way.power == 0
    return both if says_nothing else both - known.without_trials(found)


def _dials(
    known: Known, points: int, uisd: float | None
) -> tuple[TailDials | None, tuple[str, ...]]:
    question, powered = known.question, known.of("power-prior")
    sds, powers = default_sds(question, points), np.linspace(0, 1, points)
    try:
        over_bias = _over_bias(known, sds, uisd)
        over_power = _dial(question, "power", powers, partial(_powered, powered))
        chosen = over_bias[over_bias["spread"] == known.spread]
        tips = [
            each
            for threshold in (question.threshold, 1 - question.threshold)
            for table, name, at in (
                (chosen, "u", partial(_biased, known)),
                (over_power, "power", partial(_powered, powered)),
            )
            for each in crossings_along(question, table, name, threshold, at)
        ]
    except BayesmetaError as error:
        return None, (f"The dials with t effects are left out: {error}",)
    return TailDials(over_bias, over_power, tuple(tips)), ()


def _over_bias(known: Known, sds: FloatArray, uisd: float | None) -> pd.DataFrame:
    """Return the dial under the spread of the analysis, then under the common one if another."""
    tables = []
    for own in dict.fromkeys([known, known.common]):
        table = _dial(known.question, "u", sds, partial(_biased, own))
        table.insert(0, "spread", own.spread)
        table.insert(2, "u_uisd", table["u"] / uisd if uisd else np.nan)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _dial(
    question: Question, name: str, values: FloatArray, at: Callable[[float], Posed]
) -> pd.DataFrame:
    rows = [numbers_of(at(float(value)), question) for value in values]
    return with_ratios(dial_table(rows, name, values), question.effects.measure)


def _biased(known: Known, sd: float) -> Posed:
    return Posed.of(known.under(sd), known.biased(sd))


def _powered(known: Known, power: float) -> Posed:
    own = known.pooled if known.spread == "common" else known.question.powered
    return Posed.of(own, known.pooling(power))
