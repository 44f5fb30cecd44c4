"""Every model on the shelf against plain PyMC, written by hand."""

import numpy as np
import pymc as pm
import pytest
from scipy import special

from bayesmeta.assembly.graph import FORMS, build
from bayesmeta.catalogue import model_names
from bayesmeta.errors import ModelError

# Not plain numbers: PyTensor takes the log of 50.0 in single precision.
CENTRE, WIDTH, SCALE, SLOPE, STEEPNESS, BASELINE = np.array([-3.0, 50.0, 12.0, 0.5, 4.0, 10.0])


def common_effect(table, *, form):
    """Let all studies share one effect; in either form a study effect is that effect."""
    mu = pm.Normal("mu", CENTRE, WIDTH)
    pm.Normal("estimate", mu, table["standard_error"], observed=table["estimate"])


def random_effects(table, *, form):
    """Let study effects be normal: integrated out, or scaled deviations from the mean."""
    mu = pm.Normal("mu", CENTRE, WIDTH)
    _estimates(table, mu, pm.HalfCauchy("tau", SCALE), form=form)


def meta_regression(table, *, form):
    """Let study effects be normal around a plane in two columns, centred at their means."""
    mu, tau = pm.Normal("mu", CENTRE, WIDTH), pm.HalfCauchy("tau", SCALE)
    beta = pm.Normal("beta", SLOPE, STEEPNESS, shape=2)
    first, second = (table[name] - table[name].mean() for name in ("n_treatment", "n_control"))
    _estimates(table, mu + beta[0] * first + beta[1] * second, tau, form=form)


def _estimates(table, centre, tau, *, form):
    error = table["standard_error"]
    if form == "marginal":
        spread = pm.math.sqrt(error**2 + tau**2)
        pm.Normal("estimate", centre, spread, observed=table["estimate"])
    else:
        deviation = pm.Normal("theta_deviation", 0.0, 1.0, shape=len(error))
        pm.Normal("estimate", centre + tau * deviation, error, observed=table["estimate"])


def nested(table, *, form):
    """Let rows of a group share a normal deviate, beside one of their own."""
    mu, tau = pm.Normal("mu", CENTRE, WIDTH), pm.HalfCauchy("tau", SCALE)
    within, group = pm.HalfCauchy("tau_within", SCALE), table["group"]
    error, count = table["standard_error"], len(table["standard_error"])
    if form == "marginal":
        covariance = tau**2 * same(group) + within**2 * np.eye(count) + np.diag(error**2)
        pm.MvNormal("estimate", mu, covariance, observed=table["estimate"])
    else:
        shared = pm.Normal("cluster_deviation", 0.0, 1.0, shape=len(set(group)))
        own = pm.Normal("theta_deviation", 0.0, 1.0, shape=count)
        theta = mu + tau * shared[codes(group)] + within * own
        pm.Normal("estimate", theta, error, observed=table["estimate"])


def correlated(table, *, form):
    """Let estimates of a group be correlated, their effects not."""
    mu, tau = pm.Normal("mu", CENTRE, WIDTH), pm.HalfCauchy("tau", SCALE)
    least = -1 / (max(table["group"].count(name) for name in table["group"]) - 1)
    sampling = _sampling(table, table["group"], pm.Uniform("rho_within", least, 1.0))
    count = len(table["estimate"])
    if form == "marginal":
        covariance = sampling + tau**2 * np.eye(count)
        pm.MvNormal("estimate", mu, covariance, observed=table["estimate"])
    else:
        own = pm.Normal("theta_deviation", 0.0, 1.0, shape=count)
        pm.MvNormal("estimate", mu + tau * own, sampling, observed=table["estimate"])


def several_outcomes(table, *, form):
    """Let the effects of two outcomes be normal together; a study may have but one."""
    trial, which = table["patients"], codes(table["outcome"])
    centre = pm.math.stack([pm.Normal(f"mu[{name}]", CENTRE, WIDTH) for name in "xy"])[which]
    spread = pm.math.stack([pm.HalfCauchy(f"tau[{name}]", SCALE) for name in "xy"])
    between = pm.Uniform("rho_between", -1.0, 1.0)
    sampling = _sampling(table, trial, pm.Uniform("rho_within", -1.0, 1.0))
    if form == "marginal":
        alike = np.equal.outer(which, which)
        correlation = alike + between * ~alike
        each = spread[which]
        effects = each[:, None] * each[None, :] * correlation * same(trial)
        pm.MvNormal("estimate", centre, sampling + effects, observed=table["estimate"])
    else:
        z = pm.Normal("theta_deviation", 0.0, 1.0, shape=(len(set(trial)), 2))
        second = between * z[:, 0] + pm.math.sqrt(1 - between**2) * z[:, 1]
        own = pm.math.where(which == 0, z[codes(trial), 0], second[codes(trial)])
        theta = centre + spread[which] * own
        pm.MvNormal("estimate", theta, sampling, observed=table["estimate"])


def location_scale(table, *, form):
    """Let log tau be linear in two columns, centred at their means."""
    mu, tau = pm.Normal("mu", CENTRE, WIDTH), pm.HalfCauchy("tau", SCALE)
    names = ("n_treatment", "n_control")
    slope = [pm.Normal(f"gamma[{name}]", SLOPE, STEEPNESS) for name in names]
    first, second = (table[name] - table[name].mean() for name in names)
    _estimates(table, mu, tau * pm.math.exp(slope[0] * first + slope[1] * second), form=form)


def tau_by_level(table, *, form):
    """Let study effects spread differently by level."""
    mu = pm.Normal("mu", CENTRE, WIDTH)
    taus = pm.math.stack([pm.HalfCauchy(f"tau[{level}]", SCALE) for level in "uvw"])
    _estimates(table, mu, taus[codes(table["kind"])], form=form)


def design_bias(table, *, form):
    """Let cohorts be moved by a bias, and spread further than trials."""
    mu, tau = pm.Normal("mu", CENTRE, WIDTH), pm.HalfCauchy("tau", SCALE)
    bias, kappa = pm.Normal("bias", 0.0, STEEPNESS), pm.HalfNormal("kappa", SCALE)
    cohort = are_cohorts(table)
    _estimates(table, mu + cohort * bias, pm.math.sqrt(tau**2 + cohort * kappa**2), form=form)


def power_prior(table, *, form):
    """Let cohorts have twice the variance, times what makes that the root of their likelihood."""
    mu, tau = pm.Normal("mu", CENTRE, WIDTH), pm.HalfCauchy("tau", SCALE)
    variance, power = table["standard_error"] ** 2 + tau**2, np.where(are_cohorts(table), 0.5, 1.0)
    spread = pm.math.sqrt(variance / power)
    pm.Normal("estimate", mu, spread, observed=table["estimate"])
    constant = -0.5 * np.log(power) + (1 - power) / 2 * pm.math.log(2 * np.pi * variance)
    pm.Potential("constant", constant.sum())


def probably_biased(table, *, form):
    """Let each cohort be one of two: with a bias of its own, or without."""
    mu, tau = pm.Normal("mu", CENTRE, WIDTH), pm.HalfCauchy("tau", SCALE)
    share, cohort = pm.Beta("share", SLOPE * 2, SLOPE * 18), are_cohorts(table) > 0
    variance, y = table["standard_error"] ** 2 + tau**2, table["estimate"]
    pm.Normal("trials", mu, pm.math.sqrt(variance[~cohort]), observed=y[~cohort])
    own = variance[cohort]
    each = [pm.Normal.dist(mu, pm.math.sqrt(own)), pm.Normal.dist(mu, pm.math.sqrt(own + 16.0))]
    pm.Mixture("cohorts", w=pm.math.stack([1 - share, share]), comp_dists=each,
               observed=y[cohort])  # fmt: skip


def student_t(table, *, form):
    """Let study effects have four degrees of freedom."""
    mu, tau, error = pm.Normal("mu", CENTRE, WIDTH), pm.HalfCauchy("tau", SCALE), "standard_error"
    deviation = pm.StudentT("theta_deviation", nu=4.0, mu=0.0, sigma=1.0, shape=len(table[error]))
    pm.Normal("estimate", mu + tau * deviation, table[error], observed=table["estimate"])


def contaminated(table, *, form):
    """Let a share of the study effects spread further."""
    mu, tau = pm.Normal("mu", CENTRE, WIDTH), pm.HalfCauchy("tau", SCALE)
    more, share = pm.HalfCauchy("tau_outlier", SCALE), pm.Beta("share", SLOPE * 2, SLOPE * 18)
    each = [pm.Normal.dist(0.0, 1.0), pm.Normal.dist(0.0, pm.math.sqrt(1 + (more / tau) ** 2))]
    deviation = pm.Mixture("theta_deviation", w=pm.math.stack([1 - share, share]),
                           comp_dists=each, shape=len(table["estimate"]))  # fmt: skip
    error = table["standard_error"]
    pm.Normal("estimate", mu + tau * deviation, error, observed=table["estimate"])


def _effects(table):
    """Let effects be what a normal likelihood would make of a standard normal, the prior put right.

    With precisions of the approximate estimate and of the centre, which add up.
    """
    mu, tau = pm.Normal("mu", CENTRE, WIDTH), pm.HalfCauchy("tau", SCALE)
    estimate, own = table["estimate"], table["standard_error"] ** -2.0
    free = pm.Normal("theta_deviation", 0.0, 1.0, shape=len(estimate))
    precision = own + tau**-2
    theta = (own * estimate + mu / tau**2) / precision + free / pm.math.sqrt(precision)
    prior, instead = pm.logp(pm.Normal.dist(mu, tau), theta), pm.logp(pm.Normal.dist(0, 1), free)
    pm.Potential("prior", prior - instead - pm.math.log(precision) / 2)
    return theta


def binomial(table, *, form):
    """Let events of both arms be binomial, the control arm's log odds free."""
    theta = _effects(table)
    own = pm.Normal("baseline", 0.0, BASELINE, shape=len(table["estimate"]))
    for name, logit in (("control", own), ("treatment", own + theta)):
        pm.Binomial(name, n=table[f"n_{name}"], logit_p=logit, observed=table[f"events_{name}"])


def hypergeometric(table, *, form):
    """Let events of treatment be what they are, given those of both arms: all ways counted."""
    theta, names = _effects(table), ("events_treatment", "events_control", "n_treatment",
                                     "n_control")  # fmt: skip
    for row, (a, c, one, two) in enumerate(zip(*(table[name] for name in names), strict=True)):
        u = np.arange(max(0, a + c - two), min(one, a + c) + 1)
        ways = log_ways(one, u) + log_ways(two, a + c - u)
        terms = ways + u * theta[row]
        pm.Potential(f"row {row}", terms[int(a - u[0])] - pm.math.logsumexp(terms))


def log_ways(n, k):
    """Return the log of the number of ways to choose k of n."""
    return -special.betaln(n - k + 1, k + 1) - np.log(n + 1)


def poisson(table, *, form):
    """Let events of both arms be Poisson, the control arm's log rate free."""
    theta = _effects(table)
    own = pm.Normal("baseline", 0.0, BASELINE, shape=len(table["estimate"]))
    for name, log_rate in (("control", own), ("treatment", own + theta)):
        mean = table[f"time_{name}"] * pm.math.exp(log_rate)
        pm.Poisson(name, mu=mean, observed=table[f"events_{name}"])


def poisson_conditional(table, *, form):
    """Let each event be of treatment with a probability by rate and person-time."""
    theta, times = _effects(table), table["time_treatment"] / table["time_control"]
    total = table["events_treatment"] + table["events_control"]
    pm.Binomial("events", n=total, logit_p=theta + np.log(times),
                observed=table["events_treatment"])  # fmt: skip


def proportion(table, *, form):
    """Let events of one group be binomial around a logit."""
    pm.Binomial("x", n=table["n"], logit_p=_effects(table), observed=table["events"])


def rate(table, *, form):
    """Let events of one group be Poisson around a log rate."""
    mean = table["time"] * pm.math.exp(_effects(table))
    pm.Poisson("x", mu=mean, observed=table["events"])


def are_cohorts(table):
    """Return 1 for every design but the trials'."""
    return np.array([float(name != "RCT") for name in table["design"]])


def _sampling(table, trial, rho):
    error, own = table["standard_error"], np.eye(len(trial))
    return np.outer(error, error) * (own + rho * (same(trial) - own))


def same(names):
    """Return which rows have the same name, shape (row, row)."""
    return np.equal.outer(names, names).astype(float)


def codes(names):
    """Return the number of each name, in order of their first row."""
    return np.array([list(dict.fromkeys(names)).index(name) for name in names])


COLUMNS = ("group", "patients", "outcome", "kind", "design")
NUMBERS = tuple(
    f"{name}{arm}" for name in ("n", "events", "time") for arm in ("_treatment", "_control", "")
)
COUNTED = ("binomial", "hypergeometric", "poisson", "poisson-conditional", "proportion", "rate")
MARGINAL = ("power-prior", "probably-biased")
"""Stated with study effects integrated out: they have no other form."""
EXPLICIT = ("student-t", "contaminated", *COUNTED)
"""Study effects do not integrate out in closed form: they have no other form."""
TWINS = {
    "common-effect": common_effect,
    "random-effects": random_effects,
    "meta-regression": meta_regression,
    "nested": nested,
    "correlated": correlated,
    "several-outcomes": several_outcomes,
    "location-scale": location_scale,
    "tau-by-level": tau_by_level,
    "design-bias": design_bias,
    "power-prior": power_prior,
    "probably-biased": probably_biased,
    "student-t": student_t,
    "contaminated": contaminated,
    "binomial": binomial,
    "hypergeometric": hypergeometric,
    "poisson": poisson,
    "poisson-conditional": poisson_conditional,
    "proportion": proportion,
    "rate": rate,
}
PAIRS = [(name, form) for name in TWINS for form in FORMS
         if name not in (MARGINAL if form == "hierarchical" else EXPLICIT)]  # fmt: skip


@pytest.fixture(scope="module", params=PAIRS, ids="-".join)
def pair(request, assembled):
    """Return a model of ours and its twin, in one form."""
    name, form = request.param
    assembly = assembled(name)
    effects = assembly.effects
    table = {
        "estimate": effects.estimate,
        "standard_error": effects.standard_error,
        **{name: effects.studies[name] for name in NUMBERS if name in effects.studies},
        **{name: effects.studies[name].tolist() for name in COLUMNS if name in effects.studies},
    }
    with pm.Model() as twin:
        TWINS[name](table, form=form)
    return build(assembly, form=form), twin


def test_every_model_on_the_shelf_has_a_twin():
    """A model file without a hand-written twin is not tested."""
    assert set(TWINS) == set(model_names())


@pytest.mark.parametrize("name", MARGINAL)
def test_what_is_stated_without_study_effects_has_no_form_with_them(name, assembled):
    """The message names the part."""
    with pytest.raises(ModelError, match="with study effects integrated out"):
        build(assembled(name), form="hierarchical")


def test_log_density_is_that_of_the_twin(pair):
    """Model and twin have the same log density wherever one looks, constants included."""
    twin = pair[1]
    density, expected = (one.compile_logp(mode="FAST_COMPILE") for one in pair)
    generator = np.random.default_rng(20)
    start = twin.initial_point()

    # 1e-8: PyMC's half-Cauchy has its log(2) in single precision where its scale is a constant.
    for _ in range(20):
        point = {name: generator.normal(0, 2, np.shape(value)) for name, value in start.items()}
        assert density(point) == pytest.approx(expected(point), rel=1e-12, abs=1e-8)


def test_parameters_are_those_of_the_twin(pair):
    """Neither model has a parameter the other lacks."""
    model, twin = pair

    assert {value.name for value in model.value_vars} == {value.name for value in twin.value_vars}
