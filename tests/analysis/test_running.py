"""A run writes everything or nothing, and never over another's files."""

import json
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.analysis.artefacts import ARTEFACTS
from bayesmeta.analysis.sections import NOT_DONE, SECTIONS
from bayesmeta.errors import AnalysisError, BayesmetaError, OutputError
from bayesmeta.plots.forest import plot_forest

SENSITIVITY = SECTIONS["sensitivity"]
TABLE = """study,outcome,unit,estimate,standard_error,n
A,pain,points,-1.0,0.4,40
B,pain,points,-2.5,0.5,50
C,pain,points,0.3,0.6,30
A,sleep,hours,0.5,0.2,40
B,sleep,hours,0.9,0.3,50
C,sleep,hours,0.1,0.3,30
"""
BOTH = """title = "Pain and sleep"
studies = "table.csv"
measure = "MD"
engine = "exact"
dpi = 60
[[outcomes]]
name = "pain"
benefit = "lower"
[[outcomes]]
name = "sleep"
"""


def _note(fitted, folder):
    (folder / "note.txt").write_text(fitted.plan.title, encoding="utf-8")


def _name(fitted, path):
    path.write_text(path.name, encoding="utf-8")


def _written(folder, text=BOTH):
    """Return an analysis file with its table beside it."""
    (folder / "table.csv").write_text(TABLE, encoding="utf-8")
    path = folder / "analysis.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _one(text=BOTH):
    """Return an analysis of the first outcome alone."""
    return "[[outcomes]]".join(text.split("[[outcomes]]")[:2])


def _with_notes(patch):
    """Make each section a line of text: its tables and figures have tests of their own."""
    for section in SECTIONS:
        patch.setitem(SECTIONS, section, _note)


@pytest.fixture
def whole_analysis(tmp_path):
    """An analysis of two outcomes, by the exact engine."""
    return _written(tmp_path)


@pytest.fixture
def analysis(whole_analysis, monkeypatch):
    """The same, its sections lines of text."""
    _with_notes(monkeypatch)
    return whole_analysis


@pytest.fixture
def quick(analysis, monkeypatch):
    """The same, its figures and posteriors lines of text too, where nobody looks into them."""
    for artefact in ("forest.png", "forest.svg", "posterior.nc"):
        monkeypatch.setitem(ARTEFACTS, artefact, _name)
    monkeypatch.setattr("bayesmeta.analysis.running.report_of", lambda *_, **__: None)
    monkeypatch.setattr("bayesmeta.analysis.running.page_of", lambda _: lambda _: b"report")
    return analysis


class Ran(NamedTuple):
    """A run: its folder, what it returned and told, and the forests that it laid out."""

    folder: Path
    results: tuple
    said: list[str]
    forests: list[str]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return a run of two outcomes, its sections lines of text, into a folder with a file in it."""
    place, said, forests = tmp_path_factory.mktemp("ran"), [], []
    folder = place / "results"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")

    def counted(posterior, **choices):
        forests.append(choices["title"])
        return plot_forest(posterior, **choices)

    with pytest.MonkeyPatch.context() as patch:
        _with_notes(patch)
        patch.setattr("bayesmeta.plots.forest.plot_forest", counted)
        results = bm.run(_written(place), output=folder, say=said.append)
    return Ran(folder, results, said, forests)


def test_each_outcome_gets_a_folder_with_every_artefact(ran):
    """Nothing else is left in the folder; a table without durations has no section on them."""
    for outcome in ("pain", "sleep"):
        present = {path.name for path in (ran.folder / outcome).iterdir()}
        assert present == {
            *ARTEFACTS,
            "predictive.png",
            "predictive.svg",
            "comparison",
            "sensitivity",
        }


def test_one_outcome_goes_into_the_folder_itself(quick, tmp_path):
    """A single outcome needs no folder of its own."""
    quick.write_text(_one(), encoding="utf-8")

    bm.run(quick, output=tmp_path / "results")

    assert (tmp_path / "results" / "forest.png").is_file()


def test_the_tables_are_those_of_the_posterior_beside_them(ran):
    """summary.csv and results.json say what the archived posterior says."""
    folder = ran.folder / "pain"
    posterior = bm.read_posterior(folder / "posterior.nc")
    table = pd.read_csv(folder / "summary.csv", index_col=0)
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    expected = bm.summary(posterior).loc["mu"]
    assert table.loc["mu", "mean"] == pytest.approx(expected["mean"], rel=1e-12)
    assert results["parameters"]["mu"]["upper"] == pytest.approx(expected["upper"], rel=1e-12)
    assert results["outcome"] == "pain"
    assert results["unit"] == "points"


@pytest.mark.slow
def test_an_earlier_run_is_not_overwritten_unless_asked(analysis, tmp_path):
    """Results in the way are an error before anything is fitted; --force replaces them."""
    output = tmp_path / "results"
    bm.run(analysis, output=output)
    before = (output / "pain" / "posterior.nc").read_bytes()

    with pytest.raises(OutputError, match="--force"):
        bm.run(analysis, output=output)

    assert (output / "pain" / "posterior.nc").read_bytes() == before
    assert len(bm.run(analysis, output=output, force=True)) == 2


def test_an_empty_folder_and_foreign_files_are_no_obstacle(ran):
    """What is not ours stays as it is."""
    assert (ran.folder / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("broken", ["summary.csv", "forest.svg", "results.json"])
def test_a_run_that_fails_leaves_nothing_that_looks_finished(broken, quick, tmp_path, monkeypatch):
    """Files appear together, after the last of them is whole."""

    def fail(fitted, path):
        path.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setitem(ARTEFACTS, broken, fail)

    with pytest.raises(KeyboardInterrupt):
        bm.run(quick, output=tmp_path / "results")

    assert not list((tmp_path / "results" / "pain").iterdir())


def test_a_bad_second_outcome_stops_the_first(analysis, tmp_path):
    """All outcomes are fitted before anything is written."""
    analysis.write_text(BOTH + 'moderators = "dose"\n', encoding="utf-8")

    with pytest.raises(ValueError, match="dose"):
        bm.run(analysis, output=tmp_path / "results")

    assert not (tmp_path / "results").exists()


def test_outcomes_that_would_share_a_folder_are_refused(analysis, tmp_path):
    """Names that differ in punctuation alone would overwrite each other."""
    text = BOTH.replace('"pain"', '"IL/6"').replace('"sleep"', '"IL 6"')
    analysis.write_text(text, encoding="utf-8")

    with pytest.raises(AnalysisError, match="share a folder"):
        bm.run(analysis, output=tmp_path / "results")


def test_the_figure_has_the_kind_of_interval_that_the_text_has(analysis, tmp_path):
    """An analysis of shortest intervals has none of another kind in its forest."""
    analysis.write_text(f"shortest = true\n{_one()}", encoding="utf-8")

    bm.run(analysis, output=tmp_path / "results")

    shown = (tmp_path / "results" / "forest.svg").read_text(encoding="utf-8")
    assert "[95 % shortest interval]" in shown
    assert "[95 % interval]" not in shown


def test_progress_is_told(ran):
    """Each outcome is named when it is fitted and when it is written."""
    assert sum("pain" in line for line in ran.said) == 4  # fitted, two sections, written


def test_results_come_back_with_their_text(ran):
    """The text that the terminal shows is the text in the folder."""
    stored = (ran.folder / "pain" / "summary.txt").read_text(encoding="utf-8")
    assert ran.results[0].text == stored.rstrip("\n")
    assert ran.results[0].ok


def test_a_section_that_cannot_be_had_says_why(quick, tmp_path, monkeypatch):
    """A missing answer is a sentence in its place."""

    def fail(fitted, folder):
        raise AnalysisError("no weeks in the table")

    monkeypatch.setitem(SECTIONS, "sensitivity", fail)

    bm.run(quick, output=tmp_path / "results")

    said = (tmp_path / "results" / "pain" / "sensitivity" / NOT_DONE).read_text(encoding="utf-8")
    assert said == "no weeks in the table\n"


def test_refits_are_drawn_as_the_fit_was(quick, tmp_path, monkeypatch):
    """Every setting of the file reaches the section that refits, not the seed alone."""
    asked = []

    def stop(_effects, _model, **asking):
        asked.append(asking)
        raise AnalysisError("enough")

    monkeypatch.setattr("bayesmeta.sensitivity.examination.examine", stop)
    monkeypatch.setitem(SECTIONS, "sensitivity", SENSITIVITY)
    said = {"draws": 20, "chains": 2, "cores": 1, "target_accept": 0.95, "seed": 7}
    lines = "".join(f"{name} = {value}\n" for name, value in said.items())
    quick.write_text(lines + _one(), encoding="utf-8")

    bm.run(quick, output=tmp_path / "results")

    assert said.items() <= asked[0].items()


def test_a_figure_is_laid_out_once_for_all_formats(ran):
    """PNG and SVG of a forest plot are the same figure: one layout an outcome."""
    assert len(ran.forests) == 2


@pytest.mark.slow
def test_workers_write_the_same_bytes(whole_analysis, tmp_path):
    """Two processes write what one writes, every file of every outcome; posteriors too."""
    names = [tmp_path / "one", tmp_path / "two"]

    for jobs, output in enumerate(names, start=1):
        bm.run(whole_analysis, output=output, jobs=jobs)

    one, two = (
        {path.relative_to(output): path.read_bytes() for path in output.rglob("*.*")}
        for output in names
    )
    assert one == two
    assert len(one) == 2 * 34 + 1  # the report of both


@pytest.mark.slow
def test_a_worker_that_fails_leaves_nothing(whole_analysis, tmp_path, monkeypatch):
    """An outcome that cannot be written stops the run, wherever it was written."""
    monkeypatch.setattr("bayesmeta.analysis.writing.POSTERIOR", "gone.nc")
    monkeypatch.setitem(ARTEFACTS, "gone.nc", lambda *_: None)

    with pytest.raises(BayesmetaError):
        bm.run(whole_analysis, output=tmp_path / "results", jobs=2)

    assert not list((tmp_path / "results" / "pain").iterdir())


def test_no_process_is_refused(analysis, tmp_path):
    """The message says how many are needed."""
    with pytest.raises(AnalysisError, match="jobs is 0; at least one"):
        bm.run(analysis, output=tmp_path / "results", jobs=0)
