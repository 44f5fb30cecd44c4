"""What the pages of a sensitivity examination say: by kind, for every table."""

import re

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.plots.contour_labels import label_contours
from bayesmeta.plots.prior_map import plot_prior_map
from bayesmeta.plots.tipping import plot_tipping
from bayesmeta.sensitivity.examination import examine
from bayesmeta.sensitivity.legends import legend
from bayesmeta.sensitivity.text import text
from bayesmeta.sensitivity.tipping_words import tipping_sentences
from bayesmeta.summaries.digits import stated

OWN = {"mu": "Normal(mu=0, sigma=100)", "tau": "HalfNormal(sigma=10)"}


@pytest.fixture(scope="module")
def found():
    """Return the examination of Normand's trials, in days."""
    effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), "MD", unit="days")
    return examine(effects, priors=OWN)


@pytest.fixture(scope="module")
def told(found):
    """Return its text on one line."""
    return " ".join(text(found).split())


def test_every_set_of_priors_stands_resolved(found, told):
    """In the outcome's unit, those of the default and of tau's alternatives too."""
    for prior in ("mu ~ Normal(mu=0, sigma=100)", "tau ~ HalfNormal(sigma=10)",
                  "mu ~ Normal(mu=0, sigma=26.03)", "tau ~ HalfNormal(sigma=6.507)"):  # fmt: skip
        assert prior in told
    assert "Priors, days" in told
    assert all(f"{label}: " in told for label in found.tables["prior_sensitivity"].index)


def test_the_statistics_have_names(told):
    """Tau's is Q, without a unit; that of mu an estimate, in days."""
    assert "residual Q 238.9" in told
    assert "an estimate, in days" in told


@pytest.mark.parametrize("word", ["pit", "elpd", "shift", "influence"])
def test_every_column_of_leave_one_out_is_defined(word, found):
    """The legend says what it is."""
    assert f"{word}:" in legend("leave_one_out", found.tables["leave_one_out"])


def test_what_has_a_unit_says_it(told):
    """The shift, the scales that were searched, and those of the map, in days."""
    assert "leaving the study out, in days" in told
    assert re.search(r"searched from 0\.0260 to 26000 days", told)
    assert re.search(r"tau's scale 0\.651 to 52\.1 days, sd of the mean's prior 1\.3 to 260 days",
                     told)  # fmt: skip


def test_what_no_prior_changes_is_said_once(told):
    """Of each parameter's prior at most one sentence says that no scale changes a criterion."""
    for parameter in ("mu", "tau"):
        assert told.count(f"no other scale of the prior on {parameter} changes") <= 1


def test_criteria_that_no_prior_changes_share_one_sentence():
    """Of the writing-to-learn studies no scale of tau's prior changes any of four criteria."""
    table = bm.read_studies("examples/data/bangertdrowns2004.csv")
    points = bm.tipping_point(bm.effect_sizes(table, "SMD"), benefit="higher")
    about_tau = [said for said in tipping_sentences(points) if "prior on tau" in said]

    assert len(points.loc["tau"]) == 4
    assert len(about_tau) == 1
    assert about_tau[0].count("P(mu > 0) is at least") == 3
    assert "changes any of it" in about_tau[0]


def test_no_probability_is_equal_to_a_bound(told):
    """Above 0.999 is no "= >0.999"."""
    assert "= >" not in told
    assert "= <" not in told
    assert stated(">0.999") == "> 0.999"


def test_the_map_says_what_is_concluded_where_it_is_hatched(found):
    """Own priors leave it open at 0.975; hatched priors conclude benefit."""
    words = " ".join(each.get_text() for each in plot_prior_map(found.prior_map).texts)

    assert "Hatched: benefit would be concluded." in words
    assert "Own priors: no conclusion at 0.975." in words


@pytest.mark.parametrize(("share", "fewest"), [(1.0, 3), (0.02, 2), (1e-7, 0)])
def test_a_map_has_contours_where_it_varies(share, fewest, found):
    """However narrow the range of probabilities; labels keep off marks and edges."""
    one = found.prior_map.copy()
    middle = float(one["p_benefit"].mean())
    one["p_benefit"] = middle + share * (one["p_benefit"] - middle)
    figure = plot_prior_map(one)
    labels = [text for axes in figure.axes for text in axes.texts if text.get_gid() == "level"]

    assert len(labels) >= fewest
    assert all(0.05 < part < 0.95 for text in labels for part in text.get_position())


def test_labels_keep_off_marks():
    """A mark in the middle of a contour sends its label along the line."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    x = np.linspace(0, 1, 50)
    lines = axes.contour(x, x, np.add.outer(x, x), levels=[1.0])
    label_contours(axes, lines, [(0.5, 0.5)])

    assert np.hypot(*(np.array(axes.texts[0].get_position()) - 0.5)) >= 0.1
    plt.close(figure)


def test_every_tipping_point_is_on_its_axis():
    """Also one further out than a hundredth of the data's own scale: the narrow prior of mu."""
    table = bm.read_studies("examples/data/bangertdrowns2004.csv")
    effects = bm.effect_sizes(table, "SMD")
    points = bm.tipping_point(effects, benefit="higher", thresholds=[0.9])
    axes = plot_tipping(bm.tipping_curve(effects, benefit="higher")).axes[0]
    row = points.loc[("mu", "P(mu > 0) = 0.9")]

    assert row["narrower_in_base"] < 0.01
    assert axes.get_xlim()[0] < row["narrower"] < axes.get_xlim()[1]


def test_help_points_at_what_can_be_read():
    """Every name that a verb's help names can be looked up by help()."""
    import pydoc

    for verb in (bm.leave_one_out, bm.prior_map, bm.tipping_point, bm.prior_sensitivity,
                 bm.power_scaling, bm.subsets, bm.cumulative):  # fmt: skip
        named = re.findall(r'help\("([\w.]+)"\)', str(verb.__doc__))
        assert named
        assert all(pydoc.locate(name) is not None for name in named)
