"""Parts of Q and influence; leave-one-out PIT values in order."""

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.errors import AnalysisError


@pytest.fixture(scope="module")
def common(normand_effects):
    """Return the answer under a common effect and a flat mean: that of the paper."""
    return bm.baujat(normand_effects, priors={"mu": "flat", "tau": 0.0})


def test_terms_sum_to_cochrans_q(common):
    """Of dat.normand1999 (MD) by metafor's rma: Q(df = 8) = 238.9158."""
    assert common["q"].sum() == pytest.approx(238.9158, abs=5e-5)
    assert common["q_share"].sum() == pytest.approx(1)


def test_influence_under_a_common_effect_is_that_of_the_paper(common, normand_effects):
    """(m - m without i)² over the variance of m without i, by inverse variances."""
    y, w = normand_effects.estimate, normand_effects.standard_error**-2
    expected = []
    for row in range(len(y)):
        kept = np.arange(len(y)) != row
        without = w[kept] @ y[kept] / w[kept].sum()
        expected.append((w @ y / w.sum() - without) ** 2 * w[kept].sum())

    assert common["influence"].to_numpy() == pytest.approx(expected)


def test_rows_are_named_in_file_order(common, normand_effects):
    """A reader finds the study."""
    assert list(common.index) == list(normand_effects.labels)


def test_pit_values_stand_in_order(normand_effects):
    """Sorted, with their ranks over k, and the studies' names beside them."""
    table = bm.leave_one_out(normand_effects)
    found = bm.loo_pit(table)

    assert found["pit"].is_monotonic_increasing
    assert found["ecdf"].to_list() == pytest.approx(np.arange(1, 10) / 9)
    assert found["pit"].to_dict() == pytest.approx(table["pit"].to_dict())


def test_the_band_is_kolmogorovs(normand_effects):
    """The critical distance of nine values at 0.05 is 0.430 (Miller 1956, table 1)."""
    found = bm.loo_pit(bm.leave_one_out(normand_effects))

    assert found.attrs["half"] == pytest.approx(0.4300, abs=5e-4)


def test_the_distance_is_the_largest(normand_effects):
    """Over a fine grid, the distribution function of the values less a uniform one."""
    found = bm.loo_pit(bm.leave_one_out(normand_effects))
    grid = np.linspace(0, 1, 200_001)
    above = np.searchsorted(found["pit"].to_numpy(), grid, side="right") / len(found)

    assert found.attrs["distance"] == pytest.approx(np.abs(above - grid).max(), abs=1e-4)


def test_another_table_has_no_pit_values():
    """The message names the question."""
    with pytest.raises(AnalysisError, match=r"bayesmeta\.leave_one_out"):
        bm.loo_pit({"a": 1})
