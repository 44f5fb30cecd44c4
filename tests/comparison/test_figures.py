"""The figures of the comparison draw their tables, and their words have room."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from bayesmeta.comparison import compare, comparison_text, explain_gap
from bayesmeta.errors import AnalysisError
from bayesmeta.plots.comparison import plot_comparison
from bayesmeta.plots.gap import plot_gap


def marks(figure, gid):
    """Return the marks of one kind."""
    return [artist for artist in figure.axes[0].get_children() if artist.get_gid() == gid]


def boxes(figure):
    """Return the boxes of all words, in pixels."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    axes = figure.axes[0]
    texts = [*figure.texts, axes.xaxis.label, *axes.get_xticklabels()]
    texts += [text for legend in figure.legends for text in legend.get_texts()]
    return [text.get_window_extent(renderer) for text in texts if text.get_text().strip()]


@pytest.fixture(scope="module")
def figures(normand, weeks, make):
    """Return both figures of nine trials, of a slope, of ratios, and of two studies."""
    asked = {"moderators": "duration_weeks", "missing": "drop"}
    ratio = make([-0.9, -1.6, 0.5], [0.5, 0.4, 0.7], n=[50, 60, 20], measure="RR")
    two = make([1.0, 3.0], [1.0, 0.5], n=[20, 40])
    slope = "beta[duration_weeks]"
    return {
        "nine": plot_comparison(compare(normand), title="Length of stay"),
        "nine gap": plot_gap(explain_gap(normand), title="Length of stay"),
        "slope": plot_comparison(compare(weeks, **asked), coefficient=slope),
        "slope gap": plot_gap(explain_gap(weeks, **asked, quantity=slope)),
        "ratio": plot_comparison(compare(ratio)),
        "ratio gap": plot_gap(explain_gap(ratio)),
        "two gap": plot_gap(explain_gap(two)),
    }


CASES = ["nine", "nine gap", "slope", "slope gap", "ratio", "ratio gap", "two gap"]


@pytest.mark.parametrize("case", CASES)
def test_no_word_lies_outside_the_figure_or_on_another(figures, case):
    """Boxes of words stay inside the sheet and apart."""
    figure = figures[case]
    found = boxes(figure)
    width, height = figure.get_size_inches() * figure.dpi

    assert all(box.x0 >= 0 and box.y0 >= 0 for box in found)
    assert all(box.x1 <= width and box.y1 <= height for box in found)
    pairs = [(one, two) for place, one in enumerate(found) for two in found[place + 1 :]]
    touching = [pair for pair in pairs if pair[0].overlaps(pair[1])]
    # Neighbouring lines share a pixel of leading.
    assert all(min(one.y1, two.y1) - max(one.y0, two.y0) < 3 for one, two in touching)


def test_every_row_has_its_mark_at_its_estimate(normand, figures):
    """The marks' places are the table's estimates, from the top down."""
    table = compare(normand)
    found = [mark.get_xdata()[0] for mark in marks(figures["nine"], "estimate")]

    assert found == pytest.approx(table["estimate"].tolist())


def test_intervals_and_prediction_intervals_are_the_tables(normand, figures):
    """Lines end at the limits, bars at the prediction limits; a common effect has no bar."""
    table = compare(normand)
    lines = np.array([line.get_xdata() for line in marks(figures["nine"], "interval")])
    bars = [bar.get_x() + bar.get_width() for bar in marks(figures["nine"], "prediction")]

    assert lines == pytest.approx(table[["lower", "upper"]].to_numpy())
    assert bars == pytest.approx(table["pi_upper"].dropna().tolist())


def test_bayesian_and_classical_marks_differ_in_shape(figures):
    """Without colour: filled diamonds and open squares."""
    found = {(mark.get_marker(), mark.get_markerfacecolor()) for mark in
             marks(figures["nine"], "estimate")}  # fmt: skip

    assert {shape for shape, _ in found} == {"D", "s"}
    assert ("s", "white") in found


def test_a_skipped_step_has_words_and_no_mark(figures):
    """Three of the four steps of two studies can be drawn."""
    assert len(marks(figures["two gap"], "estimate")) == 3
    assert "skipped" in [text.get_text() for text in figures["two gap"].texts]


def test_an_absent_coefficient_is_refused(normand):
    """The message lists the coefficients that the table has."""
    with pytest.raises(AnalysisError, match="it has: mu"):
        plot_comparison(compare(normand), coefficient="beta[weeks]")


def test_simulated_data_are_called_so(make):
    """What the notes or the title call simulated is so in capitals, in figure and text."""
    table = compare(make([1.0, 2.0], [1.0, 1.0]))
    heading = plot_comparison(table, title="A simulated trial").texts

    assert any("SIMULATED DATA" in text.get_text() for text in heading)
    assert "SIMULATED DATA" in comparison_text(table, title="A simulated trial")


def test_the_text_has_a_line_a_row_and_the_sentences(normand):
    """Every method begins a line; ratios and I2 are shown as such."""
    table, gap = compare(normand), explain_gap(normand)
    text = comparison_text(table, gap)

    assert all(any(line.startswith(method) for line in text.splitlines())
               for method in table["method"])  # fmt: skip
    assert "With tau taken as known (REML)" in text
