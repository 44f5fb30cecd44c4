"""Rows of a trial at several weeks: correlations that are powers of one by the weeks apart."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.agreement import LIMIT
from bayesmeta.errors import BayesmetaError

PRIORS = {"mu": "Normal(mu=0, sigma=2)", "tau": "HalfNormal(sigma=0.5)"}
ROLES = {"trial": "cluster", "weeks": "week"}


@pytest.fixture
def visits(frame):
    """Return rows of five trials at weeks of their own, not in order."""
    return frame().assign(week=[4.0, 2.0, 12.0, 6.0, 3.0, 2.5, 8.0, 1.0, 4.0])


def dense(table, rho):
    """Return the covariance of the estimates, element by element."""
    error, week = np.sqrt(table["variance"].to_numpy()), table["week"].to_numpy()
    same = table["cluster"].to_numpy()[:, np.newaxis] == table["cluster"].to_numpy()
    return np.outer(error, error) * rho ** np.abs(week[:, np.newaxis] - week) * same


def test_the_posterior_is_that_of_dense_matrices(visits, solved):
    """Evidence, E[tau] and E[rho_within] by a grid of tau and rho over NumPy's matrices."""
    numbers, evidence = solved(visits, "correlated", priors=PRIORS, **ROLES)
    taus, half = np.linspace(0, 3, 241), np.linspace(-16, 16, 129)
    rhos = 1 / (1 + np.exp(-half))  # the trapezoidal rule's nodes are on the logit
    sampling = np.stack([dense(visits, rho) for rho in rhos])[:, np.newaxis]
    matrix = sampling + 4.0 + (taus**2)[:, np.newaxis, np.newaxis] * np.eye(len(visits))
    estimate = np.broadcast_to(visits["estimate"].to_numpy(), matrix.shape[:-1])[..., np.newaxis]
    misfit = (estimate * np.linalg.solve(matrix, estimate)).sum(axis=(-2, -1))
    log_joint = -0.5 * (misfit + np.linalg.slogdet(2 * np.pi * matrix)[1])
    log_joint += stats.halfnorm.logpdf(taus, scale=0.5)
    weight = np.exp(log_joint - log_joint.max()) * (rhos * (1 - rhos))[:, np.newaxis]

    def total(density):
        return np.trapezoid(integrate.simpson(density, x=taus), half)

    assert evidence == pytest.approx(np.log(total(weight)) + log_joint.max(), abs=1e-5)
    for name, values in (("tau", taus), ("rho_within", rhos[:, np.newaxis])):
        mean = total(weight * values) / total(weight)
        assert numbers.loc[name, "mean"] == pytest.approx(mean, rel=1e-5)


def test_weeks_evenly_apart_in_pairs_are_exchangeable_rows(frame, solved):
    """At most two rows a trial, one week apart: rho^1, with the same prior of rho."""
    rows = frame((2, 1, 2, 2, 1))
    week = rows.groupby("cluster").cumcount().astype(float)
    priors = {**PRIORS, "rho_within": "Uniform(lower=0, upper=1)"}

    weekly = solved(rows.assign(week=week), "correlated", priors=priors, **ROLES)
    exchangeable = solved(rows, "correlated", priors=priors, trial="cluster")

    np.testing.assert_allclose(weekly[0], exchangeable[0], rtol=1e-9, atol=1e-10)


def test_a_fixed_correlation_is_a_given_matrix(visits, solved, tmp_path):
    """rho_within = 0.7 by a file of covariances."""
    path = tmp_path / "covariance.csv"
    np.savetxt(path, dense(visits, 0.7), delimiter=",", fmt="%.17g")

    fixed = solved(visits, "correlated", priors={**PRIORS, "rho_within": 0.7}, **ROLES)
    given = solved(visits, "correlated", priors=PRIORS, covariance=str(path))

    np.testing.assert_allclose(fixed[0], given[0], rtol=1e-9, atol=1e-10)


def test_a_correlation_of_none_is_independence(visits, solved):
    """rho_within = 0."""
    found = solved(visits, "correlated", priors={**PRIORS, "rho_within": 0}, **ROLES)
    alone = visits.assign(study=[f"row {row}" for row in visits.index])

    plain = solved(alone, "random-effects", priors=PRIORS)

    np.testing.assert_allclose(found[0], plain[0], rtol=1e-9, atol=1e-10)


def test_a_shift_of_all_weeks_changes_nothing(visits, solved):
    """Only weeks apart count."""
    first, second = (
        solved(visits.assign(week=visits["week"] + shift), "correlated", priors=PRIORS, **ROLES)
        for shift in (0, 16)
    )

    np.testing.assert_allclose(second[0], first[0], rtol=1e-12, atol=1e-14)


def test_the_log_density_is_that_of_plain_pymc(visits, sized):
    """A dense MvNormal by hand, to 1e-10; the default prior of rho is Uniform(0, 1)."""
    import pymc as pm

    ours = bm.build_model(sized(visits), "correlated", priors=PRIORS, **ROLES)
    error, week = np.sqrt(visits["variance"].to_numpy()), visits["week"].to_numpy()
    same = visits["cluster"].to_numpy()[:, np.newaxis] == visits["cluster"].to_numpy()
    with pm.Model() as theirs:
        mu, tau = pm.Normal("mu", 0.0, np.array(2.0)), pm.HalfNormal("tau", np.array(0.5))
        rho = pm.Uniform("rho_within", 0.0, 1.0)
        matrix = np.outer(error, error) * same * rho ** np.abs(week[:, np.newaxis] - week)
        pm.MvNormal("y", mu, matrix + tau**2 * np.eye(len(visits)), observed=visits["estimate"])
    point = {name: np.asarray(value) * 0 + 0.3 for name, value in ours.initial_point().items()}

    one, other = (model.compile_logp(mode="FAST_COMPILE")(point) for model in (ours, theirs))

    assert float(one) == pytest.approx(float(other), abs=1e-10)


def test_a_saved_posterior_knows_its_weeks(visits, sized, tmp_path):
    """Study effects of the posterior read back are those of the one saved."""
    posterior = bm.fit(sized(visits), "correlated", engine="exact", priors=PRIORS, **ROLES)

    again = bm.read_posterior(bm.save_posterior(posterior, tmp_path / "weeks.nc"))

    pd.testing.assert_frame_equal(bm.study_effects(again), bm.study_effects(posterior))


@pytest.mark.parametrize("rho", [1e-6, 0.3, 0.999])
@pytest.mark.parametrize("weeks", [True, False])
def test_every_block_is_positive_definite_in_the_range_of_the_prior(visits, sized, rho, weeks):
    """From one end to the other, of powers and of exchangeable rows: a Cholesky root exists."""
    roles = ROLES if weeks else {"trial": "cluster"}
    assembly = assemble(sized(visits), "correlated", roles=roles, priors=PRIORS)
    (item,) = assembly.parts.sampling.parameters(assembly.layout)
    lower, upper = item.support
    value = lower + rho * (upper - lower)

    found = assembly.parts.sampling.covariance({item.name: value}, assembly.rows)

    assert np.linalg.eigvalsh(found.matrix(len(visits))).min() > 0
    assert lower == (0.0 if weeks else -0.5)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"week": [4.0, 4.0, 12.0, 6.0, 3.0, 2.5, 8.0, 1.0, 4.0]},
         "Trial 'c0' has 2 rows of week 4, whose correlation would be 1; keep one of them"),
        ({"week": [4.0, None, 12.0, 6.0, 3.0, 2.5, 8.0, 1.0, 4.0]},
         "row 2, study 'study 0': week is empty, and it says the weeks"),
        ({"week": ["4", "2-3", "12", "6", "3", "2.5", "8", "1", "4"]},
         "row 2, study 'study 0': week is '2-3', and weeks are numbers"),
    ],
)  # fmt: skip
def test_weeks_that_cannot_be_used(visits, sized, changed, expected):
    """Trial or row, and the value."""
    with pytest.raises(BayesmetaError) as error:
        bm.fit(sized(visits.assign(**changed)), "correlated", engine="exact", priors=PRIORS,
               **ROLES)  # fmt: skip

    assert expected in str(error.value)


def test_powers_of_a_negative_correlation_are_refused(visits, sized):
    """rho^2.5 is no number: the prior is kept to (0, 1)."""
    priors = {**PRIORS, "rho_within": "Uniform(lower=-0.5, upper=1)"}

    with pytest.raises(BayesmetaError, match=r"leaves the range of rho_within, .* 0 and 1"):
        bm.fit(sized(visits), "correlated", engine="exact", priors=priors, **ROLES)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["marginal", "hierarchical"])
def test_draws_agree_with_the_integral(visits, sized, form):
    """Every parameter within four Monte Carlo errors."""
    posterior = bm.fit(sized(visits), "correlated", form=form, seed=4, **ROLES, priors=PRIORS)

    differences = json.loads(posterior.attrs["diagnostics"])["exact_difference"]
    assert {"mu", "tau", "theta_new"} <= set(differences)
    assert max(map(abs, differences.values())) <= LIMIT
