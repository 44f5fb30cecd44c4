"""The shelf of models and the library of priors, on the command line."""

import pytest

from bayesmeta.catalogue import model_names


def test_the_shelf_lists_every_model(bayesmeta):
    """One line a model."""
    ran = bayesmeta("models")

    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == list(model_names())


@pytest.mark.parametrize("name", model_names())
def test_a_model_is_shown_in_full(name, bayesmeta):
    """Statement, priors with units, references."""
    ran = bayesmeta("models", name)

    assert "Normal(" in ran.out
    assert "uisd" in ran.out
    assert "doi:" in ran.out


def test_the_published_prior_for_cytokines_under_rtms_is_found(bayesmeta):
    """Rhodes 2015: biological marker, non-pharmacological, other: log-t5(-3.27, 2.66) on tau²."""
    ran = bayesmeta("priors", "--search", "cytokine rTMS")

    assert ran.out.startswith('tau ~ LogStudentT(nu=5, mu=-3.27, sigma=2.66, on="tau2")')


def test_a_search_without_an_answer_says_so(bayesmeta):
    """Nothing found is a message, not silence."""
    ran = bayesmeta("priors", "--search", "zeppelin")

    assert ran.code == 2
    assert "zeppelin" in ran.err


def test_the_families_are_listed(bayesmeta):
    """Without a search, what can be written."""
    ran = bayesmeta("priors")

    assert "HalfCauchy" in ran.out
    assert "StudentT" in ran.out


def test_a_saved_posterior_is_drawn(bayesmeta, tmp_path):
    """`plot` reads what fit --output wrote, and says what there is to draw."""
    fit = ["fit", "examples/data/normand1999.csv", "--measure", "MD", "--engine", "exact"]
    saved = tmp_path / "posterior.nc"
    bayesmeta(*fit, "--output", saved)

    ran = bayesmeta("plot", "forest", saved, "--output", tmp_path / "forest.png")
    lost = bayesmeta("plot", "tree", saved, "--output", tmp_path / "tree.png")

    assert ran.code == 0
    assert (tmp_path / "forest.png").stat().st_size > 10_000
    assert lost.code == 2
    assert "forest" in lost.err
