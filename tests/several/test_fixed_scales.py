"""A number in place of tau, where what is left is no scale: a correlation, slopes of log tau."""

import numpy as np
import pytest
from scipy import stats

import bayesmeta as bm

MU = {"mu": "Normal(mu=0, sigma=2)"}
CODES = np.repeat(np.arange(5), (3, 1, 2, 2, 1))


def _log_density(y, covariance):
    """Return log p(y), mu ~ Normal(0, 2) integrated out."""
    return stats.multivariate_normal(np.zeros(y.size), covariance + 4).logpdf(y)


def _moments(points, log_value):
    weight = np.exp(log_value - log_value.max())
    mean = np.average(points, weights=weight)
    return mean, np.sqrt(np.average((points - mean) ** 2, weights=weight))


def test_a_correlation_within_studies_at_a_fixed_tau(frame, solved):
    """Mean, sd and evidence of rho_within by a fine sum over it."""
    rows = frame()
    y, s2 = rows["estimate"].to_numpy(), rows["variance"].to_numpy()
    together = (CODES[:, np.newaxis] == CODES) & ~np.eye(9, dtype=bool)
    rho = (np.arange(2000) + 0.5) * 0.9 / 2000
    log_value = np.array([
        _log_density(y, np.diag(s2 + 0.09) + each * together * np.sqrt(np.outer(s2, s2)))
        for each in rho
    ])  # fmt: skip

    priors = {**MU, "tau": 0.3, "rho_within": "Uniform(lower=0, upper=0.9)"}
    table, evidence = solved(rows, "correlated", priors=priors, trial="cluster")

    np.testing.assert_allclose(
        table.loc["rho_within", ["mean", "sd"]], _moments(rho, log_value), atol=1e-5
    )
    assert evidence == pytest.approx(np.log(np.exp(log_value).mean()), abs=1e-6)


def test_a_slope_of_log_tau_at_a_fixed_tau(frame, solved):
    """Mean, sd and evidence of gamma by a fine sum over it: it may be below 0."""
    rows = frame().assign(x=np.sqrt(np.arange(9.0)))
    rows["study"] = [f"row {number}" for number in range(9)]
    y, s2 = rows["estimate"].to_numpy(), rows["variance"].to_numpy()
    z = rows["x"].to_numpy() - rows["x"].mean()
    gamma = np.linspace(-4, 4, 2001)
    log_value = np.array([
        _log_density(y, np.diag(s2 + 0.09 * np.exp(2 * each * z))) for each in gamma
    ]) + stats.norm.logpdf(gamma, 0, 0.5)  # fmt: skip

    priors = {**MU, "tau": 0.3, "gamma": "Normal(mu=0, sigma=0.5)"}
    table, evidence = solved(rows, "location-scale", priors=priors, tau_formula="x")

    np.testing.assert_allclose(
        table.loc["gamma[x]", ["mean", "sd"]], _moments(gamma, log_value), atol=1e-6
    )
    assert evidence == pytest.approx(np.log(np.exp(log_value).sum() * 0.004), abs=1e-8)


def test_studies_left_out_at_a_fixed_tau(frame, sized):
    """Each trial's log predictive density is a difference of two evidences."""
    rows = frame()
    priors = {**MU, "tau": 0.3, "rho_within": "Uniform(lower=0, upper=0.9)"}
    options = {"priors": priors, "trial": "cluster"}
    found = bm.leave_one_out(sized(rows), "correlated", **options)
    evidence = [
        bm.fit(sized(each), "correlated", engine="exact", **options)
        .attrs["log_marginal_likelihood"] for each in (rows, rows[rows["cluster"] != "c0"])
    ]  # fmt: skip

    assert found["elpd"].iloc[0] == pytest.approx(evidence[0] - evidence[1], abs=1e-6)


def test_studies_left_out_where_only_a_slope_is_unknown(frame, sized):
    """Rows are independent given gamma, and gamma is no scale: the same law."""
    rows = frame().assign(x=np.sqrt(np.arange(9.0)))
    rows["study"] = [f"row {number}" for number in range(9)]
    options = {"priors": {**MU, "tau": 0.3, "gamma": "Normal(mu=0, sigma=0.5)"},
               "tau_formula": "x"}  # fmt: skip
    found = bm.leave_one_out(sized(rows), "location-scale", **options)
    whole = bm.fit(sized(rows), "location-scale", engine="exact", **options)
    y, s2 = rows["estimate"].to_numpy(), rows["variance"].to_numpy()
    z = (rows["x"] - rows["x"].mean()).to_numpy()[1:]  # centred at the mean of all rows
    gamma = np.linspace(-4, 4, 2001)
    rest = np.array([_log_density(y[1:], np.diag(s2[1:] + 0.09 * np.exp(2 * each * z)))
                     for each in gamma]) + stats.norm.logpdf(gamma, 0, 0.5)  # fmt: skip

    expected = whole.attrs["log_marginal_likelihood"] - np.log(np.exp(rest).sum() * 0.004)
    assert found["elpd"].iloc[0] == pytest.approx(expected, abs=1e-6)
