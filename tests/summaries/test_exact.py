"""Tables of the exact engine against quadrature by an independent program."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.archive import read_posterior, save_posterior
from bayesmeta.summaries.heterogeneity import heterogeneity
from bayesmeta.summaries.prediction import predict
from bayesmeta.summaries.quantities import cdf, density, draws, interval, quantile, resolve
from bayesmeta.summaries.studies import study_effects
from bayesmeta.summaries.summary import errors, summary

REFERENCE = json.loads(Path(__file__).with_name("normand_hn20.json").read_text(encoding="utf-8"))
QUANTITIES = REFERENCE["quantities"]


@pytest.mark.parametrize("name", QUANTITIES)
def test_five_numbers_agree_to_nine_digits_of_the_sd(exact, name):
    """Mean, sd, median, central and shortest interval of every quantity, theta included."""
    expected = QUANTITIES[name]
    found = resolve(exact, name).statistics(0.95)
    shortest = interval(exact, name, level=0.95, shortest=True)
    numbers = [found.mean, found.sd, found.median, found.lower, found.upper, *shortest]
    wanted = [expected["mean"], expected["sd"], expected["median"], *expected["eti95"],
              *expected["hdi95"]]  # fmt: skip

    assert numbers == pytest.approx(wanted, rel=0, abs=1e-8 * expected["sd"])


def test_the_fraction_agrees(exact):
    """Mean and central interval of I²."""
    row = heterogeneity(exact).loc["I2"]

    assert [row["mean"], row["lower"], row["upper"]] == pytest.approx(
        [REFERENCE["I2"]["mean"], *REFERENCE["I2"]["eti95"]], rel=1e-9
    )


def test_tail_probabilities_agree(exact):
    """P(mu < 0) and P(theta_new < 0)."""
    found = summary(exact)["p_below_0"]

    assert [1 - found["mu"], 1 - found["theta_new"]] == pytest.approx(
        [REFERENCE["p_mu_gt_0"], REFERENCE["p_theta_new_gt_0"]], rel=1e-9
    )


def test_the_table_of_studies_is_that_of_the_quantities(exact):
    """One batch gives what one study at a time gives; weights are the certified ones."""
    table = study_effects(exact)
    wanted = [QUANTITIES[f"theta[{study}]"]["median"] for study in table["study"]]

    assert table["median"].to_numpy() == pytest.approx(wanted, rel=1e-8)
    assert table["weight"].to_numpy() == pytest.approx(REFERENCE["weights"], rel=1e-9)


def test_printed_errors_are_honest(exact):
    """No number is further from the certified one than its error, and 1e-10 of rounding."""
    found, error = summary(exact), errors(exact)
    for name in ("mu", "tau", "theta_new"):
        wanted = QUANTITIES[name]
        for column in ("mean", "sd", "median"):
            away = abs(found.loc[name, column] - wanted[column])
            assert away <= error.loc[name, column] + 1e-10 * wanted["sd"]


@pytest.mark.parametrize("name", ["mu", "tau", "tau2", "I2", "theta_new", "theta[Umea]"])
def test_the_density_is_the_slope_of_the_cdf(exact, name):
    """Between two quantiles lies the integral of the density."""
    low, high = quantile(exact, name, [0.2, 0.8])
    x = np.linspace(low, high, 4001)

    assert np.trapezoid(density(exact, name, x), x) == pytest.approx(0.6, rel=1e-6)


@pytest.mark.parametrize("name", ["mu", "tau", "tau2", "I2", "theta_new", "theta[Umea]"])
def test_the_cdf_undoes_the_quantile(exact, name):
    """P(x <= Q(p)) is p."""
    p = [0.001, 0.1, 0.5, 0.975]

    assert cdf(exact, name, quantile(exact, name, p)) == pytest.approx(p, rel=1e-8)


def test_tau_squared_has_the_quantiles_of_tau_squared(exact):
    """An increasing function keeps ranks, and E[tau²] = sd² + mean²."""
    tau, squared = summary(exact).loc["tau"], heterogeneity(exact).loc["tau2"]

    assert squared["upper"] == pytest.approx(tau["upper"] ** 2, rel=1e-8)
    assert squared["mean"] == pytest.approx(tau["sd"] ** 2 + tau["mean"] ** 2, rel=1e-9)


def test_new_draws_follow_the_distribution(exact):
    """The share of 20 000 fresh draws below the median is within four errors of a half."""
    drawn = draws(exact, "theta_new", size=20_000, seed=5)
    share = np.mean(drawn < quantile(exact, "theta_new", 0.5))

    assert abs(share - 0.5) < 4 * 0.5 / np.sqrt(20_000)


def test_a_saved_posterior_has_the_same_summary(exact, tmp_path):
    """A fit read back gives the same table, to the last bit."""
    path = save_posterior(exact, tmp_path / "posterior.nc")

    pd.testing.assert_frame_equal(summary(read_posterior(path)), summary(exact), check_exact=True)


def test_an_exact_table_has_no_columns_of_chains(exact):
    """R-hat is for draws; these numbers do not rest on any."""
    assert "r_hat" not in summary(exact)


def test_a_line_in_a_moderator_passes_through_mu_at_its_mean():
    """Prediction by formula, from the mixture; at the mean it is mu, at 0 the Intercept."""
    table = pd.DataFrame(
        {"study": list("ABCDE"), "estimate": [0.1, 0.5, 0.4, 0.9, 1.3],
         "standard_error": [0.2, 0.2, 0.3, 0.2, 0.3], "weeks": [2.0, 4.0, 6.0, 8.0, 12.0]}
    )  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(table), "generic")
    priors = {"mu": "Normal(mu=0, sigma=2)", "beta": "Normal(mu=0, sigma=1)",
              "tau": "HalfNormal(sigma=0.5)"}  # fmt: skip
    posterior = bm.fit(effects, moderators="weeks", engine="exact", priors=priors)
    found, rows = summary(posterior), predict(posterior, weeks=[6.4, 0.0])

    assert list(rows["upper"]) == pytest.approx(list(found.loc[["mu", "Intercept"], "upper"]))
    assert rows["new_upper"][0] == pytest.approx(found.loc["theta_new", "upper"])
    assert list(rows["extrapolates"]) == [False, True]


def test_an_exact_summary_imports_neither_arviz_nor_scipy_stats():
    """Their import costs more than the fit with its summary."""
    code = (
        "import sys, pandas as pd, bayesmeta as bm\n"
        "from bayesmeta.summaries.summary import summary\n"
        "t = pd.DataFrame({'study': list('ABC'), 'estimate': [1., 2., 4.], "
        "'standard_error': [1., 1., 1.]})\n"
        "e = bm.effect_sizes(bm.read_studies(t), 'generic')\n"
        "p = {'mu': 'flat', 'tau': 'HalfNormal(sigma=1)'}\n"
        "summary(bm.fit(e, engine='exact', priors=p))\n"
        "print([m for m in ('arviz', 'arviz_stats', 'scipy.stats', 'pymc') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
