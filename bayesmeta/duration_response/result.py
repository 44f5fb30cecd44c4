"""What a duration analysis says: tables, sentences, warnings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from bayesmeta.duration_response.cautions import Association
from bayesmeta.duration_response.first_week import FirstWeek
from bayesmeta.summaries.shown import Shown


@dataclass(frozen=True, eq=False, repr=False)
class Duration(Shown):
    """Whether longer studies show the better effect, and how long is enough.

    All effects are in the outcome's unit (ratios on the log scale); every table has the
    numerical error of its numbers beside them.

    Parameters
    ----------
    column
        The covariate.
    measure, unit, outcome, source
        Of the effects; the file they came from.
    benefit
        Which direction helps.
    threshold
        Where benefit starts to matter, on the scale of the estimates; None if not stated.
    required
        How probable an effect beyond it must be.
    interval
        Probability of the intervals.
    shortest, longest
        Observed durations.
    priors
        Resolved to the outcome's unit, as text, by parameter.
    statements
        Each shape as one would write it on a board.
    shapes
        One row a shape: probability, change from shortest to longest, residual tau, Bayes
        factor against the constant; ``share_explained``, by how much E[tau²] is less than under
        the constant (negative where it is more); ``variance_share_``, the curve's variance over
        the studies' durations as a share of that and residual tau².
    predictions
        At chosen durations: the mean effect, and with ``new_`` before them the effect in a new
        study; averaged over the shapes.
    changes
        Between pairs of durations.
    tau
        Residual between-study SD averaged over the shapes, and both shares; a row more for each
        further hyperparameter of the model, such as ``kappa``.
    curve, shape_curves
        For figures: median and intervals over the observed range.
    studies
        The studies with their durations, what each said of it, and their weights.
    leave_one_out
        The linear slope per week without each study.
    first_week
        P(w* <= w) over the observed durations, for the mean effect and for a new study's: w* is
        the shortest duration from which on the effect is beyond the threshold at every longer
        observed one. No rows without a threshold.
    sufficient, sufficient_new
        What that says of w*, for the mean effect and for a new study's; None without a threshold.
    p_constant
        Prior probability that the effect does not differ by duration.
    prior_chances
        Prior probabilities ``p_better``, ``p_same``, ``p_worse`` of the longest observed duration
        against the shortest.
    factor_of_change, factor_of_change_error
        Bayes factor of any change with duration against none; nan where the constant is not
        weighed.
    strip
        The answer over P(no change) and the change's prior sd.
    offered
        Columns of the table that could be moderators, and are not.
    associations
        How other columns go with the duration.
    skipped
        Shapes left out, each with the reason.
    warnings
        Sentences, each with its number.
    notes
        What was done to the table on the way, and what stands beside the shapes.
    study_effects
        A sentence on study effects that are not normal; nothing where they are.
    tau_is, sd_over_tau
        What tau is where it is not the SD of study effects, and that SD over tau: infinite where
        there is none, nan where it is more than a number.
    between_designs
        How much of what the studies say of a straight line lies between trials and cohorts, at the
        taus' medians: 1 - information beside the column of designs / information without it; nan
        where the model knows none.
    predicted
        A sentence on whose effects are predicted, where studies differ in it; else empty.
    """

    column: str
    measure: str
    unit: str
    outcome: str
    source: str
    benefit: str
    threshold: float | None
    required: float
    interval: float
    shortest: float
    longest: float
    priors: Mapping[str, str]
    statements: Mapping[str, str]
    shapes: pd.DataFrame
    predictions: pd.DataFrame
    changes: pd.DataFrame
    tau: pd.DataFrame
    curve: pd.DataFrame
    shape_curves: pd.DataFrame
    studies: pd.DataFrame
    leave_one_out: pd.DataFrame
    first_week: pd.DataFrame
    sufficient: FirstWeek | None
    sufficient_new: FirstWeek | None
    p_constant: float
    prior_chances: Mapping[str, float]
    factor_of_change: float
    factor_of_change_error: float
    strip: pd.DataFrame
    offered: tuple[str, ...] = ()
    associations: tuple[Association, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    study_effects: str = ""
    tau_is: str = ""
    sd_over_tau: float = 1.0
    between_designs: float = float("nan")
    predicted: str = ""

    def as_text(self, *, title: str = "") -> str:
        """Return the analysis as plain text."""
        from bayesmeta.duration_response.text import text

        return text(self, title=title)

    @property
    def p_longer_is_better(self) -> float:
        """Probability that the longest observed duration does more good than the shortest."""
        return float(self.changes["p_better"].iloc[0])
