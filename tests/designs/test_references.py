"""Bias of cohorts, power prior, probable bias: against a program of its own."""

import json
from pathlib import Path

import numpy as np
import pytest

from bayesmeta.cohorts import designs
from bayesmeta.cohorts.dial import dial_over_bias, dial_over_power

ENTRIES = json.loads(Path(__file__).with_name("references.json").read_text(encoding="utf-8"))[
    "entries"
]
BASE = {"mu": "Normal(mu=0, sigma=20)", "tau": "HalfNormal(sigma=5)"}
FIVE = {**BASE, "bias": "Normal(mu=0, sigma=5)"}
CASES = {
    "E_rtms_tnf_design": ("design-bias", FIVE, {"spread": "common"}),
    "E_rtms_tnf_design_b0": (
        "design-bias", {**BASE, "bias": "Normal(mu=-2.5, sigma=2.5)"}, {"spread": "common"},
    ),
    "E_rtms_tnf_q2": ("design-bias", FIVE, {"spread": "ratio", "ratio": 2}),
    "E_rtms_tnf_tauc": (
        "design-bias", {**FIVE, "tau_cohort": "HalfNormal(sigma=10)"}, {"spread": "own"},
    ),
    "E_rtms_tnf_extra": ("design-bias", {**FIVE, "kappa": "HalfNormal(sigma=2.5)"}, {}),
    "E_rtms_tnf_robust_global": ("probably-biased", FIVE, {"shared_bias": True}),
    "E_rtms_tnf_robust_study": ("probably-biased", FIVE, {}),
    "E_rtms_tnf_robust_study_beta": (
        "probably-biased", {**FIVE, "share": "Beta(alpha=1, beta=1)"}, {},
    ),
    **{
        f"E_rtms_tnf_power_{power}": ("power-prior", BASE, {"power": power})
        for power in ("0", "0.25", "0.5", "1")
    },
}  # fmt: skip
THEIRS = {"bias": "delta", "share": "p_bias"}
LEVELS = {"median": 0.5, "q025": 0.025, "q975": 0.975}


@pytest.fixture(scope="module", params=CASES)
def compared(request, tnf, solved):
    """Return what a reference says, and what we do."""
    model, priors, choices = CASES[request.param]
    return ENTRIES[request.param], *solved(tnf, model, priors, **choices)


def _bar(entry, fraction):
    return entry["accuracy"]["largest_change_on_refinement"] + fraction


def _distributions(assembly, integral):
    unit = np.eye(len(assembly.coefficients))
    found = {name: integral.combination(row)
             for name, row in zip(assembly.coefficients, unit, strict=True)}  # fmt: skip
    found |= {item.name: integral.heterogeneity(item.name) for item in assembly.hyperparameters}
    return found | {"theta_new": integral.combination(unit[0], new_study=True)}


def _statistic(distribution, name):
    if name in ("mean", "sd"):
        return getattr(distribution, name)()[0]
    if name == "p_below_0":
        return distribution.cdf(0.0)[0]
    return distribution.quantile(LEVELS[name])[0]


def test_every_printed_number_is_that_of_the_reference(compared):
    """Up to the reference's accuracy and a millionth of the posterior sd."""
    entry, assembly, integral = compared
    expected = entry["results"]
    off = {}
    for name, distribution in _distributions(assembly, integral).items():
        known = expected.get(THEIRS.get(name, name), {})
        for statistic, value in known.items():
            bar = _bar(entry, 1e-6 * known["sd"])
            off[name, statistic] = abs(_statistic(distribution, statistic) - value) / bar

    assert max(off.values()) <= 1, max(off, key=off.get)


def test_the_evidence_is_that_of_the_reference(compared):
    """All constants are in it; of a power prior before it is divided by the cohorts' own."""
    entry, _, integral = compared
    expected = entry["results"]
    name = "log_marginal_likelihood"
    value = expected.get(f"{name}_unnormalised", expected[name])

    assert integral.log_marginal_likelihood[0] == pytest.approx(value, abs=_bar(entry, 1e-9))


@pytest.mark.parametrize("name", ["E_rtms_tnf_robust_study", "E_rtms_tnf_robust_study_beta"])
def test_who_is_biased_is_as_probable_as_in_the_reference(name, tnf, solved):
    """Each cohort's own probability, the others' summed over."""
    model, priors, choices = CASES[name]
    _, integral = solved(tnf, model, priors, **choices)
    weight = integral.weight[0].sum(axis=-1)
    found = [float(weight @ value[0]) for key, value in integral.further.items()
             if key.startswith("biased")]  # fmt: skip

    assert found == pytest.approx(ENTRIES[name]["results"]["P_biased_each_cohort"], abs=1e-9)


def test_a_shared_bias_is_as_probable_as_in_the_reference(tnf, solved):
    """The weight of the wide component of the bias's prior."""
    model, priors, choices = CASES["E_rtms_tnf_robust_global"]
    _, integral = solved(tnf, model, priors, **choices)
    expected = ENTRIES["E_rtms_tnf_robust_global"]["results"]["P_biased"]

    assert integral.weight[0].sum(axis=0)[1] == pytest.approx(expected, abs=1e-9)


@pytest.fixture(scope="module")
def question(tnf):
    """The question behind both dials' curves."""
    return designs(tnf, priors=FIVE, spread="common", points=5).question


@pytest.mark.parametrize("dial", ["power", "u"])
def test_both_dials_are_the_curves_of_the_reference(dial, question):
    """Every stored point, integrated; tau's median too, up to a millionth of mu's sd."""
    entry = ENTRIES["E_rtms_tnf_curve_power" if dial == "power" else "E_rtms_tnf_curve_bias"]
    expected = entry["results"]
    points = expected["a"] if dial == "power" else expected["sd_b"]
    draw = dial_over_power if dial == "power" else dial_over_bias
    found = draw(question, points)
    ours = {"mean": "mu_mean", "sd": "mu_sd", "median": "mu_median", "lower": "mu_q025",
            "upper": "mu_q975", "p_benefit": "p_below_0", "tau_median": "tau_median"}  # fmt: skip
    bar = 1e-6 * np.array(expected["mu_sd"]) + 1e-12
    off = {mine: float((np.abs(found[mine] - expected[theirs]) / bar).max())
           for mine, theirs in ours.items()}  # fmt: skip

    assert max(off.values()) <= 1, off


def test_trials_given_cohorts_is_the_evidence_less_that_of_the_cohorts(question):
    """For the power prior, whatever the power: the reference divides by the same integral."""
    rows = designs(question.effects, priors=FIVE, spread="common", points=5).rows
    found = {row.power: row.log_trials_given_cohorts for row in rows if row.power is not None}
    expected = {float(power): ENTRIES[f"E_rtms_tnf_power_{power}"]["results"]
                ["log_marginal_likelihood"] for power in ("0", "0.25", "0.5", "1")}  # fmt: skip

    assert {power: found[power] for power in expected} == pytest.approx(expected, abs=1e-9)
