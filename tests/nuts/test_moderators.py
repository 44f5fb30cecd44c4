"""Meta-regression by NUTS."""

import json

import arviz as az
import pytest

from bayesmeta.assembly import assemble
from bayesmeta.engines import nuts
from bayesmeta.engines.settings import Settings
from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies


@pytest.fixture(scope="module")
def assembly(request):
    """Achievement after writing-to-learn by weeks of treatment (Bangert-Drowns et al. 2004)."""
    data = request.config.rootpath / "examples" / "data" / "bangertdrowns2004.csv"
    effects = effect_sizes(read_studies(data), measure="generic")
    priors = {
        "mu": "Normal(mu=0, sigma=2)",
        "tau": "HalfNormal(sigma=0.5)",
        "beta": "Normal(mu=0, sigma=0.5)",
    }
    return assemble(effects, moderators="duration_weeks", priors=priors, missing="drop")


@pytest.fixture(scope="module")
def posterior(assembly):
    """Return its posterior at the default settings."""
    return nuts.sample(assembly, Settings(seed=2004))


def test_slope_is_near_that_of_maximum_likelihood(posterior):
    """Each week adds about 0.0149, as REML says (k = 46; metafor, 95 % interval 0.0007 to 0.0292).

    Vague priors leave a posterior mean within a tenth of a standard error of that.
    """
    beta = posterior["posterior"]["beta"]

    assert float(beta.mean()) == pytest.approx(0.0149, abs=0.001)
    assert float(beta.std()) == pytest.approx((0.0292 - 0.0007) / (2 * 1.96), rel=0.1)


def test_posterior_means_are_exact_up_to_monte_carlo_error(posterior, assembly, integrated):
    """Pooled effect, slope and tau lie within 4 Monte Carlo errors of the integral."""
    expected = integrated(assembly)
    means = [*expected.coefficients, expected.tau]

    for name, mean in zip(("mu", "beta", "tau"), means, strict=True):
        draws = posterior["posterior"][name].to_numpy().reshape(4, 1000)
        assert draws.mean() == pytest.approx(mean, abs=4 * float(az.mcse(draws)))


def test_intercept_is_the_effect_where_the_moderator_is_zero(posterior, assembly):
    """Intercept = mu - slope x mean of the column, draw by draw."""
    group = posterior["posterior"]
    weeks = assembly.location.column_means[0]

    assert group["Intercept"].to_numpy() == pytest.approx(
        (group["mu"] - weeks * group["beta"].sel(term="duration_weeks")).to_numpy(), rel=1e-12
    )
    assert json.loads(posterior.attrs["diagnostics"])["ok"]
