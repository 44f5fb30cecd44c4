"""The forest plot's arms, totals, order, and what benefits."""

import numpy as np
import pandas as pd
import pytest

from bayesmeta.engines.fitting import fit
from bayesmeta.errors import PosteriorError
from bayesmeta.measures import effect_sizes
from bayesmeta.plots.forest import plot_forest
from bayesmeta.studies import read_studies

MEANS = {
    "study": ["Ash", "Birch", "Cedar"], "n1": [20, 30, 16], "mean1": [10.5, 11.25, 9.5],
    "sd1": [4.0, 3, 2], "n2": [25, 30, 16], "mean2": [12.5, 12.75, 10.5], "sd2": [5.0, 6, 4],
    "year": [2001, 1990, 1995],
}  # fmt: skip
PRIORS = {"mu": "Normal(mu=0, sigma=5)", "tau": "HalfNormal(sigma=1)"}


def _drawn(frame, measure="MD", unit=None, **options):
    effects = effect_sizes(read_studies(pd.DataFrame(frame)), measure, unit=unit)
    posterior = fit(effects, priors=PRIORS, engine="exact")
    return plot_forest(posterior, effects=effects, **options)


def _words(figure):
    return [text.get_text() for text in figure.texts]


def _column(figure, head):
    """Return a head's line with the texts below that end within a third of an inch of it."""
    texts = figure.texts
    right, top = next(text.get_position() for text in texts if text.get_text() == head)
    own = [text for text in texts if text.get_ha() == "right"
           and right - 0.34 < text.get_position()[0] <= right + 1e-9
           and text.get_position()[1] <= top]  # fmt: skip
    return [text.get_text() for text in sorted(own, key=lambda text: -text.get_position()[1])]


def test_means_of_arms_stand_beside_their_studies():
    """Participants, mean and SD as the table has them; the participants of all."""
    figure = _drawn(MEANS, unit="days")

    sizes = [text for text in _words(figure) if text.isdigit()]
    assert {"20", "30", "16", "25"} <= set(sizes)
    assert sizes[-2:] == [str(20 + 30 + 16), str(25 + 30 + 16)]
    assert _column(figure, "mean")[:4] == ["mean", "10.50", "11.25", "9.50"]
    assert _column(figure, "SD")[:4] == ["SD", "4", "3", "2"]


def test_events_of_arms_have_totals():
    """Sums of events over sums of participants."""
    events = {"study": ["Ash", "Elm"], "events1": [5, 8], "n1": [50, 40], "events2": [10, 12],
              "n2": [50, 45]}  # fmt: skip
    said = _words(_drawn(events, "OR"))

    assert [text for text in said if "/" in text and text[0].isdigit()] == [
        "5/50", "10/50", "8/40", "12/45", "13/90", "22/95",
    ]  # fmt: skip


def test_a_row_that_was_not_made_of_arms_has_none():
    """A ready-made estimate beside two that came out of counts."""
    mixed = {"study": ["Ash", "Elm", "Fir"], "events1": ["5", "8", ""], "n1": ["50", "40", "33"],
             "events2": ["10", "12", ""], "n2": ["50", "45", "44"], "yi": ["", "", "-0.5"],
             "sei": ["", "", "0.2"]}  # fmt: skip
    effects = effect_sizes(read_studies(pd.DataFrame(mixed)), "OR", values="log")
    said = _words(plot_forest(fit(effects, priors=PRIORS, engine="exact"), effects=effects))

    assert "13/90" in said
    assert not any("33" in text for text in said if "/" in text)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("year", ["Birch", "Cedar", "Ash"]), ("-year", ["Ash", "Cedar", "Birch"]),
        ("estimate", ["Ash", "Birch", "Cedar"]), ("-estimate", ["Cedar", "Birch", "Ash"]),
        ("-label", ["Cedar", "Birch", "Ash"]), (None, ["Ash", "Birch", "Cedar"]),
    ],
)  # fmt: skip
def test_studies_stand_in_the_order_asked_for(order, expected):
    """By a number of the plot, or any column of the table."""
    figure = _drawn(MEANS, order=order)

    assert [text for text in _words(figure) if text in MEANS["study"]] == expected


def test_marks_follow_the_order():
    """The upper square is the study that comes first."""
    figure = _drawn(MEANS, order="-estimate")

    squares = [line for line in figure.axes[0].lines if line.get_gid() == "observed"]
    points = [float(line.get_xdata()[0]) for line in squares]
    assert points == sorted(points, reverse=True)


def test_a_column_that_is_not_there_is_refused():
    """With the ones that are."""
    with pytest.raises(PosteriorError, match="known: estimate, median, weight, label, study"):
        _drawn(MEANS, order="colour")


def test_effects_of_others_are_refused():
    """Their arms would stand beside the wrong estimates."""
    effects = effect_sizes(read_studies(pd.DataFrame(MEANS)), "MD")
    posterior = fit(effects, priors=PRIORS, engine="exact")
    others = effect_sizes(read_studies(pd.DataFrame(MEANS | {"mean1": [1, 2, 3.0]})), "MD")

    with pytest.raises(PosteriorError, match="are not those of the posterior: Ash, Birch, Cedar"):
        plot_forest(posterior, effects=others)


@pytest.mark.parametrize("benefit", ["lower", "higher"])
def test_the_probability_of_benefit_stands_in_its_column(benefit):
    """Normal with a known tau of 0: P(mu < 0) = Phi(-mean / sd) by hand."""
    effects = effect_sizes(read_studies(pd.DataFrame({
        "study": ["Ash", "Elm"], "yi": [-0.5, 0.1], "sei": [0.5, 0.5],
    })), "MD")  # fmt: skip
    posterior = fit(effects, priors={"mu": "Normal(mu=0, sigma=1)", "tau": 0.0}, engine="exact")
    figure = plot_forest(posterior, benefit=benefit)

    # Precision 4 + 4 + 1, mean 4 * (-0.4) / 9, so 8 / 15 standard deviations below 0.
    below = {"lower": "0.703", "higher": "0.297"}[benefit]
    assert below in _words(figure)


def test_the_unit_stands_in_the_heads():
    """Where it is short; a ratio has none."""
    said = _words(_drawn(MEANS, unit="days"))

    assert {"Observed MD, days", "Posterior median, days"} <= set(said)


def test_many_studies_take_little_height():
    """160 rows were 53 inches high, 10 625 pixels at 200 an inch."""
    rng = np.random.default_rng(2)
    frame = {"study": [f"S{at}" for at in range(160)], "yi": rng.normal(0, 1, 160),
             "sei": rng.uniform(0.2, 0.5, 160)}  # fmt: skip
    figure = _drawn(frame)

    assert figure.get_size_inches()[1] < 25


def test_an_interval_narrower_than_its_square_is_drawn_over_it():
    """Else the most precise study of all would show no interval."""
    frame = {"study": ["Ash", "Elm"], "yi": [0.0, 5.0], "sei": [0.01, 2.0]}
    axes = _drawn(frame).axes[0]

    inner = [line for line in axes.lines if line.get_gid() == "interval in its square"]
    assert len(inner) == 1
    np.testing.assert_allclose(inner[0].get_xdata(), [-0.0196, 0.0196], atol=1e-4)
