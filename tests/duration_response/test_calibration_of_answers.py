"""How often the answers of a duration analysis are right, over tables with a known truth."""

import os
import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest

from bayesmeta.duration_response.candidates import choose
from bayesmeta.duration_response.draws import draw
from bayesmeta.duration_response.first_week import first_week_table
from bayesmeta.duration_response.others import locate_others
from bayesmeta.duration_response.question import Question
from bayesmeta.duration_response.scales import resolve_scales
from bayesmeta.duration_response.share import drawn_shares, share_row
from bayesmeta.duration_response.weeks import read_durations
from bayesmeta.duration_response.weighing import weigh

TABLES = int(os.environ.get("BAYESMETA_TABLES", "100"))
WEEKS = {
    6: np.array([2, 4, 4, 6, 8, 12.0]),
    12: np.array([2, 2, 3, 4, 4, 6, 6, 8, 8, 10, 12, 12.0]),
}
TAU, LIMIT = 0.2, 0.5
PRIORS = {
    "mu": "Normal(mu=0, sigma=1)", "tau": "HalfCauchy(beta=0.25)",
    "beta": "Normal(mu=0, sigma=0.5)", "change": "Normal(mu=0, sigma=0.25)",
}  # fmt: skip


class Truth(NamedTuple):
    """The mean effect by week, the design of a study, what it adds, and the first sufficient week.

    The threshold is -0.5, lower being better.
    """

    mean: Callable[[np.ndarray], np.ndarray]
    enough: float | None
    confounded: bool = False
    adjusted: bool = False
    outlier: bool = False
    wholly: bool = False


def plateau(weeks):
    """From -0.2 at 2 weeks to -0.8 at 4, level from then on."""
    return -0.2 - 0.3 * np.clip(weeks - 2, 0, 2)


TRUTHS = {
    "no effect, at the threshold": Truth(lambda weeks: np.full(weeks.size, -0.5), None),
    "plateau from 4 weeks": Truth(plateau, 3.0),
    "linear": Truth(lambda weeks: -0.2 - 0.06 * (weeks - 2), 7.0),
    "confounded, design left out": Truth(
        lambda weeks: np.full(weeks.size, -0.2), None, confounded=True
    ),
    "confounded, design taken in": Truth(
        lambda weeks: np.full(weeks.size, -0.2), None, confounded=True, adjusted=True
    ),
    "wholly confounded: every long study a cohort": Truth(
        lambda weeks: np.full(weeks.size, -0.2), None, confounded=True, wholly=True
    ),
    "outlier at the longest": Truth(
        lambda weeks: np.full(weeks.size, -0.2), None, outlier=True
    ),
}  # fmt: skip


def table_of(truth, k, generator, effects_of):
    """Draw a table: long studies are cohorts where the design confounds, 0.6 better."""
    weeks, error = WEEKS[k], np.resize([0.15, 0.25, 0.35], k)
    long = weeks > np.median(weeks)
    # One study of each length is of the other design, so that both can be told apart.
    cohort = long.copy()
    if not truth.wholly:
        cohort[[0, -1]] = True, False
    centre = truth.mean(weeks) - 0.6 * (cohort if truth.confounded else 0)
    estimate = generator.normal(centre, np.hypot(error, TAU))
    if truth.outlier:
        estimate[-1] = -2.0
    design = np.where(cohort, "cohort", "RCT")
    return effects_of(weeks, estimate, error, design=design)


class Said(NamedTuple):
    """What one table says."""

    longer: float
    exists: float
    at_truth: float
    share: float
    share_upper: float


def said(truth, effects):
    """Ask one table; with the design taken in, of trials."""
    durations = read_durations(effects, "duration_weeks")
    adjusted = truth.confounded and truth.adjusted
    others = locate_others(effects, "C(design)" if adjusted else None, durations)
    priors = PRIORS if adjusted else {name: one for name, one in PRIORS.items() if name != "beta"}
    scales = resolve_scales(effects, durations, others, priors)
    names, _ = choose(None, durations.observed)
    at = {"design": "RCT"} if adjusted else {}
    question = Question("lower", -LIMIT, 0.9, np.empty(0), (), 0.95, at)
    cloud = weigh(effects, durations, names, others=others, scales=scales)
    drawn = draw(cloud)
    table = first_week_table(cloud, question, drawn)
    share = share_row(drawn_shares(cloud, durations, drawn), question)
    at_truth = np.nan
    if truth.enough is not None:
        at_truth = table["p"][(table["weeks"] - truth.enough).abs().argmin()]
    return Said(
        cloud.change(2.0, 12.0).below(), table["p"].iloc[-1], at_truth,
        share["variance_share_median"], share["variance_share_upper"],
    )  # fmt: skip


def tell(sentence):
    """Print a row of the table of figures; shown by pytest -s."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


@pytest.mark.slow
@pytest.mark.parametrize("k", [6, 12])
@pytest.mark.parametrize("name", TRUTHS)
def test_the_answers_are_tabled(name, k, effects_of):
    """What is false is said with confidence in a tenth at most, but for what is confounded."""
    truth = TRUTHS[name]
    generator = np.random.default_rng([15, k, len(name)])
    found = Said(*np.array([
        said(truth, table_of(truth, k, generator, effects_of)) for _ in range(TABLES)
    ]).T)  # fmt: skip
    sure, enough = (found.longer > 0.95).mean(), (found.exists >= 0.9).mean()

    tell(
        f"| {name} | {k} | {found.longer.mean():.2f} | {sure:.2f} | {enough:.2f} | "
        f"{found.at_truth.mean():.2f} | {found.share.mean():.2f} | {found.share_upper.mean():.2f} |"
    )
    slack = 3.5 * np.sqrt(0.1 * 0.9 / TABLES)
    if name == "no effect, at the threshold":
        assert sure <= 0.1
        assert enough <= 0.15 + slack
        assert found.share.mean() < 0.1
    if name in ("plateau from 4 weeks", "linear"):
        assert found.longer.mean() > 0.25
