"""How the answer hangs on its priors: of no change, and of the size of a change."""

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import ndtr

from bayesmeta.duration_response.cloud import Cloud
from bayesmeta.duration_response.odds import prior_probabilities
from bayesmeta.duration_response.question import Question
from bayesmeta.duration_response.rescaled import FACTORS, rescaled
from bayesmeta.duration_response.scales import Scales
from bayesmeta.duration_response.tables import sides

CONSTANTS = (0.1, 0.5)


def prior_change(
    cloud: Cloud, question: Question, scales: Scales, factor: float = 1.0
) -> dict[str, float]:
    """Return the prior probabilities that longer studies show the better effect, the same, worse.

    The change from the shortest to the longest duration has the same normal prior in every shape
    but the constant; interactions with other moderators add their own.
    """
    ends = np.array([cloud.observed.shortest, cloud.observed.longest])
    others = np.diff(cloud.others.rows(ends, {}), axis=0)[0]
    mean, precision = (part[1:] for part in scales.fixed)
    centre, sd = scales.change
    moving = cloud.others.moving
    with np.errstate(divide="ignore"):
        variance = (factor * sd) ** 2 + (others[moving] ** 2 / precision[moving]).sum()
    below = float(ndtr(-(centre + others[moving] @ mean[moving]) / np.sqrt(variance)))
    same = dict(zip(cloud.shapes, cloud.prior, strict=True)).get("constant", 0.0)
    sides = (below, 1 - below) if question.benefit == "lower" else (1 - below, below)
    return {
        "p_better": float((1 - same) * sides[0]),
        "p_same": float(same),
        "p_worse": float((1 - same) * sides[1]),
    }


def strip(cloud: Cloud, question: Question, scales: Scales) -> pd.DataFrame:
    """Return the answer over P(no change) and the prior sd of the change.

    ``p_constant, change_sd, prior_p_better, p_better, p_same, p_worse, bayes_factor``: one row
    each of two by three priors; no rows where the constant is the only shape, or not there.
    """
    if "constant" not in cloud.shapes or len(cloud.shapes) == 1:
        return pd.DataFrame()
    clouds = {factor: cloud if factor == 1 else rescaled(cloud, scales, factor)
              for factor in FACTORS}  # fmt: skip
    rows = [
        _row(replace(moved, prior=prior_probabilities(cloud.shapes, p_constant)), question, scales,
             p_constant=p_constant, factor=factor)
        for p_constant in CONSTANTS
        for factor, moved in clouds.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _row(
    cloud: Cloud, question: Question, scales: Scales, *, p_constant: float, factor: float
) -> dict[str, float]:
    observed = cloud.observed
    change = cloud.change(observed.shortest, observed.longest)
    prior = prior_change(cloud, question, scales, factor)
    return {
        "p_constant": p_constant,
        "change_sd": factor * scales.change[1],
        "prior_p_better": prior["p_better"],
        **sides(change, question),
        "bayes_factor": cloud.factor_of_change[0],
    }
