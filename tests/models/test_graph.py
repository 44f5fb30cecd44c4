"""The PyMC model of an assembly: its forms, names, dimensions and data."""

import re
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from bayesmeta.assembly.graph import FORMS, build
from bayesmeta.catalogue import load_model, model_names
from bayesmeta.covariance import Diagonal, Groups, Layout, Rows, Shrinkage, Table, Use
from bayesmeta.errors import ModelError, PriorError
from bayesmeta.random_effects import HETEROGENEITY
from bayesmeta.spec import parse_prior

# What a statement may say besides the names of variables and data.
GRAMMAR = {"Normal", "MvNormal", "covariance", "sum", "exp", "i", "j", "term", "design_mean",
           "sqrt", "Bernoulli", "biased", "StudentT", "Binomial", "Poisson", "Hypergeometric",
           "expit", "with", "probability", "events", "odds", "RR", "RD"}  # fmt: skip
"""Who is biased is integrated out, in a graph; events are those of both arms; RR, RD measures."""


@pytest.mark.parametrize("name", model_names())
def test_statement_names_what_is_in_the_graph(name, assembled):
    """A reader finds every name of a model's statement in its hierarchical graph.

    Variables, one for each label of ``tau[level]``, or dimensions: ``cluster``.
    """
    stated = set(re.findall(r"[A-Za-z_]\w*", load_model(name).statement)) - GRAMMAR
    assembly = assembled(name)
    marginal = not assembly.parts.bias.CERTAIN or assembly.powers is not None
    model = build(assembly, form="marginal" if marginal else "hierarchical")

    there = {variable.partition("[")[0].removeprefix("observed_") for variable in model.named_vars}

    assert stated <= there | set(model.coords)


def test_marginal_form_gives_studies_to_data_alone(assembled):
    """Without a study dimension anywhere else, a compiled model takes any number of studies."""
    model = build(assembled("meta-regression"))
    unobserved = [variable.name for variable in (*model.free_RVs, *model.deterministics)]

    assert all("study" not in model.named_vars_to_dims.get(name, ()) for name in unobserved)


def test_forms_differ_by_the_conditional_density_of_the_study_effects(assembled):
    """p(y, theta | b, tau) = p(y | b, tau) p(theta | y, b, tau), at any theta."""
    assembly = assembled("random-effects")
    effects = assembly.effects
    joint = build(assembly, form="hierarchical", centred=True).compile_logp(mode="FAST_COMPILE")
    marginal = build(assembly).compile_logp(mode="FAST_COMPILE")
    mu, tau, theta = -7.0, 4.0, np.linspace(-60, 20, 9)

    known = Shrinkage(Diagonal(tau**2), Diagonal(effects.standard_error**2))
    mean = mu + known.gain(effects.estimate - mu)
    conditional = stats.norm.logpdf(theta, mean, np.sqrt(known.left(effects.estimate.size)))

    point = {"mu": mu, "tau_log__": np.log(tau)}
    assert joint({**point, "theta": theta}) == pytest.approx(
        marginal(point) + conditional.sum(), rel=1e-12
    )


def test_graph_has_the_labels_of_studies_and_terms(assembled):
    """Draws carry the table's own labels."""
    model = build(assembled("meta-regression"), form="hierarchical")

    assert model.coords["study"][0] == "Edinburgh"
    assert model.coords["term"] == ("n_treatment", "n_control")
    assert model.named_vars_to_dims["theta"] == ("study",)
    assert model.named_vars_to_dims["beta"] == ("term",)


def test_no_number_of_table_or_prior_is_built_in(assembled):
    """All numbers are data, so that a refit needs no compilation."""
    data = {variable.name for variable in build(assembled("meta-regression")).data_vars}

    assert data == {"observed_estimate", "standard_error", "design", "mu_mu", "mu_sigma",
                    "tau_beta", "beta_mu", "beta_sigma"}  # fmt: skip


def test_columns_of_the_formula_of_tau_are_data(assembled):
    """Twice the columns are half the slopes, without building the model anew."""
    model = build(assembled("location-scale"))
    columns = model["tau_design"].get_value()
    point = {"mu": -7.0, "tau_log__": 1.2, "gamma[n_treatment]": 0.02, "gamma[n_control]": -0.04}
    likelihood = model.compile_logp(vars=[model["estimate"]], mode="FAST_COMPILE")
    before = likelihood(point)
    model.set_data("tau_design", 2 * columns)
    halved = {name: value / 2 if "gamma" in name else value for name, value in point.items()}

    assert likelihood(halved) == pytest.approx(before, rel=1e-12)
    assert likelihood(point) != pytest.approx(before, rel=1e-6)


def test_unknown_form_is_refused_with_those_known(assembled):
    """A misspelt form is an error that lists the forms."""
    with pytest.raises(ModelError, match="'centred'; known: marginal, hierarchical"):
        build(assembled("random-effects"), form="centred")


@pytest.mark.parametrize("form", FORMS)
def test_improper_prior_is_refused_with_the_engine_that_takes_it(form, assembled):
    """PyMC has no distribution without total mass."""
    assembly = assembled("random-effects")
    improper = replace(assembly, priors={**assembly.priors, "tau": parse_prior("uniform")})

    with pytest.raises(PriorError, match="exact"):
        build(improper, form=form)


@pytest.mark.parametrize("name", HETEROGENEITY)
def test_without_spread_study_effects_lie_on_their_centre(name):
    """Where all its hyperparameters are 0 a study effect is its centre, whatever the estimate."""
    part, error = HETEROGENEITY[name], np.array([0.5, 2.0])
    groups = {role.name: Groups.of("ab" if role.name == "outcome" else "aa")
              for role in part.ROLES if role.use is Use.GROUPS}  # fmt: skip
    tables = {role.name: Table(np.array([[-1.0], [1.0]]), ("x",))
              for role in part.ROLES if role.use is Use.FORMULA}  # fmt: skip
    layout = Layout(groups, tables, marks={"is_cohort": np.array([0.0, 1.0])})
    nothing = dict.fromkeys((item.name for item in part.parameters(layout)), 0.0)
    rows = Rows(error, layout)

    known = Shrinkage(part.covariance(nothing, rows), Diagonal(error**2))

    assert known.gain(np.array([2.0, 8.0])) == pytest.approx([0.0, 0.0])
    assert known.left(2) == pytest.approx([0.0, 0.0])


def test_conditional_moments_follow_bayes_rule():
    """Precisions add, and means weigh by precision (Gelman et al. 2013, equation 5.17)."""
    estimate, error, centre, tau = 28.0, 15.0, 8.0, 6.0
    precision = 1 / error**2 + 1 / tau**2

    known = Shrinkage(Diagonal(tau**2), Diagonal(error**2))

    assert known.left(1) == pytest.approx(1 / precision, rel=1e-14)
    assert centre + known.gain(np.array([estimate - centre])) == pytest.approx(
        (estimate / error**2 + centre / tau**2) / precision, rel=1e-14
    )
