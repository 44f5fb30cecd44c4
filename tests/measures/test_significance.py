"""Standard errors out of test statistics and two-sided p-values."""

from statistics import NormalDist

import numpy as np
import pytest

from bayesmeta.errors import MeasureError, StudiesError
from bayesmeta.measures import effect_sizes

Z = NormalDist().inv_cdf(0.975)
# Two-sided 5 % points of Student's t with 10 and 30 degrees of freedom: Fisher and Yates' table.
T10, T30 = 2.228138852, 2.042272456


def test_a_normal_p_value_is_turned_into_its_standard_error(table):
    """P = 0.05 is 1.96 standard errors from no effect, on either side."""
    found = effect_sizes(table(md=[-2.0, 3.0], p=[0.05, 0.05]), "MD", p_values="normal")

    np.testing.assert_allclose(found.standard_error, [2 / Z, 3 / Z], rtol=1e-13)


def test_a_p_value_of_t_takes_its_degrees_of_freedom(table):
    """Those of the column df."""
    found = effect_sizes(table(md=[-2.0, 3.0], p=[0.05, 0.05], df=[10, 30]), "MD", p_values="t")

    np.testing.assert_allclose(found.standard_error, [2 / T10, 3 / T30], rtol=1e-9)


def test_without_a_column_they_are_those_of_two_arms(table):
    """n_treatment + n_control - 2."""
    found = effect_sizes(table(d=[-2.0], p=[0.05], n1=[5], n2=[7]), "SMD", p_values="t")

    np.testing.assert_allclose(found.standard_error, [2 / T10], rtol=1e-9)


def test_the_provenance_names_the_column_and_the_law(table):
    """A converted row says so."""
    found = effect_sizes(table(md=[-2.0], p=[0.051]), "MD", p_values="normal")

    made = found.provenance[0]
    assert made.columns == ("estimate", "p")
    assert "two-sided p-value in column p (normal)" in made.conversions[0]


def test_a_standard_error_of_the_table_comes_first(table):
    """Only the row without one takes the p-value."""
    frame = table(md=[-2.0, 3.0], se=["1.25", ""], p=[0.001, 0.05])

    found = effect_sizes(frame, "MD", p_values="normal")

    np.testing.assert_allclose(found.standard_error, [1.25, 3 / Z], rtol=1e-13)
    assert found.provenance[0].columns == ("estimate", "standard_error")


def test_nothing_is_taken_from_p_values_unless_that_is_said(table):
    """They may be one-sided, or of another test."""
    with pytest.raises(MeasureError, match='p_values="normal"'):
        effect_sizes(table(md=[-2.0, 3.0], p=[0.05, 0.05]), "MD")


def test_gaps_that_p_values_can_fill_offer_them(table):
    """Beside dropping the rows."""
    with pytest.raises(StudiesError, match='p_values="normal"'):
        effect_sizes(table(md=[-2.0, 3.0], se=["1.25", ""], p=[0.001, 0.05]), "MD")


def test_ratios_are_as_far_from_1_as_their_p_value_says(table):
    """The standard error is that of the logarithm."""
    frame = table(OR=[0.5, 1.5], p=[0.05, 0.05])

    found = effect_sizes(frame, "OR", values="natural", p_values="normal")

    np.testing.assert_allclose(found.standard_error, np.abs(np.log([0.5, 1.5])) / Z, rtol=1e-13)


def test_a_statistic_is_the_estimate_in_its_standard_errors(table):
    """Without any assumption on its law."""
    found = effect_sizes(table(md=[-2.0, 3.0], zval=[-2.5, 4.0]), "MD")

    np.testing.assert_allclose(found.standard_error, [0.8, 0.75], rtol=1e-15)


def test_a_statistic_of_the_other_sign_is_refused(table):
    """It is of another comparison."""
    with pytest.raises(StudiesError, match="Study 2"):
        effect_sizes(table(md=[-2.0, 3.0], zval=[-2.5, -4.0]), "MD")


@pytest.mark.parametrize("p", [0.0, 1.5, -0.1])
def test_what_is_no_p_value_is_refused(p, table):
    """A rounded 0 would be an infinite statistic."""
    with pytest.raises(StudiesError, match="is not a p-value"):
        effect_sizes(table(md=[-2.0, 3.0], p=[0.05, p]), "MD", p_values="normal")


def test_a_bound_gives_no_standard_error(table):
    """Below 0.001 may be anything."""
    with pytest.raises(StudiesError, match=r"Study 2.*no exact p-value"):
        effect_sizes(table(md=[-2.0, 3.0], p=["0.05", "<0.001"]), "MD", p_values="normal")


def test_a_p_value_that_rounding_blurs_is_remarked(table):
    """0.01 may be 0.005 to 0.015, 9 % of the standard error; 0.32 is known to 1 %."""
    found = effect_sizes(table(md=[-2.0, 3.0], p=[0.01, 0.32]), "MD", p_values="normal")

    said = next(note for note in found.notes if "rounded" in note)
    assert said.endswith("off: Study 1.")


def test_student_s_t_needs_degrees_of_freedom(table):
    """They are nowhere in this table."""
    with pytest.raises(StudiesError, match="need a column df"):
        effect_sizes(table(md=[-2.0], p=[0.05]), "MD", p_values="t")
