"""The forest plot: its table's numbers, and where its words stand."""

import json
from functools import cache

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from bayesmeta.errors import PosteriorError
from bayesmeta.plots.forest import plot_forest
from bayesmeta.summaries.forest import forest_table
from bayesmeta.summaries.studies import study_effects
from bayesmeta.summaries.summary import summary
from bayesmeta.summaries.wording import sides


def words(figure):
    """Return every text of a figure that says something."""
    found = [*figure.texts]
    for axes in figure.axes:
        found += [axes.xaxis.label, *axes.get_xticklabels()]
    for legend in figure.legends:
        found += legend.get_texts()
    return [text for text in found if text.get_text().strip()]


def boxes(figure):
    """Return the texts with their boxes in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # a key finds its place when it is drawn
    renderer = canvas.get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer)) for text in words(figure)]


def marks(figure, gid):
    """Return the marks of one kind."""
    return [artist for artist in figure.axes[0].get_children() if artist.get_gid() == gid]


@pytest.fixture(scope="module")
def many(make):
    """Return 48 studies, some with names that are far too long, one with a huge interval."""
    generator = np.random.default_rng(3)
    estimate, error = generator.normal(0.2, 0.3, 48), generator.uniform(0.05, 0.5, 48)
    error[7] = 20.0
    long = "Vandenbroucke and the very long named collaborative group for repetitive stimulation"
    labels = [f"{n}. {long if n % 5 == 0 else 'Study $x_1$'} ({1970 + n})" for n in range(48)]
    return make(labels, estimate, error, prior_sd=0.5, measure="SMD", unit="standard deviations")


@pytest.fixture(scope="module")
def cases(make, sampled, many):
    """Return posteriors of one, nine and 48 studies, and of ratios."""
    ratio = make(["A", "B", "C"], np.log([0.4, 0.2, 1.6]), np.array([0.5, 0.4, 0.7]), prior_sd=0.5,
                 measure="RR", unit="log risk ratio")  # fmt: skip
    one = make(["Only"], np.array([-1.2]), np.array([0.4]))
    return {"one": one, "nine": sampled, "many": many, "ratio": ratio}


CASES = ["one", "nine", "many", "ratio"]


@pytest.fixture(scope="module")
def drawn(cases):
    """Return a case's figure with all that it can say, and the boxes of its words."""

    @cache
    def draw(case):
        figure = plot_forest(cases[case], title="A title " * 30, benefit="lower",
                             minimal_important_difference=0.5)  # fmt: skip
        return figure, boxes(figure)

    return draw


@pytest.mark.parametrize("case", CASES)
def test_no_text_is_clipped(drawn, case):
    """Every word lies inside the figure."""
    figure, found = drawn(case)
    width, height = figure.get_size_inches() * figure.dpi

    for text, box in found:
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= width, text
        assert box.y1 <= height, text


@pytest.mark.parametrize("case", CASES)
def test_no_texts_overlap(drawn, case):
    """No two words share paper, but for a pixel of their boxes' air."""
    found = drawn(case)[1]

    for number, (text, box) in enumerate(found):
        for other, its in found[number + 1 :]:
            across = min(box.x1, its.x1) - max(box.x0, its.x0)
            up = min(box.y1, its.y1) - max(box.y0, its.y0)
            assert min(across, up) <= 1.5, (text, other)


@pytest.mark.parametrize("case", CASES)
def test_no_text_lies_in_the_panel(drawn, case):
    """Labels and columns keep out of the plot itself."""
    figure, found = drawn(case)
    panel = figure.axes[0].get_window_extent(FigureCanvasAgg(figure).get_renderer())

    for text, box in found:
        inside = box.x1 > panel.x0 + 1 and box.x0 < panel.x1 - 1
        assert not (inside and box.y1 > panel.y0 + 1 and box.y0 < panel.y1 - 1), text


@pytest.mark.parametrize("case", CASES)
def test_each_study_has_both_marks(cases, case):
    """A square for what was observed and a circle for what is believed, one pooled, one new."""
    figure, k = plot_forest(cases[case]), len(study_effects(cases[case]))
    counts = [
        len(marks(figure, gid)) for gid in ("observed", "study effect", "pooled", "new study")
    ]

    assert counts == [k, k, 1, 1]


def test_marks_stand_at_the_tables_numbers(sampled):
    """Squares at the estimates, circles at the medians, in file order."""
    figure, table = plot_forest(sampled), study_effects(sampled)
    squares = [float(mark.get_xdata()[0]) for mark in marks(figure, "observed")]
    circles = [float(mark.get_xdata()[0]) for mark in marks(figure, "study effect")]

    assert squares == pytest.approx(list(table["estimate"]))
    assert circles == pytest.approx(list(table["median"]))


def test_the_diamond_ends_where_the_interval_does(sampled):
    """From lower to upper, widest at the median."""
    (diamond,) = marks(plot_forest(sampled), "pooled")
    row = summary(sampled).loc["mu"]

    assert list(diamond.get_xy()[:4, 0]) == pytest.approx(
        [row["lower"], row["median"], row["upper"], row["median"]]
    )


def test_the_area_of_a_square_is_its_weight(sampled):
    """Twice the weight is twice the area."""
    sides = np.array([mark.get_markersize() for mark in marks(plot_forest(sampled), "observed")])
    weight = study_effects(sampled)["weight"].to_numpy()

    assert (sides / sides.max()) ** 2 == pytest.approx(weight / weight.max())


def test_the_axis_has_name_and_unit(sampled):
    """A reader knows what is measured, and in what."""
    assert plot_forest(sampled).axes[0].get_xlabel() == "Mean difference, days"


def test_ratios_are_labelled_as_ratios(cases):
    """The tick at log 1 says 1, and the axis says that it is a log scale."""
    axes = plot_forest(cases["ratio"]).axes[0]
    ticks = dict(
        zip([t.get_text() for t in axes.get_xticklabels()], axes.get_xticks(), strict=True)
    )

    assert ticks["1"] == pytest.approx(0)
    assert ticks["0.5"] == pytest.approx(np.log(0.5))
    assert axes.get_xlabel() == "Risk ratio (log scale)"


@pytest.mark.parametrize(
    ("benefit", "left"),
    [("lower", "favours treatment"), ("higher", "favours control"), (None, "lower with treatment")],
)
def test_the_sides_follow_the_direction_of_benefit(sampled, benefit, left):
    """The left arrow favours treatment where lower is better."""
    said = [text.get_text() for text in words(plot_forest(sampled, benefit=benefit))]

    assert f"← {left}" in said


def test_an_interval_beyond_the_axis_ends_in_an_arrow(many):
    """The study with a standard error of 20 has arrows at both ends."""
    assert len(marks(plot_forest(many), "beyond the axis")) >= 2


def test_the_unimportant_zone_has_the_width_of_the_difference(sampled):
    """Shaded from minus to plus the minimal important difference."""
    (zone,) = marks(
        plot_forest(sampled, minimal_important_difference=3.0), "smaller than important"
    )

    assert [zone.get_x(), zone.get_width()] == pytest.approx([-3, 6])


def test_a_failed_diagnostic_is_in_the_figure(sampled):
    """The figure travels without its table, so it says so itself."""
    tree = sampled.copy()
    said = {"ok": False, "messages": ["3 divergent transitions."]}
    tree.attrs = {**sampled.attrs, "diagnostics": json.dumps(said)}
    shown = " ".join(text.get_text() for text in words(plot_forest(tree)))

    assert "DIAGNOSTICS FAILED: 3 divergent transitions." in shown


def test_model_priors_engine_and_heterogeneity_stand_below(sampled):
    """The footnote says how the figure came about."""
    shown = " ".join(text.get_text() for text in words(plot_forest(sampled)))

    for said in ("random-effects model, NUTS", "tau ~ HalfNormal(sigma=10)", "I² ", "days; I²"):
        assert said in shown


def test_simulated_data_are_called_so_in_the_title(sampled):
    """Nobody takes the figure for real trials."""
    shown = [text.get_text() for text in words(plot_forest(sampled, title="Simulated trials"))]

    assert any("SIMULATED" in text for text in shown)


def test_beyond_two_hundred_studies_the_heaviest_are_shown(make):
    """A forest of thousands is cut to what can be read, and says how many are missing."""
    generator = np.random.default_rng(2)
    error = generator.uniform(0.1, 1, 230)
    tree = make([f"S{n}" for n in range(230)], generator.normal(size=230), error, draws=25)
    table = forest_table(tree)
    shown = table[table["kind"] == "study"]

    assert "30 more studies" in table["label"].iloc[200]
    assert shown["weight"].min() >= np.sort(study_effects(tree)["weight"])[30]


@pytest.mark.parametrize(("measure", "lower"), [("MD", "0.0017"), ("RR", "1.002")])
def test_no_reported_limit_is_printed_as_no_effect(make, measure, lower):
    """4 - 1.959964 x 2.04 is 0.00167, and its exponential 1.00167: significant, and so printed."""
    tree = make(["A", "B"], np.array([-4.0, 4.0]), np.full(2, 2.04), measure=measure)

    shown = forest_table(tree)["observed_text"].iloc[1]
    assert shown.partition("[")[2].partition(",")[0] == lower


def test_a_model_written_by_hand_has_its_forest(bare):
    """mu, tau and the data are enough."""
    assert len(marks(plot_forest(bare), "observed")) == 9


def test_a_posterior_without_data_has_no_forest(bare):
    """The message says what is missing."""
    tree = bare.copy()
    del tree["observed_data"]

    with pytest.raises(PosteriorError, match="'estimate' in observed_data"):
        plot_forest(tree)


@pytest.mark.parametrize(
    ("measure", "benefit", "said"),
    [
        ("PLO", None, ("lower", "higher")),
        ("IRLN", "lower", ("lower", "higher")),
        ("SMCR", "lower", ("benefit", "harm")),
        ("ZCOR", "higher", ("harm", "benefit")),
        ("SMCR", None, ("lower", "higher")),
        ("HR", "lower", ("favours treatment", "favours control")),
        ("generic", None, ("lower with treatment", "higher with treatment")),
    ],
)
def test_sides_name_no_arm_where_there_is_one_group(measure, benefit, said):
    """A rate of one group is higher with no treatment, and neither side of it is benefit."""
    assert tuple(sides(benefit, measure)) == said


def test_a_forest_of_proportions_names_no_treatment(make):
    """Neither beside its arrows nor anywhere else."""
    levels = make(["a", "b", "c"], np.array([-1.0, 0.2, 0.1]), np.full(3, 0.4), prior_sd=1.0,
                  measure="PLO", unit="log odds")  # fmt: skip
    said = [text.get_text() for text in words(plot_forest(levels))]

    assert "← lower" in said
    assert not [text for text in said if "treatment" in text]
