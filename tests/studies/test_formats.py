"""Workbooks, reviews, exports and archives: the same figures as the text tables of `layouts`."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from bayesmeta.errors import StudiesError
from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies


def _beside(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


layouts, reviews = _beside("layouts"), _beside("reviews")
MEANS, EVENTS, MD, OR = layouts.MEANS, layouts.EVENTS, layouts.MD, layouts.OR

HEADER = ["Study", "n.e", "mean.e", "sd.e", "n.c", "mean.c", "sd.c"]
SHEET = [HEADER, *([name, *row] for name, row in MEANS.items())]
SETTINGS = (
    "Analysis group,Analysis number,Analysis group name,Data type,Effect measure\n"
    "1,1,Trees,Dichotomous,Odds Ratio\n1,2,Trees,Continuous,Mean Difference\n"
)
NONE = ("export", "22")
REVIEWS = {
    "data rows": reviews.data_rows(MEANS, EVENTS),
    "review": reviews.review(MEANS, EVENTS),
    "export": reviews.export(MEANS, EVENTS),
}
ROWS = REVIEWS["data rows"]
ANALYSES = {
    ("1", "1"): ("OR", OR),
    ("1", "2"): ("MD", MD),
    ("2", "1"): ("RR", tuple(reviews.ESTIMATES.values())),
    ("2", "2"): ("OR", tuple((d / v, v**-0.5) for d, v in reviews.DIFFERENCES.values())),
}


# The export shows no O - E.
SHOWN = [(kind, key) for kind in REVIEWS for key in ANALYSES if (kind, key[0] + key[1]) != NONE]


@pytest.mark.parametrize(("kind", "key"), SHOWN)
def test_an_analysis_of_a_review_has_the_rows_and_cells_of_its_type(kind, key, file):
    """By numbers; totals, other types' zeros and rows of subgroups alone are left out."""
    measure, expected = ANALYSES[key]
    studies = read_studies(file(REVIEWS[kind]))

    found = effect_sizes(studies, measure, comparison=key[0], outcome=key[1])

    got = list(zip(found.estimate, found.standard_error, strict=True))
    np.testing.assert_allclose(got, expected, rtol=1e-6 if kind == "export" else 1e-12)


def test_an_estimate_of_an_export_says_that_it_is_the_logarithm_of_what_is_shown(file):
    """The export shows ratios beside standard errors of logarithms."""
    studies = read_studies(file(REVIEWS["export"]))

    found = effect_sizes(studies, "RR", comparison="2", outcome="1")

    shown = "estimate is the logarithm of the ratio that RevMan shows"
    assert [made["conversions"] for made in found.made_of] == [[shown]] * len(found)


def test_an_arm_that_is_not_estimable_is_a_gap(file):
    """RevMan writes 0 for an SD that is not known: it is missing, and can be dropped."""
    unknown = "1,2,Height,Old,SUBGROUP_AND_OVERALL,Dogwood,,0,0,3,0,0,9,4,0,0,9,0,0,0,0,0,0,\n"
    studies = read_studies(file(ROWS + unknown))

    found = effect_sizes(studies, "MD", comparison="1", outcome="2", missing="drop")

    assert found.dropped == (("Dogwood", "no sd_treatment, sd_control"),)


def test_a_subgroup_is_chosen_by_number_or_name(file):
    """Its rows are those of the subgroup, whether or not they are in the overall analysis."""
    studies = read_studies(file(ROWS))

    found = [
        effect_sizes(studies, "MD", comparison="1", outcome="2", subgroup=subgroup).estimate
        for subgroup in ("1", "2", "Young")
    ]

    np.testing.assert_allclose(found, [[md for md, _ in MD]] * 3, rtol=1e-12)


def test_several_analyses_are_offered_by_number(file):
    """The same outcome stands in two comparisons: the numbers tell them apart."""
    studies = read_studies(file(ROWS))

    with pytest.raises(StudiesError, match="several analyses") as caught:
        effect_sizes(studies, "OR", outcome="Leaves")

    assert 'comparison="2", outcome="1"  Leaves' in str(caught.value)


def test_a_package_is_read_through_the_archive_inside(file, packed):
    """The settings beside the rows say what type and measure an analysis is."""
    inner = packed({"x/7-data-rows.csv": ROWS,
                    "x/7-overall-estimates-and-settings.csv": SETTINGS})  # fmt: skip
    studies = read_studies(file(packed({"a/data.zip": inner, "a/article.pdf": b"%PDF"})))

    found = effect_sizes(studies, "OR", comparison="1", outcome="1")

    assert studies["effect_measure"][0] == "Odds Ratio"
    np.testing.assert_allclose(found.estimate, [y for y, _ in OR], rtol=1e-12)


@pytest.mark.parametrize(
    ("above", "note"), [([], ""), ([["Table 1. Trees"], []], "Row 1 is a title")]
)
def test_a_sheet_is_read_as_a_text_table(above, note, file, workbook):
    """A title above, an empty row below the header and an empty column are no obstacle."""
    rows = [[*row[:1], None, *row[1:]] for row in SHEET]
    path = file(workbook({"Trees": [*above, rows[0], [], *rows[1:]], "Empty": []}))

    studies = read_studies(path)

    np.testing.assert_allclose(effect_sizes(studies, "MD").estimate, [y for y, _ in MD])
    assert note in " ".join(studies.notes)


def test_several_sheets_are_offered_and_chosen(file, workbook):
    """None is guessed; the one that is named is read."""
    path = file(workbook({"Notes": [["a", "b"], ["c", "d"]], "Trees": SHEET}))

    with pytest.raises(StudiesError, match='sheet="Trees"  \\(3 rows'):
        read_studies(path)
    assert len(read_studies(path, sheet="Trees")) == 3


GROUPED = [
    ["Study", "Intervention", None, None, "Control", None, None],
    [None, "N", "Mean", "SD", "N", "Mean", "SD"],
    ["Alder", 20, 10, 4, 25, 12, 5],
    ["Birch", 30, 11, 3, 30, 13, 6],
]


def test_merged_headings_over_two_rows_name_the_arms(file, workbook):
    """Groups above their columns, and one heading merged downwards."""
    path = file(workbook({"A": GROUPED}, merged=("A1:A2", "B1:D1", "E1:G1")), name="trials.xlsx")

    found = read_studies(path)

    assert (found.label, found["study"].tolist()) == ("Study", ["Alder", "Birch"])
    assert [found[f"mean_{arm}"].tolist() for arm in ("treatment", "control")] == [
        [10, 11], [12, 13],
    ]  # fmt: skip


def test_merged_cells_among_the_studies_are_still_refused(file, workbook):
    """One number for two rows is not guessed to be that of both."""
    path = file(workbook({"A": GROUPED}, merged=("A1:A2", "B1:D1", "E1:G1", "G3:G4")))

    with pytest.raises(StudiesError, match="merged cells G3:G4"):
        read_studies(path)


def test_a_sheet_of_raw_data_does_not_stand_in_the_way(file, workbook, monkeypatch):
    """It is listed, not parsed, and refused if it is asked for."""
    monkeypatch.setattr("bayesmeta.studies.formats.workbook.MOST_ROWS", 50)
    ready = [["study", "yi", "sei"], ["Alder", 1, 2], ["Birch", 3, 4]]
    path = file(workbook({"raw": [[1, 2]] * 60, "studies": ready}))

    assert read_studies(path, sheet="studies")["estimate"].tolist() == [1, 3]
    with pytest.raises(StudiesError, match="sheet 'raw': more than 50 rows"):
        read_studies(path, sheet="raw")


def test_an_open_document_sheet_is_named(file, packed):
    """With what to save it as."""
    with pytest.raises(StudiesError, match=r"an OpenDocument sheet \(.ods\); save it as .xlsx"):
        read_studies(file(packed({"mimetype": "x", "content.xml": "<x/>"})))


def test_a_study_called_total_is_kept_when_that_is_said(file):
    """Nothing tells, so it is asked; keep and drop both do."""
    path = file("study,yi,sei\nAlder,1,2\nTOTAL,3,4\n")

    with pytest.raises(StudiesError, match='Say totals="drop" to leave it out, or totals="keep"'):
        read_studies(path)
    assert [read_studies(path, totals=said)["study"].tolist() for said in ("keep", "drop")] == [
        ["Alder", "TOTAL"], ["Alder"],
    ]  # fmt: skip
