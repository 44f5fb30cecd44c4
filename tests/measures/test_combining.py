"""Rows of one study taken together are what all their participants would have shown."""

import numpy as np
import pytest

from bayesmeta.errors import StudiesError
from bayesmeta.measures import effect_sizes

SEED = 20


def _described(values):
    return len(values), float(np.mean(values)), float(np.std(values, ddof=1))


@pytest.fixture
def patients():
    """Two groups of patients by arm, each patient's own value."""
    rng = np.random.default_rng(SEED)
    return {
        arm: [rng.normal(centre, 2, size) for centre, size in groups]
        for arm, groups in {"treatment": [(5, 7), (9, 12)], "control": [(6, 8), (4, 5)]}.items()
    }


@pytest.fixture
def rows(patients, table):
    """The table with a row for each group."""
    columns = {"study": ["Ash", "Ash"], "subgroup": ["men", "women"]}
    for arm, groups in patients.items():
        described = zip(*map(_described, groups), strict=True)
        for name, cells in zip(("n", "mean", "sd"), described, strict=True):
            columns[f"{name}_{arm}"] = list(cells)
    return table(**columns)


def test_groups_together_are_the_patients_together(patients, rows):
    """Mean and variance of all patients of an arm, computed from the patients themselves."""
    found = effect_sizes(rows, "MD", combine="subgroups")

    arms = [np.concatenate(patients[arm]) for arm in ("treatment", "control")]
    error = np.sqrt(sum(np.var(arm, ddof=1) / len(arm) for arm in arms))
    assert len(found) == 1
    np.testing.assert_allclose(found.estimate, np.mean(arms[0]) - np.mean(arms[1]), rtol=1e-13)
    np.testing.assert_allclose(found.standard_error, error, rtol=1e-13)


def test_a_large_mean_keeps_the_digits_of_its_deviation(table):
    """Squares of means, as the Handbook prints the formula, would lose them all."""
    far = 1e9
    frame = table(study=["Ash", "Ash"], n1=[2, 2], mean1=[far, far + 2], sd1=[1, 1],
                  n2=[2, 2], mean2=[far, far + 1], sd2=[1, 1])  # fmt: skip

    found = effect_sizes(frame, "MD", combine="subgroups")

    # Variances (1 + 1 + 4) / 3 and (1 + 1 + 1) / 3, each over 4 patients.
    np.testing.assert_allclose(found.standard_error, np.sqrt((2 + 1) / 4), rtol=1e-12)


def test_a_combined_row_says_so(rows):
    """Every number that was made of several, and from which rows."""
    found = effect_sizes(rows, "MD", combine="subgroups")

    made = found.made_of[0]["conversions"]
    assert "n_treatment is the sum over groups" in made
    assert any("sd_control" in one and "6.5.2.10" in one for one in made)
    assert any("(men, women)" in note for note in found.notes)


def test_arms_against_one_control_count_it_once(table):
    """Events of both doses, and the fifty controls."""
    frame = table(study=["Ash", "Ash", "Elm"], dose=["low", "high", "low"],
                  events1=[2, 3, 8], n1=[20, 30, 40], events2=[10, 10, 12],
                  n2=[50, 50, 40])  # fmt: skip

    found = effect_sizes(frame, "OR", combine="arms")

    np.testing.assert_allclose(found.estimate[0], np.log(5 * 40 / (45 * 10)), rtol=1e-14)
    assert found.n.tolist() == [100, 80]
    assert found.studies["dose"].tolist() == ["low + high", "low"]


@pytest.mark.parametrize(("way", "other"), [("subgroups", "arms"), ("arms", "subgroups")])
def test_the_other_way_is_refused_with_the_right_one(way, other, table):
    """A control that is the same would count twice; one that differs is no shared one."""
    control = [50, 50] if way == "subgroups" else [50, 40]
    frame = table(study=["Ash", "Ash"], events1=[2, 3], n1=[20, 30], events2=[10, 10], n2=control)

    with pytest.raises(StudiesError, match=f'combine="{other}"'):
        effect_sizes(frame, "OR", combine=way)


def test_points_of_time_are_not_groups_of_patients(table):
    """The same patients stand in both rows."""
    frame = table(study=["Ash", "Ash"], visit=["early", "late"], events1=[2, 3], n1=[20, 20],
                  events2=[10, 12], n2=[50, 50])  # fmt: skip

    with pytest.raises(StudiesError, match="same patients"):
        effect_sizes(frame, "OR", combine="subgroups")


def test_ready_made_estimates_cannot_be_taken_together(table):
    """Nothing tells how the groups were distributed."""
    frame = table(study=["Ash", "Ash"], yi=[1.0, 2.0], sei=[0.5, 0.5])

    with pytest.raises(StudiesError, match="ready-made estimates alone"):
        effect_sizes(frame, "MD", combine="subgroups")


def test_a_gap_in_one_group_is_a_gap_of_the_whole(table):
    """Nothing is known of all patients where nothing is of some."""
    frame = table(study=["Ash", "Ash", "Elm"], events1=["2", "", "4"], n1=[20, 30, 40],
                  events2=[10, 12, 9], n2=[50, 40, 40])  # fmt: skip

    with pytest.raises(StudiesError, match="'Ash': no events_treatment"):
        effect_sizes(frame, "OR", combine="subgroups")


def test_outcomes_are_not_mixed(table):
    """Groups are taken together within the outcome that is analysed."""
    frame = table(study=["Ash"] * 4, outcome=["pain", "pain", "mood", "mood"],
                  events1=[2, 3, 9, 9], n1=[20, 30, 20, 30], events2=[10, 12, 9, 9],
                  n2=[50, 40, 50, 40])  # fmt: skip

    found = effect_sizes(frame, "OR", outcome="pain", combine="subgroups")

    np.testing.assert_allclose(found.estimate, np.log(5 * 68 / (45 * 22)), rtol=1e-14)
