"""Groups of studies, such as short and long ones: their means, and which is better."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bayesmeta.assembly import PriorLike, assemble
from bayesmeta.duration_response.grouping import Grouping, grouped
from bayesmeta.duration_response.question import Question, require_sense
from bayesmeta.duration_response.subgroup_models import fitted
from bayesmeta.duration_response.subgroup_tables import (
    contrast_table,
    factor_table,
    group_table,
    model_table,
    overall_table,
    tau_table,
)
from bayesmeta.errors import ModelError
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.given import require_effects
from bayesmeta.priors import is_proper
from bayesmeta.schema import TAU
from bayesmeta.summaries.own_scale import has_null
from bayesmeta.summaries.shown import Shown

COMMON, SEPARATE, OWN = "common", "separate", "own"
TAUS = (COMMON, SEPARATE, OWN)
"""What there is of taus; ``separate`` is another word for ``own``."""
TABLES = ("groups", "overall", "contrasts", "tau_contrasts", "bayes_factors", "models", "studies")


@dataclass(frozen=True, eq=False, repr=False)
class Subgroups(Shown):
    """Subgroups of a meta-analysis.

    Parameters
    ----------
    column, measure, unit, outcome, source, tau
        What the groups are made of; the effects' measure, unit, outcome and file; which tau the
        groups have.
    benefit, interval
        Which direction helps; probability of the intervals.
    groups
        One row a group: its studies, five numbers of its mean effect and of the effect in a new
        study, the probability that each benefits, its tau, with errors.
    overall
        The same of all studies together: one mean, one tau.
    contrasts
        One row a pair: the first group's mean less the second's, the probability that the
        first is greater, and that it is the better.
    tau_contrasts
        One row a pair: the first group's own tau over the second's, and the probability that it
        is the greater.
    bayes_factors
        Of a difference of the means against none, and of own taus against one, each given both
        answers to the other question.
    models
        Evidence of the four models, and their probabilities where all are as likely before.
    studies
        The studies with their groups.
    log_marginal_likelihood
        Of this model; and of one mean and one tau for all, ``log_marginal_likelihood_alike``.
    priors
        Resolved, as text; that of mu holds for each mean.
    """

    column: str
    measure: str
    unit: str
    outcome: str
    source: str
    tau: str
    benefit: str
    interval: float
    groups: pd.DataFrame
    overall: pd.DataFrame
    contrasts: pd.DataFrame
    tau_contrasts: pd.DataFrame
    bayes_factors: pd.DataFrame
    models: pd.DataFrame
    studies: pd.DataFrame
    log_marginal_likelihood: float
    log_marginal_likelihood_alike: float
    priors: Mapping[str, str]

    def as_text(self, *, title: str = "") -> str:
        """Return groups and contrasts as plain text."""
        unit = f" in {self.unit}" if self.unit else ""
        level = f"{100 * self.interval:g} % intervals"
        head = title or f"{self.measure}{unit} by {self.column}, {self.tau} tau; {level}"
        names = ["group", "studies", "median", "lower", "upper", "tau_median"]
        pairs = ["first", "second", "median", "lower", "upper", "P(first better)"]
        greater = self.contrasts["p_greater"]
        better = 1 - greater if self.benefit == "lower" else greater
        contrasts = self.contrasts.assign(**{"P(first better)": better})
        priors = "; ".join(f"{name} ~ {prior}" for name, prior in self.priors.items())
        return "\n\n".join([
            head, self.groups[names].to_string(index=False, float_format="{:.3g}".format),
            contrasts[pairs].to_string(index=False, float_format="{:.3g}".format),
            f"Priors: {priors}",
        ])  # fmt: skip


def subgroups(  # noqa: PLR0913 - a question has as many parts
    effects: Effects,
    *,
    column: str,
    cuts: Sequence[float] | None = None,
    tau: str = COMMON,
    priors: Mapping[str, PriorLike] | None = None,
    benefit: str = "lower",
    interval: float = 0.95,
) -> Subgroups:
    """Return the means of subgroups, each with the prior of mu, and their contrasts, exactly.

    With ``tau="own"`` it is the model tau-by-level with a mean for each level too.

    Parameters
    ----------
    effects, priors
        As in `fit`.
    column
        A column of words; or of durations, with `cuts`.
    cuts
        Bounds between groups of durations; a study at a cut is in the shorter group.
    tau
        ``"common"``: one tau. ``"own"``: one a group, independent, with the same prior.
    benefit
        Which direction helps, ``"lower"`` or ``"higher"``.
    interval
        Probability of the intervals.

    Returns
    -------
    Subgroups
        Tables ``groups``, ``overall``, ``contrasts``, ``tau_contrasts``, ``bayes_factors``,
        ``models`` and ``studies``, in the outcome's unit (ratios on the log scale), with numerical
        errors.

    Raises
    ------
    BayesmetaError
        If the column does not make two groups, or a prior will not do.

    Examples
    --------
    Simulated trials of 2 to 12 weeks:

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> found = bm.subgroups(effects, column="duration_weeks", cuts=[4, 8])
    >>> found.groups[["group", "median", "lower", "upper"]].round(1)
             group  median  lower  upper
    0      up to 4    -3.3   -8.2    1.7
    1  over 4 to 8    -6.8  -12.3   -1.1
    2       over 8   -11.0  -17.0   -4.4

    How much better two means fit than one, given one tau:

    >>> bool(found.bayes_factors["bayes_factor"][0] > 0.1)
    True
    """
    require_effects(effects)
    require_sense(benefit=benefit, interval=interval, sufficient=0.9, weeks=())
    if tau not in TAUS:
        raise ModelError(f"tau is {tau!r}; it must be one of: {', '.join(TAUS)}.")
    groups = grouped(effects, column, cuts)
    question = Question(benefit, None, 0.9, np.empty(0), (), interval, {})
    assembly = assemble(effects, "random-effects", priors=priors)
    models = fitted(effects, assembly.priors, groups)
    model = models.common if tau == COMMON else models.own
    proper = is_proper(assembly.priors[TAU])
    return Subgroups(
        column=column, measure=effects.measure, unit=effects.unit, outcome=effects.outcome,
        source=effects.studies.source, tau=tau, benefit=benefit, interval=interval,
        groups=_sided(effects, group_table(model, groups, question)),
        overall=_sided(effects, overall_table(models.whole, len(effects), question)),
        contrasts=contrast_table(model, groups.names, question),
        tau_contrasts=tau_table(models.own, groups.names, question),
        bayes_factors=factor_table(models, proper=proper),
        models=model_table(models, proper=proper),
        studies=_studies(effects, groups),
        log_marginal_likelihood=float(model.log_marginal_likelihood.sum()),
        log_marginal_likelihood_alike=float(models.whole.log_marginal_likelihood[0]),
        priors={name: str(prior) for name, prior in assembly.priors.items()},
    )  # fmt: skip


def _sided(effects: Effects, table: pd.DataFrame) -> pd.DataFrame:
    """Return means without P(benefit) where no value is one of no effect; differences have one."""
    names = [] if has_null(effects.measure) else [*table.filter(like="p_benefit"),
                                                  *table.filter(like="p_error")]  # fmt: skip
    return table.assign(**dict.fromkeys(names, np.nan))


def _studies(effects: Effects, groups: Grouping) -> pd.DataFrame:
    columns = {
        "study": effects.labels, "group": [groups.names[label] for label in groups.labels],
        "estimate": effects.estimate, "standard_error": effects.standard_error,
    }  # fmt: skip
    return pd.DataFrame(columns)
