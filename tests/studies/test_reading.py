"""What is read out of a good table."""

import csv
import io
import re
import subprocess
import sys
from string import ascii_letters

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bayesmeta.errors import StudiesError
from bayesmeta.studies import read_studies

OURS = {
    "study": ["Edinburgh", "Umea"], "n_treatment": [155, 110], "mean_treatment": [55, 21],
    "sd_treatment": [47, 16], "n_control": [156, 183], "mean_control": [75, 31],
    "sd_control": [64, 27],
}  # fmt: skip
CONTINUOUS_NAMES = {
    "ours in capitals": ["STUDY", "N treatment", "Mean treatment", "SD treatment", "N_control",
                         "Mean control", "SD control"],
    "metafor": ["slab", "n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i"],
    "metadat": ["study", "n_trt", "mean_trt", "sd_trt", "n_ctl", "mean_ctl", "sd_ctl"],
    "RevMan": ["Study", "Experimental N", "Experimental mean", "Experimental SD", "Control N",
               "Control mean", "Control SD"],
    "RevMan through R": ["Study", "Experimental.N", "Experimental.mean", "Experimental.SD",
                         "Control.N", "Control.mean", "Control.SD"],
}  # fmt: skip
BINARY_NAMES = {
    "metafor": ["ai", "bi", "ci", "di"],
    "metadat": ["tpos", "tneg", "cpos", "cneg"],
    "metadat in words": ["event_trt", "noevent_trt", "event_ctl", "noevent_ctl"],
}
READY_NAMES = {
    "metafor": ["slab", "yi", "sei", "ni"],
    "RevMan": ["Study", "GIV Mean", "GIV SE", "n"],
}
REVMAN = [
    "Analysis group", "Analysis number", "Analysis name", "Subgroup", "Applicability", "Study",
    "Study year", "GIV Mean", "GIV SE", "Experimental mean", "Experimental SD",
    "Experimental cases", "Experimental N", "Control mean", "Control SD", "Control cases",
    "Control N", "O-E", "Variance", "Weight", "Mean", "CI start", "CI end", "Footnotes",
]  # fmt: skip


@pytest.mark.parametrize("program", CONTINUOUS_NAMES)
def test_names_of_other_programs_mean_ours(program):
    """The same figures under any program's names are one table; notes say what was read."""
    theirs = CONTINUOUS_NAMES[program]

    found = read_studies(pd.DataFrame(dict(zip(theirs, OURS.values(), strict=True))))

    assert list(found.columns) == list(OURS)
    assert found["sd_control"].tolist() == [64, 27]
    renamed = [name for name in theirs if name not in OURS]
    assert all(any(repr(name) in note for note in found.notes) for name in renamed)


@pytest.mark.parametrize("program", BINARY_NAMES)
def test_two_by_two_cells_give_the_size_of_the_arms(program):
    """Events and non-events add up to the size of the arm, and a note says so."""
    cells = zip(BINARY_NAMES[program], ([4], [119], [11], [128]), strict=True)

    found = read_studies(pd.DataFrame({"study": ["Aronson 1948"], **dict(cells)}))

    assert [found[f"n_{arm}"].item() for arm in ("treatment", "control")] == [123, 139]
    assert "n_treatment is events_treatment + non_events_treatment." in found.notes


@pytest.mark.parametrize("program", READY_NAMES)
def test_ready_made_estimates_are_recognised(program):
    """Estimate, standard error and participants under other names."""
    theirs = zip(READY_NAMES[program], (["A"], [-0.5], [0.2], [40]), strict=True)

    found = read_studies(pd.DataFrame(dict(theirs)))

    assert list(found.columns) == ["study", "estimate", "standard_error", "n"]


def test_a_whole_export_of_revman_is_read():
    """All 24 headings of RevMan's data rows: those with the meaning of ours, and only those."""
    row = "1,2,Depression,,OVERALL,Smith 2001,2001,,,10.1,3.2,,20,12.4,3.9,,21,,0.5,12.5,-2.3,-4,0,"
    cells = row.split(",")

    found = read_studies(pd.DataFrame([dict(zip(REVMAN, cells, strict=True))]))

    assert found["outcome"].tolist() == ["Depression"]
    assert (found["mean_treatment"].item(), found["n_control"].item()) == (10.1, 21)
    assert found["year"].item() == 2001
    # RevMan's Variance is that of O - E, and its limits are on the natural scale of a ratio.
    assert {"Variance", "CI start", "CI end"} <= set(found.columns)
    assert not {"variance", "ci_lower", "ci_upper"} & set(found.columns)


def test_a_column_called_ci_is_not_a_cell_of_metafors():
    """Metafor's short names count in their own case, and the cells only together."""
    found = read_studies(pd.DataFrame({"study": ["A"], "CI": ["1 to 3"], "ci": ["1 to 3"]}))

    assert list(found.columns) == ["study", "CI", "ci"]


def test_one_group_measured_twice_is_not_two_arms():
    """With ri and without n1i, metafor's m1i and m2i are not means of arms."""
    found = read_studies(pd.DataFrame({"slab": ["A"], "m1i": [1], "m2i": [2], "ri": [0.5]}))

    assert list(found.columns) == ["study", "m1i", "m2i", "correlation"]


def test_a_choice_by_hand_outranks_recognition():
    """Normand's study numbers give way to the hospitals' names, and a note says so."""
    frame = pd.DataFrame({"study": [1], "source": ["Edinburgh"], "weeks": [3]})

    found = read_studies(frame, columns={"study": "source", "duration_weeks": "weeks"})

    assert found["study"].tolist() == ["Edinburgh"]
    assert found["duration_weeks"].tolist() == [3]
    assert "Column 'study' is left out: another was chosen as study." in found.notes


@pytest.mark.parametrize("name", ["NA", "None", "nan", "1", "007", "Müller & Søn", "-"])
def test_any_text_may_name_a_study(name, file):
    """Studies called NA or None are studies."""
    found = read_studies(file(f"study,estimate\n{name},1\n"))

    assert found["study"].tolist() == [name]


@pytest.mark.parametrize("missing", ["", " ", "NA", "NaN", "nan", "."])
def test_missing_words_count_in_columns_of_numbers(missing, file):
    """In a known column and in a moderator of numbers they are nan."""
    found = read_studies(file(f"study,n,dose\nA,{missing},{missing}\nB,20,1.5\n"))

    np.testing.assert_array_equal(found["n"], [np.nan, 20])
    np.testing.assert_array_equal(found["dose"], [np.nan, 1.5])


def test_missing_words_are_text_in_a_column_of_text(file):
    """In a moderator of words NA may be North America."""
    found = read_studies(file("study,region\nA,NA\nB,EU\nC,\n"))

    assert found["region"].tolist() == ["NA", "EU", ""]


def test_a_printed_minus_is_a_minus(file):
    """Papers print U+2212."""
    assert read_studies(file("study,estimate\nA,\N{MINUS SIGN}6.65\n"))["estimate"] == [-6.65]


@pytest.mark.parametrize(("delimiter", "word"), [(";", "semicolon"), ("\t", "tab")])
def test_the_header_line_decides_the_delimiter(delimiter, word, file):
    """Commas in the rows do not count where the header has semicolons or tabs."""
    header, row = ["study", "estimate", "remark"], ["Smith, 2001", "1.5", "a, b, c, d"]

    found = read_studies(file(f"{delimiter.join(header)}\n{delimiter.join(row)}\n"))

    assert found["study"].tolist() == ["Smith, 2001"]
    assert f"Cells are separated by a {word}." in found.notes


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_an_editor(newline, file):
    """Blank lines, quoted line breaks and any line ending: rows keep the line they start on."""
    text = newline.join(["study,remark", "A,x", "", "\"B\",'y'", '"C', 'D",z', "E,w", ""])

    assert read_studies(file(text)).lines == (2, 4, 5, 7)


def test_a_byte_order_mark_is_no_part_of_a_name(file):
    """Excel's CSV begins with one."""
    assert "study" in read_studies(file(b"\xef\xbb\xbfstudy,estimate\nA,1\n"))


def test_a_column_without_a_name_is_left_out(file):
    """Row numbers of R and pandas have no name; a note says that they are gone."""
    found = read_studies(file(',"study","estimate"\n1,A,2\n'))

    assert list(found.columns) == ["study", "estimate"]
    assert "Column 1 has no name and is left out." in found.notes


def test_text_columns_stay_text(file):
    """Study, outcome, unit and design are text even if they are written in digits."""
    found = read_studies(file("study,outcome,unit,design,dose\n1,2,3,4,5\n"))

    kinds = [found[name].dtype.kind for name in ("study", "outcome", "unit", "design", "dose")]
    assert kinds == ["U", "U", "U", "U", "f"]


def test_integers_that_pandas_widened_are_labels_without_a_point():
    """A column of study numbers with a float type gives labels 1 and 2."""
    found = read_studies(pd.DataFrame({"study": [1.0, 2.0], "estimate": [0.1, 0.2]}))

    assert found["study"].tolist() == ["1", "2"]


def test_a_table_cannot_be_changed(file):
    """Columns are read-only and cannot be exchanged."""
    studies = read_studies(file("study,estimate\nA,1\n"))

    with pytest.raises(ValueError, match="read-only"):
        studies["estimate"][0] = 2
    with pytest.raises(TypeError):
        studies.columns["estimate"] = np.zeros(1)


def test_several_events_a_person_need_person_time():
    """With time at risk there may be more events than participants."""
    found = read_studies(pd.DataFrame({"study": ["A"], "x1i": [30], "t1i": [100.0], "n1i": [20]}))

    assert found["events_treatment"].tolist() == [30]


def test_reading_a_file_does_not_import_pandas(file):
    """The command line reads files; pandas would double its start."""
    code = (
        "import sys, bayesmeta.studies as s; s.read_studies(sys.argv[1]); "
        "sys.exit(any(m in sys.modules for m in ('pandas', 'scipy', 'pymc')))"
    )
    path = file("study,estimate\nA,1\n")

    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 0


labels = (
    st.text(ascii_letters + " ,;'\"é&-.\n", min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
    .filter(lambda label: not re.match("(sub|grand)?total|overall|pooled|summary", label.lower()))
)
tables = st.lists(
    st.tuples(labels, st.floats(-1e300, 1e300), st.floats(1e-300, 1e300)),
    min_size=1, max_size=8, unique_by=lambda row: row[0],
)  # fmt: skip


@given(rows=tables)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_written_is_read(rows, file):
    """Any labels and any floats survive a CSV file and a frame, to the last bit."""
    header = ("study", "estimate", "standard_error")
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    of_file = read_studies(file(text.getvalue()))
    of_frame = read_studies(pd.DataFrame(rows, columns=header))

    for studies in (of_file, of_frame):
        found = [studies[name].tolist() for name in header]
        assert list(zip(*found, strict=True)) == rows


@given(bad=st.sets(st.integers(0, 9), min_size=1))
def test_every_bad_row_is_found(bad):
    """Whichever rows have a standard deviation below zero, those and no others are named."""
    deviations = [-1.0 if row in bad else 1.0 for row in range(10)]
    frame = pd.DataFrame({"study": [f"S{row}" for row in range(10)], "sd_control": deviations})

    with pytest.raises(ValueError, match="sd_control") as caught:
        read_studies(frame)

    named = {int(line.split("'")[1][1:]) for line in str(caught.value).splitlines()}
    assert named == bad


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"study": ["author", "year"]}, 'text, two as in "author, year"'),
        ({"events": 3}, "columns has 'events': 3; write the name of one column as text"),
        ({"events": None}, "columns has 'events': None; write the name of one column as text"),
    ],
    ids=["list", "number", "none"],
)
def test_a_columns_name_that_is_no_text_is_refused(columns, said):
    """The message says what was written, and how two columns are joined."""
    frame = pd.DataFrame({"author": ["a", "b"], "year": [1990, 1991]})

    with pytest.raises(StudiesError, match=re.escape(said)):
        read_studies(frame, columns=columns)
