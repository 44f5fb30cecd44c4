"""How much hangs on each study: the straight line with each study left out, exactly."""

from dataclasses import replace

import numpy as np
import pandas as pd

from bayesmeta.duration.candidates import Curves
from bayesmeta.duration.cloud import curve_problem
from bayesmeta.duration.others import Others
from bayesmeta.duration.question import Question
from bayesmeta.duration.scales import Scales
from bayesmeta.duration.tables import five
from bayesmeta.duration.weeks import Durations
from bayesmeta.engines.quadrature.integral import integrate
from bayesmeta.measures.effects import Effects


def leave_one_out(
    effects: Effects, durations: Durations, others: Others, scales: Scales, question: Question
) -> pd.DataFrame:
    """Return the slope of the straight line, per week, without each study in turn.

    Priors and centring stay those of the full table; a range stands at its middle, a missing
    duration at its prior's median.

    Returns
    -------
    DataFrame
        ``study, mean, sd, median, lower, upper, error, p_better, shift``: the last is the change
        of the posterior mean, in posterior SDs of the full table's slope. The first row, with
        no study left out, is named "".
    """
    one = np.ones(1)
    weeks = durations.middle[np.newaxis]
    line = Curves("linear", durations.observed, np.empty((1, 0)), weeks, one, one)
    problem = curve_problem(effects, [line], others, scales)
    count = len(effects)
    # Row 0 leaves nobody out.
    masks = np.vstack([np.ones(count), 1 - np.eye(count)])
    row = np.zeros(problem.design.shape[-1])
    row[1 + len(others.terms)] = 1 / durations.observed.span
    slope = integrate(replace(problem, mask=masks)).combination(row)
    numbers = five(slope, question)
    below = slope.cdf(0.0)
    better = below if question.benefit == "lower" else 1 - below
    shift = (numbers.mean - numbers.mean[0]) / numbers.sd[0]
    names = ["", *effects.labels]
    return pd.DataFrame({"study": names, **numbers.columns(), "p_better": better, "shift": shift})
