"""Figures as files."""

from itertools import product
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.image import imread

from bayesmeta.errors import OutputError
from bayesmeta.plots.forest import plot_forest
from bayesmeta.plots.ink import SMALL
from bayesmeta.plots.paper import sheet, write
from bayesmeta.plots.prior import plot_prior
from bayesmeta.plots.register import PLOTS
from bayesmeta.plots.saving import save_figure

FEW = {
    ("forest", "svg"), ("forest", "png"), ("forest", "pdf"), ("posterior", "svg"),
    ("funnel", "png"), ("subsets", "svg"),
}  # fmt: skip
"""Drawn twice and compared also where time is short: every format, and every kind of mark."""


@pytest.fixture(scope="module")
def drawn(normand_effects, exact, sampled):
    """Return what draws a plot of the register, of Normand's trials."""
    own = {"chains": (sampled, {}), "labbe": (exact, {"effects": normand_effects})}

    def draw(name):
        posterior, options = own.get(name, (exact, {}))
        return PLOTS[name](posterior, **options)

    return draw


@pytest.fixture(scope="module")
def forest(sampled):
    """Return a figure with many words."""
    return plot_forest(sampled)


@pytest.fixture(scope="module")
def small():
    """Return a figure that is quickly drawn."""
    return plot_prior("HalfNormal(sigma=5)", unit="days")


def _pairs():
    for pair in product(PLOTS, ("svg", "png", "pdf")):
        yield pytest.param(*pair, marks=[] if pair in FEW else [pytest.mark.slow])


@pytest.mark.parametrize(("name", "kind"), list(_pairs()))
def test_the_same_figure_gives_the_same_bytes(drawn, tmp_path, name, kind):
    """No date, no random name: files can be compared."""
    first = save_figure(drawn(name), tmp_path / f"first.{kind}", dpi=60).read_bytes()
    second = save_figure(drawn(name), tmp_path / f"second.{kind}", dpi=60).read_bytes()

    assert first == second


@pytest.mark.parametrize("name", PLOTS)
def test_no_global_style_is_touched(drawn, tmp_path, name):
    """Drawing and saving leave matplotlib as it was, and open no window."""
    before, windows = dict(mpl.rcParams), plt.get_fignums()
    save_figure(drawn(name), tmp_path / "figure.svg", dpi=40)

    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == windows


def test_a_pdf_has_its_fonts_inside_as_truetype(forest, tmp_path):
    """Journals return Type 3 fonts, and fonts that are not there."""
    content = save_figure(forest, tmp_path / "forest.pdf").read_bytes()

    assert b"/FontFile2" in content
    assert b"/Type3" not in content


@pytest.mark.parametrize(("dpi", "expected"), [(None, 200), (72, 72), (300, 300)])
def test_a_png_has_the_pixels_asked_for(small, tmp_path, dpi, expected):
    """An inch of the figure is so many pixels."""
    from matplotlib.image import imread

    drawn = imread(save_figure(small, tmp_path / "prior.png", dpi=dpi))

    across, up = small.get_size_inches()
    assert drawn.shape[:2] == pytest.approx((up * expected, across * expected), abs=1)


@pytest.mark.parametrize("dpi", [0, -1, 1e6, float("nan")])
def test_a_resolution_that_is_none_is_refused(small, tmp_path, dpi):
    """With the most that there can be."""
    with pytest.raises(OutputError, match="above 0 and, of this figure, at most"):
        save_figure(small, tmp_path / "prior.png", dpi=dpi)


def test_an_svg_holds_its_words_as_text(forest, tmp_path):
    """A study's name can be searched for."""
    path = save_figure(forest, tmp_path / "forest.svg")

    assert "Orpington-Moderate" in path.read_text(encoding="utf-8")


@pytest.mark.filterwarnings("ignore:Glyph")
def test_an_svg_can_be_read_whatever_a_label_holds(sampled, tmp_path):
    """XML takes no control characters; they appear as their signs."""
    figure = plot_forest(sampled, title="bell \x07, escape \x1b, no character \ufffe")

    path = save_figure(figure, tmp_path / "forest.svg")

    assert ET.parse(path).getroot().tag.endswith("svg")  # noqa: S314  (our own file)
    assert "bell \u2407, escape \u241b, no character \ufffd" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "word"), [("forest.doc", "svg"), ("none/forest.png", "no folder")]
)
def test_a_place_that_cannot_be_written_is_refused(small, tmp_path, name, word):
    """The message says what would do."""
    with pytest.raises(OutputError, match=word):
        save_figure(small, tmp_path / name)


def test_a_png_has_words_as_wide_as_the_page_was_laid_out_for(tmp_path):
    """To a pixel at each end, and the air beside first and last letter: hinted, they are wider."""
    words = "Simulated RCT 1, Simulated RCT 2 and Simulated RCT 3 of four centres"
    figure = sheet(8, 0.5)
    write(figure, (0.2, 0.25), words, letters=SMALL)

    save_figure(figure, tmp_path / "words.png", dpi=200)

    inked = np.flatnonzero(imread(tmp_path / "words.png")[..., 0].min(axis=0) < 0.9)
    assert (inked[-1] - inked[0]) / 200 == pytest.approx(SMALL.width(words), abs=0.025)
