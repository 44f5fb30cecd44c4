"""Tables of a meta-regression."""

import numpy as np
import pytest
import xarray as xr

from bayesmeta.catalogue import load_model
from bayesmeta.errors import ModelError
from bayesmeta.spec import model_to_toml
from bayesmeta.summaries.prediction import predict
from bayesmeta.summaries.quantities import draws
from bayesmeta.summaries.summary import summary

WEEKS = np.array([2.0, 4.0, 6.0, 12.0])


@pytest.fixture(scope="module")
def tree():
    """Return draws of mu, one slope and tau with all that prediction needs."""
    generator = np.random.default_rng(5)
    mu, slope = generator.normal(1, 0.1, (4, 500)), generator.normal(0.2, 0.02, (4, 500, 1))
    tau = np.abs(generator.normal(0.3, 0.05, (4, 500)))
    study, term = {"study": list("ABCD")}, {"term": ["weeks"]}
    posterior = xr.Dataset(
        {"mu": (("chain", "draw"), mu), "beta": (("chain", "draw", "term"), slope),
         "tau": (("chain", "draw"), tau)}, coords=term,
    )  # fmt: skip
    constant = {
        "standard_error": ("study", np.full(4, 0.2)),
        "design": (("study", "term"), WEEKS[:, None]),
        "design_mean": ("term", [6.0]),
    }
    groups = {
        "posterior": posterior,
        "observed_data": xr.Dataset({"estimate": ("study", 0.2 * WEEKS)}, coords=study),
        "constant_data": xr.Dataset(constant, coords=study | term),
        "moderators": xr.Dataset({"weeks": ("study", WEEKS)}, coords=study),
    }
    found = xr.DataTree.from_dict(groups)
    specification = model_to_toml(load_model("meta-regression"))
    found.attrs = {"measure": "SMD", "formula": "weeks", "specification": specification}
    return found


def test_the_intercept_is_the_effect_at_zero(tree):
    """Intercept = mu - mean of the moderator times its slope, draw by draw."""
    expected = draws(tree, "mu") - 6 * draws(tree, "beta[weeks]")

    assert summary(tree).loc["Intercept", "mean"] == pytest.approx(expected.mean())


def test_rows_name_the_slopes(tree):
    """Intercept and slopes stand between pooled effect and spread."""
    names = ["mu", "Intercept", "beta[weeks]", "tau", "theta_new", "I2"]

    assert list(summary(tree).index) == names


def test_the_prediction_is_a_straight_line_in_the_moderator(tree):
    """At w weeks the mean effect is mu + (w - 6) times the slope."""
    table = predict(tree, weeks=[2.0, 6.0, 12.0])
    slope, mu = draws(tree, "beta[weeks]").mean(), draws(tree, "mu").mean()

    assert table["mean"].to_numpy() == pytest.approx(mu + (np.array([2, 6, 12]) - 6) * slope)


def test_a_new_study_spreads_more_than_the_mean_effect(tree):
    """Tau is on top of the uncertainty of the line."""
    table = predict(tree, weeks=[2.0, 12.0])

    assert (table["new_sd"] > table["sd"]).all()


def test_extrapolation_is_said(tree):
    """Outside 2 to 12 weeks no study was."""
    assert list(predict(tree, weeks=[1.0, 2.0, 12.0, 13.0])["extrapolates"]) == [
        True, False, False, True,
    ]  # fmt: skip


def test_a_moderator_not_given_stands_at_its_mean(tree):
    """There the effect is mu."""
    assert predict(tree)["mean"][0] == pytest.approx(draws(tree, "mu").mean())


def test_a_single_value_is_a_row(tree):
    """A number need not be put into a list."""
    assert len(predict(tree, weeks=4)) == 1


def test_an_unknown_moderator_is_refused(tree):
    """The message lists the moderators."""
    with pytest.raises(ModelError, match=r"'days' is not a moderator.*weeks"):
        predict(tree, days=4)
