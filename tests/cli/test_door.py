"""What is inside a file, and the options on how it is read, for every command."""

import json
import math
import tomllib

import pytest

from bayesmeta.analysis import read_analysis
from bayesmeta.analysis.artefacts import ARTEFACTS, FURTHER
from bayesmeta.analysis.sections import SECTIONS
from bayesmeta.cli import COMMANDS
from bayesmeta.studies.wording import choice, column_choice, speaking, together

ROWS = (
    "Analysis group,Analysis number,Analysis name,Subgroup,Applicability,Study,Study year,GIV Mean,"
    "GIV SE,Experimental mean,Experimental SD,Experimental cases,Experimental N,Control mean,"
    "Control SD,Control cases,Control N,O-E,Variance,Weight,Mean,CI start,CI end,Footnotes\n"
    "1,1,Leaves,,OVERALL,Alder,,0,0,0,0,5,50,0,0,10,50,0,0,1,1,1,1,\n"
    "1,1,Leaves,,OVERALL,Birch,,0,0,0,0,8,40,0,0,12,40,0,0,1,1,1,1,\n"
    "1,2,Height,Old,OVERALL,Alder,,0,0,10,4,0,20,12,5,0,25,0,0,1,1,1,1,\n"
    "1,2,Height,Old,OVERALL,Birch,,0,0,11,3,0,30,13,6,0,30,0,0,1,1,1,1,\n"
    "2,2,Girth,,OVERALL,Alder,,0,0,30,3,0,30,13,6,0,30,0,0,1,1,1,1,\n"
)
RATIOS = "study,estimate,ci_lower,ci_upper\nA,0.5,0.25,1\nB,0.8,0.4,1.6\nC,1.25,0.5,3.125\n"
TABLED = [name for name in COMMANDS if name not in ("run", "plot", "report", "models", "priors")]


@pytest.fixture
def file(tmp_path):
    def make(text, name="trials.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return make


@pytest.fixture
def numbers_alone(monkeypatch):
    """Leave sections, figures and the report of a run out."""
    for section in SECTIONS:
        monkeypatch.setitem(SECTIONS, section, lambda *_: None)
    for register in (ARTEFACTS, FURTHER):
        for name in register:
            if name.endswith((".png", ".svg")):
                monkeypatch.setitem(register, name, lambda *_: None)
    monkeypatch.setattr("bayesmeta.analysis.running.report_of", lambda *_, **__: None)
    monkeypatch.setattr("bayesmeta.analysis.running.page_of", lambda _: lambda _: b"report")


def test_the_analyses_of_a_review_are_listed(file, bayesmeta):
    """With the words that choose each, its type, rows and subgroups."""
    path = file(ROWS)

    shown, found = bayesmeta("studies", path), bayesmeta("studies", path, "--json")

    assert shown.code == 0
    assert "--comparison 1 --outcome 2  Height (2 rows, means)" in shown.out
    assert "1.2 subgroups: 1 Old" in shown.out
    analyses = json.loads(found.out)["analyses"]
    assert [one["outcome"] for one in analyses] == ["Leaves", "Height", "Girth"]


def test_measures_that_a_table_has_cells_for_are_listed(file, bayesmeta):
    """Events for OR, RR and RD; no means."""
    path = file("study,ai,n1i,ci,n2i\nA,1,10,2,10\n")

    content = json.loads(bayesmeta("studies", path, "--json").out)

    assert content["measures"] == ["OR", "RR", "RD"]
    assert content["columns"][:2] == ["study", "events_treatment"]


def test_a_table_that_cannot_be_read_is_said_to_be(file, bayesmeta):
    """The format is named, then what is wrong; exit code 2."""
    ran = bayesmeta("studies", file("study,yi,sei\nA,1,0\n"))

    assert ran.code == 2
    assert "text table" in ran.out
    assert "0 is not a standard error" in ran.err


@pytest.mark.parametrize("command", TABLED)
def test_every_command_with_a_table_has_the_options_of_the_door(command, bayesmeta):
    """A message may offer them anywhere."""
    helped = bayesmeta(command, "--help").out

    for option in ("--study", "--sheet", "--comparison", "--subgroup", "--arm", "--treated",
                   "--controls", "--totals", "--values", "--errors", "--confidence",
                   "--p-values", "--combine", "--decimal"):  # fmt: skip
        assert option in helped


def test_an_analysis_is_chosen_by_numbers(file, bayesmeta):
    """Means of 10 and 12, then 11 and 13: differences of -2."""
    ran = bayesmeta("effects", file(ROWS), "--measure", "MD", "--comparison", "1", "--outcome", "2",
                    "--subgroup", "1", "--json")  # fmt: skip

    assert [row["estimate"] for row in json.loads(ran.out)["studies"]] == [-2, -2]


@pytest.mark.parametrize("command", ["fit", "effects", "compare", "sensitivity"])
def test_natural_ratios_are_asked_about_by_every_command(command, file, bayesmeta):
    """The option to paste is in the message."""
    ran = bayesmeta(command, file(RATIOS), "--measure", "OR")

    assert ran.code == 2
    assert "--values natural" in ran.err


@pytest.mark.slow
def test_what_was_dropped_is_said_by_sensitivity(file, bayesmeta):
    """`--missing drop` names the row and the reason, also where numbers follow."""
    path = file("study,yi,sei,n\nA,1,0.5,9\nB,,0.5,9\nC,2,0.5,9\n")

    ran = bayesmeta("sensitivity", path, "--measure", "MD", "--missing", "drop", "--json")

    assert "Left out: B (no estimate)." in json.loads(ran.out)["notes"]


def test_an_analysis_file_is_spoken_to_in_keys(file, bayesmeta, tmp_path):
    """What the message offers is TOML, and does when it stands in the file."""
    file(RATIOS)
    path = file('studies = "trials.csv"\nmeasure = "OR"\nengine = "exact"\n', "analysis.toml")

    ran = bayesmeta("run", path, "--output", tmp_path / "out")

    assert ran.code == 2
    assert 'values = "natural"' in ran.err


@pytest.mark.parametrize("value", ["author, year", 'the "old" one', "a\\b", "height", "x=y"])
def test_offers_can_be_pasted(value):
    """A shell, TOML and Python each read back the value."""
    import ast
    import shlex

    with speaking("command line"):
        assert shlex.split(choice("sheet", value)) == ["--sheet", value]
        assert shlex.split(column_choice("study", value)) == ["--study", value]
    with speaking("toml"):
        assert tomllib.loads(choice("sheet", value)) == {"sheet": value}
        assert tomllib.loads(column_choice("n", value)) == {"columns": {"n": value}}
    assert ast.literal_eval(choice("sheet", value).removeprefix("sheet=")) == value
    assert ast.literal_eval(column_choice("n", value).removeprefix("columns=")) == {"n": value}


CHOSEN = """studies = "trials.csv"
measure = "MD"
engine = "exact"
sheet = "A"
decimal = "comma"
arm = "group=sham"
treated = "bark"
controls = "plac"
totals = "drop"
[[outcomes]]
name = "2"
comparison = "1"
subgroup = "1"
values = "natural"
errors = "log"
confidence = 90
p_values = "t"
combine = "arms"
"""


def test_keys_of_an_analysis_file_say_how_the_table_is_read(file):
    """How it is read is said once, which analysis for each outcome."""
    found = read_analysis(file(CHOSEN, "analysis.toml"))

    assert (found.sheet, found.decimal, found.arm) == ("A", "comma", "group=sham")
    assert (found.treated, found.controls, found.totals) == ("bark", "plac", "drop")
    plan = found.plans[0]
    assert (plan.name, plan.comparison, plan.subgroup) == ("2", "1", "1")
    assert (plan.values, plan.errors, plan.confidence) == ("natural", "log", 90)
    assert (plan.p_values, plan.combine) == ("t", "arms")


@pytest.mark.usefixtures("numbers_alone")
def test_errors_and_levels_may_be_keys(file, bayesmeta, tmp_path):
    """A log odds ratio of 0 with a standard error of 0.2 of the ratio 1; limits of 90 %."""
    file("study,OR,se,lower,upper,n\nA,1,0.2,,,9\nB,1,,0.5,2,9\nC,1,0.3,,,9\n")
    path = file(
        'studies = "trials.csv"\nmeasure = "OR"\nengine = "exact"\nvalues = "natural"\n'
        'errors = "natural"\nconfidence = 90\n',
        "analysis.toml",
    )

    ran = bayesmeta("run", path, "--output", tmp_path / "out")

    made = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert ran.code == 0
    errors = [row["standard_error"] for row in made["studies"]]
    assert errors == pytest.approx([0.2, math.log(2) / 1.6448536269514722, 0.3], rel=1e-12)
    assert "(90 %, normal for" in made["provenance"][1]["conversions"][1]


@pytest.mark.usefixtures("numbers_alone")
def test_p_values_and_groups_of_patients_may_be_keys(file, bayesmeta, tmp_path):
    """A mean difference of -2 with P = 0.05, and two groups of ten in each arm."""
    file("study,n1,mean1,sd1,n2,mean2,sd2,md,p\nA,10,5,1,10,6,1,,\nA,10,5,1,10,6,2,,\n"
         "B,,,,,,,-2,0.05\n")  # fmt: skip
    path = file(
        'studies = "trials.csv"\nmeasure = "MD"\nengine = "exact"\nunit = "days"\n'
        'p_values = "normal"\ncombine = "subgroups"\n'
        '[priors]\nmu = "Normal(mu=0, sigma=5)"\ntau = "HalfNormal(sigma=1)"\n',
        "analysis.toml",
    )

    ran = bayesmeta("run", path, "--output", tmp_path / "out")

    assert ran.code == 0, ran.err
    made = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    errors = [row["standard_error"] for row in made["studies"]]
    # The squared deviations of 20 patients, 9 + 9 and 9 + 36, over 19, in each arm.
    assert errors == pytest.approx([math.sqrt(63 / 19 / 20), 2 / 1.959963984540054], rel=1e-12)


def test_choices_that_go_together_are_pasted_together():
    """As options, as arguments, or as keys."""
    found = {}
    for language in ("command line", "python", "toml"):
        with speaking(language):
            found[language] = together(choice("model", "nested"), choice("control-arm", "x"))

    assert found == {
        "command line": "--model nested --control-arm x",
        "python": 'model="nested", control_arm="x"',
        "toml": 'model = "nested" and control_arm = "x"',
    }


@pytest.mark.slow
def test_keys_of_an_analysis_file_choose_the_analysis(file, bayesmeta, tmp_path):
    """The numbers of a review are keys, as the outcome's name is."""
    file(ROWS)
    keys = 'studies = "trials.csv"\nmeasure = "MD"\nengine = "exact"\n'
    path = file(f'{keys}name = "2"\ncomparison = "1"\nsubgroup = "1"\n', "analysis.toml")

    ran = bayesmeta("run", path, "--output", tmp_path / "out")

    assert ran.code == 0, ran.err
    assert "1.2.1: 2 studies" in ran.err


def test_a_direction_that_was_not_said_is_told(bayesmeta, tmp_path):
    """Where a difference matters and nobody said in which direction, the page says what it took."""
    rows = [f"{name},{place / 10},0.1,{20 + place},{2 * place}"
            for place, name in enumerate("ABCDE", start=1)]  # fmt: skip
    table = tmp_path / "t.csv"
    table.write_text("\n".join(["study,estimate,standard_error,n,duration_weeks", *rows]), "utf-8")
    asked = (table, "--measure", "MD", "--minimal-important-difference", "1")

    silent = [bayesmeta(command, *asked).out for command in ("duration", "sensitivity")]
    told = bayesmeta("duration", *asked, "--benefit", "lower").out

    assert all("Which direction is benefit was not said" in page for page in silent)
    assert "was not said" not in told


def test_a_figure_may_stand_last(bayesmeta, tmp_path):
    """As the README has it: the posterior's file, then the figure's."""
    table = tmp_path / "t.csv"
    table.write_text("study,estimate,standard_error,n\nA,1,1,9\nB,2,1,9\nC,0,1,9\n", "utf-8")
    bayesmeta("fit", table, "--measure", "MD", "--engine", "exact", "--output", tmp_path / "p.nc")

    ran = bayesmeta("plot", "forest", tmp_path / "p.nc", tmp_path / "f.svg")

    assert ran.code == 0
    assert (tmp_path / "f.svg").exists()


def test_the_version_is_printed(bayesmeta):
    """A name and a number."""
    assert bayesmeta("--version").out.startswith("bayesmeta ")
