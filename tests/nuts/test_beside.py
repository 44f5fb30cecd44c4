"""Exact numbers beside draws: one posterior, one number."""

import json
import re

import arviz as az
import numpy as np
import pandas as pd
import pytest

from bayesmeta.archive import read_posterior, save_posterior
from bayesmeta.engines import exact, integration, nuts
from bayesmeta.engines.settings import Settings
from bayesmeta.errors import BayesmetaError
from bayesmeta.summaries.contract import contract
from bayesmeta.summaries.forest import forest_table
from bayesmeta.summaries.quantities import draws, quantile
from bayesmeta.summaries.studies import study_effects
from bayesmeta.summaries.summary import errors, summary
from bayesmeta.summaries.text import text
from bayesmeta.summaries.view import view_of

NUMBERS = ["mean", "sd", "median", "lower", "upper", "p_below_0", "error"]


@pytest.fixture(scope="module")
def integrated_posterior(assembled):
    """Return the same posterior by the exact engine."""
    return exact.sample(assembled(), Settings(seed=1))


@pytest.fixture(scope="module")
def unknown(posterior):
    """Return the draws of a posterior that the exact engine knows nothing of."""
    tree = posterior.copy()
    del tree["mixture"]
    return tree


def test_the_numbers_after_nuts_are_the_integrals(posterior, integrated_posterior):
    """Every number of the main table, and its error, whoever drew the draws."""
    found, wanted = (summary(each)[NUMBERS] for each in (posterior, integrated_posterior))

    pd.testing.assert_frame_equal(found, wanted, check_exact=True)
    pd.testing.assert_frame_equal(errors(posterior), errors(integrated_posterior))


def test_studies_and_their_shares_are_the_integrals(posterior, integrated_posterior):
    """Study effects, weights and the prior's share do not hang on the seed."""
    found, wanted = (study_effects(each) for each in (posterior, integrated_posterior))

    pd.testing.assert_frame_equal(found, wanted, check_exact=True)
    assert view_of(posterior).prior_weight == view_of(integrated_posterior).prior_weight


@pytest.mark.parametrize("name", ["mu", "tau", "theta_new", "I2"])
def test_what_the_draws_say_stands_beside_them(name, posterior):
    """Mean, sd, its Monte Carlo error, R-hat and effective draws are ArviZ's."""
    row, drawn = summary(posterior).loc[name], posterior["posterior"][name]

    found = row[["draws_mean", "draws_sd", "draws_error", "r_hat", "ess_bulk", "ess_tail"]]
    values = drawn.to_numpy()
    wanted = [
        values.mean(), values.std(ddof=1), az.mcse(values), az.rhat(values),
        az.ess(values, method="bulk"), az.ess(values, method="tail", prob=(0.05, 0.95)),
    ]  # fmt: skip
    assert found.tolist() == pytest.approx([float(number) for number in wanted], rel=1e-6)


def test_the_draws_table_keeps_their_difference_from_the_integral(posterior):
    """Asked for the draws' numbers alone, how far they are from the exact ones still stands."""
    beside, alone = (
        summary(posterior, sampled=sampled)["difference_from_exact"] for sampled in (False, True)
    )

    pd.testing.assert_series_equal(alone, beside)
    assert (alone["mu"] != 0) & (alone["tau"] != 0)


@pytest.mark.parametrize("name", ["mu", "tau", "theta_new", "I2"])
def test_the_difference_is_that_of_the_numbers_shown(name, posterior):
    """Mean of the draws less the exact mean, in the error that stands beside them."""
    row = summary(posterior).loc[name]

    away = (row["draws_mean"] - row["mean"]) / row["draws_error"]
    assert row["difference_from_exact"] == pytest.approx(away, rel=1e-5)


def test_asked_for_the_draws_are_the_numbers(posterior, unknown):
    """As they are where nothing else is known."""
    found = summary(posterior, sampled=True)

    pd.testing.assert_frame_equal(found[NUMBERS], summary(unknown)[NUMBERS], check_exact=True)
    assert not any(name.startswith("draws_") for name in found)


def test_json_keeps_the_draws_and_adds_the_exact_numbers(posterior, integrated_posterior, unknown):
    """`parameters` of the draws, `exact` in the same shape; none where there is no integral."""
    found, wanted, without = (
        contract(each) for each in (posterior, integrated_posterior, unknown)
    )  # fmt: skip

    assert found["parameters"] == without["parameters"] | found["parameters"]
    assert found["parameters"]["mu"]["mean"] == float(posterior["posterior"]["mu"].mean())
    assert found["exact"] == wanted["parameters"]
    assert "exact" not in without
    assert "exact" not in wanted


def test_quantiles_and_new_draws_are_exact_and_the_stored_draws_stay(
    posterior, integrated_posterior
):
    """Asked for without a size, draws are the sampler's own."""
    stored = posterior["posterior"]["mu"].to_numpy().ravel()

    assert quantile(posterior, "mu", 0.975) == quantile(integrated_posterior, "mu", 0.975)
    assert np.array_equal(draws(posterior, "mu"), stored)


def test_every_page_prints_the_exact_numbers(posterior, integrated_posterior):
    """Headline and forest after NUTS are those of the integral, to the letter."""
    for each in (posterior, integrated_posterior):
        shown = text(each)
        assert "−14.6 [−29.6 to 0.028]  median" in shown  # noqa: RUF001
        assert re.search(r"^P\(mu < 0\) +0\.9748$", shown, flags=re.MULTILINE)
    columns = ["effect_text", "weight_text"]
    found, wanted = (forest_table(each)[columns] for each in (posterior, integrated_posterior))
    pd.testing.assert_frame_equal(found, wanted)


def test_the_table_has_a_row_of_draws_under_each_parameter(posterior):
    """Exact numbers, then mean, sd, error and convergence of the draws; nothing else of theirs."""
    lines = text(posterior).splitlines()
    rows = [lines[place + 1].split() for place, line in enumerate(lines) if line[:3] == "mu "]

    (row,) = rows
    assert row[0] == "draws"
    assert len(row) == 8  # mean, sd, error, R-hat, ESS, tail, difference


def test_a_saved_posterior_keeps_its_exact_numbers(posterior, tmp_path):
    """What is read back prints the same."""
    again = read_posterior(save_posterior(posterior, tmp_path / "posterior.nc"))

    assert text(again) == text(posterior)


def test_the_integral_is_computed_once(posterior, assembled, monkeypatch):
    """The numbers that are stored are those that the draws are checked against."""
    calls, integrate = [], integration.integrate

    def counted(*arguments, **choices):
        calls.append(arguments)
        return integrate(*arguments, **choices)

    monkeypatch.setattr(integration, "integrate", counted)
    nuts.sample(assembled(), Settings(draws=20, tune=20, chains=2))

    assert len(calls) == 1


def test_an_integral_that_fails_leaves_the_draws_and_a_note(posterior, assembled, monkeypatch):
    """A fit by NUTS does not stop because the check of it cannot be made, and says so."""

    def fail(assembly):
        raise BayesmetaError("no end in sight.")

    monkeypatch.setattr(nuts, "answered", fail)
    found = nuts.sample(assembled(), Settings(draws=20, tune=20, chains=2))

    assert "mixture" not in found.children
    assert "could not be checked against an integral: no end in sight" in found.attrs["notes"]
    assert json.loads(found.attrs["diagnostics"])["exact_difference"] == {}


def test_an_unsettled_integral_is_no_number_to_print(posterior, assembled, monkeypatch):
    """The draws stay the numbers, and a note says why."""
    monkeypatch.setattr(exact, "_DOUBTFUL", -1.0)
    found = nuts.sample(assembled(), Settings(draws=20, tune=20, chains=2))

    assert "mixture" not in found.children
    assert "Quadrature did not settle" in found.attrs["notes"]
