"""Shapes: the laws that every entry of the register keeps, and what is its own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from bayesmeta.errors import ModelError
from bayesmeta.location.shapes import SHAPES, Observed
from bayesmeta.location.shapes.categories import bounds

WEEKS = np.array([1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 24.0])
CURVED = [name for name in SHAPES if name != "constant"]

distinct = st.lists(
    st.integers(1, 400).map(lambda quarter: quarter / 4), min_size=5, max_size=9, unique=True
)


def at(name, weeks, observed, node=0):
    """Columns of a shape, shape (column, week), at one node of its parameters."""
    shape = SHAPES[name]
    return np.array(shape.columns(weeks, observed, shape.grid(observed).values[node]))


@pytest.mark.parametrize("name", CURVED)
@settings(deadline=None, max_examples=25)
@given(weeks=distinct)
def test_every_shape_gives_the_whole_change_one_prior_variance(name, weeks):
    """The squares of the columns' changes from shortest to longest week sum to one."""
    observed = Observed.of(np.array(weeks))
    ends = np.array([observed.shortest, observed.longest])

    for node in range(0, len(SHAPES[name].grid(observed).weight), 7):
        change = np.diff(at(name, ends, observed, node), axis=1)
        assert (change**2).sum() == pytest.approx(1.0, rel=1e-9)


@pytest.mark.parametrize("name", SHAPES)
def test_the_prior_of_a_shapes_parameter_sums_to_one(name):
    """Fine and coarse weights are both probabilities, and one value stands for each."""
    grid = SHAPES[name].grid(Observed.of(WEEKS))

    assert grid.weight.sum() == pytest.approx(1.0, rel=1e-12)
    assert grid.coarse_weight.sum() == pytest.approx(1.0, rel=1e-12)
    assert grid.values.shape == (grid.weight.size, len(SHAPES[name].PARAMETERS))


@pytest.mark.parametrize("name", CURVED)
@pytest.mark.parametrize("factor", [1 / 7, 7.0, 365.25])
def test_days_or_weeks_make_the_same_columns(name, factor):
    """The unit of the durations changes nothing, for every node of the parameters."""
    observed, scaled = Observed.of(WEEKS), Observed.of(WEEKS * factor)

    for node in range(len(SHAPES[name].grid(observed).weight)):
        here = at(name, WEEKS, observed, node)
        np.testing.assert_allclose(at(name, WEEKS * factor, scaled, node), here, atol=1e-9)


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_says_the_same_in_pytensor(name):
    """The arithmetic of a shape is written once, for NumPy and for PyTensor."""
    import pytensor.tensor as pt

    observed = Observed.of(WEEKS)
    shape = SHAPES[name]
    node = shape.grid(observed).values[0]
    weeks = np.array([1.0, 3.0, 5.5, 24.0, 30.0])
    symbolic = shape.columns(pt.as_tensor_variable(weeks), observed, node)

    for ours, numbers in zip(symbolic, shape.columns(weeks, observed, node), strict=True):
        np.testing.assert_allclose(ours.eval(), numbers, atol=1e-12)


def test_the_spline_is_the_natural_cubic_through_its_knots():
    """SciPy's natural interpolation of the knots' values is the same curve, and straight beyond."""
    observed = Observed.of(WEEKS)
    knots = np.array(observed.knots(3))
    inside = np.linspace(1, 24, 50)

    for column, values in zip(at("natural_spline", inside, observed),
                              at("natural_spline", knots, observed), strict=True):  # fmt: skip
        expected = CubicSpline(knots, values, bc_type="natural")(inside)
        np.testing.assert_allclose(column, expected, atol=1e-10)
    beyond = at("natural_spline", np.array([24.0, 30.0, 36.0, 42.0]), observed)
    np.testing.assert_allclose(np.diff(beyond, n=2, axis=1), 0, atol=1e-9)


@pytest.mark.parametrize("name", ["natural_spline", "piecewise_linear"])
def test_curves_of_several_columns_are_random_walks_at_their_knots(name):
    """The prior variance of an increment between knots is its share of the weeks."""
    observed = Observed.of(WEEKS)
    node = 5 if name == "piecewise_linear" else 0
    parameter = SHAPES[name].grid(observed).values[node]
    knots = np.array(observed.knots(3)) if name == "natural_spline" else [1.0, parameter[0], 24.0]
    increments = np.diff(at(name, np.array(knots), observed, node), axis=1)

    np.testing.assert_allclose((increments**2).sum(axis=0), np.diff(knots) / 23, atol=1e-10)


def test_a_monotone_curve_never_turns():
    """Whatever the shares, the column rises, and is level outside the observed weeks."""
    observed = Observed.of(WEEKS)
    weeks = np.linspace(0, 30, 200)

    for node in range(len(SHAPES["monotone"].grid(observed).weight)):
        assert (np.diff(at("monotone", weeks, observed, node)[0]) >= -1e-12).all()
    assert at("monotone", np.array([0.0, 30.0]), observed).tolist() == [[0.0, 1.0]]


def test_half_of_the_ceiling_is_reached_at_the_half_effect_week():
    """Emax: from week 0, the half-effect week stands half-way to where the weeks never end."""
    observed = Observed((0.0, 1.0, 4.0, 1e12))
    column = SHAPES["emax"].columns(np.array([3.0]), observed, [3.0])[0]

    assert column[0] == pytest.approx(0.5, rel=1e-9)


def test_a_logarithm_needs_durations_above_zero():
    """A duration of 0 is told, not turned into minus infinity."""
    assert "0" in SHAPES["logarithm"].obstacle(Observed((0.0, 1.0, 2.0)))
    assert SHAPES["logarithm"].obstacle(Observed((0.5, 1.0, 2.0))) == ""


def test_categories_hold_thirds_of_the_distinct_weeks():
    """Six distinct weeks make three levels of two."""
    assert bounds(Observed((1.0, 2.0, 4.0, 8.0, 10.0, 12.0))) == (3.0, 9.0)


@pytest.mark.parametrize("weeks", [[4.0, 4.0], [np.nan, 3.0], [-1.0, 3.0]])
def test_a_curve_needs_two_durations_of_zero_or_more(weeks):
    """One distinct duration, or a negative one, is refused."""
    with pytest.raises(ModelError, match="duration"):
        Observed.of(np.array(weeks))
