"""Laws that every posterior of the exact engine obeys."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bayesmeta.engines.quadrature import integrate, masked
from bayesmeta.engines.quadrature.conditional import condition

LAWS = settings(derandomize=True, deadline=None, max_examples=12, database=None)
PRIORS = ("HalfNormal(sigma=1)", "HalfCauchy(beta=0.5)", "Uniform(lower=0, upper=3)",
          'LogStudentT(nu=5, mu=-2.55, sigma=2.73, on="tau2")')  # fmt: skip

estimates = st.floats(-3, 3, allow_subnormal=False)
errors = st.floats(0.1, 3)
studies = st.lists(st.tuples(estimates, errors), min_size=2, max_size=7)
priors = st.sampled_from(PRIORS)


def columns(table):
    """Return estimates and standard errors."""
    y, s = np.array(table).T
    return y, s


@LAWS
@given(studies, priors, st.randoms(use_true_random=False))
def test_the_order_of_studies_does_not_matter(solve, numbers, table, tau, random):
    """A permutation of the studies changes nothing but rounding."""
    shuffled = random.sample(table, len(table))

    forward, backward = (numbers(solve(*columns(t), tau=tau)) for t in (table, shuffled))

    assert backward == pytest.approx(forward, rel=1e-9, abs=1e-9)


@LAWS
@given(studies, priors)
def test_flipping_signs_flips_mu_and_leaves_tau(solve, table, tau):
    """With -y for y, the quantiles of mu change sign and places; those of tau stay."""
    y, s = columns(table)
    p = np.array([0.025, 0.5, 0.975])
    one, other = solve(y, s, tau=tau), solve(-y, s, tau=tau)

    mu = [posterior.combination(np.ones(1)).quantile(p)[0] for posterior in (one, other)]
    taus = [posterior.heterogeneity().quantile(p)[0] for posterior in (one, other)]

    assert mu[1] == pytest.approx(-mu[0][::-1], rel=1e-9, abs=1e-9)
    assert taus[1] == pytest.approx(taus[0], rel=1e-9)


@LAWS
@given(studies, st.sampled_from([1e-9, 1e9]))
@pytest.mark.parametrize(
    "prior",
    ["HalfNormal(sigma={})", "HalfCauchy(beta={})", "Uniform(lower=0, upper={})", "uniform"],
)
def test_a_change_of_unit_changes_nothing_else(solve, numbers, prior, table, unit):
    """Estimates, errors and prior scales times 1e-9 or 1e9: the answers times that, to 1e-10."""
    y, s = columns(table + table)
    plain = solve(y, s, tau=prior.format(1.0), mu=["Normal(mu=1, sigma=4)"])
    other = solve(
        y * unit, s * unit, tau=prior.format(unit), mu=[f"Normal(mu={unit}, sigma={4 * unit})"]
    )

    expected = numbers(plain)
    assert numbers(other) / unit == pytest.approx(expected, rel=1e-10, abs=1e-10 * expected[1])


@LAWS
@given(studies, priors, st.floats(-1000, 1000))
def test_adding_a_constant_moves_mu_and_nothing_else(solve, table, tau, constant):
    """With a flat mu, y + c moves every quantile of mu by c and leaves tau."""
    y, s = columns(table)
    p = np.array([0.025, 0.5, 0.975])
    one, other = solve(y, s, tau=tau), solve(y + constant, s, tau=tau)

    mu = [posterior.combination(np.ones(1)).quantile(p)[0] for posterior in (one, other)]
    taus = [posterior.heterogeneity().quantile(p)[0] for posterior in (one, other)]

    assert mu[1] - constant == pytest.approx(mu[0], abs=1e-8)
    assert taus[1] == pytest.approx(taus[0], rel=1e-8)


@LAWS
@given(studies)
def test_a_prior_on_tau_near_a_point_mass_at_zero_gives_the_common_effect(solve, table):
    """With tau ~ HalfNormal(1e-9), mean and sd of mu and the evidence are those without tau."""
    y, s = columns(table)
    found = []
    for tau in ("HalfNormal(sigma=1e-9)", None):
        posterior = solve(y, s, tau=tau)
        mu = posterior.combination(np.ones(1))
        found.append([mu.mean()[0], mu.sd()[0], posterior.log_marginal_likelihood[0]])

    assert found[0] == pytest.approx(found[1], rel=1e-9, abs=1e-9)


def test_a_common_effect_is_the_inverse_variance_mean(solve):
    """Without tau and with a flat mu: weights 1 / s**2, variance one over their sum."""
    y, s = np.array([0.1, 0.6, -0.3]), np.array([0.2, 0.5, 0.9])
    mu = solve(y, s, tau=None).combination(np.ones(1))
    weight = s**-2

    expected = [(weight @ y) / weight.sum(), weight.sum() ** -0.5]
    assert [mu.mean()[0], mu.sd()[0]] == pytest.approx(expected, rel=1e-14)


@LAWS
@given(studies, st.floats(0, 5))
def test_with_tau_fixed_every_study_added_shrinks_the_sd_of_mu(pose, table, tau):
    """Given tau, more studies mean a smaller posterior sd of mu."""
    mask = np.tril(np.ones((len(table), len(table))))
    cumulative = masked(pose(*columns(table)), mask)

    variance = condition(cumulative, np.full((len(table), 1), tau)).covariance.ravel()

    assert np.all(np.diff(variance) < 0)


@LAWS
@given(studies, priors)
def test_a_new_study_has_the_mean_of_mu_and_the_variance_of_mu_plus_tau(solve, table, tau):
    """E(theta_new) = E(mu) and var(theta_new) = var(mu) + E(tau**2)."""
    y, s = columns(table)
    posterior = solve(y, s, tau=tau, mu=["Normal(mu=0, sigma=2)"])
    mu, new = (posterior.combination(np.ones(1), new_study=choice) for choice in (False, True))
    spread = posterior.heterogeneity()
    second = spread.mean() ** 2 + spread.sd() ** 2

    if np.isfinite(posterior.weight[0, :, 0] @ posterior.tau[0] ** 2):
        assert new.mean() == pytest.approx(mu.mean(), rel=1e-12)
        assert new.sd() ** 2 == pytest.approx(mu.sd() ** 2 + second, rel=1e-9)


@LAWS
@given(studies.filter(lambda table: len(table) > 2), st.integers(0, 6), priors)
def test_a_study_left_out_is_a_study_not_there(pose, numbers, table, which, tau):
    """A mask gives the posterior of the other studies."""
    which %= len(table)
    mask = np.ones((1, len(table)))
    mask[0, which] = 0
    rest = table[:which] + table[which + 1 :]

    left_out = integrate(masked(pose(*columns(table), tau=tau), mask))
    absent = integrate(pose(*columns(rest), tau=tau))

    assert numbers(left_out) == pytest.approx(numbers(absent), rel=1e-8, abs=1e-8)
    assert left_out.log_marginal_likelihood == pytest.approx(absent.log_marginal_likelihood)


@LAWS
@given(studies, priors)
def test_a_study_left_out_has_the_effect_of_a_new_one(pose, table, tau):
    """The effect of a study that the mask leaves out is distributed as theta_new."""
    mask = np.ones((1, len(table)))
    mask[0, 0] = 0
    posterior = integrate(
        masked(pose(*columns(table), tau=tau, mu=["Normal(mu=0, sigma=1)"]), mask)
    )
    p = np.array([0.025, 0.5, 0.975])

    new = posterior.combination(np.ones(1), new_study=True).quantile(p)
    assert posterior.study_effects(slice(0, 1)).quantile(p)[0] == pytest.approx(new, rel=1e-9)


def test_a_batch_is_its_problems_one_by_one(pose, numbers):
    """Ten problems in one call give what ten calls give."""
    y, s = np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    scale = np.geomspace(0.1, 100, 10)

    def half_normal(log_tau, sigma):
        return -0.5 * np.exp(2 * log_tau) / sigma**2 - np.log(sigma)

    problem = replace(pose(y, s), log_prior=half_normal, prior_parameters={"sigma": scale})
    batch = integrate(problem)
    together = np.stack([batch.combination(np.ones(1)).quantile(0.975),
                         batch.heterogeneity().quantile(0.975)])  # fmt: skip
    alone = np.array([numbers(integrate(problem.take(slice(row, row + 1))))[[4, 14]]
                      for row in range(10)])  # fmt: skip

    assert pytest.approx(alone, rel=1e-9) == together.T


def test_moderators_moved_by_a_constant_leave_slope_and_tau(solve):
    """With flat priors, a moderator plus a constant changes the intercept alone."""
    generator = np.random.default_rng(3)
    x = generator.normal(size=9)
    y, s = 0.3 + 0.5 * x + generator.normal(size=9), generator.uniform(0.2, 1, 9)
    found = []
    for shift in (0.0, 50.0):
        design = np.column_stack([np.ones(9), x + shift])
        posterior = solve(y, s, design=design, mu=["flat", "flat"])
        slope = posterior.combination(np.array([0.0, 1.0]))
        found.append([*slope.interval(0.9)[0], posterior.heterogeneity().mean()[0]])

    assert found[1] == pytest.approx(found[0], rel=1e-8)


@pytest.mark.parametrize("mean", [-5.0, -3.27, -2.0, 0.0, 1.0])
@pytest.mark.parametrize("spread", [1.0, 1.68, 2.66, 3.5])
def test_the_log_t_prior_of_rhodes_never_fails(solve, mean, spread):
    """Every log-t prior on tau**2 of the size that Rhodes et al. (2015) give is integrated."""
    prior = f'LogStudentT(nu=5, mu={mean}, sigma={spread}, on="tau2")'
    posterior = solve([0.1, -0.4, 0.8], [0.2, 0.3, 0.5], tau=prior)

    assert posterior.error[0] < 1e-9


def test_one_study_with_a_flat_mean_leaves_the_prior_of_tau(solve):
    """K = 1: the likelihood of tau is constant, so tau keeps its half-normal prior."""
    tau = solve([0.5], [0.2], tau="HalfNormal(sigma=0.5)").heterogeneity()

    expected = 0.5 * np.sqrt(2 / np.pi)
    assert tau.mean()[0] == pytest.approx(expected, rel=1e-12)


def test_a_uniform_prior_is_the_limit_of_wide_half_normals(solve, numbers):
    """With k = 9, half-normal priors widen to the improper uniform one."""
    generator = np.random.default_rng(0)
    y, s = generator.normal(size=9), generator.uniform(0.2, 0.6, 9)

    wide, flat = (numbers(solve(y, s, tau=t)) for t in ("HalfNormal(sigma=1e6)", "uniform"))
    assert wide == pytest.approx(flat, rel=1e-7, abs=1e-7)
