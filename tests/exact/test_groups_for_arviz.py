"""The groups that ArviZ's checks look for: parameters from the priors, the studies once more."""

import numpy as np
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.covariance import Diagonal
from bayesmeta.engines import replicates

PRIORS = {"mu": "Normal(mu=0, sigma=100)", "tau": "HalfNormal(sigma=10)"}


@pytest.fixture(scope="module")
def effects():
    """Return the mean differences of Normand's trials."""
    return bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")


@pytest.fixture(scope="module")
def posterior(effects):
    """Return an exact posterior."""
    return bm.fit(effects, priors=PRIORS, engine="exact")


def test_studies_done_anew_scatter_as_the_model_says(posterior, effects):
    """Given mu and tau, (y - mu) / sqrt(s² + tau²) are independent normal deviates."""
    drawn = posterior["posterior"]
    mu, tau = (drawn[name].to_numpy()[..., np.newaxis] for name in ("mu", "tau"))
    again = posterior["posterior_predictive"]["estimate"].to_numpy()

    z = (again - mu) / np.hypot(effects.standard_error, tau)

    assert stats.kstest(z.ravel(), "norm").pvalue > 1e-4
    assert np.abs(np.corrcoef(z.reshape(-1, z.shape[-1]).T) - np.eye(z.shape[-1])).max() < 0.08


@pytest.mark.parametrize(
    ("name", "law"), [("mu", stats.norm(0, 100)), ("tau", stats.halfnorm(0, 10))]
)
def test_the_group_of_priors_is_drawn_from_them(name, law, posterior):
    """Kolmogorov and Smirnov's test against SciPy's distribution."""
    assert stats.kstest(posterior["prior"][name].to_numpy().ravel(), law.cdf).pvalue > 1e-4


def test_the_priors_have_the_posteriors_variables(posterior):
    """Study effects too, with the same dimensions; what follows from tau follows from its."""
    prior, after = posterior["prior"].dataset, posterior["posterior"].dataset

    assert set(prior) == set(after)
    assert {name: prior[name].dims for name in prior} == {name: after[name].dims for name in prior}
    assert (prior["tau"].to_numpy().argsort() == prior["I2"].to_numpy().argsort()).all()


def test_study_effects_from_the_priors_scatter_around_mu_by_tau(posterior):
    """(theta - mu) / tau are normal deviates."""
    drawn = posterior["prior"]
    mu, tau = (drawn[name].to_numpy()[..., np.newaxis] for name in ("mu", "tau"))

    assert stats.kstest(((drawn["theta"].to_numpy() - mu) / tau).ravel(), "norm").pvalue > 1e-4


def test_an_improper_prior_has_no_draws(effects):
    """Nothing can be drawn from a flat mu, and no group pretends."""
    found = bm.fit(effects, priors=PRIORS | {"mu": "flat"}, engine="exact", draws=10)

    assert "prior" not in found.children
    assert "posterior_predictive" in found.children


def test_nothing_is_drawn_before_somebody_looks(effects, monkeypatch):
    """A fit with its summary draws neither; reading does."""

    def never(*_args, **_kwargs):
        raise AssertionError

    monkeypatch.setattr(replicates, "draw", never)
    monkeypatch.setattr(Diagonal, "draw", never)
    posterior = bm.fit(effects, priors=PRIORS, engine="exact", draws=10)
    bm.summary(posterior)

    for group, name in (("prior", "mu"), ("posterior_predictive", "estimate")):
        with pytest.raises(AssertionError):
            posterior[group][name].to_numpy()


def test_the_groups_are_in_the_file(posterior, tmp_path):
    """A saved posterior is one that ArviZ can check without this package."""
    again = bm.read_posterior(bm.save_posterior(posterior, tmp_path / "posterior.nc"))

    for group in ("prior", "posterior_predictive"):
        assert again[group].dataset.equals(posterior[group].dataset.load())


def test_a_meta_regression_draws_its_slopes_too():
    """A slope has its prior's draws, by term."""
    table = bm.read_studies("examples/data/bangertdrowns2004.csv")
    regressed = bm.fit(
        bm.effect_sizes(table, "SMD"), moderators="grade", engine="exact", draws=2000,
        priors={"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=1)",
                "beta": "Normal(mu=0, sigma=0.5)"},
    )  # fmt: skip

    beta = regressed["prior"]["beta"]

    assert beta.dims == ("chain", "draw", "term")
    assert stats.kstest(beta.to_numpy().ravel(), stats.norm(0, 0.5).cdf).pvalue > 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["exact", "nuts"])
def test_arviz_draws_its_checks(engine, effects):
    """The three figures that issue readers ask for, without an argument."""
    import arviz as az
    import matplotlib.pyplot as plt

    plt.switch_backend("Agg")
    posterior = bm.fit(effects, priors=PRIORS, engine=engine, draws=500, seed=1)

    for plot in (az.plot_ppc_dist, az.plot_loo_pit, az.plot_prior_posterior):
        plot(posterior)
        plt.close("all")


@pytest.mark.slow
def test_arviz_finds_the_exact_leave_one_out_probabilities(effects, posterior):
    """PIT by importance sampling of these groups against the exact refits, to 0.05."""
    import arviz as az

    exact = bm.leave_one_out(effects, priors=PRIORS)["pit"].to_numpy()

    found = az.loo_pit(posterior)["estimate"].to_numpy()

    assert np.abs(found - exact).max() < 0.05
