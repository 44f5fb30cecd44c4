"""Answer both questions of a table of studies in one call."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np

from bayesmeta.assembly import PriorLike, named_roles
from bayesmeta.duration_response.answer_tables import (
    residual,
    stated,
    study_table,
    weighed_tables,
)
from bayesmeta.duration_response.beside import beside
from bayesmeta.duration_response.between import between_designs
from bayesmeta.duration_response.candidates import choose, curves_of
from bayesmeta.duration_response.cautions import associations, warn
from bayesmeta.duration_response.design import problem_of
from bayesmeta.duration_response.draws import draw
from bayesmeta.duration_response.first_week import first_week_table, first_weeks
from bayesmeta.duration_response.leverage import leave_one_out
from bayesmeta.duration_response.lines import Road, centred_road, road_of
from bayesmeta.duration_response.notes import notes_of, predicted
from bayesmeta.duration_response.odds import NO_CHANGE, require_probability
from bayesmeta.duration_response.offered import offered_columns
from bayesmeta.duration_response.others import Others, Setting, locate_others
from bayesmeta.duration_response.posed import Posed
from bayesmeta.duration_response.question import (
    Question,
    require_differences,
    require_sense,
    threshold,
    usual_changes,
    usual_weeks,
)
from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.scales import Scales, resolve_scales
from bayesmeta.duration_response.share import drawn_shares
from bayesmeta.duration_response.suitable import require_few
from bayesmeta.duration_response.told import effects_said, tau_is
from bayesmeta.duration_response.weeks import Durations, read_durations
from bayesmeta.duration_response.weighing import Say, weigh
from bayesmeta.measures.effects import Effects
from bayesmeta.schema import IS_COHORT
from bayesmeta.spec import ModelSpec
from bayesmeta.within import is_number

_NO_SETTING: Setting = MappingProxyType({})


def duration(  # noqa: PLR0913 - a question has as many parts
    effects: Effects,
    *,
    column: str = "duration_weeks",
    shapes: Sequence[str] | None = None,
    moderators: str | None = None,
    priors: Mapping[str, PriorLike] | None = None,
    benefit: str = "lower",
    minimal_important_difference: float | None = None,
    weeks: Sequence[float] | None = None,
    changes: Sequence[tuple[float, float]] | None = None,
    at: Setting = _NO_SETTING,
    sufficient: float = 0.9,
    interval: float = 0.95,
    p_constant: float = NO_CHANGE,
    model: str | Path | ModelSpec | None = None,
    design: str | None = None,
    reference: str | None = None,
    spread: str | None = None,
    ratio: float | None = None,
    power: float | None = None,
    shared_bias: bool = False,
    level: str | None = None,
    tau_formula: str | None = None,
    heterogeneity: str | None = None,
    say: Say = lambda _done, _all: None,
) -> Duration:
    """Return whether longer studies show the better effect, and how long is enough.

    Averaged over shapes, each integrated exactly. The constant, no change with duration, has the
    prior probability ``p_constant``; the rest goes in equal parts to the families of shapes that
    the durations suit (curves of one parameter: linear, log, square root, Emax; jumps: step,
    categories; flexible shapes: piecewise linear, spline, monotone) and within a family to its
    shapes. The change from the shortest to the longest observed duration has the same prior in
    all, Normal(0, scale of tau's default prior) unless stated. A duration that is a range or
    missing is integrated over its prior, study by study: a range is uniform inside, a missing one
    is log-normal within the observed range, with the mean and SD of the known ones' logs plugged
    in.

    Parameters
    ----------
    effects
        Effect sizes, from `effect_sizes`.
    column
        Covariate in the table of studies; cells are numbers, ranges ("4-6") or empty.
    shapes
        Names in the register of shapes; by default all that the durations suit.
    moderators
        Further moderators by formula, in every shape; the covariate's own term is left to the
        shape, an interaction such as ``duration_weeks * C(design)`` is kept.
    priors
        ``mu``, ``tau``, ``beta``, ``beta[term]``, ``bias`` as in `fit`; ``change`` for the
        change from the shortest to the longest duration.
    benefit
        Which direction helps, ``"lower"`` or ``"higher"``.
    minimal_important_difference
        Above 0, in the unit; for ratio measures a ratio.
    weeks, changes
        Durations to predict at; pairs to compare, after the whole observed range.
    at
        Values of other moderators to predict at; without them, as the studies have them.
    sufficient
        How probable it must be that the first sufficient duration has passed.
    interval
        Probability of the intervals.
    p_constant
        Prior probability that the effect does not differ by duration.
    model, design, reference, spread, ratio, power, shared_bias, level, tau_formula
        As in `fit`, such as ``"design-bias"``: cohorts have a bias in every shape, and all
        predictions are of trials. Effects may spread by several taus, of which one is integrated
        beside the first; of taus by level `at` says which a new study has, else the reference.
    heterogeneity
        How study effects spread, as in `fit`: ``"normal"``, ``"student-t"`` or ``"contaminated"``.
        Effects that are not normal want a duration of every study, and numbers for all
        hyperparameters but tau: ``nu`` is 4 unless stated, ``priors={"nu": 6}``. Beside them
        ``share``, of biases that cohorts may have each of their own, may have a Beta prior.
    say
        Takes how many shapes have been weighed, and of how many: for a bar of progress.

    Returns
    -------
    Duration
        Its tables are data frames: ``shapes``, ``curve``, ``predictions``, ``changes`` ...; weeks
        in the column's unit, effects in the outcome's (ratios on the log scale).

    Raises
    ------
    BayesmetaError
        If the parts do not fit each other or the table, or the posterior would be improper.

    Examples
    --------
    Writing to learn, in standard deviations (Bangert-Drowns 2004, Rev Educ Res 74:29-58):

    >>> import bayesmeta as bm
    >>> studies = bm.read_studies("examples/data/bangertdrowns2004.csv")
    >>> effects = bm.effect_sizes(studies, measure="generic", missing="drop")
    >>> found = duration(effects, benefit="higher", shapes=["constant", "linear"])
    >>> found.shapes["probability"].round(2).tolist()
    [0.34, 0.66]

    Simulated trials beside simulated cohorts, which have a bias and a further spread kappa:

    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> found = bm.duration(effects, model="design-bias", shapes=["constant", "linear"])
    >>> found.tau[["parameter", "median"]].round(1).to_dict("records")
    [{'parameter': 'tau', 'median': 4.7}, {'parameter': 'kappa', 'median': 1.2}]
    """
    weeks = [weeks] if is_number(weeks) else weeks
    require_sense(benefit=benefit, interval=interval, sufficient=sufficient, weeks=weeks or ())
    require_probability(p_constant)
    require_differences(effects)
    durations = read_durations(effects, column)
    named = named_roles({
        "design": design, "reference": reference, "spread": spread, "ratio": ratio, "power": power,
        "shared_bias": shared_bias, "level": level, "tau_formula": tau_formula,
        "heterogeneity": heterogeneity,
    })  # fmt: skip
    asked = beside(effects, model, named, at)
    others = locate_others(effects, moderators, durations, asked.cohort)
    scales = resolve_scales(effects, durations, others, priors, asked)
    require_few(scales, durations)
    names, skipped = choose(shapes, durations.observed)
    question = Question(
        benefit=benefit,
        threshold=threshold(effects, benefit=benefit, difference=minimal_important_difference),
        probability=sufficient,
        weeks=usual_weeks(durations.observed) if weeks is None else np.asarray(weeks, dtype=float),
        changes=_changes(durations, changes),
        interval=interval,
        at=others.settings(at, asked.settings),
    )
    return _answered(
        Posed(effects, column, durations, asked, others, scales, question, names, skipped,
              p_constant),
        say,
    )  # fmt: skip


def _answered(posed: Posed, say: Say) -> Duration:
    """Return what the shapes, weighed, say of the question."""
    effects, durations, question = posed.effects, posed.durations, posed.question
    others, scales, asked = posed.others, posed.scales, posed.beside
    road = _road(effects, durations, others, scales)
    cloud = weigh(
        effects, durations, posed.shapes, others=others, scales=scales, say=say,
        p_constant=posed.p_constant, road=road,
    )  # fmt: skip
    drawn = draw(cloud)
    shares = drawn_shares(cloud, durations, drawn)
    tau = residual(cloud, question, shares, scales)
    studies = study_table(durations, scales, tau)
    reached = first_week_table(cloud, question, drawn)
    enough, enough_new = first_weeks(reached, question.probability)
    leverage = leave_one_out(effects, durations, others, scales, question, road)
    offered = offered_columns(effects, durations, posed.read)
    associated = associations(effects, durations, (*posed.read, *offered))
    return Duration(
        column=posed.column,
        **stated(effects, question, cloud, scales),
        **weighed_tables(cloud, question, scales, shares),
        tau=tau,
        studies=studies,
        between_designs=between_designs(durations, others, asked.layout.marks.get(IS_COHORT),
                                        studies["weight"].to_numpy(dtype=float)),
        leave_one_out=leverage,
        first_week=reached,
        sufficient=enough,
        sufficient_new=enough_new,
        offered=offered,
        associations=associated,
        skipped={item.shape: item.reason for item in posed.skipped},
        warnings=warn(effects, durations, question, leverage=leverage, associated=associated,
                      offered=offered),
        notes=(*effects.said, *notes_of(asked, scales)),
        predicted=predicted(asked, scales),
        study_effects=effects_said(scales),
        **tau_is(scales),
    )  # fmt: skip


def _road(effects: Effects, durations: Durations, others: Others, scales: Scales) -> Road | None:
    """Return where tau is taken in all shapes, where study effects are not normal."""
    if scales.law is None:
        return None
    constant = problem_of(effects, durations, curves_of("constant", durations), others, scales)
    return centred_road(road_of(scales.law, constant), constant)


def _changes(
    durations: Durations, asked: Sequence[tuple[float, float]] | None
) -> tuple[tuple[float, float], ...]:
    usual = usual_changes(durations)
    if asked is None:
        return usual
    return tuple(dict.fromkeys((usual[0], *((float(a), float(b)) for a, b in asked))))
