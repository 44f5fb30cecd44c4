"""Tables of a sampled posterior."""

import json

import numpy as np
import pytest

from bayesmeta.errors import PosteriorError
from bayesmeta.summaries.contract import contract
from bayesmeta.summaries.heterogeneity import heterogeneity
from bayesmeta.summaries.prediction import predict
from bayesmeta.summaries.quantities import cdf, density, draws, interval, quantile, resolve
from bayesmeta.summaries.studies import study_effects
from bayesmeta.summaries.summary import errors, summary
from bayesmeta.summaries.tails import tail
from bayesmeta.summaries.view import View

EXACT = {"mu": (-14.728064, 7.495624), "tau": (21.282488, 4.178362)}
"""Means and sds under a flat mu and tau ~ HalfNormal(10), by two programs' quadrature."""


@pytest.mark.parametrize("name", EXACT)
def test_the_mean_is_within_four_errors_of_the_exact_one(sampled, name):
    """What is printed as the error of the mean is one."""
    row = summary(sampled).loc[name]

    assert abs(row["mean"] - EXACT[name][0]) < 4 * row["error"]


@pytest.mark.parametrize("name", EXACT)
def test_the_sd_is_within_four_errors_of_the_exact_one(sampled, name):
    """The table of errors holds that of the sd."""
    found, error = summary(sampled).loc[name, "sd"], errors(sampled).loc[name, "sd"]

    assert abs(found - EXACT[name][1]) < 4 * error


def test_rows_stand_in_their_order(sampled):
    """Pooled effect, spread, new study, fraction."""
    assert list(summary(sampled).index) == ["mu", "tau", "theta_new", "I2"]


def test_only_what_has_a_sign_can_be_below_zero(sampled):
    """P(tau < 0) and P(I2 < 0) are no questions."""
    assert list(summary(sampled)["p_below_0"].isna()) == [False, True, False, True]


@pytest.mark.parametrize("threshold", [-3.0, 3.0])
def test_beyond_a_threshold_means_further_from_zero(sampled, threshold):
    """Below a negative threshold, above a positive one."""
    values = draws(sampled, "mu")
    expected = np.mean(values < threshold) if threshold < 0 else np.mean(values > threshold)

    assert summary(sampled, beyond=threshold).loc["mu", "p_beyond"] == pytest.approx(expected)


def test_a_moment_that_does_not_exist_is_no_number(sampled):
    """With one moment the sd is infinite; with none tau's mean is, and theta_new has none."""
    tree = sampled.copy()
    tree.attrs = {**sampled.attrs, "moments": json.dumps({"tau": 0, "theta_new": 0})}
    table = summary(tree)

    assert np.isinf(table.loc[["tau", "theta_new"], "sd"]).all()
    assert list(np.isinf(table["mean"])) == [False, True, False, False]
    assert list(np.isnan(table["mean"])) == [False, False, True, False]
    assert table.loc["theta_new", "error"] == errors(tree).loc["theta_new", "median"]


def test_a_difference_from_exact_is_in_the_table(sampled):
    """What the engine found is shown beside the parameter."""
    tree = sampled.copy()
    said = {"ok": True, "messages": [], "exact_difference": {"mu": 0.7}}
    tree.attrs = {**sampled.attrs, "diagnostics": json.dumps(said)}

    assert summary(tree).loc["mu", "difference_from_exact"] == 0.7


def test_a_model_that_says_it_is_normal_normal_has_the_whole_table(specified, sampled):
    """From mu, tau and the data alone follow new study and fraction."""
    found, stored = summary(specified), summary(sampled)

    assert list(found.index) == list(stored.index)
    assert found.loc["I2", "median"] == pytest.approx(stored.loc["I2", "median"], rel=1e-12)


def test_study_effects_follow_from_data_where_they_are_not_stored(specified, sampled):
    """Drawn given mu and tau they agree with the stored ones within their errors."""
    found, stored = study_effects(specified), study_effects(sampled)

    assert np.all(np.abs(found["mean"] - stored["mean"]) < 6 * stored["error"])


def test_study_effects_lie_between_estimate_and_pooled_effect(sampled):
    """Shrinkage moves an estimate towards the pooled effect and never past it."""
    table = study_effects(sampled)
    mu = summary(sampled).loc["mu", "mean"]
    share = (table["mean"] - mu) / (table["estimate"] - mu)

    assert share.between(0, 1.05).all()


def test_the_observed_interval_is_the_normal_one(sampled):
    """Estimate plus and minus 1.959964 standard errors."""
    table = study_effects(sampled)

    assert table["observed_upper"].to_numpy() == pytest.approx(
        (table["estimate"] + 1.959963984540054 * table["standard_error"]).to_numpy()
    )


def test_weights_sum_to_one_without_a_prior(specified, sampled):
    """Under a flat mu the studies share the pooled effect among them, stored or computed."""
    assert study_effects(sampled)["weight"].sum() == pytest.approx(1)
    assert study_effects(specified)["weight"].to_numpy() == pytest.approx(
        study_effects(sampled)["weight"].to_numpy()
    )


def test_h_squared_is_one_over_one_minus_the_fraction(sampled):
    """H² = 1 / (1 - I²), quantile by quantile, to what lies between two draws."""
    table = heterogeneity(sampled)

    assert table.loc["H2", "upper"] == pytest.approx(1 / (1 - table.loc["I2", "upper"]), rel=1e-3)


def test_the_typical_variance_is_in_the_table(sampled, normand):
    """(k - 1) sum w / ((sum w)^2 - sum w^2), Higgins and Thompson (2002), equation 9."""
    weight = 1 / normand[2] ** 2
    expected = 8 * weight.sum() / (weight.sum() ** 2 - (weight**2).sum())

    assert heterogeneity(sampled).loc["typical_variance", "median"] == pytest.approx(expected)


def test_benefit_is_the_tail_on_its_side(sampled):
    """Lower is better: P(mu < 0) and P(mu < -3); higher is better: the rest."""
    values = draws(sampled, "mu")
    lower = tail(sampled, "mu", benefit="lower", beyond=3.0)
    higher = tail(sampled, "mu", benefit="higher", beyond=3.0)

    assert lower[:2] == pytest.approx((np.mean(values < 0), np.mean(values < -3)))
    assert higher[:2] == pytest.approx((np.mean(values > 0), np.mean(values > 3)))


@pytest.mark.parametrize("ratio", [0.8, 1.25])
def test_a_ratio_and_its_inverse_are_the_same_difference(make, ratio):
    """A minimal important risk ratio of 0.8 is one of 1.25."""
    tree = make(["A", "B", "C"], np.array([-0.5, -0.2, 0.1]), np.full(3, 0.2), prior_sd=0.5,
                measure="RR")  # fmt: skip

    assert tail(tree, beyond=ratio).beyond == np.mean(draws(tree, "mu") < np.log(0.8))


@pytest.mark.parametrize(
    ("quantity", "choice", "word"),
    [
        ("mu", {"benefit": "down"}, "down"),
        ("mu", {"beyond": 0.0}, "above 0"),
        ("tau", {}, "tau cannot be below 0"),
    ],
)
def test_a_tail_that_makes_no_sense_is_refused(sampled, quantity, choice, word):
    """The message has the value."""
    with pytest.raises(PosteriorError, match=word):
        tail(sampled, quantity, **choice)


def test_an_unknown_quantity_lists_the_known_ones(sampled):
    """The message says what can be asked for."""
    with pytest.raises(PosteriorError, match=r"no 'sigma'; it has: mu, tau, .*theta\[Umea\]"):
        resolve(sampled, "sigma")


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_an_interval_without_probability_is_refused(sampled, level):
    """95 is not 0.95."""
    with pytest.raises(PosteriorError, match="between 0 and 1"):
        summary(sampled, interval=level)


def test_a_tree_without_mu_is_refused(sampled):
    """The message says what is there instead."""
    tree = sampled.copy()
    tree["posterior"] = sampled["posterior"].dataset[["tau"]]

    with pytest.raises(PosteriorError, match=r"no variable 'mu'.*tau"):
        summary(tree)


def test_public_verbs_agree_with_the_table(sampled):
    """Quantiles, interval, cdf and draws are those of the summary."""
    row = summary(sampled, interval=0.9).loc["mu"]

    assert interval(sampled, "mu", level=0.9) == pytest.approx((row["lower"], row["upper"]))
    assert quantile(sampled, "mu", 0.5) == pytest.approx(row["median"])
    assert cdf(sampled, "mu", 0.0) == pytest.approx(row["p_below_0"])
    assert draws(sampled, "mu").mean() == pytest.approx(row["mean"])
    assert density(sampled, "mu", [0.0, 1.0]).shape == (2,)


@pytest.mark.parametrize(
    "name", ["mu", "tau", "tau2", "I2", "theta_new", "theta[Umea]", "theta[Orpington-Mild]"]
)
def test_every_quantity_has_five_numbers(sampled, name):
    """Each name of the contract resolves, with its median inside its interval."""
    found = resolve(sampled, name).statistics(0.95)

    assert found.lower < found.median < found.upper


def test_json_has_no_number_that_json_lacks(sampled):
    """Infinity and NaN become null."""
    tree = sampled.copy()
    tree.attrs = {**sampled.attrs, "moments": json.dumps({"theta_new": 0})}
    content = json.loads(json.dumps(contract(tree), allow_nan=False))

    assert content["parameters"]["theta_new"]["mean"] is None
    assert content["parameters"]["tau"]["p_below_0"] is None
    assert content["k"] == 9
    assert content["studies"][0]["study"] == "Edinburgh"


def test_a_prediction_without_moderators_is_the_pooled_effect(sampled):
    """One row: mu, and theta_new beside it."""
    row, table = predict(sampled).iloc[0], summary(sampled)

    assert [row["median"], row["new_upper"]] == pytest.approx(
        [table.loc["mu", "median"], table.loc["theta_new", "upper"]]
    )


def test_moderators_of_a_model_without_any_are_refused(sampled):
    """The message names what was given."""
    with pytest.raises(PosteriorError, match="duration_weeks"):
        predict(sampled, duration_weeks=4)


def test_a_table_is_made_once_and_changed_alone(sampled):
    """A view keeps its table; what a caller does to the one it got changes no other."""
    view = View(sampled)
    first = summary(view)
    first.loc["mu", "mean"] = 0.0

    assert summary(view).loc["mu", "mean"] == summary(sampled).loc["mu", "mean"] != 0.0
