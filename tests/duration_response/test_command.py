"""`bayesmeta duration` on the SIMULATED example."""

import json
import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import bayesmeta as bm
from bayesmeta.cli.door import with_door
from bayesmeta.cli.duration import duration
from bayesmeta.duration_response.subgroups import subgroups
from bayesmeta.duration_response.text import text as text_of
from bayesmeta.plots.bubble import plot_bubble
from bayesmeta.plots.duration_effects import plot_duration_effects
from bayesmeta.plots.duration_subgroups import plot_subgroups

STUDIES = str(Path(__file__).parents[2] / "examples" / "data" / "rtms_SIMULATED.csv")
CALL = [STUDIES, "--measure", "MD", "--outcome", "BDNF", "--benefit", "higher",
        "--shape", "constant", "--shape", "linear"]  # fmt: skip


@pytest.fixture
def run():
    """Return a call of the command alone."""
    app = typer.Typer()
    app.command()(with_door(duration))
    return lambda *words: CliRunner().invoke(app, [*CALL, *words], catch_exceptions=True)


def test_the_text_answers_and_says_simulated(run):
    """Both answers, the probabilities and the caution are on the terminal."""
    result = run("--minimal-important-difference", "3")

    assert result.exit_code == 0
    assert result.stdout.startswith("SIMULATED DATA")
    assert "Longer studies show the better effect with probability" in result.stdout
    assert "nothing about longer treatment of one patient" in result.stdout


def test_text_and_figures_say_the_same_numbers(simulated):
    """Change and probability of sentence, table and figure; effects of table and forest."""
    effects, _ = simulated("BDNF")
    found = bm.duration(effects, shapes=["constant", "linear"], benefit="higher")
    text = text_of(found)
    forest, bubble = (
        [each.get_text() for each in plot(found).texts]
        for plot in (plot_duration_effects, plot_bubble)
    )
    row = next(line for line in text.splitlines() if line.startswith("  2     12"))
    change, better = re.search(r"(\S+ \[.*\])  (\S+)", row).groups()
    effects = re.findall(r"\S+ \[[^\]]*\]", text.split("Effect in")[1].split("Changes")[0])

    sentence = re.sub(r" \[(.*), (.*)\]", r" ng/mL (95 % interval \1 to \2)", change)
    assert f"change {sentence}" in text
    assert f"probability {better} (a priori 0.250):" in text
    assert f"= {better}, a priori 0.250;" in " ".join(bubble)
    assert len(effects) == 12
    drawn = " ".join(forest)
    assert all(effect.replace(", ", " to ") in drawn for effect in effects)


def test_json_stands_alone_and_files_are_written(run, tmp_path):
    """Stdout is JSON; the folder has ten tables and three figures in two formats."""
    folder = tmp_path / "out"
    result = run("--json", "--output", str(folder), "--weeks", "2,6", "--change", "2,6")

    assert json.loads(result.stdout)["changes"][1]["to"] == 6
    assert len(list(folder.glob("*.csv"))) == 10
    assert len(list(folder.glob("*.png"))) == len(list(folder.glob("*.svg"))) == 3


@pytest.mark.parametrize("words", [("--weeks", "two"), ("--change", "2")])
def test_words_that_are_no_durations_are_refused(run, words):
    """The error is ours, so that the command line prints one message."""
    result = run(*words)

    assert type(result.exception).__name__ == "AnalysisError"


def test_a_full_folder_is_left_alone(run, tmp_path):
    """Without --force nothing is written into a folder that has files."""
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    result = run("--output", str(tmp_path))

    assert type(result.exception).__name__ == "OutputError"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_subgroup_forest_has_a_diamond_a_group(simulated):
    """Twelve squares, three diamonds."""
    effects, _ = simulated("TNF-alpha")
    figure = plot_subgroups(subgroups(effects, column="duration_weeks", cuts=[4, 8]))
    axes = figure.axes[0]

    assert [patch.get_gid() for patch in axes.patches].count("subtotal") == 3
    assert [line.get_gid() for line in axes.lines].count("study") == 12


def test_a_model_of_cohorts_reaches_the_command_with_its_choices(run):
    """Spread, power and level are options; JSON has a row for each tau, notes say of whom."""
    own = run("--model", "design-bias", "--spread", "own", "--json")
    power = run("--model", "power-prior", "--power", "0.25", "--json")
    level = run("--model", "tau-by-level", "--level", "design", "--at", "design=cohort", "--json")
    taus = [[row["parameter"] for row in json.loads(each.stdout)["tau"]]
            for each in (own, power, level)]  # fmt: skip

    assert taus == [["tau", "tau_cohort"], ["tau"], ["tau[cohort]", "tau[RCT]"]]
    assert any("predictions are of trials" in note for note in json.loads(own.stdout)["notes"])
    assert any("power 0.25" in note for note in json.loads(power.stdout)["notes"])
