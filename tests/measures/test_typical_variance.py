"""The typical variance that I2 is measured against: closed forms and exact arithmetic."""

from fractions import Fraction

import numpy as np
import pytest

from bayesmeta.measures.typical_variance import typical_variance

ERROR = np.array([0.5, 0.25, 2.0, 1.0, 0.75, 1.5])
YEAR = np.array([1985.0, 1990, 1994, 2001, 2003, 2015])
ONES = np.ones(6)


def exactly(error, x):
    """Return (k - 2) / tr(P) on ones and x, in exact fractions."""
    w, x = [1 / Fraction(s) ** 2 for s in error], [Fraction(each) for each in x]
    s, squared = (
        [sum(a**power * b**n for a, b in zip(w, x, strict=True)) for n in range(3)]
        for power in (1, 2)
    )
    lost = s[2] * squared[0] - 2 * s[1] * squared[1] + s[0] * squared[2]
    return float((len(x) - 2) / (s[0] - lost / (s[0] * s[2] - s[1] ** 2)))


@pytest.mark.parametrize("far", [0.0, -2000.0, 1e9])
@pytest.mark.parametrize("order", [[0, 1], [1, 0]], ids=["ones first", "year first"])
def test_a_year_keeps_all_digits(order, far):
    """Wherever the years begin, and whichever column comes first: exact arithmetic to 1e-13."""
    design = np.column_stack([ONES, YEAR + far])[:, order]

    assert typical_variance(ERROR, design) == pytest.approx(exactly(ERROR, YEAR), rel=1e-13)


@pytest.mark.parametrize("unit", [1e-150, 1e150])
def test_the_unit_of_the_outcome_is_squared(unit):
    """Errors in another unit multiply it by the square."""
    design = np.column_stack([ONES, YEAR])

    assert typical_variance(ERROR * unit, design) / unit**2 == pytest.approx(
        typical_variance(ERROR, design), rel=1e-12
    )


@pytest.mark.parametrize("columns", [1, 2, 3, 5])
def test_equal_errors_are_their_own_typical_error(columns):
    """With one sampling variance P is (I - H) / s^2, whose trace is (k - p) / s^2."""
    design = np.vander(np.arange(6.0), columns)

    assert typical_variance(np.full(6, 0.3), design) == pytest.approx(0.09, rel=1e-13)


def test_without_moderators_it_is_higgins_and_thompsons():
    """Equation 9 of 2002: (k - 1) sum(w) / (sum(w)^2 - sum(w^2))."""
    w = ERROR**-2.0

    assert typical_variance(ERROR, ONES[:, np.newaxis]) == pytest.approx(
        5 * w.sum() / (w.sum() ** 2 - (w**2).sum()), rel=1e-13
    )


def test_a_column_said_twice_counts_once():
    """P depends on the span alone."""
    design = np.column_stack([ONES, YEAR])
    twice = np.column_stack([design, YEAR - 2000])

    assert typical_variance(ERROR, twice) == typical_variance(ERROR, design)


def test_as_many_dimensions_as_studies_leave_none():
    """There is nothing to measure heterogeneity with."""
    assert typical_variance(ERROR, np.vander(np.arange(6.0), 6)) is None
