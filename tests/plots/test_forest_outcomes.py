"""Several outcomes on one page: shared rows, an axis each."""

import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.errors import PosteriorError
from bayesmeta.plots.register import PLOTS

SLEEP = {"study": ["Ash", "Birch", "Cedar"], "yi": [-0.6, -0.2, -0.5], "sei": [0.2, 0.15, 0.3]}
PAIN = {"study": ["Birch", "Cedar", "Elm"], "yi": [3.0, 1.5, 2.0], "sei": [1.0, 1.5, 0.8]}
PRIORS = {"mu": "Normal(mu=0, sigma=3)", "tau": "HalfNormal(sigma=0.5)"}


def _fitted(frame, **about):
    effects = bm.effect_sizes(bm.read_studies(pd.DataFrame(frame)), "MD", **about)
    return bm.fit(effects, priors=PRIORS, engine="exact")


@pytest.fixture(scope="module")
def both():
    """Return two outcomes of studies that overlap."""
    return {"sleep": _fitted(SLEEP, unit="hours"), "pain": _fitted(PAIN, unit="points")}


def _labels(figure):
    left = [text for text in figure.texts if abs(text.get_position()[0] - 0.2) < 1e-9]
    return [text.get_text() for text in sorted(left, key=lambda text: -text.get_position()[1])]


def _points(axes, gid):
    """Return where marks of a kind stand, by height."""
    return {round(float(line.get_ydata()[0]), 3): float(line.get_xdata()[0])
            for line in axes.lines if line.get_gid() == gid}  # fmt: skip


@pytest.mark.parametrize(
    ("order", "studies"),
    [
        (None, ["Ash", "Birch", "Cedar", "Elm"]), ("-label", ["Elm", "Cedar", "Birch", "Ash"]),
        ("pain", ["Cedar", "Elm", "Birch", "Ash"]), ("-sleep", ["Birch", "Cedar", "Ash", "Elm"]),
    ],
)  # fmt: skip
def test_studies_have_one_order_in_all_panels(both, order, studies):
    """A study's marks of both outcomes stand at one height, by the order asked for."""
    figure = bm.plot_outcomes_forest(both, order=order)
    sleep, pain = (_points(axes, "observed") for axes in figure.axes)

    assert [text for text in _labels(figure) if text in studies] == studies
    known = {**dict(zip(SLEEP["study"], SLEEP["yi"], strict=True))}
    assert [sleep[height] for height in sorted(sleep, reverse=True)] == [
        known[name] for name in studies if name in known
    ]
    known = dict(zip(PAIN["study"], PAIN["yi"], strict=True))
    assert [pain[height] for height in sorted(pain, reverse=True)] == [
        known[name] for name in studies if name in known
    ]
    heights = sorted({*sleep, *pain}, reverse=True)
    assert len(heights) == 4
    assert sleep[heights[studies.index("Cedar")]] == -0.5
    assert pain[heights[studies.index("Cedar")]] == 1.5


def test_each_axis_has_its_unit_and_each_panel_its_mean(both):
    """And a dash where a study does not report an outcome."""
    figure = bm.plot_outcomes_forest(both)

    assert [axes.get_xlabel() for axes in figure.axes] == [
        "Mean difference, hours", "Mean difference, points",
    ]  # fmt: skip
    means = [sum(patch.get_gid() == "pooled" for patch in axes.patches) for axes in figure.axes]
    assert means == [1, 1]
    assert [text.get_text() for text in figure.texts].count("\N{EN DASH}") == 2


def test_directions_are_told_by_outcome(both):
    """Where lower helps one and higher the other; a name that is none is refused."""
    figure = bm.plot_outcomes_forest(both, benefit={"sleep": "lower", "pain": "higher"})
    said = [text.get_text() for text in figure.texts]

    assert said.count("\N{LEFTWARDS ARROW} favours treatment") == 1
    assert said.count("\N{LEFTWARDS ARROW} favours control") == 1
    assert "P(benefit)" in said
    with pytest.raises(PosteriorError, match="benefit names sleeep; the outcomes are: sleep, pain"):
        bm.plot_outcomes_forest(both, benefit={"sleeep": "lower", "pain": "higher"})


def test_further_outcomes_stand_below(both):
    """Five of them, two across: three bands, the studies' names in each."""
    five = {f"{name} {at}": both[name] for at in range(3) for name in both}
    figure = bm.plot_outcomes_forest(dict(list(five.items())[:5]), across=2)

    assert len(figure.axes) == 5
    assert _labels(figure).count("Ash") == 3


def test_a_fit_of_several_outcomes_is_drawn_as_it_is():
    """Its outcomes are the panels, by the register's name too."""
    rows = pd.DataFrame(SLEEP).assign(outcome="sleep")
    rows = pd.concat([rows, pd.DataFrame(SLEEP).assign(outcome="pain", yi=[0.5, 0.2, 0.1])])
    effects = bm.effect_sizes(bm.read_studies(rows), "SMD", repeated=True)
    priors = {"mu": "Normal(mu=0, sigma=1)", "tau": 0.3, "rho_between": 0.3, "rho_within": 0.3}
    priors |= {f"tau[{name}]": 0.3 for name in ("sleep", "pain")}
    priors.pop("tau")
    fitted = bm.fit(effects, "several-outcomes", priors=priors, engine="exact")
    figure = PLOTS["outcomes"](fitted)

    assert len(figure.axes) == 2
    assert [text for text in _labels(figure) if text in SLEEP["study"]] == SLEEP["study"]


def test_none_is_refused():
    """There is nothing to draw."""
    with pytest.raises(PosteriorError, match="No posterior is given"):
        bm.plot_outcomes_forest({})
