"""What an analysis of trials beside cohorts says: members, dials, tipping weights, cautions."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from bayesmeta.cohorts.conflict import Conflict
from bayesmeta.cohorts.confounding import Confounded
from bayesmeta.cohorts.members import Member
from bayesmeta.cohorts.names import Names, names_of
from bayesmeta.cohorts.question import Question
from bayesmeta.cohorts.tipping import Crossing
from bayesmeta.measures import MEASURES
from bayesmeta.summaries.shown import Shown

_RATIOS = {"median": "ratio", "lower": "ratio_lower", "upper": "ratio_upper",
           "new_lower": "ratio_new_lower", "new_upper": "ratio_new_upper"}  # fmt: skip
_MU = ("mean", "sd", "median", "lower", "upper", "error")


@dataclass(frozen=True, eq=False)
class TailDials:
    """The dials with t effects.

    Parameters
    ----------
    over_bias, over_power
        As those of `Designs`; ``cohort_share`` is an average over draws, right to about 0.2 %.
    crossings
        Where their conclusion changes.
    """

    over_bias: pd.DataFrame
    over_power: pd.DataFrame
    crossings: tuple[Crossing, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Designs(Shown):
    """How much the cohorts may count beside the trials.

    All effects are in the outcome's unit; ratios on the log scale, with the ratios themselves in
    the columns from ``ratio`` of every table.

    Parameters
    ----------
    question
        What was asked.
    counts
        How many studies each design has, the reference first.
    uisd
        Unit-information SD of the table; None where it does not say how many took part.
    priors
        Resolved to the outcome's unit, as text, by parameter.
    rows
        The members.
    over_bias
        The dial over the bias's SD ``u``, with ``u_uisd``, for the chosen ``spread`` and the
        common one.
    over_power
        The dial over the ``power`` of the cohorts' likelihood.
    crossings
        Where a dial's conclusion changes.
    conflict
        How far cohorts are from trials.
    confounded
        How much of each slope's information lies between designs.
    halved_share, halved_benefit
        The cohorts' share in mu, and P(benefit), under half the default's SD of the bias.
    warnings, notes
        Sentences, each with its number; what was done to the table on the way.
    tails
        The dials with t effects, where they were asked for.
    """

    question: Question
    counts: dict[str, int]
    uisd: float | None
    priors: dict[str, str]
    rows: tuple[Member, ...]
    over_bias: pd.DataFrame
    over_power: pd.DataFrame
    crossings: tuple[Crossing, ...]
    conflict: Conflict
    confounded: tuple[Confounded, ...]
    halved_share: float
    halved_benefit: float
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    tails: TailDials | None = None

    def as_text(self, *, title: str = "") -> str:
        """Return the answer as plain text."""
        from bayesmeta.cohorts.text import designs_text

        return designs_text(self, title=title)

    @property
    def measure(self) -> str:
        """Of the effects."""
        return self.question.effects.measure

    @property
    def names(self) -> Names:
        """What both sides are called."""
        others = [level for level in self.counts if level != self.question.reference]
        return names_of(self.question.reference, others)

    @property
    def unit(self) -> str:
        """Of the effects."""
        return self.question.effects.unit

    def member(self, name: str, power: float | None = None) -> Member:
        """Return one member with normal effects; of the power prior the row of a power."""
        return next(row for row in self.rows if row.member == name and row.power == power)

    @cached_property
    def members(self) -> pd.DataFrame:
        """One row a member: mu, new trial, tau, bias, probabilities, share, evidence.

        Of ratio measures the last columns, from ``ratio``, are ratios; all others are logarithms.
        """
        table = pd.DataFrame([_row(member) for member in self.rows])
        return with_ratios(table, self.measure, "new_lower", "new_upper")


def with_ratios(table: pd.DataFrame, measure: str, *further: str) -> pd.DataFrame:
    """Return a table with the ratios behind the logarithms; of other measures as it is.

    Parameters
    ----------
    further
        Columns of logarithms beside ``median``, ``lower`` and ``upper``.
    """
    if not (measure in MEASURES and MEASURES[measure].ratio):
        return table
    logs = [name for name in ("median", "lower", "upper", *further) if name in table]
    return table.assign(**{_RATIOS[name]: np.exp(table[name]) for name in logs})


def _row(member: Member) -> dict[str, object]:
    known = member.parameters
    row: dict[str, object] = {"member": member.member, "u": member.u, "power": member.power}
    row |= {name: known["mu"][name] for name in _MU}
    row |= {f"new_{name}": known["theta_new"][name] for name in ("lower", "upper")
            if "theta_new" in known}  # fmt: skip
    for name in ("tau", "kappa", "tau_cohort", "bias", "share"):
        if name in known:
            row |= {f"{name}_{end}": known[name][end] for end in ("median", "lower", "upper")}
    if "bias" in known:
        row["p_bias_below_0"] = known["bias"]["p_below_0"]
    return row | {
        "p_benefit": member.p_benefit,
        "p_beyond": member.p_beyond,
        "cohort_share": member.cohort_share,
        "log_trials_given_cohorts": member.log_trials_given_cohorts,
        "heterogeneity": member.heterogeneity,
    }
