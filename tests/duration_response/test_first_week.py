"""The first sufficient week, and the share of the variance: laws of what draws tell."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

import bayesmeta as bm

LIMIT = 1.0


@pytest.fixture(scope="module")
def found(twelve, priors):
    """Twelve studies, shapes that turn and shapes that do not."""
    shapes = ["constant", "linear", "step", "natural_spline", "categories"]
    return bm.duration(twelve(), priors=priors, shapes=shapes, minimal_important_difference=LIMIT)


@pytest.fixture(scope="module")
def line(twelve, priors):
    """The straight line alone."""
    return bm.duration(twelve(), priors=priors, shapes=["linear"], minimal_important_difference=1.0)


@pytest.fixture(scope="module")
def known(twelve, brute):
    """The line's posterior by quadrature over tau, and its rows at all weeks."""
    effects = twelve()
    weeks = effects.studies["duration_weeks"]
    passed, one = (weeks - weeks.mean()) / 10, np.ones(1)
    designs = [(np.array([[1.0, share]]), one) for share in passed]
    return brute(effects.estimate, effects.standard_error, designs, [4.0, 2.0]), weeks


@pytest.mark.parametrize("prefix", ["", "new_"])
def test_at_the_longest_week_it_is_that_of_the_effect_there(prefix, found):
    """P(w* <= longest) is P(the effect there is beyond the threshold), exactly."""
    there = found.predictions.iloc[-1]

    assert found.first_week[f"{prefix}p"].iloc[-1] == pytest.approx(
        there[f"{prefix}p_beyond"], abs=1e-12
    )


@pytest.mark.parametrize("prefix", ["", "new_"])
def test_it_never_falls_and_never_passes_the_pointwise_probability(prefix, found):
    """Enough from w on implies enough at w, and from every later week on."""
    table = found.first_week.set_index("weeks")
    pointwise = found.predictions.set_index("weeks")[f"{prefix}p_beyond"]
    here = table.loc[pointwise.index]

    assert (np.diff(table[f"{prefix}p"]) >= 0).all()
    assert (here[f"{prefix}p"] <= pointwise + 4 * here[f"{prefix}p_error"] + 1e-12).all()


@pytest.mark.parametrize("week", [2.0, 4.0, 6.0, 10.0])
def test_of_a_line_it_is_that_both_ends_are_enough(week, line, known):
    """A bivariate normal at each tau: the effect at w and at the longest week."""
    posterior, weeks = known
    rows = np.array([[1.0, (at - weeks.mean()) / 10] for at in (week, weeks.max())])
    expected = sum(
        weight * multivariate_normal.cdf([-1.0, -1.0], rows @ mean, rows @ covariance @ rows.T)
        for weight, mean, covariance in zip(
            posterior.weight, posterior.mean, posterior.covariance, strict=True
        )
    )
    row = line.first_week.iloc[(line.first_week["weeks"] - week).abs().argmin()]

    assert row["p"] == pytest.approx(expected, abs=4 * row["p_error"] + 1e-4)


def test_draws_are_enough_for_two_digits(found):
    """The Monte Carlo error of every probability is below 0.005."""
    assert found.first_week[["p_error", "new_p_error"]].max(axis=None) < 0.005


def test_no_change_shares_nothing(twelve, priors):
    """Under the constant alone the duration has no part in the variance between studies."""
    alone = bm.duration(twelve(), priors=priors, shapes=["constant"]).tau

    assert alone[["variance_share_lower", "variance_share_upper"]].to_numpy().max() == 0


def test_the_share_of_a_line_is_its_variance_over_the_whole(line, known):
    """V = change² Var(passed) beside tau², by draws of another program from the same nodes."""
    posterior, weeks = known
    generator = np.random.default_rng(7)
    node = generator.choice(posterior.weight.size, 200_000, p=posterior.weight)
    sd = np.sqrt(posterior.covariance[node, 1, 1])
    change = posterior.mean[node, 1] + sd * generator.normal(size=node.size)
    variance = change**2 * (weeks / 10).var()
    expected = np.quantile(variance / (variance + posterior.tau[node] ** 2), [0.025, 0.5, 0.975])
    names = [f"variance_share_{name}" for name in ("lower", "median", "upper")]

    assert line.tau.iloc[0][names].tolist() == pytest.approx(expected.tolist(), abs=0.02)


def test_a_share_lies_between_none_and_all(found):
    """Of every shape, its interval around its median, in 0 to 1."""
    ends = found.shapes[[f"variance_share_{name}" for name in ("lower", "median", "upper")]]
    inside = np.column_stack([np.zeros(len(ends)), ends.to_numpy(), np.ones(len(ends))])

    assert (np.diff(inside, axis=1) >= 0).all()
