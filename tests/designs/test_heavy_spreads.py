"""Heavy tails beside cohorts that spread by a scale of their own."""

import numpy as np
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.assembly import SPREADS, assemble, is_line
from bayesmeta.assembly.choices import with_choices
from bayesmeta.assembly.graph import build
from bayesmeta.catalogue import load_model
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.engines.lines import integrate_lines
from bayesmeta.summaries.diagnostics import diagnostics
from bayesmeta.summaries.text import text

TAILS = {"heterogeneity": "student-t"}
PRIORS = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)",
          "bias": "Normal(mu=0, sigma=0.5)"}  # fmt: skip
ESTIMATE, ERROR = [-0.3, -0.1, -0.5, -0.2, 0.4, -0.9], [0.2, 0.15, 0.3, 0.25, 0.2, 0.3]
DESIGN = ["RCT"] * 3 + ["cohort"] * 3
SCALES = {
    "extra": ({"kappa": 0.4}, np.hypot(0.3, 0.4)),
    "own": ({"tau_cohort": 0.7}, 0.7),
    "ratio": ({"ratio": 2.5}, 0.3 * np.sqrt(2.5)),
}
"""By spread: its own parameter, and the scale of cohorts where tau is 0.3."""


@pytest.fixture(scope="module")
def six(sized):
    """Three trials beside three cohorts."""
    return sized(ESTIMATE, ERROR, DESIGN)


@pytest.mark.parametrize("model", ["design-bias", "power-prior", "probably-biased"])
@pytest.mark.parametrize("spread", SPREADS)
def test_spread_and_heterogeneity_are_chosen_in_any_order(model, spread):
    """Both at once, the spread last, and the tails last: one specification."""
    own = {"spread": spread}
    both = with_choices(load_model(model), {**own, **TAILS})
    spread_last = with_choices(with_choices(load_model(model), {"spread": "common", **TAILS}), own)
    tails_last = with_choices(with_choices(load_model(model), own), TAILS)

    assert spread_last == both
    assert tails_last == both
    assert is_line(both)


def test_t_effects_of_cohorts_spread_further_unless_another_spread_is_named():
    """The default of design-bias stays: kappa beside tau, said in the statement."""
    found = with_choices(load_model("design-bias"), TAILS)

    said = "StudentT(nu, mu + is_cohort[i] * bias, sqrt(tau^2 + is_cohort[i] * kappa^2))"
    assert found.parts["heterogeneity"] == "student-t-extra"
    assert said in found.statement


@pytest.mark.parametrize("centred", [False, True])
@pytest.mark.parametrize("spread", SCALES)
def test_the_graph_has_the_scale_of_each_design(spread, centred, six):
    """Prior log density of study effects in PyMC: Student-t, of tau and of the spread's scale."""
    own, outside = SCALES[spread]
    priors = {**PRIORS, **own, "tau": 0.3, "mu": "Normal(mu=0, sigma=1)"}
    assembly = assemble(six, "design-bias", priors=priors, roles={"spread": spread, **TAILS})
    model = build(assembly, form="hierarchical", centred=centred)
    point = {**model.initial_point(), "mu": np.array(0.2), "bias": np.array(-0.4)}
    scale = np.array([0.3] * 3 + [outside] * 3)
    centre, theta = 0.2 - 0.4 * np.array([0, 0, 0, 1, 1, 1.0]), np.linspace(-1, 1, 6)
    name = next(each for each in point if each.startswith("theta"))
    point[name] = theta if centred else (theta - centre) / scale

    found = model.compile_logp(vars=[model[name]], sum=False)(point)[0]
    jacobian = 0 if centred else np.log(scale)
    known = stats.t.logpdf(theta, 4, centre, scale) + jacobian
    data = model.compile_logp(vars=model.observed_RVs, sum=False)(point)[0]
    assert found == pytest.approx(known, rel=1e-12)
    assert data == pytest.approx(stats.norm.logpdf(ESTIMATE, theta, ERROR), rel=1e-12)


def _asked(effects, spread, more, model="design-bias", **roles):
    """Return an assembly with t effects."""
    priors = {**PRIORS, **more}
    return assemble(effects, model, priors=priors, roles={"spread": spread, **TAILS, **roles})


def _numbers(lines):
    """Return log evidence; means, then sds, of mu, bias, tau and all study effects."""
    rows, tau, effects = np.eye(2), lines.heterogeneity("tau"), lines.study_effects()
    means = [*lines.combination(rows).mean()[0], *tau.mean(), *effects.mean()[0]]
    sds = [*lines.combination(rows).sd()[0], *tau.sd(), *effects.sd()[0]]
    return np.array([lines.log_marginal_likelihood[0], *means, *sds])


@pytest.fixture(scope="module")
def common(six):
    """The posterior of one tau."""
    return integrate_lines(_asked(six, "common", {}))


@pytest.mark.parametrize(("spread", "own"), [("extra", {"kappa": 0}), ("ratio", {"ratio": 1})])
def test_a_spread_that_adds_nothing_is_one_tau(spread, own, six, common):
    """Kappa 0, and a ratio of 1: evidence, effects and marks of the spread common, to 1e-9."""
    found = integrate_lines(_asked(six, spread, own))

    assert _numbers(found) == pytest.approx(_numbers(common), abs=1e-9)
    assert found.marks() == pytest.approx(common.marks(), rel=1e-9)


KNOWN = {
    "ratio": [-5.652665642,
              -0.243327348, 0.042071009, 0.277533314,
              -0.276365064, -0.138780861, -0.361010140, -0.195273326, 0.288236765, -0.670484696,
              0.205857302, 0.314008875, 0.148743935,
              0.172150042, 0.138967765, 0.235011313, 0.225432258, 0.205105465, 0.305090399],
    "own": [-5.522204601,
            -0.234450620, 0.031939157, 0.209828125,
            -0.260679545, -0.159008350, -0.319838972, -0.196766464, 0.302417727, -0.696594275,
            0.183325148, 0.320455712, 0.186084850,
            0.159418571, 0.134907735, 0.215457945, 0.227977520, 0.203207745, 0.301835149],
    "extra": [-5.440642672,
              -0.237765539, 0.039770062, 0.252587484,
              -0.267720586, -0.148963490, -0.341058602, -0.196128837, 0.286126316, -0.663675908,
              0.198819002, 0.306324647, 0.185653064,
              0.166151501, 0.137627930, 0.228380859, 0.224363741, 0.200142668, 0.293739687],
}  # fmt: skip
"""As `_numbers`, by `brute_force.py`."""
OTHERS = {"own": ("tau_cohort", 0.482283673, 0.232973494), "extra": ("kappa", 0.242071804,
                                                                     0.153731160)}  # fmt: skip
"""Mean and sd of the second scale, from there."""
OWN = {"extra": {"kappa": "HalfNormal(sigma=0.25)"}, "own": {"tau_cohort": PRIORS["tau"]}}


def test_a_ratio_of_squared_scales_is_what_sums_say(six):
    """Evidence, mu, bias, tau and study effects of both designs, by brute force."""
    found = integrate_lines(_asked(six, "ratio", {"ratio": 2.5}))

    assert _numbers(found) == pytest.approx(KNOWN["ratio"], abs=5e-8)


@pytest.fixture(scope="module", params=OWN)
def both(request, six):
    """A spread of two scales, both free, and its posterior."""
    return request.param, integrate_lines(_asked(six, request.param, OWN[request.param]))


@pytest.mark.slow
def test_two_scales_are_what_sums_say(both):
    """The same where both scales are free; within the error that is told."""
    spread, found = both
    name, mean, sd = OTHERS[spread]
    other = found.heterogeneity(name)

    assert _numbers(found) == pytest.approx(KNOWN[spread], abs=3e-7)
    assert [other.mean()[0], other.sd()[0]] == pytest.approx([mean, sd], abs=3e-7)
    off = abs(found.log_marginal_likelihood[0] - KNOWN[spread][0])
    assert off <= found.error[0] + 1e-9


@pytest.mark.parametrize("spread", SCALES)
def test_with_many_degrees_of_freedom_effects_are_normal(spread, six):
    """Nu of a million is frame G with the same spread: a row is off by one in as many."""
    own = {**SCALES[spread][0], "tau": 0.3}
    many = integrate_lines(_asked(six, spread, {**own, "nu": 1e6}))
    normal = integrate_assembly(
        assemble(six, "design-bias", priors={**PRIORS, **own}, roles={"spread": spread})
    )

    found, known = (
        [each.log_marginal_likelihood[0], *each.combination(np.eye(2)).mean()[0],
         *each.combination(np.eye(2)).sd()[0], *each.study_effects().mean()[0],
         *each.study_effects().sd()[0]]
        for each in (many, normal)
    )  # fmt: skip
    assert found == pytest.approx(known, abs=6e-6)


def test_designs_that_change_places_change_scales(sized):
    """Own scales, relabelled under flat priors: tau is tau_cohort, and mu is mu + bias."""
    flat = {"mu": "Normal(mu=0, sigma=2000)", "bias": "Normal(mu=0, sigma=2000)"}
    swapped = ["cohort"] * 3 + ["RCT"] * 3
    one, two = (
        integrate_lines(_asked(sized(ESTIMATE, ERROR, design), "own", {**flat, **scales}))
        for design, scales in ((DESIGN, {"tau": 0.3, "tau_cohort": 0.6}),
                               (swapped, {"tau": 0.6, "tau_cohort": 0.3}))
    )  # fmt: skip

    found, known = two.combination(np.array([1.0, 0.0])), one.combination(np.array([1.0, 1.0]))
    assert [*found.mean(), *found.sd()] == pytest.approx([*known.mean(), *known.sd()], abs=1e-6)
    assert two.marks() == pytest.approx(one.marks(), abs=1e-6)
    assert two.study_effects().sd()[0] == pytest.approx(one.study_effects().sd()[0], abs=1e-6)


@pytest.fixture(scope="module")
def fitted(six):
    """A fit of a known kappa, as a user asks for it."""
    return bm.fit(six, "design-bias", priors={**PRIORS, "kappa": 0.4}, engine="exact", **TAILS)


def test_a_fit_says_what_scales_are(fitted):
    """Sentence on tau and what stands in its place; parameters by scale; weights of studies."""
    said = " ".join(text(fitted).split())

    assert "study effects in the reference design (outside it sqrt(tau² + kappa²)), not" in said
    assert "a bias by design, Student-t effects, exact" in said
    assert "kappa = 0.4, fixed" in said
    assert "relative precision" in said


def test_an_archive_keeps_the_posterior(fitted, tmp_path):
    """Round trip: summary, study effects and weights of a file are those of the fit."""
    bm.save_posterior(fitted, tmp_path / "one.nc")
    again = bm.read_posterior(tmp_path / "one.nc")

    for verb in (bm.summary, bm.study_effects):
        known, found = (verb(each).select_dtypes("number") for each in (fitted, again))
        np.testing.assert_allclose(found, known, rtol=1e-6, atol=1e-12)


def test_a_power_takes_the_scale_of_cohorts(six):
    """A power of 1 with a known kappa is a bias of nothing."""
    own = {"mu": PRIORS["mu"], "tau": 0.3, "kappa": 0.4}
    roles = {"spread": "extra", **TAILS}
    powered = integrate_lines(assemble(six, "power-prior", priors={**own, "power": 1}, roles=roles))
    none = {**own, "bias": "Normal(mu=0, sigma=1e-6)"}
    biased = integrate_lines(assemble(six, "design-bias", priors=none, roles=roles))

    found, known = (each.study_effects().sd()[0] for each in (powered, biased))
    assert found == pytest.approx(known, rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("spread", OWN)
def test_nuts_agrees_with_the_integral(spread, six):
    """Every parameter within 4 MCSE of the exact answer."""
    posterior = bm.fit(six, "design-bias", priors={**PRIORS, **OWN[spread]}, spread=spread,
                       engine="nuts", seed=11, target_accept=0.95, **TAILS)  # fmt: skip
    table = bm.summary(posterior)

    assert diagnostics(posterior).ok
    assert table["difference_from_exact"].notna().all()
    assert (table["difference_from_exact"].abs() < 4).all()


@pytest.mark.slow
@pytest.mark.parametrize(("spread", "own"), [("common", {}), ("extra", {"kappa": 0.4})])
def test_a_bias_that_all_share_or_none_is_read_from_the_file(spread, own, six):
    """Points of both cases stand node by node again: means are those of the integral."""
    words = {"spread": spread, "shared_bias": True, "priors": {**PRIORS, **own, "share": 0.3}}
    table = bm.summary(bm.fit(six, "probably-biased", engine="exact", **words, **TAILS))
    lines = integrate_lines(_asked(six, spread, {**own, "share": 0.3}, "probably-biased",
                                   shared_bias="True"))  # fmt: skip

    known = [*lines.combination(np.eye(2)).mean()[0]]
    assert table.loc[["mu", "bias"], "mean"].to_list() == pytest.approx(known, abs=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("spread", OWN)
def test_an_archive_keeps_two_free_scales(spread, sized, tmp_path):
    """Round trip of four studies, each design's scale under its prior: every number again."""
    four = sized(ESTIMATE[1:5], ERROR[1:5], DESIGN[1:5])
    fitted = bm.fit(four, "design-bias", priors={**PRIORS, **OWN[spread]}, spread=spread,
                    engine="exact", **TAILS)  # fmt: skip
    bm.save_posterior(fitted, tmp_path / "two.nc")
    again = bm.read_posterior(tmp_path / "two.nc")

    for verb in (bm.summary, bm.study_effects, bm.predict):
        known, found = (verb(each).select_dtypes("number") for each in (fitted, again))
        np.testing.assert_allclose(found, known, rtol=1e-6, atol=1e-9)
    assert text(again) == text(fitted)
