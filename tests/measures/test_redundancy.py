"""Columns that say the same twice are held against each other, and rows use what they have."""

import pytest

from bayesmeta.errors import StudiesError
from bayesmeta.measures import effect_sizes

ARMS = {
    "n_treatment": [20, 30], "mean_treatment": [10, 11], "sd_treatment": [4, 3],
    "n_control": [25, 30], "mean_control": [12, 13], "sd_control": [5, 6],
}  # fmt: skip
# Pairs of columns beside estimate 1: what stands in them, and whether they agree.
PAIRS = {
    "root of a rounded variance": ({"standard_error": [0.2366], "variance": [0.06]}, True),
    "variance of a rounded root": ({"standard_error": [0.24], "variance": [0.0561]}, True),
    "variance as error": ({"standard_error": [0.25], "variance": [0.25]}, False),
    "half a digit too far": ({"standard_error": [0.2366], "variance": [0.07]}, False),
    "95 % interval": ({"standard_error": [0.5], "ci_lower": [0.02], "ci_upper": [1.98]}, True),
    "interval by t": ({"standard_error": [0.5], "ci_lower": [-0.2], "ci_upper": [2.2]}, True),
    "SD as error": ({"standard_error": [3.0], "ci_lower": [0.02], "ci_upper": [1.98]}, False),
    "interval of another": ({"standard_error": [0.5], "ci_lower": [2.0], "ci_upper": [4.0]}, False),
    "limits beside a variance": ({"variance": [0.25], "ci_lower": [0.9], "ci_upper": [1.1]}, False),
}


@pytest.mark.parametrize("kind", PAIRS)
def test_a_standard_error_is_held_against_what_stands_beside_it(kind, table):
    """Rounding and intervals by t are allowed; a contradiction names both columns."""
    columns, agree = PAIRS[kind]
    studies = table(estimate=[1.0], **columns)

    if agree:
        assert len(effect_sizes(studies, "generic")) == 1
        return
    with pytest.raises(StudiesError, match="study 'Study 1'") as caught:
        effect_sizes(studies, "generic")
    assert "Leave one out: columns={" in str(caught.value)


def test_arms_against_an_estimate_of_the_other_sign_are_refused(table):
    """Treatment minus control is -2; a column that says 2 has the other direction."""
    studies = table(**ARMS, estimate=[2.0, 2.0], standard_error=[1.0, 1.0])

    with pytest.raises(StudiesError, match="and the column estimate 2"):
        effect_sizes(studies, "MD")


def test_a_ratio_beside_arms_has_the_sign_of_its_logarithm(table):
    """An odds ratio of 0.4 beside arms that favour treatment is no contradiction."""
    arms = {"events_treatment": [5], "n_treatment": [50], "events_control": [10], "n_control": [50]}

    assert len(effect_sizes(table(**arms, estimate=[0.4], standard_error=[0.5]), "OR")) == 1
    with pytest.raises(StudiesError, match="the column estimate 4"):
        effect_sizes(table(**arms, estimate=[4.0], standard_error=[0.5]), "OR")


def test_a_row_without_arms_uses_its_estimate(table):
    """Each row uses what it has, and the note says which."""
    gaps = {name: [column[0], None] for name, column in ARMS.items()}
    studies = table(**gaps, estimate=[None, -1.5], standard_error=[None, 0.75])

    found = effect_sizes(studies, "MD")

    assert found.estimate.tolist() == [-2, -1.5]
    assert found.standard_error.tolist() == pytest.approx([1.8**0.5, 0.75])
    assert any(note.startswith("Without whole arms") and "Study 2" in note for note in found.notes)


def test_a_row_with_neither_is_named_with_what_its_arms_lack(table):
    """A gap is a gap only where the row has no estimate either."""
    gaps = ARMS | {"sd_control": [5, None]}
    studies = table(**gaps, estimate=[-2.0, None], standard_error=[1.0, None])

    with pytest.raises(StudiesError, match="study 'Study 2': no sd_control"):
        effect_sizes(studies, "MD")


def test_an_n_that_is_not_the_sum_of_arms_is_noted(table):
    """The arms count."""
    found = effect_sizes(table(**ARMS, n=[45, 61]), "MD")

    assert found.n.tolist() == [45, 60]
    assert any("n is not n_treatment + n_control" in note and "Study 2" in note
               for note in found.notes)  # fmt: skip


def test_dependent_rows_are_refused_and_never_renamed(table):
    """The choices are a label of two columns for different studies, or one value of a column."""
    studies = table(
        study=["Elm", "Elm"], year=[1991, 1995], visit=["early", "late"], estimate=[1.0, 2.0],
        standard_error=[1.0, 1.0],
    )  # fmt: skip

    with pytest.raises(StudiesError, match="stands again on row 2") as caught:
        effect_sizes(studies, "generic")

    assert 'columns={"study": "study, year"}' in str(caught.value)
    assert 'columns={"outcome": "visit"}, outcome="early"' in str(caught.value)
    assert "'Elm a'" not in str(caught.value)


def test_a_dropped_row_may_be_the_repetition(table):
    """What is left is one row a study."""
    studies = table(study=["Elm", "Elm"], estimate=[1.0, None], standard_error=[1.0, 1.0])

    assert len(effect_sizes(studies, "generic", missing="drop")) == 1
