"""Groups of studies, such as short and long ones: their means, and which is better."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import PriorLike, assemble
from bayesmeta.duration_response.question import Question, require_sense
from bayesmeta.duration_response.tables import five
from bayesmeta.duration_response.weeks import read_durations
from bayesmeta.engines.quadrature.integral import Integral
from bayesmeta.engines.quadrature.posteriors import integrate
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.tau_priors import tau_prior
from bayesmeta.errors import ModelError, PriorError, StudiesError
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.given import require_effects
from bayesmeta.mixtures import NormalMixture
from bayesmeta.priors import Context
from bayesmeta.schema import MU, TAU
from bayesmeta.summaries.shown import Shown

COMMON, SEPARATE = "common", "separate"
_NEGLIGIBLE = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class Subgroups(Shown):
    """Subgroups of a meta-analysis.

    Parameters
    ----------
    column, measure, unit, tau
        What the groups are made of; the effects' measure and unit; ``"common"`` or
        ``"separate"`` tau.
    benefit, interval
        Which direction helps; probability of the intervals.
    groups
        One row a group: its studies, five numbers of its mean effect and of the effect in a new
        study, its tau, with errors.
    contrasts
        One row a pair: the first group's mean less the second's, and the probability that the
        first is greater.
    studies
        The studies with their groups.
    log_marginal_likelihood
        Of this model; and of one mean and one tau for all, ``log_marginal_likelihood_alike``.
    priors
        Resolved, as text.
    """

    column: str
    measure: str
    unit: str
    tau: str
    benefit: str
    interval: float
    groups: pd.DataFrame
    contrasts: pd.DataFrame
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

    Parameters
    ----------
    effects, priors
        As in `fit`.
    column
        A column of words; or of durations, with `cuts`.
    cuts
        Bounds between groups of durations; a study at a cut is in the shorter group.
    tau
        ``"common"``: one tau. ``"separate"``: one a group, independent, with the same prior.
    benefit
        Which direction helps, ``"lower"`` or ``"higher"``.
    interval
        Probability of the intervals.

    Returns
    -------
    Subgroups
        Tables ``groups``, ``contrasts`` and ``studies``, in the outcome's unit (ratios on the log
        scale), with numerical errors.

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
    """
    require_effects(effects)
    require_sense(benefit=benefit, interval=interval, sufficient=0.9, weeks=())
    labels, names = _grouped(effects, column, cuts)
    question = Question(benefit, None, 0.9, np.empty(0), (), interval, {})
    assembly = assemble(effects, "random-effects", priors=priors)
    if assembly.priors[MU].distribution != "Normal":
        raise PriorError(
            f"prior mu: {assembly.priors[MU]} will not do for subgroups; use a Normal prior."
        )
    members = (labels == np.arange(len(names))[:, np.newaxis]).astype(float)
    whole = integrate(_problem(effects, assembly.priors, np.ones((len(effects), 1))))
    if tau == COMMON:
        model = integrate(_problem(effects, assembly.priors, members.T))
    elif tau == SEPARATE:
        one = _problem(effects, assembly.priors, np.ones((len(effects), 1)))
        model = integrate(replace(one, mask=members))
    else:
        raise ModelError(f"tau is {tau!r}; it must be one of: {COMMON}, {SEPARATE}.")
    return Subgroups(
        column=column, measure=effects.measure, unit=effects.unit, tau=tau, benefit=benefit,
        interval=interval, groups=_groups(model, members, names, question),
        contrasts=_contrasts(model, names, question),
        studies=_studies(effects, [names[label] for label in labels]),
        log_marginal_likelihood=float(model.log_marginal_likelihood.sum()),
        log_marginal_likelihood_alike=float(whole.log_marginal_likelihood[0]),
        priors={name: str(prior) for name, prior in assembly.priors.items()},
    )  # fmt: skip


def _grouped(
    effects: Effects, column: str, cuts: Sequence[float] | None
) -> tuple[FloatArray, list[str]]:
    """Return each study's group by number, and the groups' names."""
    if cuts is None:
        words = [str(cell) for cell in _column(effects, column)]
        names = list(dict.fromkeys(words))
        labels = np.array([names.index(word) for word in words])
    else:
        bounds = sorted(float(cut) for cut in cuts)
        durations = read_durations(effects, column)
        if not durations.complete:
            raise StudiesError(f"Column {column}: a range or a gap falls in no group.")
        labels = np.searchsorted(bounds, durations.middle, side="left")
        names = _names(bounds)
    if len(set(labels.tolist())) < max(2, len(names)):
        empty = [name for place, name in enumerate(names) if place not in labels]
        raise ModelError(f"Column {column}: no study in {', '.join(empty) or 'a second group'}.")
    return labels, names


def _column(effects: Effects, column: str) -> FloatArray:
    if column not in effects.studies:
        known = ", ".join(effects.studies.columns)
        raise StudiesError(f"No column {column!r} in the table of studies; it has: {known}.")
    found: FloatArray = effects.studies[column]
    return found


def _names(bounds: Sequence[float]) -> list[str]:
    inner = [f"over {low:g} to {high:g}" for low, high in itertools.pairwise(bounds)]
    return [f"up to {bounds[0]:g}", *inner, f"over {bounds[-1]:g}"]


def _problem(effects: Effects, priors: Mapping[str, object], design: FloatArray) -> Problem:
    mu, tau = priors[MU], tau_prior(priors[TAU], Context(effects.standard_error))  # type: ignore[arg-type]
    mean, sd = (float(mu.parameters[name]) for name in ("mu", "sigma"))  # type: ignore[attr-defined]
    plain = Problem.of(
        effects.estimate, effects.standard_error**2, design, prior_mean=mean,
        prior_precision=sd**-2, log_prior=tau.log_prior,
    )  # fmt: skip
    return replace(plain, **tau._asdict())


def _mean(model: Integral, place: int, *, new_study: bool = False) -> NormalMixture:
    """Return a group's mean: a coefficient of the one problem, or the one of its own problem."""
    groups = model.mean.shape[-1]
    if groups == 1:
        every = model.combination(np.ones(1), new_study=new_study)
        coarse = every.coarse_weight
        return NormalMixture(
            every.weight[place], every.location[place], every.scale[place],
            None if coarse is None else coarse[place],
        )  # fmt: skip
    every = model.combination(np.eye(groups)[place], new_study=new_study)
    coarse = every.coarse_weight
    return NormalMixture(
        every.weight[0], every.location[0], every.scale[0], None if coarse is None else coarse[0]
    )


def _groups(
    model: Integral, members: FloatArray, names: Sequence[str], question: Question
) -> pd.DataFrame:
    tau = model.heterogeneity()
    spread, coarse = tau.quantile(question.ends), tau.coarse().quantile(question.ends)
    rows = []
    for place, name in enumerate(names):
        own = place if len(spread) > 1 else 0
        row: dict[str, object] = {"group": name, "studies": int(members[place].sum())}
        for prefix, new in (("", False), ("new_", True)):
            found = five(_mean(model, place, new_study=new), question).columns(prefix)
            row |= {key: float(value) for key, value in found.items()}
        row |= dict(zip(("tau_lower", "tau_median", "tau_upper"), spread[own], strict=True))
        rows.append(row | {"tau_error": float(np.abs(spread[own] - coarse[own]).max())})
    return pd.DataFrame(rows)


def _contrasts(model: Integral, names: Sequence[str], question: Question) -> pd.DataFrame:
    rows = []
    for first, second in itertools.combinations(range(len(names)), 2):
        difference = _difference(model, first, second)
        found = five(difference, question).columns()
        numbers: dict[str, object] = {name: float(value) for name, value in found.items()}
        fine, coarse = (1 - float(part.cdf(0.0)) for part in (difference, difference.coarse()))
        pair: dict[str, object] = {"first": names[first], "second": names[second]}
        rows.append({**pair, **numbers, "p_greater": fine, "p_error": abs(fine - coarse)})
    return pd.DataFrame(rows)


def _difference(model: Integral, first: int, second: int) -> NormalMixture:
    """Return the first mean less the second: within one problem, or of two independent ones."""
    groups = model.mean.shape[-1]
    if groups > 1:
        row = np.eye(groups)[first] - np.eye(groups)[second]
        every = model.combination(row)
        coarse = every.coarse_weight
        own = None if coarse is None else coarse[0]
        return NormalMixture(every.weight[0], every.location[0], every.scale[0], own)
    one, other = (_pruned(_mean(model, place)) for place in (first, second))
    return NormalMixture(
        np.outer(one.weight, other.weight).ravel(),
        np.subtract.outer(one.location, other.location).ravel(),
        np.hypot.outer(one.scale, other.scale).ravel(),
        np.outer(one.coarse().weight, other.coarse().weight).ravel(),
    )


def _pruned(mixture: NormalMixture) -> NormalMixture:
    coarse = mixture.coarse().weight
    kept = np.maximum(mixture.weight, coarse) > _NEGLIGIBLE
    weight, other = mixture.weight[kept], coarse[kept]
    return NormalMixture(
        weight / weight.sum(), mixture.location[kept], mixture.scale[kept], other / other.sum()
    )


def _studies(effects: Effects, groups: Sequence[str]) -> pd.DataFrame:
    columns = {
        "study": effects.labels, "group": groups, "estimate": effects.estimate,
        "standard_error": effects.standard_error,
    }  # fmt: skip
    return pd.DataFrame(columns)
