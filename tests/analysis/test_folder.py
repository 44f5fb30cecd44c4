"""A folder of results is replaced whole, or stays as it was."""

import errno
import os
import resource
from pathlib import Path

import pytest

import bayesmeta as bm
from bayesmeta.analysis.artefacts import ARTEFACTS, FURTHER
from bayesmeta.analysis.sections import SECTIONS
from bayesmeta.errors import OutputError
from bayesmeta.sections.folder import filled, require_usable

TABLE = """study,outcome,unit,estimate,standard_error,n
A,pain,points,-1.0,0.4,40
B,pain,points,-2.5,0.5,50
C,pain,points,0.3,0.6,30
A,sleep,hours,0.5,0.2,40
B,sleep,hours,0.9,0.3,50
C,sleep,hours,0.1,0.3,30
"""
BOTH = """studies = "table.csv"
measure = "MD"
engine = "exact"
draws = 10
[[outcomes]]
name = "pain"
[[outcomes]]
name = "sleep"
"""


def contents(folder):
    """Return every file below a folder with what it holds, and every link with where it leads."""
    return {
        path.relative_to(folder): path.readlink() if path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


@pytest.fixture
def old(tmp_path):
    """Return a folder with two files of an earlier run and one of somebody else."""
    folder = tmp_path / "results"
    folder.mkdir()
    for name in ("summary.txt", "forest.png", "notes.txt"):
        (folder / name).write_text(f"old {name}", encoding="utf-8")
    return folder


def fill(folder, *names, former=()):
    with filled(folder, former=former) as partial:
        for name in names:
            (partial / name).write_text(f"new {name}", encoding="utf-8")


def test_the_new_files_stand_in_the_place_of_the_old(old):
    """What is named as former goes too; what is somebody else's stays; nothing else is left."""
    fill(old, "summary.txt", "forest.svg", former=["forest.png"])

    assert {path.name: path.read_text(encoding="utf-8") for path in old.iterdir()} == {
        "summary.txt": "new summary.txt",
        "forest.svg": "new forest.svg",
        "notes.txt": "old notes.txt",
    }


@pytest.mark.parametrize("step", range(1, 5))
def test_a_publication_that_fails_at_any_step_is_undone(step, old, monkeypatch):
    """Four moves: two files out, two in. Whichever fails, the folder is as it was."""
    before, moves, rename = contents(old), [], Path.rename

    def failing(path, target):
        moves.append(path)
        if len(moves) == step:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)

    with pytest.raises(OutputError, match="Input/output error"):
        fill(old, "summary.txt", "forest.png")

    assert contents(old) == before


@pytest.mark.parametrize("linked", ["summary.txt", "comparison"])
def test_a_link_among_the_old_files_is_refused(linked, old, tmp_path):
    """It is not followed, nor taken away; a link to a folder once ended in a half-empty one."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.txt").write_text("mine", encoding="utf-8")
    (old / linked).unlink(missing_ok=True)
    (old / linked).symlink_to(elsewhere)
    before = contents(tmp_path)

    with pytest.raises(OutputError, match=f"{linked}: a symbolic link"):
        fill(old, "forest.png", linked)

    assert contents(tmp_path) == before


def test_a_link_to_a_folder_is_a_folder(old, tmp_path):
    """Results may be kept on another disk."""
    (tmp_path / "link").symlink_to(old)

    fill(tmp_path / "link", "summary.txt")

    assert (old / "summary.txt").read_text(encoding="utf-8") == "new summary.txt"
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize(
    "place", ["lost", "loop", "file", "file/below", "a" * 300, "new/" + "a" * 300]
)
def test_a_folder_that_cannot_be_is_refused_beforehand(place, tmp_path):
    """Before anything is fitted."""
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    (tmp_path / "lost").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    with pytest.raises(OutputError, match=place[:4]):
        require_usable(tmp_path / place, force=True)


@pytest.fixture
def analysis(tmp_path, monkeypatch):
    """An analysis of two outcomes, each section a line of text."""
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    path = tmp_path / "analysis.toml"
    path.write_text(BOTH, encoding="utf-8")
    for section in SECTIONS:
        monkeypatch.setitem(SECTIONS, section, _note)
    for figure in ("forest.png", "forest.svg"):
        monkeypatch.setitem(ARTEFACTS, figure, _draw)
    return path


def _note(fitted, folder):
    (folder / "note.txt").write_text(str(fitted.plan.name), encoding="utf-8")


def _draw(fitted, path):
    path.write_text(str(fitted.plan.settings.draws), encoding="utf-8")


def _without_figures(monkeypatch):
    """Let sections, figures and the report, which take most of the time, be lines of text."""
    for name in list(SECTIONS):
        monkeypatch.delitem(SECTIONS, name)
    for register in (ARTEFACTS, FURTHER):
        for name in [name for name in register if name.endswith((".png", ".svg"))]:
            monkeypatch.setitem(register, name, lambda fitted, path: path.write_text(fitted.name))
    monkeypatch.setattr("bayesmeta.analysis.running.report_of", lambda *_, **__: None)
    monkeypatch.setattr("bayesmeta.analysis.running.page_of", lambda _: lambda _: b"report")


def test_a_run_that_fails_in_the_second_outcome_leaves_the_first_as_it_was(
    analysis, tmp_path, monkeypatch
):
    """The folders of all outcomes are replaced together."""
    _without_figures(monkeypatch)
    bm.run(analysis, output=tmp_path / "results")
    before, write = contents(tmp_path / "results"), ARTEFACTS["results.json"]
    analysis.write_text(BOTH.replace("draws = 10", "draws = 9"), encoding="utf-8")

    def fail(fitted, path):
        if fitted.plan.name == "sleep":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(fitted, path)

    monkeypatch.setitem(ARTEFACTS, "results.json", fail)

    with pytest.raises(OutputError, match=r"sleep: cannot be written .No space left on device"):
        bm.run(analysis, output=tmp_path / "results", force=True)

    assert contents(tmp_path / "results") == before


def test_a_full_disk_is_no_reason_of_a_section(analysis, tmp_path, monkeypatch):
    """What cannot be had says why in its place; what cannot be written ends the run."""

    def fail(fitted, folder):
        _, hard = before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        try:
            bm.save_posterior(fitted.posterior, folder / "draws.nc")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    monkeypatch.setitem(SECTIONS, "sensitivity", fail)

    with pytest.raises(OutputError, match=r"results.pain.sensitivity.draws\.nc: cannot be written"):
        bm.run(analysis, output=tmp_path / "results")

    assert not contents(tmp_path / "results")


def test_an_outcome_whose_name_no_folder_can_have_is_refused_beforehand(analysis, tmp_path):
    """Nothing is fitted for a folder that cannot be made."""
    analysis.write_text(BOTH.replace('"sleep"', f'"{"s" * 300}"'), encoding="utf-8")

    with pytest.raises(OutputError, match="File name too long"):
        bm.run(analysis, output=tmp_path / "results")

    assert not (tmp_path / "results").exists()
