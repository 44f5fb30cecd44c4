"""Posteriors of any model, by the names of the schema alone: what is defined is shown."""

import math

import numpy as np
import pytest
import xarray as xr

from bayesmeta.catalogue import load_model
from bayesmeta.errors import PosteriorError
from bayesmeta.plots.forest import plot_forest
from bayesmeta.spec import model_to_toml
from bayesmeta.summaries.contract import contract
from bayesmeta.summaries.forest import forest_table
from bayesmeta.summaries.heterogeneity import heterogeneity
from bayesmeta.summaries.prediction import predict
from bayesmeta.summaries.quantities import resolve
from bayesmeta.summaries.studies import study_effects
from bayesmeta.summaries.tails import tail
from bayesmeta.summaries.text import text
from bayesmeta.summaries.view import view_of

STUDENT = model_to_toml(load_model("random-effects").with_part("heterogeneity", "by-hand"))


@pytest.fixture(scope="module")
def student(sampled):
    """Return a posterior with every variable of the schema, of a model that is not normal-normal.

    As a hand-written Student-t model leaves it: no groups of ours, no specification.
    """
    tree = sampled.copy()
    del tree["weights"]
    tree.attrs = {"measure": "MD", "unit": "days", "model": "Student-t, by hand"}
    return tree


def with_specification(tree, words):
    """Return the posterior saying what it is of."""
    said = tree.copy()
    said.attrs = {**tree.attrs, "specification": words}
    return said


def figure_words(tree):
    """Return everything that a forest plot says."""
    figure = plot_forest(tree)
    found = [*figure.texts, *(text for key in figure.legends for text in key.get_texts())]
    return " ".join(text.get_text() for text in found)


@pytest.mark.parametrize("words", ["", STUDENT])
def test_names_alone_make_no_model_normal_normal(student, words):
    """mu, tau and theta are every model's names: its specification says which it is."""
    assert not view_of(with_specification(student, words)).is_normal_normal


def test_weights_and_the_fraction_belong_to_the_normal_normal_model(student):
    """Inverse-variance shares imply -14 days where a Student-t model pools -8: none are shown."""
    assert study_effects(student)["weight"].isna().all()
    assert "I2" not in view_of(student).names.main
    assert {"I2", "H2"}.isdisjoint(heterogeneity(student).index)


def test_what_a_posterior_stores_is_shown(student, sampled):
    """Study effects and that of a new study come from the model's own variables."""
    stored = sampled["posterior"]["theta_new"].to_numpy()

    assert study_effects(student)["median"].notna().all()
    assert resolve(student, "theta_new").cdf(np.array(0.0)) == np.mean(stored <= 0)


def test_nothing_is_drawn_that_another_model_would_draw_otherwise(bare):
    """Without theta and theta_new in it there are no study effects and no new study."""
    assert view_of(bare).names.main == ("mu", "tau")
    assert study_effects(bare)["median"].isna().all()
    assert predict(bare)["new_upper"].isna().all()
    with pytest.raises(PosteriorError, match=r"no 'theta_new'; it has: mu, tau, tau2"):
        tail(bare, "theta_new")


def test_the_text_says_what_is_left_out_and_why(student, bare):
    """Weights and I² for want of a specification, effects for want of variables."""
    hand, least = (" ".join(text(tree).split()) for tree in (student, bare))

    assert "Left out: weights and I², which are defined for the normal-normal model" in hand
    assert "attribute 'specification' does not say that it is one" in hand
    assert "Left out: study effects and the effect in a new study" in least
    assert "weight" not in hand.split("Studies.")[1].split("Left out")[0]


def test_tau_is_not_called_a_standard_deviation(student):
    """A t's scale is none: tau is what the model makes of it."""
    shown = text(student)

    assert "tau, as the model defines it, days" in shown
    assert "SD between studies" not in shown
    assert "Weighted" not in shown


def test_the_forest_leaves_out_the_same(student):
    """No column of weights, no area by weight, no shrinkage; the note says why."""
    shown = figure_words(student)

    assert "Left out: weights and I²" in shown
    for word in ("Weight ", "area: weight", "shrunken", "WMD"):
        assert word not in shown
    assert (forest_table(student)["weight_text"] == "").all()


def test_the_least_posterior_has_a_forest_of_what_is_known(bare):
    """Observed estimates and the pooled effect; no circle, no bar, and no words for them."""
    assert list(dict.fromkeys(forest_table(bare)["kind"])) == ["study", "pooled"]
    shown = figure_words(bare)
    assert "study effect" not in shown.split("Left out")[0]


def test_the_json_has_null_for_what_is_not_defined(student, bare):
    """Weights of no model are null; a parameter that is not there is not printed."""
    found = contract(student)

    assert {row["weight"] for row in found["studies"]} == {None}
    assert set(found["parameters"]) == {"mu", "tau", "theta_new"}
    assert contract(bare)["studies"][0]["mean"] is None


def test_a_fraction_of_ones_own_is_ones_own(student):
    """What a model defines as I2 is shown as that, not as the share of heterogeneity."""
    tree = student.copy()
    tree["posterior"] = student["posterior"].dataset.assign(
        I2=student["posterior"]["tau"] / (1 + student["posterior"]["tau"])
    )

    assert "I², as the model defines it" in text(tree)


def test_a_specification_brings_them_back(specified):
    """What says that it is the normal-normal model has weights, I², effects and a new study."""
    shown = text(specified)

    assert study_effects(specified)["weight"].sum() == pytest.approx(1)
    assert "I², share of heterogeneity" in shown
    assert "Effect in a new study" in shown
    assert "Left out" not in shown


def test_shares_follow_the_design_too(specified):
    """With a moderator the shares in mu are mu's row of (X'WX)^-1 X'W; by hand at tau = 1."""
    x, error = np.array([-1.0, 0.0, 2.0]), np.array([1.0, 2.0, 1.0])
    study, term = {"study": list("ABC")}, {"term": ["x"]}
    shape = (("chain", "draw"), np.ones((1, 4)))
    draws = xr.Dataset(
        {"mu": shape, "tau": shape, "beta": (("chain", "draw", "term"), np.ones((1, 4, 1)))},
        coords=term,
    )
    constant = {"standard_error": ("study", error), "design": (("study", "term"), x[:, None])}
    tree = xr.DataTree.from_dict(
        {"posterior": draws, "constant_data": xr.Dataset(constant, coords=study | term),
         "observed_data": xr.Dataset({"estimate": ("study", x)}, coords=study)}
    )  # fmt: skip
    tree.attrs = dict(specified.attrs)
    weight, centred = 1 / (error**2 + 1), x - x.mean()
    mean = (weight @ centred) / weight.sum()
    spread = weight @ (centred - mean) ** 2
    wanted = weight * (1 / weight.sum() - mean * (centred - mean) / spread)

    assert study_effects(tree)["weight"].to_numpy() == pytest.approx(wanted)
    assert math.isclose(wanted.sum(), 1)


def test_a_specification_that_is_no_toml_is_refused(student):
    """The message names the attribute."""
    with pytest.raises(PosteriorError, match="'specification' is not a model file's text"):
        text(with_specification(student, "heterogeneity = normal"))
