"""Figures as wide as a journal's column."""

import re
import zlib

import pytest
from matplotlib.image import imread
from plots import cases as register

import bayesmeta as bm
from bayesmeta.errors import OutputError
from bayesmeta.plots.column import inches


@pytest.fixture(scope="module")
def forest(exact):
    """Return a forest plot, which is made smaller as a whole."""
    return bm.plot_forest(exact)


@pytest.fixture(scope="module")
def smaller_pdf(forest, tmp_path_factory):
    """Return the content of its PDF file, 180 mm wide."""
    path = tmp_path_factory.mktemp("pdf") / "forest.pdf"
    return bm.save_figure(forest, path, width="180 mm").read_bytes()


@pytest.mark.parametrize(
    ("said", "wide"), [("85 mm", 85 / 25.4), ("8.5cm", 85 / 25.4), ("3.35 in", 3.35), ('4"', 4.0)]
)
def test_a_width_says_its_unit(said, wide):
    """Millimetres, centimetres, inches."""
    assert inches(said) == pytest.approx(wide)


@pytest.mark.parametrize("said", ["85", "85 px", "mm", "-3 in", "2 mm", "3 m", "1e3 in"])
def test_what_is_no_width_is_refused(said):
    """No unit, an unknown one, no number, or no width of a page."""
    with pytest.raises(OutputError, match="The width is"):
        inches(said)


@pytest.mark.parametrize("plot", [bm.plot_posterior, bm.plot_funnel, bm.plot_drapery])
def test_a_figure_is_laid_out_at_the_width(exact, plot):
    """With letters as large as ever."""
    usual = plot(exact)
    with bm.figure_width("89 mm"):
        narrow = plot(exact)

    assert narrow.get_figwidth() == pytest.approx(89 / 25.4)
    sizes = [{text.get_fontsize() for text in figure.texts} for figure in (usual, narrow)]
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("plot", [bm.plot_posterior, bm.plot_funnel, bm.plot_heterogeneity,
                                  bm.plot_predictive, bm.plot_radial])  # fmt: skip
def test_words_find_their_places_in_a_column_too(exact, plot):
    """At 85 mm nothing is clipped and nothing overlaps."""
    with bm.figure_width("85 mm"):
        drawn = plot(exact)

    assert register.misplaced(drawn) == ([], [])


def test_every_format_has_the_width(forest, smaller_pdf, tmp_path):
    """A forest is made smaller as a whole: pixels, points of the page and of the view."""
    paths = {kind: bm.save_figure(forest, tmp_path / f"forest.{kind}", width="180 mm", dpi=100)
             for kind in ("png", "svg")}  # fmt: skip

    assert imread(paths["png"]).shape[1] == pytest.approx(180 / 25.4 * 100, abs=1)
    svg = re.search(r'width="([\d.]+)pt"', paths["svg"].read_text(encoding="utf-8"))
    assert float(svg[1]) == pytest.approx(180 / 25.4 * 72, rel=1e-4)
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+)", smaller_pdf)
    assert float(box[1]) == pytest.approx(180 / 25.4 * 72, rel=1e-4)


def test_a_smaller_pdf_has_its_fonts_inside(smaller_pdf):
    """As TrueType, like one of its own size."""
    assert b"/FontFile2" in smaller_pdf
    assert b"/Type3" not in smaller_pdf


def test_letters_that_nobody_reads_are_refused(forest, tmp_path):
    """With the width that would do, which then does."""
    with pytest.raises(
        OutputError, match=r"letters of this figure would be 2\.\d points"
    ) as caught:
        bm.save_figure(forest, tmp_path / "forest.png", width="85 mm")

    enough = re.search(r"it needs (\d+ mm)", str(caught.value))[1]
    assert bm.save_figure(forest, tmp_path / "forest.png", width=enough, dpi=40).exists()


def test_beside_other_figures_it_is_as_narrow_as_its_letters_allow(exact, tmp_path):
    """A run does not fail for it, and says so."""
    with bm.figure_width("85 mm"), pytest.warns(UserWarning, match="it needs .* and has it"):
        path = bm.save_figure(bm.plot_forest(exact), tmp_path / "forest.png", dpi=100)

    assert imread(path).shape[1] > 85 / 25.4 * 100


def test_a_panel_is_drawn_in_axes_of_someone_else(exact):
    """Two plots in one figure; their figure is given back, without words at its foot."""
    from matplotlib.figure import Figure

    page = Figure(figsize=(10, 4))
    left, right = page.subplots(1, 2)

    assert bm.plot_funnel(exact, axes=left) is page
    assert bm.plot_drapery(exact, axes=right) is page
    assert [panel.get_xlabel() for panel in (left, right)] == ["Mean difference, days"] * 2
    assert not page.texts


def test_the_content_of_a_smaller_pdf_is_smaller_too(forest, smaller_pdf):
    """The first matrix of the page's content has the share of the width."""
    parts = smaller_pdf.split(b"stream")
    texts = [zlib.decompress(part.strip()) for part in parts if part.lstrip()[:1] == b"x"]
    (page,) = [text for text in texts if b"DeviceRGB CS" in text]
    matrix = re.search(rb"([\d.]+) 0 0 ([\d.]+) 0 0 cm", page)
    share = 180 / 25.4 / forest.get_figwidth()
    assert [float(matrix[1]), float(matrix[2])] == pytest.approx([share, share], rel=1e-4)
