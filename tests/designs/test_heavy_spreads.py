"""Heavy tails beside cohorts that spread by a scale of their own."""

import numpy as np
import pytest
from scipy import stats

from bayesmeta.assembly import SPREADS, assemble, is_line
from bayesmeta.assembly.choices import with_choices
from bayesmeta.assembly.graph import build
from bayesmeta.catalogue import load_model

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
