"""What `effect_sizes` does with a table: outcomes, units, gaps, ready-made estimates."""

import numpy as np
import pytest

from bayesmeta.errors import MeasureError, StudiesError
from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies

ARMS = {
    "study": ["Edinburgh", "Umea"], "n_treatment": [155, 110], "mean_treatment": [55, 21],
    "sd_treatment": [47, 16], "n_control": [156, 183], "mean_control": [75, 31],
    "sd_control": [64, 27],
}  # fmt: skip
READY = {"study": ["Edinburgh", "Umea"], "estimate": [-20.0, -10.0], "standard_error": [6.4, 2.5]}
BINARY = {
    "study": ["Yoon", "Brewin"], "events_treatment": [5, 0], "n_treatment": [28, 12],
    "events_control": [4, 16], "n_control": [28, 33],
}  # fmt: skip


def test_an_unknown_measure_is_refused_with_the_known_ones(table):
    """A misspelt code lists what there is."""
    with pytest.raises(MeasureError, match=r"Unknown measure 'DM'; known: MD, SMD, .*generic"):
        effect_sizes(table(**ARMS), "DM")


@pytest.mark.parametrize(("option", "value"), [("missing", "ignore"), ("variance", "huge")])
def test_an_unknown_choice_is_refused_with_the_known_ones(option, value, table):
    """A misspelt option lists what there is."""
    with pytest.raises(MeasureError, match=f"Unknown {option}={value!r}.*known: "):
        effect_sizes(table(**ARMS), "MD", **{option: value})


def test_a_pooled_variance_is_for_mean_differences(table):
    """A variance that a measure does not have is refused, not ignored."""
    with pytest.raises(MeasureError, match="variance='pooled' of ROM; known: unpooled"):
        effect_sizes(table(**ARMS), "ROM", variance="pooled")


def test_a_table_without_the_columns_says_which_are_needed_and_there(table):
    """Neither arms nor ready-made estimates: both lists are in the message."""
    with pytest.raises(MeasureError) as caught:
        effect_sizes(table(**ARMS), "OR")

    for word in ("events_treatment", "ci_upper", "mean_treatment", "DataFrame"):
        assert word in str(caught.value)


def test_one_absent_column_is_named(table):
    """Five of six arm columns: the sixth is named."""
    five = {name: column for name, column in ARMS.items() if name != "sd_control"}

    with pytest.raises(MeasureError, match="no column sd_control; MD needs"):
        effect_sizes(table(**five), "MD")


def test_missing_cells_are_all_named(table):
    """Every study with a gap, and every column of it, in one message that says what would do."""
    gaps = ARMS | {"sd_control": [None, 27], "mean_treatment": [None, None]}

    with pytest.raises(StudiesError) as caught:
        effect_sizes(table(**gaps), "MD")

    lines = str(caught.value).splitlines()
    assert lines[0] == "DataFrame, row 1, study 'Edinburgh': no mean_treatment, sd_control."
    assert lines[1] == "DataFrame, row 2, study 'Umea': no mean_treatment."
    assert 'missing="drop"' in lines[2]


def test_dropped_rows_are_listed_with_the_reason(table):
    """missing="drop" leaves rows out and says which and why; the others keep their order."""
    gaps = {name: [*column, *column[:1]] for name, column in ARMS.items()}
    gaps |= {"study": ["A", "B", "C"], "sd_control": [64, None, 64]}

    found = effect_sizes(table(**gaps), "MD", missing="drop")

    assert found.labels == ("A", "C")
    assert found.dropped == (("B", "no sd_control"),)
    assert found.n.tolist() == [311, 311]


def test_dropping_everything_is_refused(table):
    """No study left is an error, not an empty analysis."""
    with pytest.raises(StudiesError, match="no study is left"):
        effect_sizes(table(**(ARMS | {"sd_control": [None, None]})), "MD", missing="drop")


def test_arms_win_over_ready_made_estimates(table):
    """Both in one table: the arms are used, and a note says so."""
    found = effect_sizes(table(**(ARMS | {"estimate": [0.0, 0.0], "variance": [1.0, 1.0]})), "MD")

    assert found.estimate.tolist() == [-20, -10]
    assert "the arms are used" in " ".join(found.notes)


def test_empty_arm_columns_do_not_hide_ready_made_estimates(table):
    """RevMan's export has every column, mostly empty: the filled ones count."""
    empty = {name: [None, None] for name in ARMS if name != "study"}

    found = effect_sizes(table(**(READY | empty)), "MD")

    assert found.estimate.tolist() == [-20, -10]


@pytest.mark.parametrize("measure", ["generic", "MD", "SMD", "OR"])
def test_ready_made_estimates_serve_any_measure(measure, table):
    """Estimates and standard errors pass unchanged, whatever they are called."""
    found = effect_sizes(table(**READY), measure)

    assert found.measure == measure
    assert found.estimate.tolist() == [-20, -10]
    assert found.standard_error.tolist() == [6.4, 2.5]
    assert found.n is None


def test_a_row_uses_what_it_has_of_error_variance_and_interval(table):
    """Standard error first, then variance, then interval, row by row; a note names the rows."""
    found = effect_sizes(
        table(estimate=[1.0, 1.0, 1.0], standard_error=[0.5, None, None],
              variance=[0.25, 0.25, None], ci_lower=[0, 0, 1 - 1.959963984540054],
              ci_upper=[2, 2, 1 + 1.959963984540054]),
        "generic",
    )  # fmt: skip

    np.testing.assert_allclose(found.standard_error, [0.5, 0.5, 1.0], rtol=1e-14)
    assert "The standard error is the root of the variance: Study 2." in found.notes
    note = "The standard error comes from ci_lower and ci_upper (95 %, normal): Study 3."
    assert note in found.notes


def test_an_estimate_outside_its_interval_is_refused(table):
    """A log odds ratio beside limits of an odds ratio is the commonest slip."""
    with pytest.raises(StudiesError, match=r"study 'Yoon'.*outside its confidence interval"):
        effect_sizes(table(study=["Yoon"], estimate=[-0.7], ci_lower=[0.2], ci_upper=[1.2]), "OR")


def test_a_lopsided_interval_is_noted(table):
    """An interval that fits neither scale, of a measure without scales: look at it."""
    found = effect_sizes(
        table(study=["Yoon"], estimate=[2.0], ci_lower=[0.8], ci_upper=[5.0]), "MD"
    )

    assert any("middle of its interval" in note for note in found.notes)


def test_means_of_opposite_sign_have_no_ratio(table):
    """ROM refuses such rows by name, and those with a mean of zero."""
    with pytest.raises(StudiesError) as caught:
        effect_sizes(table(**(ARMS | {"mean_control": [-75, 0]})), "ROM")

    assert "study 'Edinburgh'" in str(caught.value)
    assert "study 'Umea'" in str(caught.value)


def test_negative_means_have_a_ratio(table):
    """Two negative means have a ratio as two positive ones do."""
    negative = ARMS | {"mean_treatment": [-55, -21], "mean_control": [-75, -31]}

    found = effect_sizes(table(**negative), "ROM").estimate

    np.testing.assert_array_equal(found, effect_sizes(table(**ARMS), "ROM").estimate)


def test_zero_cells_are_noted_by_study(table):
    """The rule for zero cells names the studies it was used for, and only those."""
    notes = effect_sizes(table(**BINARY), "OR").notes

    assert notes == ("1/2 is added to all four cells, because one is zero: Brewin.",)


def test_tables_without_events_are_kept_and_noted(table):
    """Double-zero tables stay in, and a note says so."""
    found = effect_sizes(table(**(BINARY | {"events_control": [4, 0]})), "RD")

    assert len(found) == 2
    assert any(note.startswith("No events in either arm; kept") for note in found.notes)


def test_events_and_non_events_outrank_another_n(table):
    """Garret had means of 119 and counts of 100: the odds ratio is that of the counts."""
    garret = {"study": ["Garret"], "n_trt": [119], "n_ctl": [100], "event_trt": [58],
              "noevent_trt": [42], "event_ctl": [57], "noevent_ctl": [33]}  # fmt: skip
    found = effect_sizes(table(**garret), "OR")

    assert found.estimate == pytest.approx(np.log(58 * 33 / (42 * 57)))
    assert found.n.tolist() == [190]
    assert any("n_treatment is events + non-events" in note for note in found.notes)


def test_an_estimate_that_overflows_is_refused(table):
    """What cannot be computed is an error with the study, the columns and the values, not inf."""
    huge = ARMS | {"mean_treatment": [1.7e308, 21], "mean_control": [-1.7e308, 31]}

    with pytest.raises(
        StudiesError, match=r"study 'Edinburgh': MD is inf .*mean_treatment 1.7e\+308.*\nMend"
    ):
        effect_sizes(table(**huge), "MD")


def test_a_standard_error_whose_square_overflows_is_computed(table):
    """An SD of 1e200 among 155 participants has the error 1e200 / sqrt(155)."""
    huge = ARMS | {"sd_treatment": [1e200, 16]}

    found = effect_sizes(table(**huge), "MD").standard_error[0]
    assert found == pytest.approx(1e200 / np.sqrt(155), rel=1e-15)


def test_one_study_is_enough(table):
    """A table of one row gives one effect."""
    assert (
        len(effect_sizes(table(study=["A"], estimate=[1.0], standard_error=[1.0]), "generic")) == 1
    )


OUTCOMES = {name: column * 2 for name, column in READY.items()} | {
    "outcome": ["TNF-alpha", "TNF-alpha", "BDNF", "BDNF"],
    "unit": ["pg/mL", "pg/mL", "ng/mL", "ng/mL"],
}


def test_several_outcomes_must_be_chosen_from(table):
    """Without a choice the outcomes are listed."""
    with pytest.raises(StudiesError, match="choose one outcome; the table has: TNF-alpha, BDNF"):
        effect_sizes(table(**OUTCOMES), "MD")


def test_an_unknown_outcome_is_refused_with_the_known_ones(table):
    """A misspelt outcome lists what there is."""
    with pytest.raises(StudiesError, match="no outcome 'IL6'; the table has: TNF-alpha, BDNF"):
        effect_sizes(table(**OUTCOMES), "MD", outcome="IL6")


def test_an_outcome_needs_a_column(table):
    """An outcome asked of a table without the column is refused."""
    with pytest.raises(StudiesError, match="no column 'outcome'"):
        effect_sizes(table(**READY), "MD", outcome="BDNF")


def test_a_chosen_outcome_has_its_rows_and_unit(table):
    """Rows, unit and name are those of the outcome."""
    found = effect_sizes(table(**OUTCOMES), "MD", outcome="BDNF")

    assert (len(found), found.unit, found.outcome) == (2, "ng/mL", "BDNF")


def test_a_single_outcome_needs_no_choice(table):
    """One outcome in the column is the outcome."""
    assert effect_sizes(table(**(READY | {"outcome": ["BDNF"] * 2})), "MD").outcome == "BDNF"


def test_mixed_units_are_refused_by_row(table):
    """A row in another unit than the rest is named."""
    mixed = {"study": ["A", "B", "C"], "estimate": [1.0] * 3, "standard_error": [1.0] * 3,
             "unit": ["pg/mL", "ng/mL", "pg/mL"]}  # fmt: skip

    with pytest.raises(StudiesError, match=r"row 2, study 'B': 'ng/mL'"):
        effect_sizes(table(**mixed), "MD")


@pytest.mark.parametrize(
    ("measure", "unit", "expected"),
    [("MD", None, "days"), ("MD", "nights", "nights"), ("SMD", None, "standard deviations"),
     ("ROM", None, "log ratio of means"), ("generic", None, "days")],
)  # fmt: skip
def test_units_are_those_of_the_measure_or_the_outcome(measure, unit, expected, table):
    """What is said wins, then the measure's own unit, then the column ``unit``."""
    columns = (READY if measure == "generic" else ARMS) | {"unit": ["days", "days"]}

    assert effect_sizes(table(**columns), measure, unit=unit).unit == expected


def test_participants_with_gaps_are_not_used(table):
    """One study without n: there is no n, and a note names it."""
    found = effect_sizes(table(**(READY | {"n": [311, None]})), "MD")

    assert found.n is None
    assert any("some lack it: Umea" in note for note in found.notes)


def test_participants_come_from_arms_or_from_n(table):
    """n_treatment + n_control where both are there, the column n otherwise."""
    found = effect_sizes(
        table(**(READY | {"n_treatment": [155, None], "n_control": [156, 183], "n": [1, 293]})),
        "MD",
    )

    assert found.n.tolist() == [311, 293]


def test_effects_cannot_be_changed(normand):
    """What travels between rooms is frozen."""
    effects = effect_sizes(normand, "MD")

    with pytest.raises(ValueError, match="read-only"):
        effects.estimate[0] = 0


def test_a_path_gives_what_a_frame_gives(tmp_path, table):
    """CSV or frame: the same effects."""
    lines = [",".join(ARMS), *(",".join(map(str, row)) for row in zip(*ARMS.values(), strict=True))]
    path = tmp_path / "stays.csv"
    path.write_text("\n".join(lines), encoding="utf-8")

    found = effect_sizes(read_studies(path), "MD").estimate

    np.testing.assert_array_equal(found, effect_sizes(table(**ARMS), "MD").estimate)


def test_a_pooled_variance_does_not_touch_ready_made_errors(table):
    """Where the table has standard errors, variance="pooled" changes nothing and a note says so."""
    found = effect_sizes(table(**READY), "MD", variance="pooled")

    assert found.standard_error.tolist() == [6.4, 2.5]
    assert any("variance='pooled' is for arms" in note for note in found.notes)
