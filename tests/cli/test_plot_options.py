"""`bayesmeta plot`: widths, the table's arms, which quantity, which order."""

import re
from contextlib import nullcontext

import pandas as pd
import pytest

import bayesmeta as bm

TABLE = "examples/data/colditz1994.csv"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Return a saved posterior of trials of a vaccine."""
    path = tmp_path_factory.mktemp("saved") / "p.nc"
    bm.save_posterior(bm.fit(bm.effect_sizes(TABLE, "RR"), engine="exact"), path)
    return path


def _points(path):
    return float(re.search(r'width="([\d.]+)pt"', path.read_text(encoding="utf-8"))[1])


@pytest.mark.parametrize(("kind", "width"), [("funnel", "85 mm"), ("forest", "17.4 cm")])
def test_a_figure_has_a_columns_width(bayesmeta, saved, tmp_path, kind, width):
    """Laid out at it, or made smaller as a whole."""
    ran = bayesmeta("plot", kind, saved, "--output", tmp_path / "f.svg", "--width", width)

    number, unit = width.split()
    wide = float(number) / {"mm": 25.4, "cm": 2.54}[unit] * 72
    assert (ran.code, _points(tmp_path / "f.svg")) == (0, pytest.approx(wide, rel=1e-4))


@pytest.mark.parametrize(("width", "said"), [("85", "write a number with its unit"),
                                             ("50 mm", "letters of this figure")])  # fmt: skip
def test_a_width_that_does_not_do_is_refused(bayesmeta, saved, tmp_path, width, said):
    """Without a unit, or too narrow for a forest's letters."""
    ran = bayesmeta("plot", "forest", saved, "--output", tmp_path / "f.png", "--width", width)

    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "f.png").exists()


def test_arms_come_from_the_table(bayesmeta, saved, tmp_path):
    """A posterior does not store them."""
    ran = bayesmeta("plot", "labbe", saved, "--output", tmp_path / "f.svg", "--studies", TABLE)
    lost = bayesmeta("plot", "labbe", saved, "--output", tmp_path / "g.svg")

    assert ran.code == 0
    assert "risk in per cent" in (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert lost.code == 2
    assert "--studies" in lost.err


def test_refits_are_counted_while_they_are_waited_for(bayesmeta, tmp_path, monkeypatch):
    """Of three studies there are seven subsets; a plot that refits nothing has no bar to move."""
    table = pd.DataFrame({"study": list("ABC"), "estimate": [1.0, 2.0, 4.0],
                          "standard_error": 1.0, "n": 9})  # fmt: skip
    few = bm.fit(bm.effect_sizes(bm.read_studies(table), "MD"), engine="exact")
    bm.save_posterior(few, tmp_path / "p.nc")
    told = []
    monkeypatch.setattr("bayesmeta.cli.plot.progress",
                        lambda _: nullcontext(lambda *counts: told.append(counts)))  # fmt: skip

    for kind in ("subsets", "radial"):
        assert bayesmeta("plot", kind, tmp_path / "p.nc", tmp_path / f"{kind}.svg").code == 0

    assert told == [(7, 7)]


def test_any_quantity_can_be_drawn(bayesmeta, saved, tmp_path):
    """And what a plot does not take is said."""
    ran = bayesmeta("plot", "posterior", saved, "--output", tmp_path / "f.svg",
                    "--quantity", "tau")  # fmt: skip
    lost = bayesmeta("plot", "funnel", saved, "--output", tmp_path / "g.svg", "--by", "year")

    assert ran.code == 0
    assert "tau, SD between studies" in (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert "takes no by" in lost.err
