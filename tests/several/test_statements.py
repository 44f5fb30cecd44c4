"""How probable it is that outcomes move together: bivariate normal given the hyperparameters."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.errors import PosteriorError
from bayesmeta.mixtures.bivariate import both_below
from bayesmeta.summaries.contract import contract

BENEFIT = {"A": "lower", "B": "higher"}
BOTH = "mu[A] < 0 and mu[B] > 0"
NEW = "theta_new[A] < 0 and theta_new[B] > 0"
PRIORS = {"mu": "Normal(mu=0, sigma=1)", "rho_between": 0.6, "rho_within": 0.3}
FIXED = {**PRIORS, "tau[A]": 0.3, "tau[B]": 0.2}


@pytest.fixture(scope="module")
def effects():
    """Two outcomes of six studies, made by chance."""
    generator = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "study": np.repeat([f"s{number}" for number in range(6)], 2),
            "outcome": ["A", "B"] * 6,
            "estimate": generator.normal([-0.2, 0.1] * 6, 0.3).round(3),
            "variance": generator.uniform(0.02, 0.1, 12).round(3),
        }
    )
    return bm.effect_sizes(bm.read_studies(frame), "MD", repeated=True)


@pytest.fixture(scope="module")
def fitted(effects):
    """Return an exact posterior under some priors."""
    return lambda priors: bm.fit(effects, "several-outcomes", priors=priors, engine="exact")


@pytest.fixture(scope="module")
def spread(fitted):
    """Return a posterior whose taus are not fixed."""
    return fitted({**PRIORS, "tau": "HalfNormal(sigma=0.3)"})


def _found(posterior, **options):
    return bm.statements(posterior, **options).set_index("statement")["probability"]


@pytest.mark.parametrize("seed", range(5))
def test_both_below_0_is_the_bivariate_normal_cdf(seed):
    """Against SciPy's numerical integral, to its accuracy."""
    generator = np.random.default_rng(seed)
    mean, sd = generator.normal(0, 1.5, 2), generator.uniform(0.2, 2, 2)
    correlation = generator.uniform(-1, 1)
    covariance = np.outer(sd, sd) * np.array([[1, correlation], [correlation, 1]])

    expected = stats.multivariate_normal(mean, covariance).cdf([0, 0])

    assert float(both_below(mean, covariance)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("correlation", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("mean", [(0.0, 0.0), (1.0, 0.0), (0.0, -0.7), (0.4, 0.4), (0.4, -0.4)])
def test_both_below_0_at_the_ends_of_correlation(mean, correlation):
    """One quantity, its mirror, or two that are independent: closed forms, means of 0 too."""
    one, other = stats.norm.cdf(-np.array(mean))
    expected = {-1.0: max(one + other - 1, 0), 0.0: one * other, 1.0: min(one, other)}
    covariance = np.array([[1.0, correlation], [correlation, 1.0]])

    found = both_below(np.array(mean), covariance)

    assert float(found) == pytest.approx(expected[correlation], abs=1e-15)


@pytest.fixture(scope="module")
def known(effects):
    """Return means and covariance of both mus where all else is fixed, by plain matrices."""
    outcome = np.array([str(name) for name in effects.studies["outcome"]])
    trial = np.array([str(name) for name in effects.study])
    design = (outcome[:, np.newaxis] == np.array(["A", "B"])).astype(float)
    tau = design @ np.array([0.3, 0.2])
    same = design @ design.T
    s, together = effects.standard_error, trial[:, np.newaxis] == trial
    covariance = together * (
        np.outer(tau, tau) * (same + 0.6 * (1 - same)) + np.outer(s, s) * (same + 0.3 * (1 - same))
    )
    weighted = np.linalg.solve(covariance, design)
    left = np.linalg.inv(design.T @ weighted + np.eye(2))
    return left @ weighted.T @ effects.estimate, left


def test_means_that_benefit_together_where_all_is_fixed(fitted, known):
    """One node: P(mu[A] < 0 and mu[B] > 0) is one bivariate normal probability."""
    flip = np.array([1.0, -1.0])
    mean, covariance = known[0] * flip, known[1] * np.outer(flip, flip)

    found = _found(fitted(FIXED), benefit=BENEFIT)[BOTH]

    expected = stats.multivariate_normal(mean, covariance).cdf([0, 0])
    assert found == pytest.approx(expected, abs=1e-9)


def test_a_new_study_has_the_correlation_between_outcomes(fitted, known):
    """Its effects have the covariance of the taus and rho_between beside that of the means."""
    new = np.array([[0.09, 0.6 * 0.06], [0.6 * 0.06, 0.04]])
    flip = np.array([1.0, -1.0])
    mean, covariance = known[0] * flip, (known[1] + new) * np.outer(flip, flip)

    found = _found(fitted(FIXED), benefit=BENEFIT)[NEW]

    expected = stats.multivariate_normal(mean, covariance).cdf([0, 0])
    assert found == pytest.approx(expected, abs=1e-9)


def test_the_four_quarters_are_all_there_is(spread):
    """Without a direction of benefit: of the means they sum to 1, and of a new study."""
    found = bm.statements(spread)
    of_means = found["statement"].str.startswith("mu")

    assert found[of_means]["probability"].sum() == pytest.approx(1, abs=1e-12)
    assert found[~of_means]["probability"].sum() == pytest.approx(1, abs=1e-12)


def test_the_margins_are_those_of_the_summary(spread):
    """P(A < 0, B < 0) + P(A < 0, B > 0) = P(A < 0), of means and of a new study."""
    found, table = _found(spread), bm.summary(spread)

    for name in ("mu", "theta_new"):
        halves = found[[f"{name}[A] < 0 and {name}[B] {side} 0" for side in "<>"]].sum()
        assert halves == pytest.approx(table.loc[f"{name}[A]", "p_below_0"], abs=1e-9)


def test_draws_alone_say_nearly_the_same(spread):
    """Without the integral: within 4 Monte Carlo standard errors of it, each statement."""
    alone = spread.copy()
    del alone["mixture"]
    drawn, exact = bm.statements(alone), bm.statements(spread)

    away = np.abs(drawn["probability"] - exact["probability"]) / drawn["error"]
    assert (away < 4).all()


def test_draws_of_a_new_study_have_both_outcomes_of_one_study(fitted):
    """Their correlation is that of C + T, not that of two studies."""
    drawn = fitted(FIXED)["posterior"]
    around = drawn["theta_new"].to_numpy() - drawn["mu"].to_numpy()

    found = np.corrcoef(around.reshape(-1, 2).T)[0, 1]

    assert found == pytest.approx(0.6, abs=0.05)


def test_a_direction_for_each_outcome_is_needed(spread):
    """One that is missing, unknown or none is named."""
    for benefit, named in (({"A": "lower"}, "B"), ({**BENEFIT, "C": "lower"}, "C"),
                           ({"A": "down", "B": "lower"}, "down")):  # fmt: skip
        with pytest.raises(PosteriorError, match=named):
            bm.statements(spread, benefit=benefit)


def test_the_text_says_them_in_the_direction_of_benefit(spread):
    """With each outcome's own direction; JSON has all four quarters."""
    said = bm.text(spread, benefit=BENEFIT)

    assert f"P({BOTH})" in said
    assert "P(benefit: higher), mean effect, B" in said
    assert len(contract(spread)["statements"]) == 8


def test_a_model_of_one_outcome_states_nothing(effects):
    """No table row, no key in JSON."""
    rows = np.array([str(name) == "A" for name in effects.studies["outcome"]])
    priors = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.3)"}
    posterior = bm.fit(effects.take(rows), priors=priors, engine="exact")

    assert bm.statements(posterior).empty
    assert "statements" not in contract(posterior)
