"""``gamma[Intercept]``: log tau at the columns' means, and a prior on it."""

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.errors import PriorError

NAME = "gamma[Intercept]"
MU = {"mu": "Normal(mu=0, sigma=2)"}


@pytest.fixture(scope="module")
def fitted(frame, sized):
    """Return an exact location-scale fit to a small table made by chance."""

    def posterior(**priors):
        rows = frame().assign(x=np.sqrt(np.arange(9.0)))
        rows["study"] = [f"row {number}" for number in range(len(rows))]
        return bm.fit(sized(rows), "location-scale", tau_formula="x", engine="exact",
                      priors={**MU, **{name.replace("Intercept", NAME): prior
                                       for name, prior in priors.items()}})  # fmt: skip

    return posterior


def test_it_is_the_logarithm_of_tau(fitted):
    """Quantiles are logs; P(log tau < 0) is P(tau < 1)."""
    posterior = fitted(tau="HalfNormal(sigma=0.5)")
    levels = np.array([0.025, 0.5, 0.975])

    logs = np.log(bm.quantile(posterior, "tau", levels))
    np.testing.assert_allclose(bm.quantile(posterior, NAME, levels), logs, rtol=1e-7)
    assert bm.summary(posterior).loc[NAME, "p_below_0"] == pytest.approx(
        float(bm.cdf(posterior, "tau", 1.0)), abs=1e-9
    )


def test_its_mean_and_sd_are_those_of_the_logs(fitted):
    """By a sum over tau's density on logs."""
    posterior = fitted(tau="HalfNormal(sigma=0.5)")
    logs = np.linspace(-14, 3, 3000)
    weight = bm.density(posterior, "tau", np.exp(logs)) * np.exp(logs)
    mean = np.average(logs, weights=weight)
    row = bm.summary(posterior).loc[NAME]

    assert row["mean"] == pytest.approx(mean, abs=1e-4)
    assert row["sd"] == pytest.approx(np.sqrt(np.average((logs - mean) ** 2, weights=weight)),
                                      abs=1e-4)  # fmt: skip


def test_its_density_is_that_of_tau_times_tau(fitted):
    """The slope of exp: d tau / d log tau = tau."""
    posterior, logs = fitted(tau="HalfNormal(sigma=0.5)"), np.array([-3.0, -1.2, -0.5])

    np.testing.assert_allclose(bm.density(posterior, NAME, logs),
                               np.exp(logs) * bm.density(posterior, "tau", np.exp(logs)),
                               rtol=1e-4)  # fmt: skip


@pytest.mark.parametrize(
    ("prior", "tau"),
    [
        ("Normal(mu=-1, sigma=0.7)", "LogNormal(mu=-1, sigma=0.7)"),
        ("StudentT(nu=4, mu=-1, sigma=0.7)", "LogStudentT(nu=4, mu=-1, sigma=0.7)"),
        (np.log(0.3), 0.3),
    ],
)
def test_a_prior_on_it_is_the_one_on_tau_that_it_means(prior, tau, fitted):
    """Every number of the summary, and the evidence."""
    one, other = fitted(Intercept=prior), fitted(tau=tau)

    assert bm.summary(one).equals(bm.summary(other))
    assert one.attrs["log_marginal_likelihood"] == other.attrs["log_marginal_likelihood"]


def test_a_prior_in_unit_information_is_moved_by_its_log(frame, sized):
    """Normal(m, s) in units of uisd is that much on log(tau / uisd)."""
    rows = frame().assign(x=np.sqrt(np.arange(9.0)), n=40)
    rows["study"] = [f"row {number}" for number in range(len(rows))]
    effects = sized(rows)
    uisd = np.sqrt(360 / (1 / effects.standard_error**2).sum())
    fits = [
        bm.fit(effects, "location-scale", tau_formula="x", engine="exact",
               priors={**MU, NAME: prior})
        for prior in ('Normal(mu=-1, sigma=0.7, unit="uisd")',
                      f"Normal(mu={-1 + np.log(uisd)}, sigma=0.7)")
    ]  # fmt: skip

    np.testing.assert_allclose(*(bm.summary(one).loc["tau", "median"] for one in fits), rtol=1e-9)


@pytest.mark.parametrize(
    ("priors", "says"),
    [
        ({"Intercept": "HalfNormal(sigma=1)"}, "Normal or StudentT"),
        ({"Intercept": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=1)"}, "one parameter"),
    ],
)
def test_what_it_cannot_have_is_refused(priors, says, fitted):
    """A prior above 0 of a logarithm, and two priors of one parameter."""
    with pytest.raises(PriorError, match=says):
        fitted(**priors)


def test_another_model_has_no_such_parameter(frame, sized):
    """It is unknown there."""
    rows = frame()
    rows["study"] = [f"row {number}" for number in range(len(rows))]

    with pytest.raises(PriorError, match="unknown parameter"):
        bm.fit(sized(rows), priors={**MU, NAME: "Normal(mu=0, sigma=1)"}, engine="exact")
