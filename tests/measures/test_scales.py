"""Ready-made ratios and correlations are asked about unless the table says what they are."""

import numpy as np
import pandas as pd
import pytest

from bayesmeta.errors import MeasureError, StudiesError
from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies

Z = 1.959963984540054
# Odds ratios with 95 % limits, printed by a review: symmetric on the log scale (0.00 half-widths
# from the middle), not as they stand (0.03 to 0.06).
PRINTED = {
    "estimate": [0.95, 1.02, 0.90], "ci_lower": [0.90, 0.97, 0.85],
    "ci_upper": [1.003, 1.073, 0.953],
}  # fmt: skip
LOG_HALF = {"estimate": [0.2, 0.6], "ci_lower": [0.1, 0.4], "ci_upper": [0.3, 0.8]}
CORRELATIONS = {"estimate": [0.5, -0.3], "ci_lower": [0.2, -0.6], "ci_upper": [0.71, 0.075]}


@pytest.mark.parametrize("measure", ["OR", "RR", "IRR", "ROM", "generic"])
def test_ratios_with_intervals_are_asked_about(measure, table):
    """Taken as logarithms these three would pool to an odds ratio of 2.60."""
    with pytest.raises(StudiesError, match="middle of their intervals on the log scale") as caught:
        effect_sizes(table(**PRINTED), measure)

    assert 'values="natural"' in str(caught.value)
    assert 'values="log"' in str(caught.value)


def test_natural_values_become_logarithms(table):
    """Log of the estimate, and the width of the log limits over 2 * 1.96."""
    found = effect_sizes(table(**PRINTED), "OR", values="natural")

    np.testing.assert_allclose(found.estimate, np.log(PRINTED["estimate"]), rtol=1e-14)
    width = np.log(PRINTED["ci_upper"]) - np.log(PRINTED["ci_lower"])
    np.testing.assert_allclose(found.standard_error, width / (2 * Z), rtol=1e-14)
    assert any("are ratios, as was said" in note for note in found.notes)


def test_log_values_are_taken_as_they_are(table):
    """Who says so may pool what looks like ratios."""
    assert effect_sizes(table(**PRINTED), "OR", values="log").estimate.tolist() == [0.95, 1.02, 0.9]


def test_logarithms_with_symmetric_intervals_need_no_choice(table):
    """Positive log ratios in the middle of positive limits are logarithms."""
    assert effect_sizes(table(**LOG_HALF), "OR").estimate.tolist() == [0.2, 0.6]


@pytest.mark.parametrize("estimate", [[0.5, 0.8], [1.2, 3.0]])
def test_positive_estimates_with_bare_errors_are_asked_about(estimate, table):
    """Nothing tells a log ratio of 0.5 from a ratio of 0.5."""
    with pytest.raises(StudiesError, match="all estimates are above 0"):
        effect_sizes(table(estimate=estimate, standard_error=[0.1, 0.2]), "RR")


@pytest.mark.parametrize(
    ("measure", "estimate"), [("OR", [0.5, -0.1]), ("MD", [0.5, 0.8]), ("generic", [0.5, 0.8])]
)
def test_what_cannot_be_a_ratio_is_not_asked_about(measure, estimate, table):
    """A negative estimate is none; neither is a difference."""
    found = effect_sizes(table(estimate=estimate, standard_error=[0.1, 0.2]), measure)

    assert found.estimate.tolist() == estimate


def test_a_limit_of_zero_may_be_that_of_a_ratio(table):
    """0.5 (0.00 to 2.00) is no log ratio in the middle of its interval."""
    with pytest.raises(StudiesError, match='values="natural"'):
        effect_sizes(table(estimate=[0.5], ci_lower=[0.0], ci_upper=[2.0]), "OR")


def test_a_bare_standard_error_beside_a_ratio_is_refused(table):
    """It may be that of the ratio or of its logarithm; each row is named."""
    with pytest.raises(StudiesError, match="study 'Study 2': a standard error without") as caught:
        effect_sizes(table(estimate=[0.5, 0.8], standard_error=[0.1, 0.2]), "OR", values="natural")

    assert "give ci_lower and ci_upper" in str(caught.value)


@pytest.mark.parametrize(("errors", "divisor"), [("log", (1, 1)), ("natural", (0.5, 0.8))])
def test_a_bare_standard_error_is_on_the_scale_that_was_said(errors, divisor, table):
    """Of a logarithm as it is, of a ratio divided by the ratio (d log r = dr / r)."""
    ratios = table(estimate=[0.5, 0.8], standard_error=[0.1, 0.2])

    found = effect_sizes(ratios, "OR", values="natural", errors=errors)

    np.testing.assert_allclose(found.standard_error, np.array([0.1, 0.2]) / divisor, rtol=1e-14)
    np.testing.assert_allclose(found.estimate, np.log([0.5, 0.8]), rtol=1e-14)


def test_a_bare_standard_error_of_a_correlation_is_moved_to_fishers_z(table):
    """Divided by 1 - r squared, the derivative of artanh."""
    found = effect_sizes(table(estimate=[0.5, -0.2], standard_error=[0.1, 0.2]), "ZCOR",
                         values="r", errors="r")  # fmt: skip

    np.testing.assert_allclose(found.standard_error, [0.1 / 0.75, 0.2 / 0.96], rtol=1e-14)


@pytest.mark.parametrize(("name", "divisor"), [("se_logOR", (1, 1)), ("SE of OR", (0.5, 0.8))])
def test_the_name_of_standard_errors_may_say_their_scale(name, divisor, table):
    """Of the logarithm, or of the ratio."""
    found = effect_sizes(table(OR=[0.5, 0.8], **{name: [0.1, 0.2]}), "OR", values="natural")

    np.testing.assert_allclose(found.standard_error, np.array([0.1, 0.2]) / divisor, rtol=1e-14)


@pytest.mark.parametrize("errors", [(0.2, 0.3, 0.25), (0.1, 0.6, 0.5)])
def test_intervals_beside_some_standard_errors_tell_the_scale_of_all(errors, table):
    """Here 0.2 and 0.3 on the log scale, 0.1 and 0.6 as they stand beside ratios of 0.5 and 2."""
    low = [0.5 * np.exp(-0.2 * Z), 2 * np.exp(-0.3 * Z), np.nan]
    high = [0.5 * np.exp(0.2 * Z), 2 * np.exp(0.3 * Z), np.nan]

    found = effect_sizes(
        table(estimate=[0.5, 2, 2], standard_error=list(errors), ci_lower=low, ci_upper=high),
        "OR", values="natural",
    )  # fmt: skip

    np.testing.assert_allclose(found.standard_error, [0.2, 0.3, 0.25], rtol=1e-12)


def test_a_standard_error_on_neither_scale_of_its_interval_is_refused(table):
    """Both stand beside the same ratio."""
    with pytest.raises(StudiesError, match="is not that of its interval"):
        effect_sizes(
            table(estimate=[0.5], standard_error=[2.0], ci_lower=[0.4], ci_upper=[0.625]), "OR",
            values="natural",
        )  # fmt: skip


def test_the_scale_of_standard_errors_needs_that_of_estimates(table):
    """Logarithms have no standard error that is one of a ratio."""
    with pytest.raises(MeasureError, match='say values="natural" too'):
        effect_sizes(
            table(estimate=[0.5], standard_error=[0.1]), "OR", values="log", errors="natural"
        )


def test_a_negative_ratio_is_named(table):
    """What cannot be on the scale that was said is refused by row and value."""
    with pytest.raises(StudiesError, match="study 'Study 2', column estimate: -1 is none of rat"):
        effect_sizes(
            table(estimate=[0.5, -1], ci_lower=[0.2, -2], ci_upper=[1, 2]), "OR", values="natural"
        )


def test_correlations_become_fishers_z(table):
    """Artanh of the estimate; without n the limits give the standard error."""
    with pytest.raises(StudiesError, match='values="r"'):
        effect_sizes(table(**CORRELATIONS), "ZCOR")

    found = effect_sizes(table(**CORRELATIONS), "ZCOR", values="r")

    np.testing.assert_allclose(found.estimate, np.arctanh([0.5, -0.3]), rtol=1e-14)
    limits = np.arctanh(CORRELATIONS["ci_upper"]) - np.arctanh(CORRELATIONS["ci_lower"])
    np.testing.assert_allclose(found.standard_error, limits / (2 * Z), rtol=1e-14)


@pytest.mark.parametrize(("measure", "values"), [("MD", "log"), ("OR", "r"), ("ZCOR", "natural")])
def test_a_scale_that_a_measure_has_not_is_refused(measure, values, table):
    """The known ones are listed."""
    with pytest.raises(MeasureError, match=f"Unknown values='{values}' of {measure}"):
        effect_sizes(table(estimate=[0.5], standard_error=[0.1]), measure, values=values)


@pytest.mark.parametrize(
    ("name", "measure", "right"),
    [("SMD", "MD", "SMD"), ("logOR", "RR", "OR"), ("RD", "OR", "RD"), ("HR", "OR", "generic"),
     ("lnRR", "OR", "ROM"), ("MD", "SMD", "MD"), ("Hedges' g", "OR", "SMD")],
)  # fmt: skip
def test_estimates_with_the_name_of_another_measure_are_refused(name, measure, right, table):
    """Pooled under another name they would be read wrongly; the right one is offered."""
    studies = table(**{name: [0.5, 0.8], "se": [0.1, 0.2]})

    with pytest.raises(MeasureError, match=f'which is not {measure}; ask for .*measure="{right}"'):
        effect_sizes(studies, measure)


def test_estimates_chosen_by_hand_may_have_any_name(table):
    """Who chooses the column says what it is."""
    frame = pd.DataFrame({"study": ["A"], "d": [0.5], "se": [0.1]})

    found = effect_sizes(read_studies(frame, columns={"estimate": "d"}), "MD")

    assert found.estimate.tolist() == [0.5]
