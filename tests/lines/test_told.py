"""What is told of models of counts, and of spreads that are not normal, is true of them."""

import pytest

from bayesmeta import (
    compare,
    effect_sizes,
    fit,
    leave_one_out,
    prior_sensitivity,
    read_studies,
    study_effects,
    text,
)
from bayesmeta.analysis.reporting import write_report
from bayesmeta.comparison.text import legend
from bayesmeta.errors import AnalysisError, PosteriorError
from bayesmeta.sensitivity.legends import legend as columns
from bayesmeta.summaries.contract import contract
from bayesmeta.summaries.reopening import reopened

RARE = """study,events_treatment,n_treatment,events_control,n_control
A,1,200,3,198
B,0,150,2,152
C,0,100,0,101
D,2,300,4,305
"""
SAID = "baseline ~ Normal(mu=0, sigma=10) (logit of the control arm's risk, one a study)"


@pytest.fixture(scope="module")
def rare(tmp_path_factory):
    path = tmp_path_factory.mktemp("rare") / "rare.csv"
    path.write_text(RARE)
    return effect_sizes(read_studies(path), "OR")


@pytest.fixture(scope="module")
def events(rare):
    return fit(rare, "binomial", engine="exact")


@pytest.fixture(scope="module")
def outliers():
    effects = effect_sizes(read_studies("examples/data/colditz1994.csv"), "OR")
    return fit(effects, "student-t", engine="exact")


def words(said):
    """Return a text on one line."""
    return " ".join(said.split())


def test_a_control_arms_level_is_not_told_as_a_log_odds_ratio(events):
    """The prior of `baseline` is of a logit of a risk, and stands under the head of the unit."""
    assert SAID in words(text(events))


def test_a_report_states_what_the_prior_of_a_level_is_of(events, tmp_path):
    """The table of priors would otherwise say that it is on the scale of effects."""
    said = write_report(events, tmp_path / "report.md").read_text()
    assert "as logit of the control arm's risk, one a study" in said


@pytest.mark.slow
def test_a_comparison_says_what_the_prior_of_a_level_is_of(rare):
    """Its legend has the unit of effects at its head."""
    assert SAID in " ".join(legend(compare(rare, model="binomial")))


def test_halves_are_told_to_be_added_to_the_estimates_shown_alone(events):
    """The binomial model reads B and C as they are."""
    note = "Note: For the estimates shown alone: 1/2 is added to all four cells"
    assert note in words(text(events))


def test_conversions_of_counts_are_told_to_be_of_the_estimates_shown_alone(events):
    """Of A there are none."""
    made = {row["study"]: row["conversions"] for row in contract(events)["provenance"]}
    said = ["For the estimates shown alone: 1/2 is added to all four cells, because one is zero"]
    assert (made["A"], made["B"]) == ([], said)


@pytest.mark.slow
def test_halves_that_a_model_of_estimates_reads_are_told_plainly(rare):
    """The normal likelihood does read them."""
    outliers = fit(rare, "student-t", engine="exact")
    assert "Note: 1/2 is added to all four cells, because one is zero: B, C." in text(outliers)


def test_study_effects_of_counts_are_marked_approximate(events):
    """A column beside the estimates says so of each."""
    assert study_effects(events)["approximate"].all()


def test_the_json_of_counts_marks_estimates_approximate(events):
    """Whoever reads the file sees it beside each estimate."""
    assert all(row["approximate"] is True for row in contract(events)["studies"])


def test_study_effects_of_estimates_have_no_such_mark(outliers):
    """They are what the model is fitted to."""
    assert "approximate" not in study_effects(outliers)


def test_i_squared_of_counts_is_told_to_rest_on_approximate_estimates(events):
    """The model has no variances of estimates."""
    assert "typical variance of these approximate estimates" in words(text(events))


def test_tau_of_counts_is_the_sd_between_studies(events):
    """Its kernel is normal, whatever the likelihood."""
    assert "tau, SD between studies, log odds ratio" in text(events)


def test_tau_of_student_t_effects_is_told_as_their_scale(outliers):
    """It is no SD."""
    assert "tau, scale of the spread between studies, log odds ratio" in text(outliers)


def test_pits_of_counts_are_told_as_mid_ps(rare):
    """Half the probability of the same number is in them."""
    said = columns("leave_one_out", leave_one_out(rare, "hypergeometric"))
    assert "half that of as many (mid-p)" in said


def test_pits_of_estimates_are_told_as_probabilities_of_lower_ones(rare):
    """Normal data have no ties."""
    said = columns("leave_one_out", leave_one_out(rare, "random-effects"))
    assert "probability of a lower estimate" in said


@pytest.mark.parametrize("model", ["binomial", "student-t"])
def test_predictions_from_draws_are_refused_where_data_are_not_normal(model, rare):
    """The formula from draws takes estimates as normal around the mean effect."""
    with pytest.raises(AnalysisError, match='take engine="exact"'):
        leave_one_out(rare, model, engine="nuts", draws=10, tune=10, chains=1)


@pytest.mark.parametrize("model", ["binomial", "hypergeometric"])
def test_a_posterior_of_counts_says_that_it_has_no_table_of_events(model, rare):
    """Neither the coding of a model, nor a column that is absent, is what is missing."""
    with pytest.raises(PosteriorError, match="numbers of events, of which it has no table"):
        reopened(fit(rare, model, engine="exact"))


@pytest.mark.slow
def test_contaminated_effects_have_a_prior_sensitivity():
    """A far tail that rose outwards gave an affinity of 1e11, which was refused."""
    effects = effect_sizes("examples/data/colditz1994.csv", "OR")
    found = prior_sensitivity(effects, "contaminated")
    assert found["hellinger"].between(0, 1).all()
