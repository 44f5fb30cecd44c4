"""`bayesmeta compare` and `bayesmeta calibrate`: what they print and write."""

import json
from pathlib import Path

import pytest

NORMAND = "examples/data/normand1999.csv"
METAFOR = json.loads(
    (Path(__file__).parents[1] / "frequentist" / "metafor.json").read_text(encoding="utf-8")
)
FITS = [fit for fit in METAFOR["fits"] if fit["id"] == "normand_md" and fit["test"] != "adhoc"]
KEYS = {"b": "estimate", "se": "se", "ci_lb": "lower", "ci_ub": "upper", "pi_lb": "pi_lower",
        "pi_ub": "pi_upper", "tau2": "tau2", "QE": "Q"}  # fmt: skip
ITERATED = ("ML", "REML", "EB", "PM")


@pytest.fixture
def compared(bayesmeta):
    """Return the JSON of a comparison."""

    def run(*arguments):
        ran = bayesmeta("compare", *arguments, "--json")
        assert ran.code == 0, ran.err
        return json.loads(ran.out)

    return run


def test_every_classical_row_is_metafors(compared):
    """Estimate, errors, intervals, prediction intervals, tau2, I2 and Q, by the contract's keys."""
    rows = {row["method"]: row for row in compared(NORMAND, "--measure", "MD")["rows"]}

    for fit in FITS:
        row = rows[fit["method"] + {"z": "", "knha": "+HKSJ"}[fit["test"]]]
        tight = 1e-4 if fit["method"] in ITERATED else 1e-6
        for theirs, ours in KEYS.items():
            if theirs in fit:
                assert row[ours] == pytest.approx(fit[theirs], rel=tight), (row["method"], ours)
        assert row["I2"] == pytest.approx(fit["I2"] / 100, rel=tight)


def test_the_contract_has_its_keys_first_and_no_nan(compared):
    """Ten keys of every row; what does not exist is null."""
    found = compared(NORMAND, "--measure", "MD")
    keys = ["method", "estimate", "se", "lower", "upper", "pi_lower", "pi_upper", "tau2", "I2", "Q"]
    common = next(row for row in found["rows"] if row["method"] == "CE")

    assert [list(row)[:10] for row in found["rows"]] == [keys] * len(found["rows"])
    assert common["pi_lower"] is None
    assert found["gap"]["steps"][0]["step"] == "plug-in"
    assert len(found["gap"]["sentences"]) == 2


def test_the_bayesian_row_is_what_fit_prints(bayesmeta, compared):
    """The same options give `fit` and `compare` the same posterior."""
    arguments = [NORMAND, "--measure", "MD", "--prior", "tau=HalfNormal(sigma=10)",
                 "--interval", "0.9"]  # fmt: skip
    row = compared(*arguments)["rows"][0]
    fit = json.loads(bayesmeta("fit", *arguments, "--engine", "exact", "--json").out)

    mu = fit["parameters"]["mu"]
    assert row["method"] == "Bayes (own)"
    assert [row["estimate"], row["lower"], row["upper"]] == pytest.approx(
        [mu["median"], mu["lower"], mu["upper"]], rel=1e-9
    )


@pytest.mark.parametrize("option", ["engine", "form", "shortest", "seed", "draws", "tune", "chains",
                                    "cores", "target-accept"])  # fmt: skip
def test_an_option_that_would_change_nothing_is_none(option, bayesmeta):
    """Rows are exact and their intervals central: there is nothing to draw or to shorten."""
    ran = bayesmeta("compare", NORMAND, "--measure", "MD", f"--{option}", "1")

    assert ran.code == 2
    assert f"--{option}" in ran.err


def test_moderators_give_a_row_a_coefficient(compared):
    """Each row says which coefficient it is of."""
    found = compared("examples/data/bangertdrowns2004.csv", "--measure", "SMD", "--moderators",
                     "duration_weeks", "--missing", "drop")  # fmt: skip

    assert {row["coefficient"] for row in found["rows"]} == {
        "mu", "beta[duration_weeks]", "Intercept",
    }  # fmt: skip
    assert len(found["dropped"]) == 2


def test_without_participants_the_classical_rows_stand(bayesmeta, tmp_path):
    """The default priors have no scale: a message, no gap, exit code 0."""
    table = tmp_path / "three.csv"
    table.write_text("study,estimate,standard_error\nA,1,1\nB,3,1\nC,8,2\n", encoding="utf-8")

    ran = bayesmeta("compare", table, "--measure", "generic", "--json")
    found = json.loads(ran.out)

    assert ran.code == 0
    assert found["gap"] is None
    assert len(found["rows"]) == 18
    assert "participants" in found["messages"][0]


def test_tables_and_figures_are_written_once(bayesmeta, tmp_path):
    """Tables, text, figures; a second run needs --force."""
    folder = tmp_path / "out"
    ran = bayesmeta("compare", NORMAND, "--measure", "MD", "--output", folder)
    again = bayesmeta("compare", NORMAND, "--measure", "MD", "--output", folder)

    names = sorted(path.name for path in folder.iterdir())
    assert ran.code == 0
    assert names == [
        "comparison.csv", "comparison.png", "comparison.svg", "comparison.txt",
        "gap.csv", "gap.png", "gap.svg",
    ]  # fmt: skip
    assert again.code == 2
    assert "--force" in again.err


def test_calibrate_prints_its_table(bayesmeta):
    """Numbers or priors are the truth; the same seed prints the same."""
    arguments = ["calibrate", NORMAND, "--measure", "MD", "--tau", "HalfNormal(sigma=10)", "--mu",
                 "-5", "--simulations", "50", "--row", "DL", "--row", "REML+HKSJ"]  # fmt: skip
    ran, again = bayesmeta(*arguments, "--json"), bayesmeta(*arguments, "--json")

    assert ran.code == 0
    assert [row["method"] for row in json.loads(ran.out)["rows"]] == ["DL", "REML+HKSJ"]
    assert ran.out == again.out


def test_calibrate_takes_a_model(bayesmeta):
    """Its parameters are true as said, and its parts say what they are."""
    ran = bayesmeta("calibrate", NORMAND, "--measure", "MD", "--model", "student-t", "--tau", "5",
                    "--truth", "nu=3", "--simulations", "2", "--row", "DL", "--json")  # fmt: skip
    found = json.loads(ran.out)

    assert ran.code == 0
    assert found["model"] == "student-t"
    assert "tau = 5; nu = 3; student-t study effects" in found["scenario"]


def test_calibrate_names_a_wrong_truth(bayesmeta):
    """One message, exit code 2."""
    ran = bayesmeta("calibrate", NORMAND, "--measure", "MD", "--tau", "-1")

    assert ran.code == 2
    assert "tau is -1" in ran.err
