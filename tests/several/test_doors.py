"""What rows of a trial share, said on the command line and in an analysis file as in Python."""

import json

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.analysis import read_analysis
from bayesmeta.analysis.sections import SECTIONS
from bayesmeta.cli import main

PRIORS = {"mu": "Normal(mu=0, sigma=2)", "tau": "HalfNormal(sigma=0.5)", "rho_within": 0.4}


@pytest.fixture
def file(tmp_path):
    """Return a file of doses against placebos, at weeks."""
    pd.DataFrame(
        {
            "study": list("aabbc"),
            "placebo": list("ppqqr"),
            "week": [2, 6, 4, 12, 8],
            "n_treatment": [20, 25, 30, 22, 31],
            "mean_treatment": [5.1, 6.0, 4.4, 5.2, 4.9],
            "sd_treatment": [2.0, 2.1, 2.2, 1.9, 2.4],
            "n_control": [22, 22, 35, 35, 30],
            "mean_control": [4.0, 4.0, 4.4, 4.4, 4.1],
            "sd_control": [1.8, 1.8, 2.2, 2.2, 2.0],
        }
    ).to_csv(tmp_path / "doses.csv", index=False)
    return tmp_path / "doses.csv"


@pytest.mark.parametrize("roles", [{"control_arm": "placebo"}, {"weeks": "week"}])
def test_the_command_line_says_what_python_does(file, capsys, roles):
    """Options have the keywords' names, with a hyphen."""
    priors = {name: PRIORS[name] for name in PRIORS if "weeks" in roles or name != "rho_within"}
    effects = bm.effect_sizes(bm.read_studies(file), "SMD", repeated=True)
    posterior = bm.fit(effects, "correlated", trial="study", priors=priors, engine="exact", **roles)
    options = [f"--{name.replace('_', '-')}={column}" for name, column in roles.items()]
    options += [word for name, prior in priors.items() for word in ("--prior", f"{name}={prior}")]

    with pytest.raises(SystemExit) as stopped:
        main(["fit", str(file), "--measure", "SMD", "--model", "correlated", "--trial", "study",
              "--engine", "exact", "--json", *options])  # fmt: skip

    found = json.loads(capsys.readouterr().out)["parameters"]["mu"]
    assert stopped.value.code == 0
    assert found["median"] == pytest.approx(bm.summary(posterior).loc["mu", "median"], rel=1e-12)


def _note(fitted, folder):
    """Stand for a section whose tables and figures have tests of their own."""
    (folder / "note.txt").write_text(fitted.plan.title, encoding="utf-8")


def test_an_analysis_file_says_what_python_does(file, monkeypatch):
    """Keys have the keywords' names."""
    for section in SECTIONS:
        monkeypatch.setitem(SECTIONS, section, _note)
    analysis = file.parent / "doses.toml"
    analysis.write_text(
        'studies = "doses.csv"\nmeasure = "SMD"\nmodel = "correlated"\ntrial = "study"\n'
        'control_arm = "placebo"\nengine = "exact"\ndpi = 40\n'
        'priors = { mu = "Normal(mu=0, sigma=2)", tau = "HalfNormal(sigma=0.5)" }\n',
        encoding="utf-8",
    )
    effects = bm.effect_sizes(bm.read_studies(file), "SMD", repeated=True)
    priors = {name: PRIORS[name] for name in ("mu", "tau")}
    asked = {"trial": "study", "control_arm": "placebo", "priors": priors, "engine": "exact"}

    bm.run(analysis, output=file.parent / "results")

    found = json.loads((file.parent / "results" / "results.json").read_text(encoding="utf-8"))
    expected = bm.summary(bm.fit(effects, "correlated", **asked)).loc["mu", "median"]
    assert found["parameters"]["mu"]["median"] == pytest.approx(expected, rel=1e-12)


def test_a_file_of_covariances_stands_beside_the_analysis(file):
    """Wherever the run is started: as the table of studies and a model file do."""
    np.savetxt(file.parent / "covariance.csv", np.eye(5) * 0.09, delimiter=",")
    table = {"study": list("abcde"), "yi": [0.1, 0.4, 0.2, 0.6, 0.3], "sei": [0.3] * 5}
    pd.DataFrame(table).to_csv(file.parent / "ready.csv", index=False)
    analysis = file.parent / "ready.toml"
    analysis.write_text(
        'studies = "ready.csv"\nmeasure = "MD"\nmodel = "correlated"\n'
        'covariance = "covariance.csv"\n',
        encoding="utf-8",
    )

    (plan,) = read_analysis(analysis).plans

    assert plan.roles["covariance"] == str(file.parent / "covariance.csv")


def test_clusters_with_long_numbers_are_told_apart(sized):
    """Identifiers that agree in six digits are different clusters."""
    rows = pd.DataFrame(
        {"study": list("abcd"), "cluster": [1234567, 1234567, 1234568, 1234569],
         "estimate": [0.1, 0.2, 0.3, 0.5], "variance": [0.1, 0.1, 0.1, 0.2]}
    )  # fmt: skip
    priors = {**PRIORS, "tau_within": 0.3}
    del priors["rho_within"]

    posterior = bm.fit(sized(rows), "nested", cluster="cluster", priors=priors, engine="exact")

    clusters = posterior.constant_data["cluster"].to_numpy().tolist()
    assert clusters == ["1234567", "1234567", "1234568", "1234569"]


def test_a_column_may_be_named_as_the_table_has_it(sized):
    """The advice on repeated studies names the table's own column of studies."""
    rows = pd.DataFrame(
        {"author": list("aabc"), "yi": [0.1, 0.2, 0.3, 0.5], "vi": [0.1, 0.1, 0.1, 0.2]}
    )
    priors = {**PRIORS, "tau_within": 0.3}
    del priors["rho_within"]

    found = [bm.fit(sized(rows), "nested", cluster=column, priors=priors, engine="exact")
             for column in ("author", "study")]  # fmt: skip

    pd.testing.assert_frame_equal(*map(bm.summary, found))
