"""What is said before a fit of several estimates a study."""

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.cli import main
from bayesmeta.engines.announcing import announced

FOUR = "Integrating tau[PD], tau[AL], rho_between, rho_within together, which takes"
PRIORS = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}
UNUSED = "Columns v1i, v2i hold the covariances of the rows of each trial and are not used"


@pytest.fixture
def said(table, sized):
    """Return what is said before a fit to Berkey's table, changed or not."""

    def lines(engine="exact", *, priors=None, change=lambda frame: frame, **roles):
        effects = sized(change(table("berkey1998.csv")))
        own = PRIORS | (priors or {})
        posed = assemble(effects, "several-outcomes", priors=own, roles={"trial": "trial", **roles})
        return " ".join(announced(posed, engine))

    return lines


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        ({}, True),
        ({"engine": "nuts"}, False),
        ({"priors": {"rho_within": 0.5}}, False),
        ({"covariance": "v1i v2i"}, False),
    ],
    ids=["exact", "nuts", "a number", "known"],
)
def test_four_hyperparameters_integrated_exactly_are_announced(said, asked, waits):
    """Whoever waits for minutes is told for what; three take a second."""
    assert (FOUR in said(**asked), "Integrating" in said(**asked)) == (waits, waits)


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ({"engine": "nuts"}, True),
        ({"priors": {"rho_within": 0.5}}, True),
        ({"covariance": "v1i v2i"}, False),
        ({"change": lambda frame: frame.drop(columns="v2i")}, False),
        ({"change": lambda frame: frame.assign(v2i=np.arange(10.0))}, False),
        ({"change": lambda frame: frame.assign(v2i="unknown")}, False),
    ],
    ids=["not named", "a number", "named", "one column", "other numbers", "words"],
)
def test_covariances_in_the_table_that_nobody_named_are_announced(said, asked, there):
    """Where columns called v1i, v2i hold the estimates' own variances, and are not in use."""
    assert (UNUSED in said(**asked)) == there


def test_the_command_line_announces_on_standard_error(table, tmp_path, capsys):
    """With the option to paste; standard output has the answer alone."""
    table("berkey1998.csv").to_csv(tmp_path / "berkey.csv", index=False)
    numbers = [f"--prior={name}=0.2" for name in ("tau", "rho_between", "rho_within")]
    numbers += ["--prior=mu=Normal(mu=0, sigma=1)"]

    with pytest.raises(SystemExit):
        main(["fit", str(tmp_path / "berkey.csv"), "--measure=MD", "--model=several-outcomes",
              "--trial=trial", "--engine=exact", *numbers])  # fmt: skip

    assert capsys.readouterr().err.rstrip().endswith('as known: --covariance "v1i v2i".')


def test_an_analysis_file_announces_among_its_lines(table, tmp_path, monkeypatch):
    """With the key to paste."""
    monkeypatch.setattr("bayesmeta.analysis.running.write_outcomes", _stopped)
    table("berkey1998.csv").to_csv(tmp_path / "berkey.csv", index=False)
    file, lines = tmp_path / "berkey.toml", []
    file.write_text(
        'studies = "berkey.csv"\nmeasure = "MD"\nengine = "exact"\ntrial = "trial"\n'
        "priors = { mu = 'Normal(mu=0, sigma=1)', tau = 0.2, "
        "rho_between = 0.2, rho_within = 0.2 }\n"
        '[joint]\noutcomes = ["PD", "AL"]\n'
    )

    with pytest.raises(_EndError):
        bm.run(file, output=tmp_path / "results", say=lines.append)

    assert any('take them as known: covariance = "v1i v2i".' in line for line in lines)


class _EndError(Exception):
    """What is to be seen was said."""


def _stopped(*_, **__):
    raise _EndError
