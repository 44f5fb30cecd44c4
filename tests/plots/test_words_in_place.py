"""Every figure and every kind of table: no word is clipped, none lies on another.

Boxes are measured on the renderer, at 100 pixels an inch.
"""

from itertools import combinations

import pytest
from plots import cases as register
from plots import figures as shown

from bayesmeta.engines.fitting import fit

LEAST = 1.5
"""Contrast of any two series of a key."""

FAST = {
    ("forest with arms", "long names"), ("forest with arms", "signs in names"),
    ("forest with all", "signs in names"), ("outcomes", "six"),
    ("posterior with what matters", "ratios"), ("funnel", "ratios"), ("radial", "long names"),
    ("baujat", "signs in names"), ("labbe", "ratios"), ("weights", "long names"),
    ("predictive", "far apart"), ("cumulative", "signs in names"), ("joint", "two"),
    ("heterogeneity", "one"), ("drapery", "huge"), ("leave-one-out", "six"),
    ("comparison", "tiny"), ("loo-pit", "long names"), ("subsets", "six"),
    ("tail curves with what matters", "six"),
}  # fmt: skip
"""A figure and a case that try its words most; all others are slow together."""


def _pairs():
    for figure in shown.FIGURES:
        for case in register.CASES:
            if shown.answers(figure, case):
                marks = [] if (figure, case) in FAST else [pytest.mark.slow]
                yield pytest.param(figure, case, marks=marks)


@pytest.fixture(scope="module")
def cases():
    """Return effects with their posterior by the name of the case, each made once."""
    made = {}

    def get(name):
        if name not in made:
            effects = register.CASES[name]()
            made[name] = effects, fit(effects, engine="exact")
        return made[name]

    return get


@pytest.mark.parametrize(("figure", "case"), list(_pairs()))
@pytest.mark.filterwarnings("ignore:Glyph")
def test_every_word_has_its_own_place_on_the_page(figure, case, cases):
    """Whatever the names, the numbers and how many there are; and inks differ in grey."""
    drawn = shown.FIGURES[figure](*cases(case))

    assert register.misplaced(drawn) == ([], [])
    assert _alike(drawn) == []


def _alike(figure):
    """Return the pairs of series of a key that differ too little in grey, and in shape."""
    found = register.series(figure)
    areas = list(combinations(found["areas"], 2))
    # Marks of two shapes, and lines of two dashes, are told apart without their ink.
    shaped = [(one[1], other[1]) for kind in ("marks", "lines")
              for one, other in combinations(found[kind], 2) if one[0] == other[0]]  # fmt: skip
    return [
        pair
        for pair in (*areas, *shaped)
        if all(register.contrast(*inks) < LEAST for inks in zip(*pair, strict=True))
    ]


@pytest.mark.parametrize("name", ["sampled"])
@pytest.mark.filterwarnings("ignore:Glyph")
def test_words_about_chains_have_their_own_places(name, request):
    """Panels that arviz-plots fills: its p-values too."""
    drawn = shown.FIGURES["chains"](None, request.getfixturevalue(name))

    assert register.misplaced(drawn) == ([], [])


def test_a_box_beyond_the_edge_or_on_another_is_seen():
    """The measure itself: a word across the edge, and two at one place."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2, 1))
    for at in ((0.9, 0.5), (0.1, 0.2), (0.12, 0.2)):
        figure.text(*at, "a long word")

    assert register.misplaced(figure) == (["a long word"], [("a long word", "a long word")])


@pytest.mark.parametrize(("one", "other", "expected"), [
    ("white", "black", 21.0), ("#777777", "white", 4.48), ("white", "white", 1.0),
])  # fmt: skip
def test_contrast_is_that_of_the_guidelines(one, other, expected):
    """WCAG 2.1: black on white is 21, #777777 on white 4.48 (a well-known near miss of 4.5)."""
    assert register.contrast(one, other) == pytest.approx(expected, abs=0.005)
