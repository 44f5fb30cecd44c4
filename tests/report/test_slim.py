"""Figures inside the page: smaller than their files, and the same to the eye."""

import re
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from matplotlib.figure import Figure

import bayesmeta as bm
from bayesmeta.report.rendering.slim import slim

SAID = 'x="1.23456" d="M 1.23456 L 2" <!-- font-family: a; --> rotate(-0 1 2)'
"""A title that looks like what is made smaller, were it not a text."""
LENGTH = re.compile(r"-?\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    """Return the SVG of a forest of 30 studies as saved, and slim; its title like markup."""
    k = 30
    table = bm.read_studies(pd.DataFrame({
        "study": [f"Study {place}" for place in range(k)], "n": [50] * k,
        "yi": [0.1 * (place % 7) - 0.2 for place in range(k)], "sei": [0.2] * k,
    }))  # fmt: skip
    posterior = bm.fit(bm.effect_sizes(table, "SMD"), engine="exact")
    file = tmp_path_factory.mktemp("forest") / "forest.svg"
    bm.save_figure(bm.plot_forest(posterior, title=SAID), file)
    saved = file.read_text(encoding="utf-8")
    return saved, slim(saved)


def _elements(svg):
    return list(ET.fromstring(svg).iter())  # noqa: S314  (ours)


def _texts(svg):
    return [each.text for each in _elements(svg) if each.tag.endswith("}text")]


def _paths(svg):
    """Return the numbers of each path."""
    found = (each.get("d") for each in _elements(svg) if each.get("d"))
    return [[float(number) for number in LENGTH.findall(path)] for path in found]


def test_a_slim_figure_says_the_same(figures):
    """Each text in its place among the others, one that looks like markup too."""
    saved, kept = figures

    assert _texts(kept) == _texts(saved)
    assert "".join(SAID.split()) in "".join("".join(_texts(kept)).split())


def test_a_slim_figure_has_the_same_lines(figures):
    """To a hundredth of a point: a seventh of what a printer sets."""
    saved, kept = figures

    for mine, theirs in zip(_paths(kept), _paths(saved), strict=True):
        assert mine == pytest.approx(theirs, abs=0.00501)


def test_a_slim_forest_is_less_than_half(figures):
    """Three outcomes of 30 studies each are to stand on a page of 3 MB."""
    saved, kept = figures

    assert len(kept) < 0.4 * len(saved)


def test_a_turned_text_stays_turned(tmp_path):
    """The name of a vertical axis, and the letters of a text unlike the others."""
    figure = Figure()
    figure.text(0.5, 0.5, "up", rotation=90, rotation_mode="anchor", family="serif")
    figure.text(0.5, 0.2, "along")
    figure.text(0.5, 0.1, "along")
    kept = slim(bm.save_figure(figure, tmp_path / "up.svg").read_text(encoding="utf-8"))

    (up,) = re.findall(r"<text[^>]*>up", kept)
    assert "rotate(-90" in up
    assert "serif" in up
    assert "font-family" not in re.findall(r"<text[^>]*>along", kept)[0]
