"""Warnings, each with its number, and the figures' marks."""

import numpy as np
import pytest

from bayesmeta.duration_response import duration
from bayesmeta.duration_response.cautions import ECOLOGICAL
from bayesmeta.plots.bubble import plot_bubble
from bayesmeta.plots.duration_effects import plot_duration_effects
from bayesmeta.plots.duration_shapes import plot_duration_shapes

FEW = ("constant", "linear")


def test_few_studies_and_few_durations_are_counted(effects_of, priors):
    """Six studies at three durations: both numbers are in the warnings."""
    effects = effects_of([2, 2, 4, 4, 8, 8.0], np.arange(6) / 10, np.full(6, 0.2))
    warnings = " ".join(duration(effects, shapes=FEW, priors=priors).warnings)

    assert "Only 6 studies" in warnings
    assert "Only 3 distinct durations" in warnings


def test_the_ecological_caution_always_stands(twelve, priors):
    """Whatever the data, nothing is claimed of patients."""
    assert duration(twelve(), shapes=FEW, priors=priors).warnings[-1] == ECOLOGICAL


def test_a_study_that_carries_the_slope_is_named(effects_of, priors):
    """One long study with a huge effect: its name and its shift are told."""
    weeks = [2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 6, 40.0]
    estimate = [0.1, -0.1, 0.0, 0.1, -0.1, 0.0, 0.1, -0.1, 0.0, 0.1, -0.1, -3.0]
    found = duration(effects_of(weeks, estimate, np.full(12, 0.2)), shapes=FEW, priors=priors)
    carried = found.leave_one_out.set_index("study")["shift"]

    assert carried.abs().idxmax() == "Study 12"
    assert any("Without Study 12" in sentence for sentence in found.warnings)


def test_nine_studies_are_few_and_ten_are_not(effects_of, priors):
    """Nine are counted in a warning, as fewer than ten; of three durations likewise, four not."""
    weeks = np.resize([2.0, 4.0, 6.0, 8.0], 10)
    said = [
        " ".join(duration(effects_of(weeks[:size], np.arange(size) / 10, np.full(size, 0.2)),
                          shapes=FEW, priors=priors).warnings)
        for size in (9, 10)
    ]  # fmt: skip

    assert "Only 9 studies" in said[0]
    assert "Only" not in said[1]


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_study_that_carries_the_slope_is_named_whichever_way_it_pulls(sign, effects_of, priors):
    """The shift's size counts, not its sign; the number told is its size."""
    weeks = [2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 6, 40.0]
    estimate = sign * np.array([0.1, -0.1, 0, 0.1, -0.1, 0, 0.1, -0.1, 0, 0.1, -0.1, -3.0])
    found = duration(effects_of(weeks, estimate, np.full(12, 0.2)), shapes=FEW, priors=priors)
    shift = found.leave_one_out.set_index("study")["shift"]["Study 12"]

    assert shift * sign > 0.5
    assert any(f"{abs(shift):.2f} posterior SDs" in sentence for sentence in found.warnings)


@pytest.mark.parametrize("slope", [-5.0, 5.0])
def test_a_dose_that_falls_with_the_weeks_is_as_confounded_as_one_that_rises(slope, twelve, priors):
    """Correlations of -1 and 1 are both warned of."""
    weeks = np.array([2, 2, 3, 4, 4, 6, 6, 8, 8, 10, 12, 12], dtype=float)
    found = duration(twelve(dose=100 + slope * weeks), shapes=FEW, priors=priors)

    assert found.associations[0].value == pytest.approx(np.sign(slope))
    assert any("goes with dose" in sentence for sentence in found.warnings)


def test_a_change_to_a_week_beyond_the_observed_is_extrapolation(twelve, priors):
    """Not only predictions leave the observed weeks."""
    found = duration(twelve(), shapes=FEW, priors=priors, weeks=[4], changes=[(2, 30)])

    assert any("Extrapolation: 30" in sentence for sentence in found.warnings)


def test_confounding_with_design_and_dose_is_measured(twelve, priors):
    """Eta for words and r for numbers, as by hand."""
    weeks = np.array([2, 2, 3, 4, 4, 6, 6, 8, 8, 10, 12, 12], dtype=float)
    effects = twelve(design=["RCT"] * 6 + ["cohort"] * 6, dose_total=weeks * 5)
    found = duration(effects, shapes=FEW, priors=priors)
    by_name = {item.column: item for item in found.associations}

    groups = [weeks[:6], weeks[6:]]
    between = sum(6 * (group.mean() - weeks.mean()) ** 2 for group in groups)
    expected = np.sqrt(between / ((weeks - weeks.mean()) ** 2).sum())
    assert by_name["design"].value == pytest.approx(expected)
    assert by_name["dose_total"].value == pytest.approx(1.0)
    assert sum("goes with" in sentence for sentence in found.warnings) == 2


def test_extrapolation_is_flagged_and_shaded(twelve, priors):
    """Weeks beyond the observed are marked in the table, warned of, and shaded in the figure."""
    found = duration(twelve(), shapes=FEW, priors=priors, weeks=[4, 20])
    figure = plot_bubble(found)
    marks = [mark.get_gid() for mark in figure.axes[0].get_children()]

    assert found.predictions["extrapolates"].tolist() == [False, True]
    assert any("Extrapolation: 20" in sentence for sentence in found.warnings)
    assert "not observed" in marks
    assert marks.count("study") == 12


def test_a_bubbles_area_is_its_weight(effects_of, priors):
    """Areas, diameters squared, are to each other as the weights; the largest is the heaviest."""
    error = np.array([0.3, 0.3, 0.35, 0.4, 0.45, 0.5])
    effects = effects_of([2, 3, 4, 6, 8, 12.0], np.arange(6) / 10, error)
    found = duration(effects, shapes=FEW, priors=priors | {"tau": "HalfNormal(sigma=0.01)"})
    bubbles = [line for line in plot_bubble(found).axes[0].lines if line.get_gid() == "study"]
    area = np.array([line.get_markersize() for line in bubbles]) ** 2

    weight = found.studies["weight"].to_numpy()
    np.testing.assert_allclose(area / area[0], weight / weight[0], rtol=1e-12)
    assert area[-1] / area[0] == pytest.approx((0.3 / 0.5) ** 2, rel=0.05)


def test_open_durations_are_hollow_bubbles_on_dotted_lines(effects_of, priors):
    """A range on its own line; a missing duration on one from the shortest to the longest."""
    effects = effects_of(["2", "3-7", "4", "", "8"], np.arange(5) / 10, np.full(5, 0.3))
    drawn = plot_bubble(duration(effects, shapes=FEW, priors=priors)).axes[0]
    faces = [line.get_markerfacecolor() for line in drawn.lines if line.get_gid() == "study"]
    dotted = [part.get_segments()[0][:, 0].tolist() for part in drawn.collections
              if part.get_gid() == "open duration"]  # fmt: skip

    assert [face == "none" for face in faces] == [False, True, False, True, False]
    assert dotted == [[3.0, 7.0], [2.0, 8.0]]


def test_figures_draw_every_shape_and_every_row(twelve, priors):
    """A panel a shape, most probable first; a median a chosen duration."""
    found = duration(twelve(), shapes=("constant", "linear", "step"), priors=priors,
                     minimal_important_difference=1.0, weeks=[2, 4, 8])  # fmt: skip
    panels = plot_duration_shapes(found).axes
    rows = plot_duration_effects(found).axes[0]

    assert len(panels) == 3
    assert [line.get_gid() for line in rows.lines].count("median") == 3
    assert "enough" in [line.get_gid() for line in plot_bubble(found).axes[0].lines]


def test_simulated_data_are_called_so(simulated):
    """The example's text and figures say SIMULATED."""
    effects, _ = simulated("BDNF")
    found = duration(effects, shapes=FEW, benefit="higher")
    figure = plot_bubble(found, title="rTMS")

    assert any("SIMULATED" in part.get_text() for part in figure.texts)


@pytest.mark.parametrize("outcome", ["TNF-alpha", "BDNF"])
def test_the_truth_of_the_simulated_example_lies_in_the_band(outcome, simulated):
    """The truth is inside the averaged 95 % band at every chosen week."""
    effects, truth = simulated(outcome)
    benefit, shapes = ("higher", None) if outcome == "BDNF" else ("lower", (*FEW, "emax", "step"))
    found = duration(effects, benefit=benefit, shapes=shapes)
    at = found.predictions
    line = truth["mu"] + truth["slope_per_week"] * (at["weeks"] - truth["mean_duration_weeks"])

    assert ((at["lower"] < line) & (line < at["upper"])).all()


def test_writing_to_learn_has_the_classical_slope(bangertdrowns):
    """REML gives 0.0149 a week (0.0007 to 0.0292), at one tau; all taus make it a little wider.

    Classical figures: metafor 3.8.1 on dat.bangertdrowns2004, method REML, 46 studies.
    """
    known = bangertdrowns.take(np.isfinite(bangertdrowns.studies["duration_weeks"]))
    priors = {"mu": "flat", "tau": "uniform", "beta": "Normal(mu=0, sigma=1)"}
    slope = duration(known, shapes=["linear"], benefit="higher", priors=priors).leave_one_out.iloc[
        0
    ]

    assert slope["mean"] == pytest.approx(0.0149, abs=0.0005)
    assert slope["lower"] == pytest.approx(0.0007, abs=0.0015)
    assert slope["upper"] == pytest.approx(0.0292, abs=0.0015)
