"""What may be named for roles, the same everywhere."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import bayesmeta as bm
from bayesmeta.assembly import ROLES, Roles
from bayesmeta.cli import door
from bayesmeta.errors import AnalysisError, StudiesError
from bayesmeta.likelihoods import LIKELIHOODS
from bayesmeta.random_effects import HETEROGENEITY
from bayesmeta.sampling import SAMPLING

PARTS = (*HETEROGENEITY.values(), *SAMPLING.values(), *LIKELIHOODS.values())
NAMES = {role.name for part in PARTS for role in part.ROLES}


def test_keywords_of_fit_are_the_roles_of_the_parts():
    """A part with a new role is reached from Python, and no keyword is of no part."""
    assert set(ROLES) == set(Roles.__annotations__) == NAMES


def test_options_of_commands_are_the_roles_of_the_parts():
    """On the command line too; there `outcome` is a value of that column, which is never named."""
    assert set(door.ROLES) == NAMES - {"outcome"}


def test_a_role_says_what_it_is_for():
    """Messages speak of it."""
    assert all(role.says for part in PARTS for role in part.ROLES)


def test_what_serves_in_place_of_a_role_is_one_too():
    """The message of a missing role offers the other."""
    other = {role.unless for part in PARTS for role in part.ROLES} - {""}

    assert other <= NAMES


@pytest.fixture
def schools():
    """Return a function that makes effects of estimates in districts, simulated."""
    rng = np.random.default_rng(5)
    table = pd.DataFrame(
        {
            "study": [f"s{place}" for place in range(7)],
            "district": list("aabbccd"),
            "estimate": rng.normal(0.4, 0.5, 7).round(3),
            "variance": rng.uniform(0.02, 0.2, 7).round(3),
        }
    )
    return lambda kept: bm.effect_sizes(bm.read_studies(table[kept(table)]), measure="MD")


@pytest.mark.parametrize("within", [0.3, "HalfNormal(sigma=0.5)"])
def test_a_cluster_left_out_is_one_that_was_never_there(schools, within):
    """Asked with the column's own name, with one hyperparameter left to integrate or two."""
    priors = {
        "mu": "Normal(mu=0, sigma=2)", "tau": "HalfNormal(sigma=0.5)", "tau_within": within,
    }  # fmt: skip
    asked = {"model": "nested", "priors": priors, "cluster": "district"}

    left_out = bm.leave_one_out(schools(lambda table: table.study != ""), **asked)

    without = bm.fit(schools(lambda table: table.district != "b"), engine="exact", **asked)
    own = bm.summary(without).loc["mu", ["median", "sd"]]
    assert list(left_out.index) == list("abcd")
    assert left_out.index.name == "cluster"
    np.testing.assert_allclose(left_out.loc["b", ["estimate", "sd"]], own, rtol=1e-7)


def test_a_question_about_no_effects_says_how_to_make_them():
    """A table that was not turned into effects yet."""
    with pytest.raises(StudiesError, match="Effects are needed, not a DataFrame; they are made"):
        bm.leave_one_out(pd.DataFrame({"study": ["a"]}))


def test_a_cluster_is_not_left_out_row_by_row_by_nuts(schools):
    """The exact answer is of whole clusters; a sampled one of single rows would be another."""
    effects = schools(lambda table: table.study != "")
    priors = {
        "mu": "Normal(mu=0, sigma=2)", "tau": "HalfNormal(sigma=0.5)", "tau_within": 0.3,
    }  # fmt: skip

    with pytest.raises(AnalysisError, match="a cluster of several rows is integrated"):
        bm.leave_one_out(effects, "nested", cluster="district", engine="nuts", priors=priors)


def test_pages_say_cluster_and_every_standard_deviation(schools):
    """Under the forest plot and on the figure of clusters left out."""
    effects = schools(lambda table: table.study != "")
    asked = {
        "model": "nested", "cluster": "district",
        "priors": {
            "mu": "Normal(mu=0, sigma=2)", "tau": "HalfNormal(sigma=0.5)",
            "tau_within": "HalfNormal(sigma=0.5)",
        },
    }  # fmt: skip

    figure = bm.plot_leave_one_out(bm.leave_one_out(effects, **asked))
    forest = bm.plot_forest(bm.fit(effects, engine="exact", **asked))

    left_out, foot = (" ".join(t.get_text() for t in f.findobj(Text)) for f in (figure, forest))
    assert "mu without each cluster" in left_out
    assert "log density of the cluster's estimates" in left_out
    assert "Filled" not in left_out
    assert "of tau, SD between clusters" in foot
    assert "of tau_within, SD within clusters" in foot
