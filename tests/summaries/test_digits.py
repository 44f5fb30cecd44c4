"""Laws of numbers as text."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bayesmeta.summaries import digits

VALUES = st.floats(-1e6, 1e6).filter(lambda value: abs(value) > 1e-5)
ERRORS = st.floats(1e-12, 1e3)


@given(value=VALUES, error=ERRORS)
def test_a_printed_number_is_the_value_rounded(value, error):
    """What is printed is within half a unit of the last digit that the error allows."""
    unit = 10.0 ** -digits.places(value, error)

    assert abs(digits.read(digits.number(value, error)) - value) <= 0.5000001 * max(
        unit, 10.0 ** (math.floor(math.log10(abs(value))) - 2)
    )


@given(value=VALUES, error=ERRORS)
def test_the_error_is_at_most_two_units_of_the_last_digit(value, error):
    """No digit is printed that the error does not support."""
    assert error <= 2.00001 * 10.0 ** -digits.places(value, error)


@given(value=st.floats(1e-5, 9999))
def test_at_most_four_digits_are_significant(value):
    """An exact number still prints four significant digits at most."""
    shown = digits.number(value, 0.0).split("e")[0]
    counted = shown.replace(digits.MINUS, "").replace(".", "").lstrip("0")

    assert len(counted) <= 4


@given(value=VALUES, error=ERRORS)
def test_the_sign_flips_with_the_value(value, error):
    """The minus sign is the only difference between a number and its negative."""
    positive = digits.number(abs(value), error)
    negative = digits.number(-abs(value), error)

    assert negative.lstrip(digits.MINUS).replace("+", "") == positive


@given(value=st.floats(0, 1), error=st.floats(1e-12, 0.1))
def test_a_probability_is_never_printed_as_certain(value, error):
    """Neither 0 nor 1 is printed: a tail is small, not absent."""
    shown = digits.probability(value, error)

    assert 0 < float(shown.strip("<>")) < 1


@pytest.mark.parametrize(
    ("value", "shown"),
    [(math.inf, "∞"), (-math.inf, "\N{MINUS SIGN}∞"), (math.nan, "n/a"), (0.0, "0.0000")],
)
def test_what_is_no_number_is_said(value, shown):
    """Infinity is a sign, a missing number a word."""
    assert digits.number(value) == shown


def test_a_column_of_estimates_shows_two_digits_of_its_typical_error():
    """Standard errors around 2.1 call for one decimal, around 0.021 for three."""
    assert [digits.column_places([2.1] * 3), digits.column_places([0.021] * 3)] == [1, 3]


def test_a_tenth_is_no_mark_that_a_probability_is_told_apart_from():
    """0.1002 has the decimals of its neighbours; 0.9002, next to a threshold, has one more."""
    assert [digits.probability(value) for value in (0.1002, 0.0998, 0.9002)] == [
        "0.100", "0.100", "0.9002"
    ]  # fmt: skip
