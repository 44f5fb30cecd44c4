"""Rows of a comparison that are made from counts."""

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.comparison import compare, comparison_text

# BCG (Colditz 1994): the first five trials.
BCG = pd.DataFrame({
    "study": list("abcde"), "latitude": [44, 55, 42, 52, 13],
    "events_treatment": [4, 6, 3, 62, 33], "n_treatment": [123, 306, 231, 13598, 5069],
    "events_control": [11, 29, 11, 248, 47], "n_control": [139, 303, 220, 12867, 5808],
})  # fmt: skip


def effects(measure, **columns):
    """Return effects of the trials, some columns replaced."""
    return bm.effect_sizes(bm.read_studies(BCG.assign(**columns)), measure)


def test_the_mantel_haenszel_row_is_the_ratio_of_its_sums():
    """sum(a d / n) / sum(b c / n) of the five tables, by hand."""
    a, n, c, m = (BCG[name] for name in list(BCG)[2:])
    expected = np.log((a * (m - c) / (n + m)).sum() / ((n - a) * c / (n + m)).sum())

    row = compare(effects("OR")).set_index("method").loc["MH"]

    assert row["estimate"] == pytest.approx(expected, rel=1e-12)
    assert row["kind"] == "Counts"


def test_the_peto_row_is_observed_less_expected_over_information():
    """sum(O - E) / sum(V) of the five tables, by hand."""
    a, n, c, m = (BCG[name] for name in list(BCG)[2:])
    events, total = a + c, n + m
    information = (n * m * events * (total - events) / (total**2 * (total - 1))).sum()

    row = compare(effects("OR")).set_index("method").loc["Peto"]

    assert row["estimate"] == pytest.approx((a - n * events / total).sum() / information, rel=1e-12)
    assert row["se"] == pytest.approx(information**-0.5, rel=1e-12)


@pytest.mark.parametrize(("measure", "names"), [("RR", ["MH"]), ("RD", ["MH"]),
                                                ("OR", ["MH", "Peto"])])  # fmt: skip
def test_each_measure_has_the_rows_that_pool_it(measure, names):
    """Peto's method is of odds ratios alone; nobody says that it is missing elsewhere."""
    table = compare(effects(measure))

    assert table.loc[table["kind"] == "Counts", "method"].tolist() == names
    assert not table.attrs["messages"]


def test_with_moderators_there_are_no_rows_of_counts():
    """The methods know one effect."""
    table = compare(effects("OR"), moderators="latitude")

    assert "Counts" not in set(table["kind"])


def test_ready_made_estimates_have_no_rows_of_counts():
    """There is nothing to count, and nothing is said."""
    frame = pd.DataFrame({"study": ["a", "b", "c"], "yi": [-0.2, -0.5, 0.1], "vi": [0.1, 0.2, 0.1]})

    table = compare(bm.effect_sizes(bm.read_studies(frame), "OR", values="log"))

    assert "Counts" not in set(table["kind"])
    assert not table.attrs["messages"]


def test_what_cannot_be_pooled_is_left_out_with_the_reason():
    """No event under treatment anywhere: Mantel and Haenszel's ratio is 0; Peto's is not."""
    table = compare(effects("OR", events_treatment=[0] * 5))

    assert table.loc[table["kind"] == "Counts", "method"].tolist() == ["Peto"]
    assert "Left out: MH. The Mantel-Haenszel OR is zero or infinite" in table.attrs["messages"][0]


def test_a_page_says_what_rows_of_counts_are():
    """Under the table, where there are any."""
    assert "MH (Mantel and Haenszel) and Peto" in comparison_text(compare(effects("OR")))
