"""The order of a cumulative analysis: numbers, ranges and dates, never text."""

import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.errors import AnalysisError
from bayesmeta.sensitivity import cumulative
from bayesmeta.sensitivity.examination import examine
from bayesmeta.sensitivity.ordering import ordering

PRIORS = {"tau": "HalfNormal(sigma=0.5)", "mu": "Normal(mu=0, sigma=2)"}


def weeks(*cells, name="duration_weeks"):
    """Return four studies, called w2, w10, w4 and w8to12, with these cells in a column."""
    table = pd.DataFrame({
        "study": ["w2", "w10", "w4", "w8to12"], "estimate": [0.2, 0.5, -0.1, 0.3],
        "standard_error": [0.1, 0.2, 0.15, 0.15], name: cells,
    })  # fmt: skip
    return bm.effect_sizes(bm.read_studies(table), "MD")


def order_of(*cells, name="when"):
    found = ordering(weeks(*cells, name=name), name)
    return [int(row) for row in found.rows(descending=False)]


def test_a_range_stands_at_its_lower_end():
    """Medians after one, two and three studies, from a program that shares no code with ours."""
    table = cumulative(weeks("2", "10", "4", "8-12"), by="duration_weeks", priors=PRIORS)

    assert list(table.index) == ["w2", "w4", "w8to12", "w10"]
    assert table["estimate"].to_list()[:3] == pytest.approx([0.195, 0.076, 0.142], abs=5e-4)
    assert table["duration_weeks"].to_list() == ["2", "4", "8-12", "10"]


def test_a_range_is_analysed_as_its_lower_end():
    """The same numbers follow where the table gives that end instead."""
    ranged = cumulative(weeks("2", "10", "4", "8-12"), by="duration_weeks", priors=PRIORS)
    plain = cumulative(weeks("2", "10", "4", "8"), by="duration_weeks", priors=PRIORS)

    columns = ["estimate", "lower", "upper", "tau"]
    pd.testing.assert_frame_equal(ranged[columns], plain[columns])


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        (("2", "10", "4", "8-12"), [0, 2, 3, 1]),
        (("2", "10", "4", "8 to 12"), [0, 2, 3, 1]),
        (("2019", "2003-2010", "1999", "2001"), [2, 3, 1, 0]),
        (("2019-03-01", "2019-02-28", "2018-12-31", "2019-10-01"), [2, 1, 0, 3]),
        (("2019-03", "2019", "2018-12-31", "2019-10"), [2, 1, 0, 3]),
        (("2019-03-01 10:00", "2019-03-01 09:30", "2019-03-02", "2019-03"), [3, 1, 0, 2]),
        (("0900-01-01", "1066-10-14", "0476", "2020-01"), [2, 0, 1, 3]),
        ((9.0, 10.0, 8.0, 7.5), [3, 2, 0, 1]),
    ],
)
def test_what_has_an_order_is_put_in_it(cells, rows):
    """Numbers as numbers, ranges by their lower end, ISO dates as dates."""
    assert order_of(*cells) == rows


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("2", "4", "8", "8-12"), "when, a range by its lower end"),
        (("2", "4", "8", "12"), "when"),
        (("2019-01-01", "2019-03", "2020-01-01", "2021-05-05"),
         "when, a year or month by its first day"),
        (("2019-01-01", "2019-03-01", "2020-01-01", "2021-05-05"), "when"),
    ],
)  # fmt: skip
def test_the_order_is_stated(cells, said):
    """What was decided for a cell that is no single number or day is said."""
    assert ordering(weeks(*cells, name="when"), "when").said == said


def test_an_examination_says_what_the_order_is_by():
    """The statement is among the notes that the command prints."""
    found = examine(weeks("2", "10", "4", "8-12"), cumulative_by="duration_weeks", priors=PRIORS)

    assert "Cumulative: in order of duration_weeks, a range by its lower end." in found.notes


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        (("2", "10", "about 4", "8+"), ["w4", "'about 4'", "w8to12", "'8+'"]),
        (("2", "10", "4", "12-8"), ["w8to12", "'12-8'"]),
        (("2019-03-01", "2019-02-30", "2018-12-31", "2019"), ["w10", "'2019-02-30'"]),
        (("03/04/2019", "05/04/2019", "2019-01-01", "2018-01-01"), ["w2", "'03/04/2019'"]),
        (("high", "low", "low", "high"), ["'high' has no order", "'low' has no order"]),
    ],
)
def test_what_has_no_order_is_refused_with_rows_and_values(cells, named):
    """Text is never put in alphabetical order."""
    with pytest.raises(AnalysisError) as caught:
        order_of(*cells)

    assert all(word in str(caught.value) for word in named)


@pytest.mark.parametrize("gap", ["", "NA", "."])
def test_every_missing_value_is_named(gap):
    """Also where one range makes the column text, and a gap is a word in it."""
    with pytest.raises(AnalysisError) as caught:
        order_of("2", gap, gap, "8-12", name="duration_weeks")

    assert all(f"{study!r}: no duration_weeks" in str(caught.value) for study in ("w10", "w4"))


@pytest.mark.parametrize("name", ["k", "sd", "estimate", "reason", "study"])
def test_a_column_named_like_a_result_keeps_its_place(name):
    """The table's column stands beside the result of the same name."""
    cells = {"study": ["1", "10", "2", "9"]}.get(name, [4.0, 3.0, 2.0, 1.0])
    table = pd.DataFrame({"study": list("ABCD"), "estimate": cells, "standard_error": 1.0,
                          name: cells})  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(table.assign(estimate=[4.0, 3.0, 2.0, 1.0])), "MD")

    found = cumulative(effects, by=name, priors=PRIORS)

    assert found.columns[0] == f"{name} (table)"
    assert found["k"].to_list() == [1, 2, 3, 4]
