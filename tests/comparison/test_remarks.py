"""What a comparison remarks of its classical rows."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

import bayesmeta as bm
from bayesmeta.comparison.remarks import narrow_intervals


def compared(estimates):
    """Compare the methods on four studies of equal precision."""
    table = pd.DataFrame({"study": list("abcd"), "estimate": estimates, "standard_error": 0.2,
                          "n": 20})  # fmt: skip
    return bm.compare(bm.effect_sizes(table, "MD"))


def test_an_interval_that_collapses_is_remarked_with_the_ad_hoc_one():
    """Four equal estimates: Wald's standard error is 0.1, t with three degrees of freedom."""
    (said,) = narrow_intervals(compared([0.5] * 4))
    half = t.ppf(0.975, 3) * 0.1

    assert "0.50 to 0.50 is narrower than Wald's" in said
    assert f"{0.5 - half:.2f}"[:4] in said
    assert f"{0.5 + half:.2f}"[:4] in said


def test_an_interval_that_is_wider_is_not_remarked():
    """Estimates that scatter."""
    assert not narrow_intervals(compared(np.array([-1.0, 0.0, 1.0, 2.0])))


def test_egger_needs_four_studies_and_scatter():
    """Three studies, and estimates on a line, have no test."""
    for estimate, error in (([0.1, 0.2, 0.4], [0.1, 0.2, 0.3]),
                            ([0.1, 0.2, 0.3, 0.4], [0.1, 0.2, 0.3, 0.4])):  # fmt: skip
        with pytest.raises(ValueError, match=r"Egger|line"):
            bm.egger(estimate, np.square(error))
