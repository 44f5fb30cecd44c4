"""The exact engine against certified posteriors."""

import json
from pathlib import Path

import numpy as np
import pytest

from bayesmeta.engines.quadrature import log_predictive
from bayesmeta.sinc import Fraction

ENTRIES = json.loads((Path(__file__).parent / "posteriors.json").read_text(encoding="utf-8"))
INTERVALS = (("eti95", False), ("hdi95", True))


@pytest.fixture(scope="module")
def certified(solve):
    """Return an entry's posterior, integrated once."""
    known = {}

    def posterior(entry):
        if entry["id"] not in known:
            known[entry["id"]] = solve(
                entry["estimate"],
                entry["standard_error"],
                design=entry.get("design"),
                tau=entry["tau"],
                mu=entry["coefficients"],
            )
        return known[entry["id"]]

    return posterior


def cases(*needed):
    """Return the entries that have all of some certified numbers."""
    chosen = [entry for entry in ENTRIES if all(name in entry["certified"] for name in needed)]
    return pytest.mark.parametrize("entry", chosen, ids=[entry["id"] for entry in chosen])


def quantities(posterior, entry):
    """Yield each distribution, a batch of one, with its certified numbers."""
    known, rows = entry["certified"], np.eye(posterior.mean.shape[-1])
    yield posterior.heterogeneity(), known["tau"]
    for row, numbers in zip(rows, known["coefficients"], strict=True):
        yield posterior.combination(row), numbers
    if "theta_new" in known:
        yield posterior.combination(rows[0], new_study=True), known["theta_new"]
    for study, numbers in enumerate(known.get("theta", [])):
        yield posterior.study_effects(slice(study, study + 1)), numbers
    centre = 33.46153846153846  # mean absolute latitude of the BCG trials
    for latitude, numbers in zip((13, 33, 55), known.get("means_at_13_33_55", []), strict=False):
        yield posterior.combination(np.array([1.0, latitude - centre])), numbers


def worst(posterior, entry, ask):
    """Return the largest difference from the certified numbers, in max(|value|, sd)."""
    found = []
    for distribution, known in quantities(posterior, entry):
        for got, expected in ask(distribution, known):
            scale = max(abs(expected), known["sd"])
            found.append(abs(float(np.ravel(got)[0]) - expected) / scale)
    return max(found)


@cases()
def test_means_sds_and_medians_are_certified(certified, entry):
    """Means, sds and medians of all quantities agree to 1e-8 of max(|value|, sd)."""

    def ask(distribution, known):
        return [(getattr(distribution, name)(), known[name]) for name in ("mean", "sd", "median")]

    assert worst(certified(entry), entry, ask) < 1e-8


@cases()
@pytest.mark.parametrize(("name", "shortest"), INTERVALS)
def test_intervals_are_certified(certified, entry, name, shortest):
    """Central and shortest intervals of all quantities agree to 1e-8 of max(|value|, sd)."""

    def ask(distribution, known):
        ends = np.ravel(distribution.interval(0.95, shortest=shortest))
        return zip(ends, known[name], strict=True)

    assert worst(certified(entry), entry, ask) < 1e-8


@cases()
def test_modes_are_certified(certified, entry):
    """Modes of all quantities agree to 1e-6 sd."""

    def ask(distribution, known):
        return [(distribution.mode(), known["mode"])]

    assert worst(certified(entry), entry, ask) < 1e-6


@cases()
def test_tail_probabilities_are_certified(certified, entry):
    """P(. > 0) agrees to 1e-10 wherever it is certified."""

    def ask(distribution, known):
        return [(1 - distribution.cdf(0.0), known["p_gt_0"])] if "p_gt_0" in known else [(0.0, 0.0)]

    assert worst(certified(entry), entry, ask) < 1e-10


@cases("p_mu_above_0", "p_theta_new_above_0")
def test_tail_probabilities_of_mu_and_a_new_study_are_certified(certified, entry):
    """P(mu > 0) and P(theta_new > 0) agree to 1e-11."""
    posterior, known = certified(entry), entry["certified"]
    got = [
        1 - posterior.combination(np.ones(1), new_study=new).cdf(0.0)[0] for new in (False, True)
    ]

    expected = [known["p_mu_above_0"], known["p_theta_new_above_0"]]
    assert got == pytest.approx(expected, abs=1e-11)


@cases("log_marginal_likelihood")
def test_log_marginal_likelihoods_are_certified(certified, entry):
    """Log marginal likelihoods have all constants, to 1e-10."""
    expected = entry["certified"]["log_marginal_likelihood"]

    assert certified(entry).log_marginal_likelihood[0] == pytest.approx(expected, abs=1e-10)


@cases("loo")
def test_leave_one_out_densities_are_certified(certified, entry):
    """Log p(y_i | all other y) agrees to 1e-10 for every study."""
    found = log_predictive(certified(entry))

    assert found.log_density == pytest.approx(np.array(entry["certified"]["loo"]), abs=1e-10)


@cases("I2")
def test_i2_is_certified(certified, entry):
    """Mean and central interval of I squared agree to 1e-10."""
    precision = np.array(entry["standard_error"]) ** -2.0
    total = precision.sum()
    typical = (precision.size - 1) * total / (total**2 - (precision**2).sum())
    share = certified(entry).heterogeneity().transformed(Fraction(typical))
    known = entry["certified"]["I2"]

    assert [share.mean()[0], *share.interval(0.95)[0]] == pytest.approx(
        [known["mean"], *known["eti95"]], abs=1e-10
    )


@cases()
def test_the_printed_error_covers_the_difference_from_a_finer_rule(certified, entry):
    """|fine - coarse| of tau's median is no less than its distance from the certified one."""
    tau, known = certified(entry).heterogeneity(), entry["certified"]["tau"]
    error = abs(tau.median()[0] - tau.coarse().median()[0])

    assert abs(tau.median()[0] - known["median"]) <= error + 1e-11 * known["sd"]
