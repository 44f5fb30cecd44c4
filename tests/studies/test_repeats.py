"""Studies that stand in several rows: read, told apart by labels, refused unless asked for."""

import numpy as np
import pandas as pd
import pytest

from bayesmeta.errors import MeasureError, StudiesError
from bayesmeta.measures import effect_sizes
from bayesmeta.measures.outcomes import units_of
from bayesmeta.measures.register import MEASURES
from bayesmeta.studies import read_studies
from bayesmeta.studies.wording import speaking

ROWS = "author,year,trial,yi,vi\nAsh,1991,3,1,4\nAsh,1995,3,2,4\nElm,1999,7,3,4\n"
OUTCOMES = (
    "study,outcome,unit,yi,vi\nAsh,pain,points,1,4\nAsh,mood,%,2,4\nElm,pain,points,3,4\n"
    "Fir,mood,%,,4\n"
)


def effects(path, **options):
    """Return the effect sizes of rows that may repeat."""
    return effect_sizes(read_studies(path, columns=options.pop("columns", None)), "generic",
                        repeated=True, **options)  # fmt: skip


@pytest.fixture
def rows(file):
    """Return a table in which Ash stands twice."""
    return file(ROWS)


@pytest.fixture
def outcomes(file):
    """Return a table in which Ash has two outcomes."""
    return file(OUTCOMES)


def test_reading_keeps_names_that_repeat(rows):
    """A study may stand in several rows; what to do with them is the model's to say."""
    found = read_studies(rows, columns={"study": "author"})

    assert found["study"].tolist() == ["Ash", "Ash", "Elm"]


def test_rows_that_repeat_are_labelled_with_their_number(rows):
    """Labels are different in every row, and the number is that of the row in the table."""
    found = effects(rows, columns={"study": "author"})

    assert found.labels == ("Ash [1]", "Ash [2]", "Elm [3]")
    assert found.study == ("Ash", "Ash", "Elm")


def test_rows_of_outcomes_are_labelled_with_their_outcome(outcomes):
    """Without an outcome the rows are those of all outcomes."""
    found = effects(outcomes, missing="drop")

    assert found.labels == ("Ash [pain]", "Ash [mood]", "Elm [pain]")
    assert found.dropped[0].study == "Fir [mood]"


def test_rows_keep_their_labels_when_others_go(rows):
    """A row is called the same with and without the other rows of its study."""
    found = effects(rows, columns={"study": "author"})

    assert found.take(np.array([1])).labels == ("Ash [2]",)


def test_names_that_do_not_repeat_are_the_labels(rows):
    """Nothing is put behind a name that stands once."""
    assert effects(rows).labels == ("Ash 1991", "Ash 1995", "Elm 1999")


def test_groups_are_those_of_a_column_of_the_file(rows):
    """Under the table's own name, of words or whole numbers, also one that was set aside."""
    table = read_studies(rows)

    assert [table.groups(name) for name in ("author", "trial", "study")] == [
        ("Ash", "Ash", "Elm"), ("3", "3", "7"), ("Ash 1991", "Ash 1995", "Elm 1999"),
    ]  # fmt: skip


def test_a_column_set_aside_for_the_study_still_groups(file):
    """Clusters may be called study where the label is that of two columns."""
    table = read_studies(file(ROWS.replace("author", "study")), columns={"study": "study, year"})

    assert table.groups("study") == ("Ash", "Ash", "Elm")


def test_groups_need_a_cell_in_every_row(file):
    """Each row without its group is named."""
    table = read_studies(file("study,trial,yi,vi\nAsh,3,1,4\nElm,,2,4\n"))

    with pytest.raises(StudiesError, match="line 3, study 'Elm': column trial is empty"):
        table.groups("trial")


def test_groups_of_no_column_are_refused_with_the_columns(rows):
    """The message lists the columns under both names."""
    with pytest.raises(StudiesError, match=r"no column 'district'; it has: .*trial.*author"):
        read_studies(rows).groups("district")


def test_some_outcomes_may_be_named(outcomes):
    """In a sequence; one of them alone is the analysis of that outcome."""
    both, one = effects(outcomes, outcome=["mood", "pain"], missing="drop"), effects(
        outcomes, outcome="pain")  # fmt: skip

    assert (both.labels[:2], one.labels, one.outcome) == (
        ("Ash [pain]", "Ash [mood]"), ("Ash", "Elm"), "pain",
    )  # fmt: skip


def test_several_outcomes_have_a_unit_each(outcomes):
    """None is that of all rows; each outcome's is told."""
    table = read_studies(outcomes)

    assert effects(outcomes, missing="drop").unit == ""
    assert units_of(table, MEASURES["generic"]) == {"pain": "points", "mood": "%"}


def test_several_outcomes_are_not_one_analysis(outcomes):
    """Where studies may not repeat, outcomes are analysed one at a time."""
    with pytest.raises(MeasureError, match="one is analysed at a time"):
        effect_sizes(read_studies(outcomes), "generic", outcome=["pain", "mood"])


@pytest.mark.parametrize(
    "offer", ['--study "author, year"', "--model nested --cluster author",
              "--model correlated --trial author"]
)  # fmt: skip
def test_repeats_are_refused_with_every_choice(offer, rows):
    """A label of two columns, or a model of rows that depend on each other."""
    table = read_studies(rows, columns={"study": "author"})

    with speaking("command line"), pytest.raises(StudiesError) as caught:
        effect_sizes(table, "generic")

    assert offer in str(caught.value)
    assert "rename" not in str(caught.value)


def test_several_outcomes_offer_one_or_a_model_of_all(outcomes):
    """Each outcome by name, and the model that takes them together."""
    with speaking("command line"), pytest.raises(StudiesError) as caught:
        effect_sizes(read_studies(outcomes), "generic")

    assert "--outcome pain or --outcome mood" in str(caught.value)
    assert "--model several-outcomes" in str(caught.value)


def test_a_frame_may_repeat_studies_too():
    """Numbers of rows are those of the frame."""
    frame = pd.DataFrame({"study": ["Ash", "Ash"], "yi": [1.0, 2.0], "vi": [1.0, 1.0]})

    assert effects(frame).labels == ("Ash [1]", "Ash [2]")


ARMS = "study,arm,time,n,mean,sd\n"
TOLD_APART = {
    "--treated drug": ["drug,late", "leaf,late", "sham,late"],
    "--column outcome=time --outcome early": [
        "drug,early", "sham,early", "drug,late", "sham,late",
    ],
}  # fmt: skip


@pytest.mark.parametrize("offer", TOLD_APART)
def test_arms_that_repeat_a_study_offer_what_tells_them_apart(offer, file):
    """One of several treated arms; or one time, where the arms are the same."""
    rows = "".join(f"Ash,{row},9,{place},3\n" for place, row in enumerate(TOLD_APART[offer]))
    table = read_studies(file(ARMS + rows), arm="arm=sham")

    with speaking("command line"), pytest.raises(StudiesError) as caught:
        effect_sizes(table, "MD")

    assert offer in str(caught.value)
