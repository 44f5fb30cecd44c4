"""H² has no unit and is a straight line in tau²: each of its numbers, its error too."""

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.summaries.heterogeneity import heterogeneity

COLUMNS = ["mean", "sd", "median", "lower", "upper", "error"]


@pytest.fixture(params=["sampled", "exact"])
def in_units(request, make, normand):
    """Return what makes Normand's posterior, the same one, in another unit: days times it."""
    labels, estimate, error = normand

    def sampled(unit):
        tree = make(labels, estimate, error, prior_sd=20.0)
        for group in ("posterior", "observed_data", "constant_data"):
            tree[group] = unit * tree[group].dataset
        return tree

    def exact(unit):
        frame = {"study": labels, "estimate": unit * estimate, "standard_error": unit * error}
        effects = bm.effect_sizes(bm.read_studies(pd.DataFrame(frame)), "generic", unit="of it")
        priors = {"mu": "flat", "tau": f"HalfNormal(sigma={20.0 * unit!r})"}
        return bm.fit(effects, engine="exact", priors=priors)

    return {"sampled": sampled, "exact": exact}[request.param]


@pytest.mark.parametrize("unit", [1 / 7, 24.0])
def test_fractions_of_variance_have_no_unit(in_units, unit):
    """In weeks or hours H² and I² are what they are in days, each number with its error."""
    one, other = (heterogeneity(in_units(each)).loc[["H2", "I2"], COLUMNS] for each in (1.0, unit))

    numbers, error = COLUMNS[:-1], one.pop("error")
    pd.testing.assert_frame_equal(other[numbers], one[numbers], rtol=1e-9)
    # An exact answer's error is rounding, the same in kind, not in digits.
    assert (other["error"] < 1e-9).all() or np.allclose(other["error"], error, rtol=1e-9)


@pytest.mark.parametrize("number", ["mean", "median", "lower", "upper"])
def test_h_squared_is_one_plus_the_ratio_of_variances(in_units, number):
    """H² = 1 + tau² / v at each number of tau², v by Higgins and Thompson's equation 9."""
    table, w = heterogeneity(in_units(24.0)), _weights(24.0)
    typical = 8 * w.sum() / (w.sum() ** 2 - (w**2).sum())

    assert table.loc["H2", number] == pytest.approx(1 + table.loc["tau2", number] / typical)


@pytest.mark.parametrize("number", ["sd", "error"])
def test_h_squareds_spread_is_that_of_the_ratio(in_units, number):
    """sd(H²) = sd(tau²) / v, and its error likewise: a constant adds no spread."""
    table, w = heterogeneity(in_units(24.0)), _weights(24.0)
    typical = 8 * w.sum() / (w.sum() ** 2 - (w**2).sum())

    assert table.loc["H2", number] == pytest.approx(table.loc["tau2", number] / typical)


@pytest.mark.parametrize("number", ["median", "lower", "upper"])
def test_h_squared_is_one_over_what_chance_explains(in_units, number):
    """H² = 1 / (1 - I²), quantile by quantile, to what lies between two draws."""
    table = heterogeneity(in_units(24.0))

    assert table.loc["H2", number] == pytest.approx(1 / (1 - table.loc["I2", number]), rel=1e-3)


def _weights(unit):
    """Return the inverse variances of Normand's trials (1999, Table VIII, unpooled)."""
    variance = [40.5080231596361, 2.08064516129032, 15.6984037558685, 150.222222222222,
                17.3076923076923, 1.16734143049933, 94.5891265597148, 6.31087928464978,
                19.8423076923077]  # fmt: skip
    return 1 / (unit**2 * np.array(variance))
