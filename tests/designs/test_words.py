"""Ratios as ratios, effects with their unit, and how large a share is."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.cohorts import contract, designs, designs_text
from bayesmeta.cohorts.sentences import sentences, tipping_sentence
from bayesmeta.cohorts.text import dial_grid


@pytest.fixture(scope="module")
def ratios():
    """Four trials and four cohorts, risk ratios around a half."""
    log_ratio = np.log([0.4, 0.5, 0.45, 0.6, 0.7, 0.8, 0.9, 0.75])
    design = ["RCT"] * 4 + ["cohort"] * 4
    columns = {"study": list("abcdefgh"), "estimate": log_ratio, "design": design}
    table = pd.DataFrame({**columns, "standard_error": 0.25})
    priors = {"mu": "Normal(mu=0, sigma=2.82)", "tau": 0.1, "bias": "Normal(mu=0, sigma=0.5)"}
    effects = bm.effect_sizes(bm.read_studies(table), "RR")
    return designs(effects, priors=priors, spread="common", points=5)


def test_every_table_of_ratios_has_the_ratios_behind_the_logarithms(ratios):
    """The exponentials of the same rows."""
    for table in (ratios.members, ratios.over_bias, ratios.over_power):
        logs, shown = table[["median", "lower", "upper"]], table.filter(regex="^ratio")
        assert shown.iloc[:, :3].to_numpy() == pytest.approx(np.exp(logs.to_numpy()))
    assert ratios.members["ratio_new_upper"].to_numpy() == pytest.approx(
        np.exp(ratios.members["new_upper"])
    )


def test_other_measures_have_no_ratios(tnf):
    """Neither columns, nor words, nor JSON."""
    found = designs(tnf, spread="common", points=5)

    assert not [name for name in found.members if name.startswith("ratio")]
    assert contract(found)["rows"][0]["ratio"] is None
    assert "pg/mL (95 % interval" in sentences(found)[0]
    assert "factor" not in designs_text(found)


def test_json_of_ratios_has_them_beside_the_pinned_logarithms(ratios):
    """Parameters stay on the log scale."""
    row = json.loads(json.dumps(contract(ratios), allow_nan=False))["rows"][0]
    mu = row["parameters"]["mu"]

    assert row["ratio"] == pytest.approx({name: np.exp(mu[name])
                                          for name in ("median", "lower", "upper")})  # fmt: skip


def test_sentences_and_table_say_ratios_with_their_logarithms(ratios):
    """Trials alone, by hand: precision 4 / (0.0625 + 0.01) and a wide prior."""
    precision = 4 / (0.0625 + 0.01)
    mean = np.log([0.4, 0.5, 0.45, 0.6]).mean() * precision / (precision + 2.82**-2)
    half = 1.959964 / np.sqrt(precision + 2.82**-2)
    low, high = np.exp(mean - half), np.exp(mean + half)
    said = designs_text(ratios)

    assert f"RR {np.exp(mean):.2f} (95 % interval {low:.2f} to {high:.2f}; log" in said
    assert f"{low:.2f} to {high:.2f}" in said.split("trials only")[1].split("\n")[0]
    assert "P(RR < 1)" in said
    assert "mu < 0" not in said


def test_a_known_tau_has_new_trials_too(ratios):
    """Their variance is mu's and tau squared, by hand."""
    known = ratios.member("trials-only").parameters
    sd = np.hypot(known["mu"]["sd"], 0.1)

    assert known["theta_new"]["sd"] == pytest.approx(sd, abs=1e-12)


def test_figures_of_ratios_name_the_same_event(ratios):
    """P(RR < 1) beside an axis of risk ratios."""
    axes = bm.plot_designs_dial(ratios).axes

    assert axes[1].get_ylabel() == "P(RR < 1)"
    assert "log RR" in axes[1].get_xlabel()


def test_a_probability_that_stays_is_said_once(ratios):
    """Not "from >0.999 to >0.999"."""
    sure = ratios.over_power.assign(p_benefit=0.99999)
    found = replace(ratios, over_power=sure, crossings=())

    assert "is above 0.999 at both ends and stays at 0.975 or above" in tipping_sentence(
        found, "power"
    )


@pytest.mark.parametrize(("u", "share"), [(0.25, 0.062), (0.125, 0.181)])
def test_a_share_is_one_of_information(u, share, sized):
    """Six and six of 30 an arm, tau 0.1 uisd known: closed form, 6 % with the default u."""
    variance, uisd = 2 / 30, 2.0
    estimate = np.linspace(-0.5, 0.5, 12)
    table = sized(estimate, np.full(12, np.sqrt(variance)), ["RCT"] * 6 + ["cohort"] * 6)
    priors = {"tau": 0.1 * uisd, "mu": "Normal(mu=0, sigma=2)",
              "bias": f"Normal(mu=0, sigma={u * uisd})"}  # fmt: skip
    found = designs(table, priors=priors, spread="common", points=5)
    trials = 6 / (variance + (0.1 * uisd) ** 2)
    cohorts = 1 / (1 / trials + (u * uisd) ** 2)
    expected = cohorts / (trials + cohorts + 0.25)

    assert found.member("design-bias").cohort_share == pytest.approx(expected, abs=1e-12)
    assert expected == pytest.approx(share, abs=5e-4)


def test_correlations_are_said_as_r():
    """Medians and ends are tanh of Fisher's z, which stands behind; an SD is of z."""
    frame = pd.DataFrame({
        "study": list("abcdef"), "ri": [0.5, 0.4, 0.3, 0.1, 0.2, 0.3], "ni": [40] * 6,
        "design": ["RCT"] * 3 + ["cohort"] * 3,
    })  # fmt: skip
    found = bm.designs(bm.effect_sizes(bm.read_studies(frame), "ZCOR"))
    known = found.member("trials-only").parameters["mu"]

    said = bm.text(found)
    r, z = (f"{value:.3g}" for value in (np.tanh(known["median"]), known["median"]))
    assert re.search(rf"Trials alone say r {r} \(95 % interval [^;]*; z {z},", said)
    assert "P(r < 0)" in said
    assert re.search(r"\(u = 0\.\d+ on the scale of Fisher's z\)", said)


def _many_cohorts(**columns):
    k = 14
    frame = pd.DataFrame({
        "study": [f"S{n}" for n in range(k)], "yi": np.linspace(-1, 0, k), "sei": 0.3,
        "n": 40, "design": ["RCT"] * 3 + ["cohort"] * (k - 3), **columns,
    })  # fmt: skip
    return bm.effect_sizes(bm.read_studies(frame), "SMD")


def test_any_number_of_cohorts_may_be_biased():
    """Eleven: 2**11 cases, and two terms a row. The share is that of every case, to 0.2 %."""
    from bayesmeta.biases import probable

    found = bm.designs(_many_cohorts(), spread="common", points=5).member("probably-biased")
    with pytest.MonkeyPatch.context() as patch:
        for place in ("engines.answering", "biases.probable", "cohorts.question"):
            patch.setattr(f"bayesmeta.{place}.MOST_COHORTS", 11)
        cases = bm.designs(_many_cohorts(), spread="common", points=5).member("probably-biased")

    assert probable.MOST_COHORTS == 10
    assert found.parameters["mu"]["lower"] == pytest.approx(
        cases.parameters["mu"]["lower"], abs=1e-6
    )
    assert found.p_biased == pytest.approx(cases.p_biased, abs=1e-6)
    assert found.log_trials_given_cohorts == pytest.approx(cases.log_trials_given_cohorts, abs=1e-6)
    assert found.cohort_share == pytest.approx(cases.cohort_share, abs=2e-3)


def test_more_cohorts_than_cases_can_be_summed_leave_a_member_out():
    """Eleven, beside two spreads: the others stand, and the answer says why one does not."""
    found = bm.designs(_many_cohorts(), spread="ratio", points=5)

    assert "probably-biased" not in set(found.members["member"])
    assert any("11 cohorts, each biased or not" in said for said in found.warnings)
    shared = bm.designs(_many_cohorts(), spread="ratio", shared_bias=True, points=5)
    assert "probably-biased" in set(shared.members["member"])


@pytest.fixture(scope="module")
def two_spreads(tnf):
    """TNF-alpha with cohorts that spread further, few points a dial."""
    return bm.designs(tnf, points=5, priors={"kappa": "HalfNormal(sigma=2)"})


def test_the_dials_table_has_points_as_they_were_integrated(two_spreads):
    """Both spreads side by side; the first row pools designs, the last has a flat bias."""
    grid = dial_grid(two_spreads)
    last = two_spreads.over_bias.query("spread == 'common'").iloc[-1]

    assert len(grid.head) == 2 + 2 * 4
    assert [row[0] for row in grid.rows][:: len(grid.rows) - 1] == ["0", "∞"]
    ends = f"{last['lower']:.3g} to {last['upper']:.3g}".replace("-", "\N{MINUS SIGN}")
    assert grid.rows[-1][7] == ends


def test_the_dial_shows_the_common_spread_too(two_spreads):
    """Dashed, the curve of its own rows; none where the analysis has that spread itself."""
    axes = bm.plot_designs_dial(two_spreads).axes[0]
    drawn = {line.get_gid(): line for line in axes.get_lines()}
    common = two_spreads.over_bias.query("spread == 'common'")

    ours = drawn["median, common spread"].get_ydata()
    assert ours == pytest.approx(common["median"].to_numpy())
