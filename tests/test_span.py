"""The span of a design: orthogonal to rounding, its rank honest, its smallest entries kept."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bayesmeta.span import orthonormal, span

YEAR = np.array([1985.0, 1987, 1990, 1991, 1996, 1999, 2003, 2006, 2010, 2015])
ONES = np.ones(10)
EPS = np.finfo(float).eps


@pytest.mark.parametrize("far", [0.0, -2000.0, 1e5])
@pytest.mark.parametrize("power", [1, 2])
def test_the_vectors_are_orthogonal_however_alike_the_columns(power, far):
    """B B' is the number of studies times the identity, to rounding."""
    columns = [(YEAR + far) ** each for each in range(1, power + 1)]
    basis = span(np.column_stack([ONES, *columns])).basis

    np.testing.assert_allclose(basis @ basis.T / 10, np.eye(power + 1), rtol=0, atol=10 * EPS)


@pytest.mark.parametrize("unit", [1e-200, 1e-3, 1.0, 1e200])
def test_the_triangle_makes_the_columns_of_the_vectors(unit):
    """The constant comes first; each column is back to the rounding of its own numbers."""
    design = np.column_stack([unit * YEAR, YEAR**2, 4 * ONES])
    found = span(design)

    assert found.columns == (2, 0, 1)
    np.testing.assert_allclose(
        found.basis.T @ found.triangle, design[:, [2, 0, 1]], rtol=10 * EPS, atol=0
    )


@given(
    shifts=st.tuples(*[st.sampled_from([0.0, -3.0, 1e3, 1e7])] * 3),
    scales=st.tuples(*[st.sampled_from([1e-9, 0.1, 1.0, 7.0, 1e9])] * 3),
    seed=st.integers(0, 10**6),
)
def test_a_combination_adds_nothing_to_the_rank(shifts, scales, seed):
    """Three columns and any combination of them have rank three, wherever they stand."""
    random = np.random.default_rng(seed)
    three = (random.standard_normal((12, 3)) + shifts) * scales
    design = np.column_stack([three, three @ random.standard_normal(3)])

    assert len(span(three).columns) == 3
    assert len(span(design[:, random.permutation(4)]).columns) == 3


def test_a_hair_of_difference_is_a_difference():
    """A column that differs in one cell, by a hundred roundings, is no combination."""
    almost = YEAR + np.where(YEAR == 1999, 100 * EPS * YEAR, 0.0)

    assert len(span(np.column_stack([ONES, YEAR, almost])).columns) == 3


def test_columns_of_nothing_have_no_rank():
    """Zeros are a combination of anything, and of nothing."""
    assert span(np.zeros((4, 2))).columns == ()


def test_more_columns_than_studies_span_no_more():
    """Two studies have two dimensions."""
    assert len(span(np.array([[1.0, 2.0, 5.0], [1.0, 3.0, 4.0]])).columns) == 2


def test_small_entries_keep_their_digits():
    """With roots of weights from 1 to 1e-8 every entry is as exact arithmetic has it, to 1e-13.

    The second vector is x - (sum(w x) / sum(w)) times the root, over its length.
    """
    root = 10.0 ** -np.arange(9)
    x = np.array([3.0, 1.0, 4.0, 1.5, 9.0, 2.0, 6.0, 5.0, 3.5])
    w, exact = [Fraction(each) ** 2 for each in root], [Fraction(each) for each in x]
    mean = sum(a * b for a, b in zip(w, exact, strict=True)) / sum(w)
    away = np.array([float(each - mean) for each in exact])
    length = float(sum(a * (b - mean) ** 2 for a, b in zip(w, exact, strict=True))) ** 0.5

    basis, _ = orthonormal(root * np.array([np.ones(9), x]))

    np.testing.assert_allclose(basis[1, 1:], (root * away / length)[1:], rtol=1e-13)


def test_a_batch_is_its_members():
    """Vectors of many tables at once are those of each."""
    vectors = np.random.default_rng(1).standard_normal((5, 3, 8))
    basis, triangle = orthonormal(vectors)

    for row in range(5):
        alone = orthonormal(vectors[row])
        np.testing.assert_allclose(basis[row], alone[0], rtol=1e-13)
        np.testing.assert_allclose(triangle[row], alone[1], rtol=1e-12, atol=1e-13)
