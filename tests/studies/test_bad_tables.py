"""Every kind of bad table is refused, and the message says what, where and how."""

import pandas as pd
import pytest

from bayesmeta.errors import StudiesError
from bayesmeta.studies import read_studies

ARMS = "study,n_treatment,mean_treatment,sd_treatment,n_control,mean_control,sd_control"
EVENTS = "study,events_treatment,n_treatment,events_control,n_control"
READY = "study,estimate,standard_error,variance,ci_lower,ci_upper,n,duration_weeks"

# The cell that is bad, in the second row of a table, and what the message says of it.
BAD_CELLS = {
    "sd of zero": (ARMS, "Umea,110,21,0,183,31,27", "sd_treatment: 0 is not a standard"),
    "sd below zero": (ARMS, "Umea,110,21,16,183,31,-2", "sd_control: -2 is not a standard"),
    "one in an arm": (ARMS, "Umea,1,21,16,183,31,27", "n_treatment: 1 is too few"),
    "nobody in an arm": (ARMS, "Umea,0,21,16,183,31,27", "n_treatment: 0 is not a number of"),
    "half a patient": (ARMS, "Umea,110,21,16,18.5,31,27", "n_control: 18.5 is not a number"),
    "infinite mean": (ARMS, "Umea,110,inf,16,183,31,27", "mean_treatment: inf is not finite"),
    "minus infinity": (ARMS, "Umea,110,21,16,183,-Inf,27", "mean_control: -Inf is not fin"),
    "overflow": (ARMS, "Umea,110,1e999,16,183,31,27", "mean_treatment: 1e999 is not finite"),
    "a word": (ARMS, "Umea,110,21,sixteen,183,31,27", "sd_treatment: 'sixteen' is not a num"),
    "a range of n": (READY, "Umea,-1,1,,,,40-60,4", "n: '40-60' is not a number"),
    "weeks in words": (READY, "Umea,-1,1,,,,,four", "duration_weeks: 'four' is not a number"),
    "a comma": (
        ARMS,
        'Umea,110,"21,5",16,183,31,27',
        "mean_treatment: '21,5' is not a number; write 21.5",
    ),
    "python's number": (ARMS, "Umea,1_10,21,16,183,31,27", "n_treatment: '1_10' is not a num"),
    "negative weeks": (READY, "Umea,-1,1,,,,,-4", "duration_weeks: -4 is not a duration"),
    "more events than people": (EVENTS, "Umea,12,10,1,10", "events_treatment: 12 events among 10"),
    "negative events": (EVENTS, "Umea,1,10,-1,10", "events_control: -1 is not a number of ev"),
    "half an event": (EVENTS, "Umea,1.5,10,1,10", "events_treatment: 1.5 is not a number of"),
    "error of zero": (READY, "Umea,-1,0,,,,,", "standard_error: 0 is not a standard error"),
    "negative error": (READY, "Umea,-1,-2,,,,,", "standard_error: -2 is not a standard error"),
    "negative variance": (READY, "Umea,-1,,-21.28,,,,", "variance: -21.28 is not a variance"),
    "crossed limits": (READY, "Umea,-1,,,3,2,,", "ci_lower: 3 is not below ci_upper, 2"),
    "limits of one": (READY, "Umea,-1,,,2,2,,", "ci_lower: 2 is not below ci_upper, 2"),
    "no participants": (READY, "Umea,-1,1,,,,0,", "n: 0 is not a number of participants"),
}
GOOD = {
    ARMS: "Edinburgh,155,55,47,156,75,64",
    EVENTS: "Edinburgh,1,10,2,10",
    READY: "Edinburgh,-20,6.4,,,,,",
}


@pytest.mark.parametrize("kind", BAD_CELLS)
def test_a_bad_cell_is_named(kind, file):
    """The message has the file, the line, the study, the column and the value."""
    header, row, complaint = BAD_CELLS[kind]
    path = file(f"{header}\n{GOOD[header]}\n{row}\n")

    with pytest.raises(StudiesError) as caught:
        read_studies(path)

    assert str(caught.value).startswith(f"{path}, line 3, study 'Umea', column ")
    assert f", column {complaint}" in str(caught.value)


@pytest.mark.parametrize("kind", BAD_CELLS)
def test_a_bad_cell_of_a_frame_is_named(kind):
    """A frame is checked as a file is; its rows count from 1."""
    header, row, complaint = BAD_CELLS[kind]
    cells = [GOOD[header].split(","), row.replace('"21,5"', "21@5").split(",")]
    frame = pd.DataFrame(cells, columns=header.split(",")).replace("21@5", "21,5")

    with pytest.raises(StudiesError) as caught:
        read_studies(frame)

    assert str(caught.value).startswith("DataFrame, row 2, study 'Umea', column ")
    assert f", column {complaint}" in str(caught.value)


# Files that are no table of studies, and what the message says.
BAD_FILES = {
    "empty": ("", "the file is empty"),
    "blank": ("\n \n", "the file is empty"),
    "byte order mark alone": (b"\xef\xbb\xbf\n", "the file is empty"),
    "quotes alone": ('"",""\n', "the file is empty"),
    "commas alone": (",,,\n,,,\n", "the file is empty"),
    "header only": (ARMS + "\n", "no studies"),
    "header and empty cells": (ARMS + "\n,,,,,,\n", "no studies"),
    "binary": (b"PK\x03\x04\x14\x00\xff\xfe\x00", "not a text file"),
    "zero bytes": (b"study,estimate\nA\x00,1\n", "not a text file"),
    "no encoding we know": (b"study,estimate\nUme\x81,1\n", "not a text file in UTF-8"),
    "half of UTF-16": ("study,estimate\nA,1\n".encode("utf-16")[:-1], "not a text file in UTF-8"),
    "too many cells": (ARMS + "\nUmea,110,21,16,183,31,27,5\n", "line 2 has 8 cells"),
    "too few cells": (ARMS + "\nUmea,110,21,16,183,31\n", "line 2 has 6 cells"),
    "open quote": ('study,estimate\n"Umea,1\n', "line 2: not a row of a CSV table"),
    "no study column": ("ward,estimate\n7,1\n", "no column 'study'"),
    "repeated column": ("study,estimate,estimate\nUmea,1,2\n", "column 'estimate' stands twice"),
    "two names of one thing": (
        "study,yi,estimate\nUmea,1,2\n",
        "'yi', 'estimate' both mean estimate",
    ),
    "nameless study": ("study,estimate\n ,1\n", "line 2, column study: the cell is empty"),
    "nameless outcome": (
        "study,outcome\nA,BDNF\nB,\n",
        "study 'B', column outcome: the cell is empty",
    ),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_that_is_no_table_is_refused(kind, file):
    """The message names the file and says what is wrong with it."""
    content, complaint = BAD_FILES[kind]
    path = file(content)

    with pytest.raises(StudiesError) as caught:
        read_studies(path)

    assert str(caught.value).startswith(str(path))
    assert complaint in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    """A path that leads nowhere is in the message."""
    with pytest.raises(StudiesError, match=r"absent\.csv: cannot be read \(No such file"):
        read_studies(tmp_path / "absent.csv")


def test_a_folder_is_not_a_table(tmp_path):
    """A folder in place of a file is refused as such."""
    with pytest.raises(StudiesError, match=r"cannot be read \(Is a directory"):
        read_studies(tmp_path)


@pytest.mark.parametrize("thing", [None, 3, [{"study": "A"}]])
def test_anything_but_a_path_or_a_frame_is_refused(thing):
    """What is no table is called by its type."""
    with pytest.raises(StudiesError, match=f"not a {type(thing).__name__}"):
        read_studies(thing)


def test_an_empty_frame_has_no_studies():
    """A frame without rows is refused."""
    with pytest.raises(StudiesError, match="no studies"):
        read_studies(pd.DataFrame({"study": [], "estimate": []}))


def test_a_study_may_stand_in_several_rows_of_a_table(file):
    """Reading takes dependent rows; what pools independent estimates refuses them."""
    path = file("study,estimate\nGuckin 1992,0.42\nDay 1994,0\nGuckin 1992 ,0.6\n")

    assert read_studies(path)["study"].tolist() == ["Guckin 1992", "Day 1994", "Guckin 1992"]


def test_all_problems_stand_in_one_message_in_file_order(file):
    """Four bad cells give four lines, sorted by line of the file."""
    path = file(f"{ARMS}\nA,1,2,3,4,5,6\nB,0,x,-1,4,5,6\nC,9,2,3,4,5,6\n")

    with pytest.raises(StudiesError) as caught:
        read_studies(path)

    lines = str(caught.value).splitlines()
    assert [line.split(", ")[1] for line in lines] == ["line 2"] + ["line 3"] * 3


def test_at_most_twenty_problems_are_printed(file):
    """The rest are counted."""
    path = file("study,standard_error\n" + "".join(f"S{row},0\n" for row in range(50)))

    with pytest.raises(StudiesError) as caught:
        read_studies(path)

    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "... and 30 more"


def test_all_ragged_rows_are_named(file):
    """Every row of the wrong length is in the message."""
    with pytest.raises(StudiesError, match="line 2 has 1 cells; line 4 has 3 cells"):
        read_studies(file("study,estimate\nA\nB,1\nC,1,2\n"))


def test_a_column_chosen_by_hand_must_exist(file):
    """A misspelt choice lists what there is."""
    with pytest.raises(StudiesError, match="no column 'autor'; it has: author, year"):
        read_studies(file("author,year\nDay,1994\n"), columns={"study": "autor"})


def test_one_column_has_one_name(file):
    """One column cannot be chosen for two things."""
    with pytest.raises(StudiesError, match="column 'author' is given two names"):
        read_studies(file("author\nDay\n"), columns={"study": "author", "label": "author"})


def test_the_lack_of_study_names_shows_how_to_choose_them(file):
    """The message lists the columns and the call that would do."""
    with pytest.raises(StudiesError) as caught:
        read_studies(file("id,town,yi,vi,ward\n1,Umea,0,1,C\n"))

    assert "it has: id, town, yi, vi, ward" in str(caught.value)
    assert 'columns={"study": "town"} or columns={"study": "ward"}' in str(caught.value)
