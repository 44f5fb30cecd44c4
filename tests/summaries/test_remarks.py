"""What a summary remarks: few studies, wide priors, slopes of time, means, ratios."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import halfnorm, norm

import bayesmeta as bm

PRIORS = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}


def fitted(k, *, measure="MD", priors=PRIORS, **asked):
    """Fit k studies exactly."""
    table = pd.DataFrame({
        "study": [f"S{i}" for i in range(k)], "estimate": np.linspace(-0.5, 0.3, k),
        "standard_error": 0.2, "duration_weeks": np.arange(2.0, 2 + k),
    })  # fmt: skip
    values = {"values": "log"} if measure == "OR" else {}
    effects = bm.effect_sizes(table, measure, **values)
    return bm.fit(effects, priors=priors, engine="exact", draws=10, **asked)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_from_few_studies_taus_prior_stands_beside_its_posterior(k):
    """With its Hellinger distance."""
    assert "tau: prior median 0.34 [0.02 to 1.12], posterior median " in bm.text(fitted(k)).replace(
        "\n ", ""
    )


def test_of_one_study_tau_is_its_prior():
    """One study says nothing of tau but through the prior of mu."""
    assert "here tau is its prior" in bm.text(fitted(1)).replace("\n ", "")


def test_of_four_studies_nothing_is_remarked():
    """Then tau is told like everything else."""
    assert "Hellinger" not in bm.text(fitted(4))


def test_the_distance_is_that_of_sensitivity():
    """As informativeness has it, and as quadrature of one study's posterior has it."""
    from bayesmeta.priors import density
    from bayesmeta.spec import parse_prior
    from bayesmeta.summaries.remarks import _distance
    from bayesmeta.summaries.view import View

    found = _distance(View(fitted(1)), density(parse_prior(PRIORS["tau"])))
    tau = np.linspace(0, 6, 60_001)
    prior = halfnorm.pdf(tau, scale=0.5)
    posterior = prior * norm.pdf(-0.5, 0, np.sqrt(1 + 0.04 + tau**2))
    posterior /= np.trapezoid(posterior, tau)
    expected = np.sqrt(1 - np.trapezoid(np.sqrt(prior * posterior), tau))

    assert found == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(("scale", "said"), [(0.5, False), (2.0, True)])
def test_a_wide_tau_of_a_log_ratio_is_remarked_with_its_number(scale, said):
    """Above 1 on the log scale."""
    priors = PRIORS | {"tau": f"HalfNormal(sigma={scale})"}
    told = bm.text(fitted(5, measure="OR", priors=priors))

    assert (f"has the scale {scale:g} on the log scale" in told.replace("\n ", "")) == said


def test_a_wide_tau_of_days_is_not_remarked():
    """Only logarithms have a usual size."""
    priors = PRIORS | {"tau": "HalfNormal(sigma=2)"}

    assert "on the log scale" not in bm.text(fitted(5, priors=priors))


def test_a_ratio_is_below_one():
    """P(OR < 1), never P(mu < 0) in the headline."""
    head = bm.text(fitted(5, measure="OR")).split("Parameters")[0]

    assert "P(OR < 1)" in head
    assert "P(mu < 0)" not in head


def test_the_moderators_mean_and_slope_are_told():
    """Weeks from 2 to 6: their mean is 4, the slope is per week and named by the line's remark."""
    priors = PRIORS | {"beta": "Normal(mu=0, sigma=1)"}
    told = bm.text(fitted(5, priors=priors, moderators="duration_weeks")).replace("\n ", "")

    assert "(duration_weeks 4 weeks)" in told
    assert "Slope of duration_weeks" in told
    assert "takes a straight line as certain" in told
