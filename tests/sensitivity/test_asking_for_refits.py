"""How refits are asked for: keywords, the important difference, the command."""

import json

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

import bayesmeta.cli.sensitivity as command
from bayesmeta.cli.door import with_door
from bayesmeta.errors import AnalysisError, ModelError
from bayesmeta.refits.sampler import sampler
from bayesmeta.sensitivity import leave_one_out
from bayesmeta.sensitivity.nulls import beyond


def test_an_unknown_engine_is_named():
    """The message lists both."""
    with pytest.raises(ModelError, match="known: exact, nuts"):
        sampler({"engine": "stan"})


def test_an_unknown_keyword_is_refused(bcg):
    """A slip of the pen does not pass as an answer."""
    with pytest.raises(AnalysisError, match="'prior'"):
        leave_one_out(bcg, prior={})


@pytest.mark.parametrize(
    ("measure", "difference", "benefit", "null"),
    [("MD", 3.0, "lower", -3.0), ("SMD", 0.2, "higher", 0.2), ("OR", 0.8, "lower", np.log(0.8)),
     ("OR", 1.25, "lower", np.log(0.8)), ("RR", 0.8, "higher", np.log(1.25))],
)  # fmt: skip
def test_an_important_difference_is_a_null_on_the_side_of_benefit(
    measure, difference, benefit, null
):
    """Ratios are logs, and 0.8 says what 1.25 says."""
    assert beyond(measure, difference, benefit=benefit) == pytest.approx(null)


@pytest.mark.parametrize(("measure", "difference"), [("MD", 0.0), ("MD", -3.0), ("OR", 1.0)])
def test_no_difference_is_refused(measure, difference):
    """It must be above 0, and a ratio not 1."""
    with pytest.raises(AnalysisError):
        beyond(measure, difference)


@pytest.fixture
def run():
    """Run the command; return its result."""
    app = typer.Typer()
    app.command()(with_door(command.sensitivity))
    table = "examples/data/normand1999.csv"
    return lambda *words: CliRunner().invoke(app, [table, "--measure", "MD", *words])


def test_the_command_samples(run):
    """Sampled rows, a null from the important difference, and exit code 3 for too few draws."""
    prior = ("--prior", "mu=Uniform(lower=-50, upper=50)", "--engine", "nuts")
    brief = ("--draws", "30", "--tune", "100", "--chains", "2", "--cores", "2", "--seed", "4")

    result = run(*prior, *brief, "--minimal-important-difference", "3", "--json")

    found = json.loads(result.stdout)
    assert result.exit_code == 3
    assert found["question"]["event"] == "mu < -3"
    assert (found["question"]["engine"], found["question"]["seed"]) == ("nuts", 4)
    assert not found["diagnostics"]["ok"]
    assert any("tipping_points" in note for note in found["notes"])


def test_the_command_refuses_two_nulls(run):
    """Both options say where benefit begins."""
    result = run("--null", "1", "--minimal-important-difference", "3")

    assert isinstance(result.exception, AnalysisError)
