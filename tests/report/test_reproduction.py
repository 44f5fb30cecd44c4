"""The command that a report prints makes its numbers again."""

import json
import shlex
from pathlib import Path

import pytest

import bayesmeta as bm
from bayesmeta.cli import main
from bayesmeta.summaries.remembered import remember

STUDIES = Path("examples/data/normand1999.csv").resolve()
PLAN = """title = "Length of stay"
studies = "{studies}"
measure = "MD"
unit = "days"
engine = "{engine}"
seed = 7
draws = 100
tune = 200
chains = 2
benefit = "lower"
priors = {{ mu = "Normal(mu=0, sigma=100)", tau = "HalfNormal(sigma=10)" }}
"""


def _typed(arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


def _command(page):
    """Return the one command in a report."""
    (said,) = [block for block in page.read_text(encoding="utf-8").split("```")
               if block.strip().startswith("bayesmeta")]  # fmt: skip
    return shlex.split(said)[1:]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["exact", "nuts"])
def test_an_analysis_files_command_makes_its_numbers_again(engine, tmp_path, monkeypatch):
    """Typed where the file is, it writes the same results, to the last digit."""
    file = tmp_path / "length of stay.toml"
    file.write_text(PLAN.format(studies=STUDIES.as_posix(), engine=engine), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    _typed(["run", str(file), "--output", "first"])
    _typed(["report", str(file), "--output", "paper.md"])
    _typed(_command(tmp_path / "paper.md"))

    first, again = (json.loads(Path(folder, "results.json").read_text(encoding="utf-8"))
                    for folder in ("first", "results"))  # fmt: skip
    assert again == first


def test_a_saved_posteriors_command_makes_its_report_again(tmp_path, monkeypatch, posterior):
    """Choices and all: the same page, to the last character."""
    monkeypatch.chdir(tmp_path)
    bm.save_posterior(posterior, "posterior.nc")
    chosen = ["--title", "Length of stay", "--benefit", "lower", "--interval", "0.9",
              "--minimal-important-difference", "3"]  # fmt: skip
    _typed(["report", "posterior.nc", "--output", "page.md", *chosen])
    first = Path("page.md").read_text(encoding="utf-8")
    Path("page.md").unlink()
    _typed(_command_of(first))
    assert Path("page.md").read_text(encoding="utf-8") == first


def _command_of(page):
    Path("kept.md").write_text(page, encoding="utf-8")
    return _command(Path("kept.md"))


def test_a_saved_posterior_remembers_what_matters(tmp_path, posterior):
    """Direction and difference of the analysis, as its summary prints them."""
    kept = remember(posterior, "lower", 3.0)
    page = bm.write_report(kept, tmp_path / "page.md").read_text(encoding="utf-8")
    assert "Minimal important difference: 3 days." in page
