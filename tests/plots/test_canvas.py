"""Figures come out as matplotlib's own canvas writes them, whatever is kept between files."""

from io import BytesIO

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.image import imread
from PIL import Image

from bayesmeta.plots.extents import measured
from bayesmeta.plots.forest import plot_forest
from bayesmeta.plots.pixels import packed
from bayesmeta.plots.saving import save_figure

SAID = {"svg.hashsalt": "bayesmeta", "svg.fonttype": "none", "text.hinting": "no_hinting"}
"""What `save_figure` asks of matplotlib."""
WORDS = "AV fi 0.5\N{MINUS SIGN}1"
"""Kerned, and with a sign that is not in ASCII."""
SHAPES = {"plain": (3, 4), "one column": (5, 1), "one row": (1, 7)}
NO_FONT_HAS = "\U00012031"
"""A cuneiform sign."""


def turned():
    """Return a figure of words at angles, twice the same, in two sizes, beside a formula."""
    figure = Figure(figsize=(3, 2), facecolor="white")
    for place, angle in enumerate((0, 0, 90, 33.3)):
        figure.text(0.1 + 0.2 * place, 0.31, WORDS, rotation=angle, size=7.5)
        figure.text(0.1 + 0.2 * place, 0.7003, WORDS, rotation=angle, size=11)
    figure.text(0.5, 0.1, r"$\tau^2$ of it")
    return figure


@pytest.fixture(scope="module", params=["forest", "turned"])
def figure(request, sampled):
    """Return a figure with many words, and one of words in every direction."""
    return plot_forest(sampled) if request.param == "forest" else turned()


def _matplotlibs(figure, kind, undated):
    content = BytesIO()
    with mpl.rc_context(SAID):
        figure.savefig(content, format=kind, dpi=110, metadata=undated)
    return content.getvalue()


@pytest.mark.parametrize("before", [0, 1], ids=["first", "kept"])
def test_a_png_has_the_pixels_that_matplotlib_draws(figure, tmp_path, before):
    """To the last grey level, at the first time and from what is kept of it."""
    for _ in range(before + 1):
        found = save_figure(figure, tmp_path / "own.png", dpi=110)

    expected = imread(BytesIO(_matplotlibs(figure, "png", {"Software": None})))
    np.testing.assert_array_equal(imread(found), expected[..., :3])


@pytest.mark.parametrize("before", [0, 1], ids=["first", "kept"])
def test_an_svg_has_the_bytes_that_matplotlib_writes(figure, tmp_path, before):
    """The same words at the same places."""
    for _ in range(before + 1):
        found = save_figure(figure, tmp_path / "own.svg", dpi=110)

    assert found.read_bytes() == _matplotlibs(figure, "svg", {"Date": None})


@pytest.mark.parametrize("file", ["first", "second"])
def test_a_letter_that_no_font_has_is_told_of_every_file(tmp_path, file):
    """A text whose letters are kept would be silent from the second file on."""
    figure = Figure(figsize=(1, 1))
    figure.text(0.5, 0.5, NO_FONT_HAS)

    with pytest.warns(UserWarning, match=rf"{file}.png: no font on this machine has"):
        save_figure(figure, tmp_path / f"{file}.png")


def test_a_figure_without_a_ground_keeps_it_so(tmp_path):
    """Alpha is left out only where there is none."""
    figure = Figure(figsize=(1, 1), facecolor="none")
    save_figure(figure, tmp_path / "clear.png", dpi=20)

    assert imread(tmp_path / "clear.png")[..., 3].max() == 0


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_a_packed_picture_is_read_as_it_was(shape):
    """By another library; the resolution too, which PNG counts in whole dots a metre."""
    pixels = np.random.default_rng(1).integers(0, 256, (*shape, 4), dtype=np.uint8)

    found = Image.open(BytesIO(packed(pixels, dpi=300)))

    np.testing.assert_array_equal(np.asarray(found), pixels)
    assert found.info["dpi"] == pytest.approx((300, 300), abs=0.02)


def test_a_text_is_measured_once_a_font():
    """Whoever changes the size of a font that was asked for has not changed what is kept."""
    font, said = FontProperties(size=8), []
    for own in (font, FontProperties(size=8)):
        measured(("a test's", "text"), own, lambda own=own: said.append(own) or (1.0, 1.0, 0.0))
        font.set_size(9)

    assert said == [font]
