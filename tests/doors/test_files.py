"""What is written: cells that no spreadsheet runs, one name an outcome, letters of any script."""

import stat
import warnings
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.sheets import escaped, write_csv

TWO = """study,outcome,estimate,standard_error,n,duration_weeks
{first},IL-6,0.1,0.1,20,2
B,IL-6,-0.2,0.2,30,4
C,IL-6,0.3,0.1,40,6
{first},TNF-alpha,0.4,0.1,20,2
B,TNF-alpha,-0.1,0.2,30,4
C,TNF-alpha,0.2,0.1,40,6
"""
PLAN = """title = "{title}"
studies = "two.csv"
measure = "MD"
unit = "pg/mL"
engine = "exact"
draws = 20
benefit = "lower"
minimal_important_difference = 0.1
dpi = 50
[[outcomes]]
name = "IL-6"
[[outcomes]]
name = "TNF-alpha"
title = "TNF-alpha after rTMS"
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return the folder of a run of two outcomes, one study called like a formula."""
    folder = tmp_path_factory.mktemp("two")
    table = TWO.replace("{first}", "=cmd()")
    (folder / "two.csv").write_text(table, encoding="utf-8")
    plan = PLAN.replace("{title}", "My two outcomes")
    (folder / "two.toml").write_text(plan, encoding="utf-8")
    bm.run(folder / "two.toml", output=folder / "out")
    return folder / "out"


@pytest.mark.parametrize("cell", ["=cmd()", "+1+2", "-x", "@SUM(A1)", "\t=1"])
def test_a_text_that_a_spreadsheet_would_run_is_quoted(cell, tmp_path):
    """An apostrophe before it; a number and other text are as they are."""
    table = pd.DataFrame({"study": [cell, "-3", "Umea"], "x": [-1.0, 2.0, 3.0]})
    write_csv(table, tmp_path / "t.csv")
    found = pd.read_csv(tmp_path / "t.csv", dtype=str)

    assert found["study"].tolist() == [f"'{cell}", "-3", "Umea"]
    assert found["x"].tolist() == ["-1.0", "2.0", "3.0"]


@pytest.mark.slow
def test_every_csv_of_a_run_is_safe(run):
    """No cell of any table begins with an equals sign."""
    tables = list(run.rglob("*.csv"))
    cells = [cell for path in tables for cell in path.read_text(encoding="utf-8").split(",")]

    assert len(tables) > 20
    assert not [cell for cell in cells if cell.strip().startswith("=")]


def test_escaping_leaves_numbers_alone():
    """A float, a number in text and nothing."""
    assert [escaped(cell) for cell in (-1.5, "-1.5", "", None)] == [-1.5, "-1.5", "", None]


@pytest.mark.slow
@pytest.mark.parametrize(("outcome", "title"), [
    ("IL-6", "My two outcomes: IL-6"), ("TNF-alpha", "TNF-alpha after rTMS")])  # fmt: skip
def test_every_figure_names_its_outcome_once(outcome, title, run):
    """Whether the title has it or not: never twice, never not at all."""
    figures = list((run / outcome).rglob("*.svg"))
    names = {"TNF-alpha", "IL-6"}

    assert len(figures) > 8
    for path in figures:
        text = path.read_text(encoding="utf-8")
        head = " ".join(part.split(">", 1)[1] for part in text.split("</text>")[:-1]
                        if ">" in part)  # fmt: skip
        assert outcome in head, path
        assert f"{outcome}: {outcome}" not in head, path
        assert not any(other in head for other in names - {outcome}), path
    assert title in (run / outcome / "summary.txt").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("outcome", ["IL-6", "TNF-alpha"])
def test_every_page_names_its_outcome_once(outcome, run):
    """In the first line of every text."""
    for path in (run / outcome).rglob("*.txt"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.count(outcome) == 1, path


@pytest.mark.slow
def test_the_posterior_can_be_read_by_whom_the_tables_can(run):
    """Files have one mode."""
    modes = {stat.S_IMODE(path.stat().st_mode) for path in run.rglob("*.*") if path.is_file()}

    assert len(modes) == 1


@pytest.mark.slow
def test_a_saved_posterior_remembers_what_matters(run):
    """Its text and forest know direction and difference without being told."""
    posterior = bm.read_posterior(run / "IL-6" / "posterior.nc")
    said = bm.text(posterior)

    assert "P(benefit: lower)" in said
    assert "beyond the minimal important difference (0.1 pg/mL)" in said
    assert bm.text(posterior, benefit="higher").count("P(benefit: higher)") == 2


@pytest.mark.slow
def test_a_figure_has_as_many_dots_as_are_asked_for(run, tmp_path):
    """50 an inch in the run, 100 by hand: twice as wide."""
    from matplotlib.image import imread

    posterior = bm.read_posterior(run / "IL-6" / "posterior.nc")
    figure = bm.plot_forest(posterior)
    widths = [imread(bm.save_figure(figure, tmp_path / f"{dpi}.png", dpi=dpi)).shape[1]
              for dpi in (50, 100)]  # fmt: skip

    assert widths[1] == pytest.approx(2 * widths[0], abs=2)


def test_letters_of_another_script_are_letters_or_told(tmp_path):
    """No warning of the drawing library: the SVG has the letters, a PNG without them says so."""
    names = ["\u6771\u4eac 2001", "B", "C"]
    table = pd.DataFrame({"study": names, "estimate": [0.1, 0.2, 0.4], "standard_error": 0.1})
    priors = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=1)"}
    posterior = bm.fit(bm.effect_sizes(table, "generic"), priors=priors, engine="exact")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure = bm.plot_forest(posterior)
        bm.save_figure(figure, tmp_path / "f.svg")
        bm.save_figure(figure, tmp_path / "f.png")
    said = [str(each.message) for each in caught]

    assert "\u6771\u4eac" in (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert all("no font on this machine has" in one for one in said)
    assert len(said) <= 1


def test_control_characters_make_no_broken_svg(tmp_path):
    """A study's name with an escape and a bell can be drawn, and the file is XML."""
    table = pd.DataFrame({"study": ["a\x1b[31m", "b\x07", "c"], "estimate": [0.1, 0.2, 0.4],
                          "standard_error": np.full(3, 0.1)})  # fmt: skip
    priors = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=1)"}
    effects = bm.effect_sizes(table, "generic")
    figure = bm.plot_forest(bm.fit(effects, priors=priors, engine="exact"))
    path = bm.save_figure(figure, tmp_path / "f.svg")

    assert ET.parse(path).getroot().tag.endswith("svg")  # noqa: S314 - our own file
