"""Analyses in standard units."""

import numpy as np
import pytest

from bayesmeta.engines.standard import Standard


@pytest.fixture(scope="module")
def regression(assembled):
    """Return a meta-regression on columns of different size."""
    priors = {"beta": "Normal(mu=0, sigma=2)"}
    return assembled(moderators="n_treatment + n_control", priors=priors)


def test_standard_numbers_vary_by_about_one(regression):
    """Estimates and columns have mean absolute deviations within a factor of two of one."""
    standard = Standard.of(regression).assembly
    columns = np.column_stack([standard.effects.estimate, standard.design[:, 1:]])

    spread = np.abs(columns - columns.mean(axis=0)).mean(axis=0)

    assert np.all((spread >= 0.5) & (spread <= 2))


def test_standard_units_round_nothing(regression):
    """Units are powers of two, so that the numbers keep every digit."""
    standard = Standard.of(regression)
    effects, original = standard.assembly.effects, regression.effects

    assert np.array_equal(effects.estimate * standard.unit, original.estimate)
    assert np.array_equal(effects.standard_error * standard.unit, original.standard_error)
    columns = [standard.unit / standard.factors[name] for name in regression.coefficients[1:]]
    assert np.array_equal(standard.assembly.design[:, 1:] * columns,
                          regression.design[:, 1:])  # fmt: skip


def test_fitted_values_are_restored(regression):
    """Coefficients drawn in standard units, restored, give the same fit in the outcome's unit."""
    standard = Standard.of(regression)
    drawn = np.random.default_rng(1).normal(size=(4, 10, 3))

    found = standard.restore({"mu": drawn[..., 0], "beta": drawn[..., 1:]})
    fit = found["mu"][..., np.newaxis] + found["beta"] @ regression.design[:, 1:].T

    assert fit == pytest.approx(standard.unit * drawn @ standard.assembly.design.T, rel=1e-12)
