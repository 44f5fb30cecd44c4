"""Shapes under study effects that are not normal, and biases that cohorts may have."""

import json

import numpy as np
import pytest
from scipy.interpolate import CubicSpline
from scipy.stats import halfnorm, norm
from scipy.stats import t as student

import bayesmeta as bm
from bayesmeta.assembly import assemble, with_choices
from bayesmeta.catalogue import load_model
from bayesmeta.duration_response.contract import contract
from bayesmeta.duration_response.graph import duration_model
from bayesmeta.engines.lines import integrate_lines
from bayesmeta.errors import ModelError

WEEKS = np.array([2.0, 4.0, 5.0, 8.0, 10.0, 12.0])
ESTIMATE = np.array([-0.3, 0.1, -0.5, -0.2, -0.6, 1.9])
ERROR = np.array([0.2, 0.25, 0.3, 0.2, 0.35, 0.3])
NU, CHANGE_SD = 4.0, 1.0
PRIORS = {"mu": "Normal(mu=0, sigma=2)", "tau": "HalfNormal(sigma=1)",
          "change": f"Normal(mu=0, sigma={CHANGE_SD:g})"}  # fmt: skip
TAILS = {"heterogeneity": "student-t"}
SHAPES = ["constant", "linear"]


@pytest.fixture(scope="module")
def outlying(effects_of):
    """Six studies, the longest of which lies far out."""
    return effects_of(WEEKS, ESTIMATE, ERROR)


@pytest.fixture(scope="module")
def found(outlying):
    """Return the answer under t effects."""
    return _asked(outlying)


def _asked(effects, **asked):
    asked = {"priors": PRIORS, "shapes": SHAPES, "benefit": "higher", **TAILS, **asked}
    return bm.duration(effects, **asked)


class Brute:
    """A shape of one column by sums over mu, the change and tau, effects integrated by theta."""

    def __init__(self, column, used=None, sd=CHANGE_SD):
        node, length = np.polynomial.legendre.leggauss(40)
        used = np.ones(WEEKS.size) if used is None else used
        mu, change = np.linspace(-4, 4, 101), np.linspace(-6.5, 6.5, 131) * sd
        steps = np.array([mu[1] - mu[0], change[1] - change[0]])
        log_prior = norm.logpdf(mu, 0, 2)[:, np.newaxis] + norm.logpdf(change, 0, sd)
        own, self.tau, mass = column - column.mean(), 2.5 * (node + 1), []
        for tau, weight in zip(self.tau, 2.5 * length, strict=True):
            log_joint = log_prior + np.log(weight) + halfnorm.logpdf(tau, 0, 1)
            said = {error: _spread(error, tau) for error in np.unique(ERROR)}
            for row, place in enumerate(own):
                away = np.abs(ESTIMATE[row] - mu[:, np.newaxis] - place * change)
                log_joint = log_joint + used[row] * said[ERROR[row]](away)
            mass.append(log_joint)
        top = np.max(mass)
        self.mass = np.exp(np.array(mass) - top)
        self.log_evidence = np.log(self.mass.sum() * steps.prod()) + top
        self.mass /= self.mass.sum()
        self.change, self.end = change, mu[:, np.newaxis] + own[-1] * change

    def new_above(self, point):
        """Return the probability of an effect above a point in a new study of the longest one."""
        each = zip(self.mass, self.tau, strict=True)
        return sum((mass * student.sf(point, NU, self.end, tau)).sum() for mass, tau in each)

    def mean_change(self):
        """Return the mean of the change."""
        return self.mass.sum(axis=(0, 1)) @ self.change

    def better(self):
        """Return the probability of a change above 0: a spline's area, as 0 cuts a cell."""
        density = CubicSpline(self.change, self.mass.sum(axis=(0, 1)))
        return density.integrate(0, self.change[-1]) / (self.change[1] - self.change[0])


def _spread(error, tau):
    """Return the log density of a normal estimate around a t effect, over its distance."""
    grid = np.linspace(0, 14, 281)
    s = np.arange(-np.arcsinh(30 / tau), np.arcsinh(30 / tau), 0.04)
    effect = tau * np.sinh(s)
    weight = student.pdf(effect, NU, 0, tau) * tau * np.cosh(s) * 0.04
    density = np.exp(-0.5 * ((grid[:, np.newaxis] - effect) / error) ** 2) @ weight
    log_density = np.log(density / (error * np.sqrt(2 * np.pi)))
    return CubicSpline(grid, log_density, bc_type=((1, 0.0), "not-a-knot"))


@pytest.fixture(scope="module")
def brute():
    """Return both shapes by sums."""
    line = (WEEKS - WEEKS[0]) / np.ptp(WEEKS)
    return {"constant": Brute(0 * line), "linear": Brute(line)}


def test_evidence_is_that_of_sums_over_all_parameters(found, brute):
    """With study effects integrated by their t density, not as a mixture of normals."""
    evidence = found.shapes["log_marginal_likelihood"].to_list()

    assert evidence == pytest.approx([brute[name].log_evidence for name in SHAPES], abs=1e-6)


def test_the_change_is_that_of_the_sums(found, brute):
    """Its mean; and the probability of a better one within its printed error."""
    row = found.shapes.set_index("shape").loc["linear"]

    assert row["change_mean"] == pytest.approx(brute["linear"].mean_change(), abs=1e-5)
    assert row["change_p_better"] == pytest.approx(
        brute["linear"].better(), abs=row["change_p_error"]
    )


def test_a_new_study_deviates_as_students_t_does(found, brute):
    """Averaged over both shapes, at the longest duration; tails and all."""
    last, share = found.predictions.iloc[-1], found.shapes["probability"].to_numpy()
    above = share @ [brute[name].new_above(0.0) for name in SHAPES]

    assert last["new_p_better"] == pytest.approx(above, abs=1e-3)
    low, high = last["new_lower"], last["new_upper"]
    beyond = share @ [1 - brute[name].new_above(low) + brute[name].new_above(high)
                      for name in SHAPES]  # fmt: skip
    assert beyond == pytest.approx(0.05, abs=1e-3)


@pytest.mark.usefixtures("no_single_studies")
def test_tau_is_known_as_well_beside_a_study_far_out(effects_of):
    """It lies far from tau of normal effects, which such a study makes large."""
    far = effects_of(WEEKS, np.array([*ESTIMATE[:-1], 190.0]), ERROR)
    found = _asked(far, shapes=["constant"], priors={**PRIORS, "tau": "HalfCauchy(beta=1)"})

    assert found.tau["error"].iloc[0] < 2e-3 * found.tau["median"].iloc[0]


@pytest.mark.usefixtures("no_single_studies")
def test_a_prior_of_tau_may_have_ends(outlying):
    """Uniform to 4, and uniform from 4 to 8, are the halves of uniform to 8.

    Where the farthest values of tau round to an end.
    """
    whole, first, second = (
        _asked(outlying, shapes=["constant"],
               priors={**PRIORS, "tau": f"Uniform(lower={lower}, upper={upper})"})
        .shapes["log_marginal_likelihood"].iloc[0]
        for lower, upper in ((0, 8), (0, 4), (4, 8))
    )  # fmt: skip

    assert np.exp(first - whole) + np.exp(second - whole) == pytest.approx(2, rel=1e-6)


def test_a_study_left_out_says_nothing(found, brute):
    """The line without the outlier, by sums without it, on the full table's centre."""
    line = (WEEKS - WEEKS[0]) / np.ptp(WEEKS)
    without = Brute(line, used=np.array([1, 1, 1, 1, 1, 0.0]))
    slopes = found.leave_one_out["mean"].to_numpy() * np.ptp(WEEKS)

    assert slopes[0] == pytest.approx(brute["linear"].mean_change(), abs=1e-5)
    assert slopes[-1] == pytest.approx(without.mean_change(), abs=1e-5)


@pytest.mark.slow
def test_the_strip_is_the_answer_under_its_priors(found, outlying):
    """Half and twice the prior sd of the change are integrated, not tilted from normals."""
    wide = _asked(outlying, priors={**PRIORS, "change": f"Normal(mu=0, sigma={2 * CHANGE_SD})"})
    row = found.strip[(found.strip["p_constant"] == 0.5) & (found.strip["change_sd"] == 2)].iloc[0]

    assert row["bayes_factor"] == pytest.approx(wide.factor_of_change, rel=1e-4)
    assert row["p_better"] == pytest.approx(wide.p_longer_is_better, abs=3e-4)


@pytest.mark.slow
def test_with_very_many_degrees_effects_are_normal(outlying):
    """A t distribution of a million degrees is normal to one in a million."""
    many = _asked(outlying, priors={**PRIORS, "nu": 1e6}, shapes=[*SHAPES, "step"])
    normal = _asked(outlying, heterogeneity="normal", shapes=[*SHAPES, "step"])

    evidence = "log_marginal_likelihood"
    assert many.shapes[evidence].to_list() == pytest.approx(
        normal.shapes[evidence].to_list(), abs=3e-5
    )
    for name in ("mean", "lower", "upper", "new_lower", "new_upper"):
        assert many.predictions[name].to_list() == pytest.approx(
            normal.predictions[name].to_list(), abs=2e-4
        )


def test_the_order_of_the_studies_is_of_no_account(found, effects_of):
    """Nor does it move a digit that is told."""
    order = [3, 5, 0, 2, 4, 1]
    other = _asked(effects_of(WEEKS[order], ESTIMATE[order], ERROR[order]))

    assert other.p_longer_is_better == pytest.approx(found.p_longer_is_better, abs=1e-7)
    assert other.predictions["new_upper"].to_list() == pytest.approx(
        found.predictions["new_upper"].to_list(), abs=1e-6
    )


@pytest.mark.slow
def test_swapped_arms_in_another_unit_are_the_same_answer(found, effects_of):
    """Signs turned, the estimates seven times as large, the priors too: lower is better now."""
    priors = {"mu": "Normal(mu=0, sigma=14)", "tau": "HalfNormal(sigma=7)",
              "change": "Normal(mu=0, sigma=7)"}  # fmt: skip
    other = _asked(effects_of(WEEKS, -7 * ESTIMATE, 7 * ERROR), priors=priors, benefit="lower")

    assert other.p_longer_is_better == pytest.approx(found.p_longer_is_better, abs=1e-7)
    gap = other.predictions["new_lower"] / -7 - found.predictions["new_upper"]
    assert (gap.abs() < found.predictions["new_error"]).all()


@pytest.mark.slow
def test_the_model_of_the_shelf_is_the_word(found, outlying):
    """As an analysis file hands it on: a specification with t effects, or its name."""
    for model in ("student-t", with_choices(load_model("meta-regression"), TAILS)):
        other = _asked(outlying, model=model, heterogeneity=None)
        assert other.p_longer_is_better == found.p_longer_is_better
        assert other.study_effects == found.study_effects


@pytest.mark.usefixtures("no_single_studies")
@pytest.mark.slow
def test_a_cut_is_averaged_over(outlying):
    """The step's evidence: that of each of its cuts, by sums, in equal parts."""
    found = _asked(outlying, shapes=["constant", "step"])
    cuts = (WEEKS[1:] + WEEKS[:-1]) / 2
    each = [Brute((cut < WEEKS).astype(float)).log_evidence for cut in cuts]

    row = found.shapes.set_index("shape").loc["step"]
    expected = np.logaddexp.reduce(each) - np.log(cuts.size)
    assert row["log_marginal_likelihood"] == pytest.approx(expected, abs=1e-6)


def test_an_outlier_counts_less_than_under_normal_effects(found, outlying):
    """The change that the longest study makes is smaller."""
    normal = _asked(outlying, heterogeneity="normal")

    assert found.p_longer_is_better < normal.p_longer_is_better


@pytest.fixture(scope="module")
def designs(effects_of):
    """The same studies, three of them cohorts."""
    return effects_of(WEEKS, ESTIMATE, ERROR, design=["RCT", "RCT", "RCT", *["cohort"] * 3])


OF_COHORTS = {
    "a power": ("power-prior", {"power": 0.3}),
    "biases of their own": ("probably-biased", {"share": 0.4, "bias": "Normal(mu=0, sigma=1)"}),
    "an unknown share": ("probably-biased", {"share": "Beta(alpha=2, beta=3)",
                                             "bias": "Normal(mu=0, sigma=1)"}),
}  # fmt: skip


@pytest.mark.parametrize(
    "said", [pytest.param(one, id=one.replace(" ", "-")) for one in OF_COHORTS]
)
@pytest.mark.slow
def test_cohorts_count_as_in_the_fit(said, designs):
    """One centre: evidence and the mean are those of the engine of lines, asked by itself."""
    model, more = OF_COHORTS[said]
    found = _asked(designs, model=model, priors={**PRIORS, **more}, shapes=["constant"])
    centre = {name: prior for name, prior in PRIORS.items() if name != "change"}
    lines = integrate_lines(assemble(designs, model, priors={**centre, **more}, roles=TAILS))

    assert found.shapes["log_marginal_likelihood"].iloc[0] == pytest.approx(
        float(lines.log_marginal_likelihood[0]), abs=1e-6
    )
    assert found.predictions["mean"].iloc[0] == pytest.approx(
        float(lines.combination(np.ones(1)).mean()[0]), abs=1e-5
    )


@pytest.mark.slow
def test_no_bias_and_the_whole_power_are_the_plain_answer(found, designs):
    """A share of 0; a power of 1."""
    unbiased = {"share": 0.0, "bias": "Normal(mu=0, sigma=1)"}
    for model, more in (("probably-biased", unbiased), ("power-prior", {"power": 1.0})):
        other = _asked(designs, model=model, priors={**PRIORS, **more})
        assert other.p_longer_is_better == pytest.approx(found.p_longer_is_better, abs=1e-9)


@pytest.mark.usefixtures("no_single_studies")
def test_contaminated_effects_of_known_tails_are_weighed(outlying):
    """A share of outliers that is nothing leaves normal effects."""
    none = _asked(outlying, heterogeneity="contaminated",
                  priors={**PRIORS, "share": 1e-12, "tau_outlier": 2.0})  # fmt: skip
    normal = _asked(outlying, heterogeneity="normal")

    assert none.shapes["log_marginal_likelihood"].to_list() == pytest.approx(
        normal.shapes["log_marginal_likelihood"].to_list(), abs=1e-6
    )


REFUSED = {
    "nu": ({"priors": {**PRIORS, "nu": "Gamma(alpha=2, beta=0.1)"}}, "'student-t', and nu .* 4"),
    "outliers": (
        {
            "heterogeneity": "contaminated",
            "priors": {**PRIORS, "tau_outlier": "HalfNormal(sigma=2)"},
        },
        "'contaminated', and tau_outlier",
    ),
    "share of outliers": (
        {"heterogeneity": "contaminated", "priors": {**PRIORS, "tau_outlier": 5}},
        "of the heterogeneity 'contaminated', and share .* give it a number",
    ),
}


@pytest.mark.parametrize("part", REFUSED)
def test_what_is_not_integrated_is_refused_by_its_part(part, outlying):
    """A hyperparameter beside tau that has a prior: a number would do."""
    asked, said = REFUSED[part]
    with pytest.raises(ModelError, match=said):
        _asked(outlying, **asked)


@pytest.mark.parametrize("spread", ["extra", "own", "ratio"])
def test_cohorts_of_another_spread_are_refused_with_what_would_do(spread):
    """Outliers go with one tau, which the same model has with another spread."""
    words = {"spread": spread, "heterogeneity": "contaminated"}
    with pytest.raises(ModelError, match='add spread="common"'):
        with_choices(load_model("design-bias"), words)


def test_an_open_duration_is_refused_by_its_study(effects_of):
    """Named, with what would do."""
    weeks = [2, 4, None, 8, "9-11", 12]
    effects = effects_of(weeks, ESTIMATE, ERROR)
    with pytest.raises(ModelError, match=r"'student-t' .* Study 3, Study 5"):
        _asked(effects)


def test_text_and_record_say_what_effects_are(found):
    """nu, that tau is a scale, the SD that follows, and the priors."""
    said = found.as_text()

    assert "Study effects are student-t (nu = 4), not normal." in said
    assert "that is 1.414 tau" in said
    assert "nu = 4, fixed" in said
    record = json.loads(json.dumps(contract(found)))
    assert record["sd_over_tau"] == pytest.approx(np.sqrt(2))
    assert record["priors"]["nu"] == "4"


def test_the_sd_of_effects_is_tau_times_its_ratio(found):
    """Of the sentence: the median of tau, 1.414 times."""
    sentence = next(line for line in found.as_text().splitlines() if "1.414 tau" in line)
    shown = float(sentence.split("1.414 tau, ")[1].split(" ")[0])

    assert shown == pytest.approx(np.sqrt(2) * found.tau["median"].iloc[0], abs=0.01)


@pytest.mark.slow
def test_effects_without_a_variance_have_no_share(outlying):
    """With two degrees of freedom there is none; the sentence says so, the SD is infinite."""
    found = _asked(outlying, priors={**PRIORS, "nu": 2.0})

    assert "that is infinite here" in found.as_text()
    assert np.isnan(found.tau["variance_share_median"].iloc[0])
    assert np.isinf(found.predictions["new_sd"]).all()


def test_figures_say_what_effects_are(found):
    """In the note below the bubbles, the shapes and the effects."""
    from bayesmeta.plots.bubble import plot_bubble
    from bayesmeta.plots.duration_effects import plot_duration_effects
    from bayesmeta.plots.duration_shapes import plot_duration_shapes

    for draw in (plot_bubble, plot_duration_effects, plot_duration_shapes):
        figure = draw(found).figure
        words = " ".join(
            text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))
        )
        assert "student-t (nu = 4)" in words.replace("\n", " ")


def test_the_pymc_model_has_t_effects(outlying):
    """Its log density by hand: priors, deviations, estimates around study effects."""
    model = duration_model(outlying, "linear", priors=PRIORS, **TAILS)
    deviation = np.array([0.5, -1.0, 0.3, 2.0, -0.4, 1.1])
    point = {"mu": 0.2, "tau_log__": np.log(0.7), "standardised": [0.8],
             "theta_deviation": deviation}  # fmt: skip
    start = model.initial_point(random_seed=1)
    start.update(point)
    found = float(model.compile_logp(jacobian=False, mode="FAST_COMPILE")(start))

    line = (WEEKS - WEEKS[0]) / np.ptp(WEEKS)
    theta = 0.2 + 0.8 * (line - line.mean()) + 0.7 * deviation
    expected = (norm.logpdf(0.2, 0, 2) + halfnorm.logpdf(0.7) + norm.logpdf(0.8)
                + student.logpdf(deviation, NU).sum()
                + norm.logpdf(ESTIMATE, theta, ERROR).sum())  # fmt: skip
    assert found == pytest.approx(expected)


def test_a_cut_under_t_effects_is_for_the_exact_engine(outlying):
    """No gradient moves past it."""
    with pytest.raises(ModelError, match="cut"):
        duration_model(outlying, "step", priors=PRIORS, **TAILS)
