"""What must hold for NUTS whatever the table."""

import json
from dataclasses import replace

import arviz as az
import numpy as np
import pytest

from bayesmeta.assembly import assemble
from bayesmeta.engines import nuts
from bayesmeta.engines.diagnostics import convergence
from bayesmeta.engines.settings import Settings
from bayesmeta.errors import ModelError, PriorError
from bayesmeta.priors import rescale

SHORT = Settings(draws=200, tune=300)
NAMES = ("mu", "tau", "theta_new", "theta")


def draws_of(posterior, name):
    """Return the draws of one variable."""
    return posterior["posterior"][name].to_numpy()


def scaled(assembly, factor):
    """Return the same analysis in another unit: effects, errors and priors times a factor."""
    effects = assembly.effects
    return replace(
        assembly,
        effects=replace(
            effects,
            estimate=effects.estimate * factor,
            standard_error=effects.standard_error * factor,
        ),
        priors={name: rescale(prior, factor) for name, prior in assembly.priors.items()},
    )


@pytest.mark.parametrize("cores", [1, 2, 4])
def test_same_seed_gives_the_same_draws_on_any_number_of_cores(cores, assembled):
    """Chains do not know what runs beside them."""
    first = nuts.sample(assembled(), replace(SHORT, cores=3))
    again = nuts.sample(assembled(), replace(SHORT, cores=cores))

    assert all(np.array_equal(draws_of(first, name), draws_of(again, name)) for name in NAMES)


def test_another_seed_gives_other_draws(assembled):
    """The seed decides every chain."""
    first, second = (nuts.sample(assembled(), replace(SHORT, seed=seed)) for seed in (1, 2))

    assert not np.isin(draws_of(first, "mu"), draws_of(second, "mu")).any()


def test_unit_of_the_outcome_changes_the_unit_of_the_draws_alone(assembled):
    """In a unit 2**30 times smaller, all draws are 2**30 times larger, bit for bit."""
    plain = nuts.sample(assembled(), SHORT)
    large = nuts.sample(scaled(assembled(), 2.0**30), SHORT)

    for name in NAMES:
        assert np.array_equal(draws_of(large, name), 2.0**30 * draws_of(plain, name))


@pytest.mark.parametrize("factor", [1e-9, 1e9])
def test_chains_converge_in_any_unit(factor, assembled):
    """Neither nanoseconds nor centuries of stay upset the sampler."""
    posterior = nuts.sample(scaled(assembled(), factor), Settings())

    assert json.loads(posterior.attrs["diagnostics"])["ok"]


@pytest.mark.parametrize("prior", ["HalfNormal(sigma=10)", "HalfCauchy(beta=10)"])
@pytest.mark.parametrize("studies", [2, 3, 5])
def test_few_studies_do_not_diverge(studies, prior, assembled, normand):
    """With few studies tau's posterior has a wall or a tail; the sampler copes with both."""
    few = normand.take(np.arange(2, 2 + studies))
    posterior = nuts.sample(assembled(effects=few, priors={"tau": prior}), Settings())

    assert not posterior["sample_stats"]["diverging"].any()


def test_order_of_studies_does_not_matter(assembled, normand, integrated):
    """Studies are exchangeable: reversed, they give the same posterior up to Monte Carlo error."""
    backward = assembled(effects=normand.take(np.arange(len(normand))[::-1]))
    tau = draws_of(nuts.sample(backward, Settings()), "tau")

    assert tau.mean() == pytest.approx(integrated(assembled()).tau, abs=4 * float(az.mcse(tau)))


def test_one_study_is_enough_with_proper_priors(assembled, normand, integrated):
    """One study's posterior is a compromise between it and the priors."""
    alone = assembled(effects=normand.take(np.array([7])))
    mu = draws_of(nuts.sample(alone, Settings()), "mu")

    expected = integrated(alone).coefficients[0]
    assert mu.mean() == pytest.approx(expected, abs=4 * float(az.mcse(mu)))


def test_common_effect_is_the_precision_weighted_mean(normand):
    """With a vague prior, mu is normal around the inverse-variance mean, and theta is mu."""
    weight = normand.standard_error**-2
    assembly = assemble(normand, "common-effect", priors={"mu": "Normal(mu=0, sigma=1e5)"})
    posterior = nuts.sample(assembly, Settings())
    mu = draws_of(posterior, "mu")

    expected = np.average(normand.estimate, weights=weight)
    assert mu.mean() == pytest.approx(expected, abs=4 * float(az.mcse(mu)))
    assert mu.std() == pytest.approx(weight.sum() ** -0.5, rel=0.1)
    assert np.array_equal(draws_of(posterior, "theta")[..., 0], mu)


def test_hierarchical_and_marginal_form_have_the_same_posterior(posterior, assembled):
    """Whether study effects are sampled or integrated out makes no difference but in time."""
    hierarchical = nuts.sample(assembled(), Settings(form="hierarchical", draws=4000))

    for name in ("mu", "tau", "theta_new"):
        one, other = draws_of(posterior, name), draws_of(hierarchical, name)
        error = np.hypot(float(az.mcse(one)), float(az.mcse(other)))
        assert one.mean() == pytest.approx(other.mean(), abs=4 * error)
    one, other = (draws_of(tree, "theta").mean((0, 1)) for tree in (posterior, hierarchical))
    assert one == pytest.approx(other, abs=4 * error)


def test_marginal_form_mixes_better_than_the_hierarchical(posterior, assembled):
    """The reason for the default: five times the effective draws of mu (Betancourt's funnel)."""
    hierarchical = nuts.sample(assembled(), Settings(form="hierarchical"))
    one, other = (convergence(draws_of(tree, "mu")) for tree in (posterior, hierarchical))

    assert one.ess_bulk > 2 * other.ess_bulk


def test_unknown_form_is_refused(assembled):
    """A misspelt form is an error that lists the forms."""
    with pytest.raises(ModelError, match="marginal, hierarchical"):
        nuts.sample(assembled(), Settings(form="centred"))


@pytest.mark.parametrize("priors", [{"mu": "flat"}, {"tau": "uniform"}])
def test_improper_priors_are_for_the_exact_engine(priors, assembled):
    """NUTS refuses what has no total mass, and names the engine that takes it."""
    with pytest.raises(PriorError, match='engine="exact"'):
        nuts.sample(assembled(priors=priors), Settings())
