"""Laws that a calibration obeys, whatever is simulated."""

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.calibration import calibrate, calibration_text
from bayesmeta.calibration.analyses import Bayesian, Classical
from bayesmeta.calibration.scenario import scenario_of
from bayesmeta.calibration.scores import scores
from bayesmeta.calibration.simulation import simulate
from bayesmeta.comparison.setting import set_up
from bayesmeta.errors import AnalysisError, PriorError
from bayesmeta.frequentist import pool
from bayesmeta.plots.calibration import plot_calibration

ERRORS = [0.4, 0.7, 1.0, 1.3, 0.5]
PRIORS = {"mu": "Normal(mu=0, sigma=2)", "tau": "HalfNormal(sigma=1)"}
ROWS = ["CE", "DL", "REML+HKSJ", "Bayes (own)"]


@pytest.fixture(scope="module")
def table():
    """Return a small calibration."""
    return calibrate(ERRORS, tau=0.5, mu=0.4, priors=PRIORS, rows=ROWS, simulations=600)


def numbers(table):
    """Return the numbers of a table."""
    return table.select_dtypes("number").to_numpy()


def scenario(**changed):
    """Return a scenario of five studies."""
    plain = {"n": None, "mu": 0.4, "tau": 0.5, "shape": "normal", "estimated_sd": False}
    return scenario_of(ERRORS, **plain | changed)


@pytest.fixture(scope="module")
def one():
    """Return one simulated meta-analysis, as data and as effects."""
    data = simulate(scenario(), 3, seed=9)
    frame = pd.DataFrame({"study": list("abcde"), "estimate": data.estimate[0],
                          "standard_error": ERRORS})  # fmt: skip
    return data, bm.effect_sizes(bm.read_studies(frame), "generic")


def test_a_bayesian_row_is_the_fit_of_each_simulation(one):
    """Median, interval and prediction interval of `bm.fit` on the same estimates, to 1e-6."""
    data, effects = one
    found = Bayesian.of(set_up(effects).under(PRIORS, where="own"), level=0.95)(data)
    fit = bm.summary(bm.fit(effects, priors=PRIORS, engine="exact"))

    expected = [*fit.loc["mu", ["median", "lower", "upper"]],
                *fit.loc["theta_new", ["lower", "upper"]]]  # fmt: skip
    assert [array[0] for array in found] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("method", ["CE", "DL", "REML", "PM"])
def test_a_classical_row_is_the_fit_of_each_simulation(one, method):
    """Estimate and intervals of `pool` on the same estimates."""
    data, effects = one
    found = Classical(method, "knha", 0.95)(data)
    fit = pool(effects, method=method, test="knha")

    expected = [fit.mu, fit.lower[0], fit.upper[0], fit.pi_lower, fit.pi_upper]
    assert [array[0] for array in found] == pytest.approx(expected, rel=1e-6, nan_ok=True)


def test_the_same_seed_gives_the_same_numbers(table):
    """Reproducible to the last digit; another seed differs."""
    again, other = (
        calibrate(ERRORS, tau=0.5, mu=0.4, priors=PRIORS, rows=ROWS, simulations=600, seed=seed)
        for seed in (1, 2)
    )

    assert np.array_equal(numbers(again), numbers(table), equal_nan=True)
    assert not np.array_equal(numbers(other), numbers(table), equal_nan=True)


def test_which_rows_are_asked_for_changes_none_of_them(table):
    """All methods see the same simulations, however many there are."""
    alone = calibrate(ERRORS, tau=0.5, mu=0.4, rows=["DL"], simulations=600)

    expected = numbers(table[table["method"] == "DL"])
    assert np.array_equal(numbers(alone), expected, equal_nan=True)


def test_the_unit_of_the_outcome_changes_no_coverage(table):
    """Errors, truth and priors times 1000: widths and bias times 1000, shares the same."""
    priors = {"mu": "Normal(mu=0, sigma=2000)", "tau": "HalfNormal(sigma=1000)"}
    scaled = calibrate(1000 * np.array(ERRORS), tau=500.0, mu=400.0, priors=priors, rows=ROWS,
                       simulations=600)  # fmt: skip

    for name in ("coverage", "pi_coverage", "sign_error", "excludes_zero"):
        assert scaled[name].tolist() == pytest.approx(table[name].tolist(), nan_ok=True)
    for name in ("width", "bias", "pi_width", "width_error"):
        found = (scaled[name] / 1000).tolist()
        assert found == pytest.approx(table[name].tolist(), rel=1e-6, nan_ok=True)


def test_the_error_falls_with_the_root_of_the_simulations():
    """Sixteen times the simulations, a quarter of the error."""
    few, many = (calibrate(5, tau=1.0, rows=["DL"], simulations=size) for size in (500, 8000))

    ratio = few["coverage_error"][0] / many["coverage_error"][0]
    assert ratio == pytest.approx(4, rel=0.15)


def test_the_error_is_how_much_repetitions_scatter():
    """The spread of coverage over forty seeds is the error that one of them prints."""
    found = [calibrate(5, tau=2.0, rows=["DL"], simulations=200, seed=s) for s in range(40)]

    scatter = np.std([each["coverage"][0] for each in found], ddof=1)
    assert scatter == pytest.approx(found[0]["coverage_error"][0], rel=0.35)


def test_the_design_may_be_effects_errors_or_a_number():
    """Effects give their errors; a number of studies means errors of one."""
    effects = scenario().design
    rows = [calibrate(design, tau=0.5, rows=["DL"], simulations=50)
            for design in (effects, ERRORS, np.array(ERRORS))]  # fmt: skip
    plain = calibrate(5, tau=0.5, rows=["DL"], simulations=50)
    ones = calibrate(np.ones(5), tau=0.5, rows=["DL"], simulations=50)

    assert rows[0]["width"][0] == rows[1]["width"][0] == rows[2]["width"][0]
    assert plain["width"][0] == ones["width"][0]


def test_bayesian_rows_need_a_scale():
    """Without participants the default rows are left out, with a message; n brings them."""
    bare = calibrate(5, tau=0.5, simulations=50)
    scaled = calibrate(5, tau=0.5, simulations=50, n=40)

    assert set(bare["kind"]) == {"classical"}
    assert "Bayes (default)" in bare.attrs["messages"][0]
    assert (scaled["kind"] == "Bayesian").sum() == 3


def test_progress_is_told():
    """Called in order, the last time with everything done."""
    said = []
    calibrate(5, tau=0.5, rows=["DL"], simulations=1200, say=lambda *numbers: said.append(numbers))

    assert said == [(500, 1200), (1000, 1200), (1200, 1200)]


def test_where_mu_is_zero_no_sign_is_wrong():
    """A sign error needs a sign: the share is no number."""
    row = calibrate(5, tau=1.0, mu=0.0, rows=["DL"], simulations=200).iloc[0]

    assert np.isnan(row["sign_error"])
    assert row["excludes_zero"] > 0


def test_scores_count_by_hand():
    """Three simulations, counted on fingers."""
    data = simulate(scenario(), 3, seed=1)._replace(mu=np.array([1.0, 1.0, 1.0]), new=np.zeros(3))
    ends = np.array([0.5, -3.0, -1.0]), np.array([1.5, -1.0, 2.0])
    found = Classical("CE", "z", 0.95)(data)._replace(
        estimate=np.array([1.0, -2.0, 0.5]), lower=ends[0], upper=ends[1], pi_lower=ends[0],
        pi_upper=ends[1],
    )  # fmt: skip
    counted = scores(found, data)

    names = ["coverage", "excludes_zero", "sign_error", "pi_coverage", "bias", "width"]
    expected = [2 / 3, 2 / 3, 1 / 2, 1 / 3, -3.5 / 3, 2.0]
    assert [counted[name] for name in names] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("design", "choice", "words"),
    [
        (5, {"tau": -1.0}, "tau is -1.0"),
        (5, {"tau": 1.0, "mu": float("inf")}, "mu is inf"),
        (1, {"tau": 1.0}, "at least two studies"),
        ([1.0, -1.0], {"tau": 1.0}, "positive standard error"),
        (5, {"tau": 1.0, "shape": "bimodal"}, "normal, skewed, t"),
        (5, {"tau": 1.0, "estimated_sd": True}, "give n"),
        (5, {"tau": 1.0, "rows": ["Wald"]}, "'Wald'"),
        (5, {"tau": 1.0, "simulations": 1}, "simulations is 1"),
        (5, {"tau": 1.0, "seed": -1}, "seed is -1"),
        (5, {"tau": 1.0, "interval": 95.0}, "interval is 95"),
    ],
)
def test_what_cannot_be_simulated_is_named(design, choice, words):
    """One sentence with the value and what would do."""
    with pytest.raises(AnalysisError, match=words):
        calibrate(design, **choice)


@pytest.mark.parametrize("tau", ["uniform", "HalfNorml(sigma=1)"])
def test_the_truth_needs_a_proper_prior(tau):
    """Nothing can be drawn from an improper or a misspelt prior."""
    with pytest.raises(PriorError, match="tau"):
        calibrate(5, tau=tau)


def test_a_student_t_prior_on_mu_is_left_out_with_the_reason():
    """Its rule is made for one posterior at a time; the rest stands."""
    heavy = {"mu": "Cauchy(alpha=0, beta=1)", "tau": "HalfNormal(sigma=1)"}
    table = calibrate(5, tau=1.0, priors=heavy, simulations=20)

    assert any("mixtures of normals" in line for line in table.attrs["messages"])
    assert "DL" in table["method"].tolist()


def test_figure_and_text_show_the_table(table):
    """A filled point a method at its coverage; the text has a line a method with its error."""
    figure = plot_calibration(table)
    marks = [mark.get_xdata()[0] for mark in figure.axes[0].lines if mark.get_gid() == "coverage"]
    lines = calibration_text(table).splitlines()

    shown = 100 * table["coverage"][table["coverage"] > 0.6]
    assert marks == pytest.approx(shown.tolist())
    assert all(any(line.startswith(name) for line in lines) for name in table["method"])
    assert sum("±" in line for line in lines) >= len(table)
