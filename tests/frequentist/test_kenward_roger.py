"""Kenward and Roger's interval: laws, a closed form, the general formula in dense matrices."""

import numpy as np
import pytest
from scipy import stats

from bayesmeta.errors import ModelError
from bayesmeta.frequentist import kenward_roger, pool

Y = np.array([-20.0, -2, -55, -71, -4, 1, 11, -10, 7])
V = np.array([40.508, 2.0806, 15.6984, 150.2222, 17.3077, 1.1673, 94.5891, 6.3109, 19.8423])
WEEKS = np.column_stack([np.ones(9), [2.0, 2, 3, 4, 6, 8, 8, 10, 12]])


def in_dense_matrices(x, variance, tau2):
    """Kenward and Roger (1997), equations for any covariance, with dV / dtau2 the identity."""
    inverse = np.linalg.inv(np.diag(variance + tau2))
    c = np.linalg.inv(x.T @ inverse @ x)
    projection = inverse - inverse @ x @ c @ x.T @ inverse
    w = 1 / (np.trace(projection @ projection) / 2)
    p, q = -x.T @ inverse @ inverse @ x, x.T @ inverse @ inverse @ inverse @ x
    a = [w * np.trace(np.outer(u, u) / (u @ c @ u) @ c @ p @ c) ** 2 for u in np.eye(x.shape[1])]
    return c + 2 * c @ (w * (q - p @ c @ p)) @ c, 2 / np.array(a)


def test_equal_variances_give_the_t_interval_of_the_mean():
    """With one sampling variance REML's tau2 makes it exact: t on k - 1 (a closed form)."""
    found = kenward_roger(Y, np.full(9, 4.0))

    low, high = stats.t.interval(0.95, 8, loc=Y.mean(), scale=Y.std(ddof=1) / 3)
    assert found.degrees_of_freedom == pytest.approx([8], rel=1e-9)
    assert [found.lower[0], found.upper[0]] == pytest.approx([low, high], rel=1e-6)


@pytest.mark.parametrize("design", [np.ones((9, 1)), WEEKS], ids=["mean", "weeks"])
def test_the_closed_form_is_the_general_one(design):
    """Dense matrices of the 1997 paper give the same covariance and degrees of freedom."""
    found = kenward_roger(Y, V, design)

    covariance, freedom = in_dense_matrices(design, V, found.tau2)
    assert found.se == pytest.approx(np.sqrt(np.diagonal(covariance)), rel=1e-10)
    assert found.degrees_of_freedom == pytest.approx(freedom, rel=1e-10)


def test_standard_errors_never_fall_below_walds():
    """What tau2's uncertainty adds is a variance."""
    assert (kenward_roger(Y, V, WEEKS).se >= pool(Y, V, WEEKS).se).all()


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_unit_changes_nothing_but_the_unit(unit):
    """Degrees of freedom have no unit; limits have the outcome's."""
    one, other = kenward_roger(Y, V), kenward_roger(unit * Y, unit**2 * V)

    assert other.degrees_of_freedom == pytest.approx(one.degrees_of_freedom, rel=1e-11)
    assert other.upper == pytest.approx(unit * one.upper, rel=1e-11)


def test_as_many_coefficients_as_studies_are_refused():
    """Nothing is left to estimate tau2 from."""
    with pytest.raises(ModelError, match="too few"):
        kenward_roger([1.0], [1.0])
