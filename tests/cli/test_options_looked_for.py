"""Options of the command line that a newcomer looks for; no Python in what it says."""

import json

import pytest

import bayesmeta as bm
from bayesmeta.cli.run import run as run_command

TABLE = """study,estimate,standard_error,weeks,dose per day,design,n
A,0.1,0.1,2,3,RCT,20
B,-0.2,0.2,4,1,cohort,30
C,0.3,0.1,6,7,RCT,40
D,0.0,0.3,8,9,cohort,50
"""
PYTHON = ("={", "columns={", "priors={", "read_studies(", "effect_sizes(", "bm.", "None", "True")
"""What no message at a terminal says."""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Return a folder with a table as the working folder."""
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "bare.csv").write_text(TABLE.replace(",n\n", ",m\n"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_difference_without_a_direction_is_remarked(bayesmeta, desk):
    """It is said that it is not used, and what to say."""
    ran = bayesmeta("fit", "t.csv", "--measure", "MD", "--engine", "exact",
                    "--minimal-important-difference", "0.1")  # fmt: skip

    assert "is not used" in ran.out
    assert "--benefit lower or --benefit higher" in ran.out


def test_a_plot_takes_title_side_interval_and_difference(bayesmeta, desk):
    """All of them are in the figure."""
    bayesmeta("fit", "t.csv", "--measure", "MD", "--engine", "exact", "--output", "p.nc")
    ran = bayesmeta("plot", "forest", "p.nc", "--output", "f.svg", "--title", "A title of mine",
                    "--benefit", "lower", "--interval", "0.9",
                    "--minimal-important-difference", "0.2")  # fmt: skip
    drawn = (desk / "f.svg").read_text(encoding="utf-8")

    assert ran.code == 0
    assert "A title of mine" in drawn
    assert "90" in drawn
    assert "favours treatment" in drawn


def test_a_plot_refuses_what_it_does_not_take(bayesmeta, desk):
    """A funnel has no minimal important difference."""
    bayesmeta("fit", "t.csv", "--measure", "MD", "--engine", "exact", "--output", "p.nc")
    ran = bayesmeta("plot", "funnel", "p.nc", "--output", "f.svg",
                    "--minimal-important-difference", "0.2")  # fmt: skip

    assert ran.code == 2
    assert "takes no minimal-important-difference" in ran.err


def test_what_was_said_at_the_fit_is_remembered(bayesmeta, desk):
    """The plot of the file knows the direction."""
    bayesmeta("fit", "t.csv", "--measure", "MD", "--engine", "exact", "--output", "p.nc",
              "--benefit", "lower", "--minimal-important-difference", "0.2")  # fmt: skip
    bayesmeta("plot", "forest", "p.nc", "--output", "f.svg")

    assert "favours treatment" in (desk / "f.svg").read_text(encoding="utf-8")
    assert bm.read_posterior("p.nc").attrs["minimal_important_difference"] == 0.2


def test_the_keys_of_an_analysis_file_are_listed(bayesmeta):
    """Every key that is known, with what it says."""
    from bayesmeta.analysis.keys import TOP

    ran = bayesmeta("run", "--help-keys")
    listed = [line.split()[0] for line in ran.out.splitlines()[2:]]

    assert ran.code == 0
    assert listed == list(TOP)
    assert run_command is not None


def test_duration_takes_values_of_other_moderators(bayesmeta, desk):
    """--at sets the design of every study."""
    ran = bayesmeta("duration", "t.csv", "--measure", "MD", "--weeks-column", "weeks",
                    "--moderators", "C(design)", "--at", "design=RCT", "--shape", "constant",
                    "--shape", "linear", "--json")  # fmt: skip

    assert ran.code == 0
    assert json.loads(ran.out)["predictions"]


@pytest.mark.slow
def test_at_reaches_the_analysis_file(desk):
    """Sensitivity is of the effect at six weeks, duration of trials."""
    (desk / "a.toml").write_text(
        'studies = "t.csv"\nmeasure = "MD"\nengine = "exact"\ndraws = 20\n'
        'moderators = "weeks + C(design)"\ncolumns = { duration_weeks = "weeks" }\n'
        'at = { duration_weeks = 6, design = "RCT" }\n'.replace("weeks +", "duration_weeks +"),
        encoding="utf-8",
    )
    bm.run(desk / "a.toml", output=desk / "out")
    said = (desk / "out" / "sensitivity" / "sensitivity.txt").read_text(encoding="utf-8")

    assert "effect[duration_weeks=6, design=RCT]" in said
    assert (desk / "out" / "duration" / "duration.txt").exists()


MISTAKES = (
    ("fit", "bare.csv", "--measure", "MD"),
    ("fit", "t.csv", "--measure", "MD", "--moderators", "dose per day"),
    ("fit", "t.csv", "--measure", "MD", "--moderators", "~ week"),
    ("fit", "t.csv", "--measure", "MD", "--prior", "tau=HalfNormal(10)"),
    ("fit", "t.csv", "--measure", "DM"),
    ("duration", "t.csv", "--measure", "MD"),
    ("duration", "t.csv", "--measure", "MD", "--weeks-column", "weeks", "--at", "design=RCT"),
    ("duration", "t.csv", "--measure", "MD", "--weeks-column", "weeks", "--p-constant", "1"),
    ("sensitivity", "t.csv", "--measure", "MD", "--quantity", "effect"),
)  # fmt: skip


@pytest.mark.parametrize("words", MISTAKES, ids=" ".join)
def test_no_message_is_python(words, bayesmeta, desk):
    """Options are offered, never arguments."""
    ran = bayesmeta(*words)

    assert ran.code == 2
    assert not [said for said in PYTHON if said in ran.err]


def test_a_column_of_weeks_is_offered_as_an_option(bayesmeta, desk):
    """What to type, ready to paste."""
    ran = bayesmeta("duration", "t.csv", "--measure", "MD")

    assert "--column duration_weeks=weeks" in ran.err


def test_missing_priors_are_offered_as_options(bayesmeta, desk):
    """The parameters that lack one, with --prior."""
    ran = bayesmeta("fit", "bare.csv", "--measure", "MD", "--prior", "tau=HalfNormal(sigma=1)")

    assert '--prior "mu=Normal(mu=0, sigma=...)"' in ran.err
    assert "tau" not in ran.err.split("and no unit")[0]
