"""All figures are drawn with one kit."""

import re
from pathlib import Path

import pytest

import bayesmeta as bm
import bayesmeta.plots
from bayesmeta.errors import AnalysisError

FOLDER = Path(bayesmeta.plots.__file__).parent
KIT = ("ink.py", "lettering.py", "paper.py", "place.py", "axes.py", "saving.py", "shrinking.py")
ANSWERS = {"plot_bubble", "plot_calibration", "plot_comparison", "plot_correlation_strip",
           "plot_baujat", "plot_cumulative", "plot_loo_pit", "plot_subsets",
           "plot_designs_dial", "plot_designs_forest", "plot_designs_ridges",
           "plot_duration_effects", "plot_duration_shapes", "plot_gap", "plot_leave_one_out",
           "plot_power_scaling", "plot_prior_map", "plot_subgroups", "plot_tipping"}  # fmt: skip
FIGURES = sorted(path.name for path in FOLDER.glob("*.py") if path.name not in KIT)


@pytest.mark.parametrize("name", FIGURES)
def test_colours_and_letters_are_the_kits(name):
    """No figure mixes a colour or sets a size of its own."""
    code = (FOLDER / name).read_text(encoding="utf-8")

    assert not re.findall(r"#[0-9a-fA-F]{6}|\bLetters\(|fontsize=\d", code)


@pytest.mark.parametrize("name", FIGURES)
def test_words_ticks_panels_and_files_are_the_kits(name):
    """Names, ticks, texts, keys, panels and files are made in one place each."""
    code = (FOLDER / name).read_text(encoding="utf-8")
    own = r"set_[xy](label|ticks)\(.*fontprop|\.text\(|figure\.legend|add_axes|savefig\b"

    assert not re.findall(own, "\n".join(line for line in code.split("\n") if "``" not in line))


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_another_questions_answer_is_refused(name):
    """The message names the question whose answer is drawn."""
    with pytest.raises(AnalysisError, match=r"An answer of bayesmeta\.\w+ is drawn here"):
        getattr(bm, name)(bm.load_model("random-effects"))


def test_every_plot_of_an_answer_is_tried():
    """None is left out above but those that take a posterior or a prior."""
    plots = {name for name in bm.__all__ if name.startswith("plot_")}

    assert plots - ANSWERS == {
        "plot_chains", "plot_drapery", "plot_forest", "plot_funnel", "plot_heterogeneity",
        "plot_joint", "plot_labbe", "plot_outcomes_forest",
        "plot_posterior", "plot_predictive", "plot_prior",
        "plot_radial", "plot_shrinkage", "plot_tail_curves", "plot_weights",
    }  # fmt: skip
