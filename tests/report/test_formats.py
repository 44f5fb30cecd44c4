"""A report draws its figures in the formats that its page shows, and in no other."""

from pathlib import Path

import pytest

import bayesmeta as bm
from bayesmeta.plots import saving


@pytest.fixture(scope="module")
def posterior():
    """Return the nine trials of stroke care, integrated."""
    table = bm.read_studies("examples/data/normand1999.csv")
    effects = bm.effect_sizes(table, "MD", unit="days")
    return bm.fit(effects, priors={"tau": "HalfNormal(sigma=10)"}, engine="exact")


@pytest.mark.parametrize(
    ("ending", "shown"), [("html", {"svg"}), ("md", {"svg"}), ("docx", {"png", "svg"})]
)
def test_figures_are_drawn_as_the_page_shows_them(posterior, tmp_path, monkeypatch, ending, shown):
    """A browser takes SVG, Word a PNG; the other one would be half of the page's time."""
    drawn, save = set(), saving.save_figure

    def saved(figure, path):
        drawn.add(Path(path).suffix[1:])
        return save(figure, path)

    monkeypatch.setattr(saving, "save_figure", saved)
    if ending == "docx":
        pytest.importorskip("docx")

    bm.write_report(posterior, tmp_path / f"report.{ending}")

    assert drawn == shown
