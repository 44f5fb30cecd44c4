"""Every figure and every kind of table: no word is clipped, none lies on another.

Boxes are measured on the renderer, at 100 pixels an inch.
"""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from bayesmeta.comparison import compare
from bayesmeta.engines.fitting import fit
from bayesmeta.measures import effect_sizes
from bayesmeta.plots.comparison import plot_comparison
from bayesmeta.plots.forest import plot_forest
from bayesmeta.plots.forest_outcomes import plot_outcomes_forest
from bayesmeta.plots.leave_one_out import plot_leave_one_out
from bayesmeta.plots.posterior import plot_posterior
from bayesmeta.sensitivity.leave_one_out import leave_one_out
from bayesmeta.studies import read_studies

SLACK = 1.0
"""Pixels that boxes may share: the renderer rounds."""

LONG = "A very long name of a trial group and all of its collaborating investigators, number"
SIGNS = ["$\\alpha$_x & <b>B</b>", "100 % {x} ^2", "a_b_c", "\\frac{1}{2}"]
NUMBERED = [f"Study {number}" for number in range(160)]


def _arms(names, *, scale=1.0, ties=False):
    """Return arms with means about as far from 0 as a scale says."""
    rng, k = np.random.default_rng(4), len(names)
    sizes = rng.integers(20, 200, (2, k))
    means = np.round(rng.normal(5, 1, (2, k)), 3) * scale
    means = np.tile(means[:, :1], k) if ties else means
    return effect_sizes(read_studies(pd.DataFrame({
        "study": names, "n1": sizes[0], "mean1": means[0], "sd1": np.full(k, 2.5 * scale),
        "n2": sizes[1], "mean2": means[1], "sd2": np.full(k, 2.25 * scale),
        "year": rng.integers(1970, 2020, k),
    })), "MD", unit="days")  # fmt: skip


def _events(names):
    rng, k = np.random.default_rng(5), len(names)
    sizes = rng.integers(20, 200, (2, k))
    return effect_sizes(read_studies(pd.DataFrame({
        "study": names, "events1": sizes[0] // 9, "n1": sizes[0],
        "events2": sizes[1] // 7, "n2": sizes[1],
    })), "OR")  # fmt: skip


def _some(names):
    """Return ready-made estimates beside one study with arms."""
    frame = pd.DataFrame({
        "study": names, "events1": ["5", "", ""], "n1": ["20", "", ""], "events2": ["9", "", ""],
        "n2": ["20", "", ""], "yi": ["", "-0.5", "0.25"], "sei": ["", "0.25", "0.5"],
        "n": [40, 60, 80],
    })  # fmt: skip
    return effect_sizes(read_studies(frame), "OR", values="log")


def _judged(effects):
    """Return effects with halves to group by, and two judgements."""
    k = len(effects)
    further = {
        "half": np.array(["first", "second group with a long name"] * k, dtype=object)[:k],
        "rob_randomisation_of_patients": np.array(list("LSH?C") * k, dtype=object)[:k],
        "rob_missing": np.array(["low", ""] * k, dtype=object)[:k],
    }
    columns = {**effects.studies.columns, **further}
    return replace(effects, studies=replace(effects.studies, columns=columns))


CASES = {
    "one": lambda: _arms(NUMBERED[:1]),
    "two": lambda: _arms(NUMBERED[:2]),
    "six": lambda: _arms(NUMBERED[:6]),
    "eighty": lambda: _arms(NUMBERED[:80]),
    "160": lambda: _arms(NUMBERED),
    "long names": lambda: _arms([f"{LONG} {number}" for number in range(4)]),
    "signs in names": lambda: _arms(SIGNS),
    "Greek and Cyrillic": lambda: _arms(["Ωμέγα", "Москва", "Þór"]),
    "huge": lambda: _arms(NUMBERED[:5], scale=1e6),
    "tiny": lambda: _arms(NUMBERED[:5], scale=1e-6),
    "ties": lambda: _arms(NUMBERED[:4], ties=True),
    "ratios": lambda: _events(NUMBERED[:7]),
    "some without arms": lambda: _some(NUMBERED[:3]),
}
FIGURES = {
    "forest": lambda _, posterior: plot_forest(posterior),
    "forest with arms": lambda effects, posterior: plot_forest(
        posterior, benefit="lower", effects=effects, order="-weight", title=LONG
    ),
    "forest with all": lambda effects, posterior: plot_forest(
        posterior,
        benefit="lower",
        effects=_judged(effects),
        classical=True,
        densities=True,
        raindrops=True,
        columns=["study", "rob_randomisation_of_patients"],
        subgroups="half",
        minimal_important_difference=0.5,
    ),
    "outcomes": lambda _, posterior: plot_outcomes_forest(
        {LONG: posterior, "b": posterior}, benefit={LONG: "lower", "b": "higher"}, title=LONG
    ),
    "mu": lambda _, posterior: plot_posterior(posterior, "mu"),
    "tau": lambda _, posterior: plot_posterior(posterior, "tau"),
    "leave one out": lambda effects, _: plot_leave_one_out(leave_one_out(effects)),
    "comparison": lambda effects, _: plot_comparison(compare(effects)),
}
NONE = {("leave one out", "one"), ("forest with all", "one"), ("forest with all", "eighty"),
        ("forest with all", "160")}  # fmt: skip
ALWAYS = ("forest", "forest with arms")
FEW = ("six", "long names", "signs in names")
"""Cases of the other figures, whose words depend on less."""

MANY = ("eighty", "160")
"""Cases whose figures take seconds to be drawn."""


def _pairs():
    for figure in FIGURES:
        for case in CASES:
            quick = case not in MANY and (figure in ALWAYS or case in FEW)
            if (figure, case) not in NONE:
                marks = [] if quick else [pytest.mark.slow]
                yield pytest.param(figure, case, marks=marks)


@pytest.fixture(scope="module")
def cases():
    """Return effects with their posterior by the name of the case, each made once."""
    made = {}

    def get(name):
        if name not in made:
            effects = CASES[name]()
            made[name] = effects, fit(effects, engine="exact")
        return made[name]

    return get


def boxes(figure):
    """Return each visible text of a figure with its box."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    figure.set_dpi(100)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    texts = [text for text in figure.findobj(Text)
             if text.get_visible() and text.get_text().strip()]  # fmt: skip
    found = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]
    return [(said, box) for said, box in found if box.width > 0 and box.height > 0]


def clipped(figure):
    """Return the texts that reach over the figure's edge."""
    width, height = (100 * inches for inches in figure.get_size_inches())
    return [said for said, box in boxes(figure)
            if min(box.x0, box.y0, width - box.x1, height - box.y1) < -SLACK]  # fmt: skip


def overlapping(figure):
    """Return the pairs of texts whose boxes share more than rounding makes."""
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes(figure), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > SLACK and min(a.y1, b.y1) - max(a.y0, b.y0) > SLACK
    ]


@pytest.mark.parametrize(("figure", "case"), list(_pairs()))
def test_every_word_has_its_own_place_on_the_page(figure, case, cases):
    """Whatever the names, the numbers and how many there are."""
    drawn = FIGURES[figure](*cases(case))

    assert (clipped(drawn), overlapping(drawn)) == ([], [])


def test_a_box_beyond_the_edge_or_on_another_is_seen():
    """The measure itself: a word across the edge, and two at one place."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2, 1))
    for at in ((0.9, 0.5), (0.1, 0.2), (0.12, 0.2)):
        figure.text(*at, "a long word")

    assert clipped(figure) == ["a long word"]
    assert overlapping(figure) == [("a long word", "a long word")]
