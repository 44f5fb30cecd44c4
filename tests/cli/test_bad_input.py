"""What cannot be used is one clear message and exit code 2, never a traceback."""

import pytest

HEADER = "study,n_treatment,mean_treatment,sd_treatment,n_control,mean_control,sd_control\n"
GOOD = "Umea,110,18,10,183,28,29\n"
ROW = "Uppsala,{},{},{},52,34,20\n"


def table(row):
    return HEADER + GOOD + row


BAD_TABLES = {
    "sd of zero": (table("Uppsala,60,41,0,52,34,20\n"), "Uppsala", "sd_treatment", "0"),
    "negative sd": (table("Uppsala,60,41,-3,52,34,20\n"), "Uppsala", "sd_treatment", "-3"),
    "arm of one": (table("Uppsala,1,41,9,52,34,20\n"), "Uppsala", "n_treatment", "1"),
    "fractional arm": (table("Uppsala,60.5,41,9,52,34,20\n"), "Uppsala", "n_treatment", "60.5"),
    "missing mean": (table("Uppsala,60,,9,52,34,20\n"), "Uppsala", "mean_treatment"),
    "infinite mean": (table("Uppsala,60,inf,9,52,34,20\n"), "Uppsala", "mean_treatment", "inf"),
    "text in a number": (table("Uppsala,60,4O,9,52,34,20\n"), "Uppsala", "mean_treatment", "4O"),
    "decimal comma": (table('Uppsala,60,"41,5",9,52,34,20\n'), "Uppsala", "mean_treatment", "41,5"),
    "duplicate study": (table("Umea,60,41,9,52,34,20\n"), "Umea", "2", "3"),
    "nameless study": (table(",60,41,9,52,34,20\n"), "study", "3"),
    "short row": (table("Uppsala,60,41,9,52,34\n"), "3", "6", "7"),
    "long row": (table("Uppsala,60,41,9,52,34,20,1\n"), "3", "8", "7"),
    "no rows": (HEADER, "no studies"),
    "empty file": ("", "empty"),
    "absent column": ("study,n_treatment,mean_treatment\nUmea,110,18\n", "sd_treatment"),
    "no study column": (HEADER.replace("study", "ward") + GOOD.replace("Umea", "7"), "ward"),
    "column twice": (HEADER.replace("sd_control", "sd_treatment") + GOOD, "sd_treatment"),
    "two names for one": (HEADER.replace("mean_control", "m1i") + GOOD, "mean_treatment", "m1i"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_TABLES)
@pytest.mark.parametrize("command", ["fit", "effects"])
def test_a_bad_table_is_one_message(kind, command, bayesmeta, tmp_path):
    """The message names file, study, column and value."""
    text, *named = BAD_TABLES[kind]
    path = tmp_path / "studies.csv"
    path.write_text(text, encoding="utf-8")

    ran = bayesmeta(command, path, "--measure", "MD")

    assert ran.code == 2
    assert all(word in ran.err for word in ["studies.csv", *named]), ran.err
    assert "Traceback" not in ran.err
    assert not ran.out


def test_all_bad_rows_are_in_the_one_message(bayesmeta, tmp_path):
    """A table with three mistakes is mended in one go."""
    path = tmp_path / "studies.csv"
    rows = "A,1,41,9,52,34,20\nB,60,41,-9,52,34,20\nC,60,41,9,52,x,20\n"
    path.write_text(HEADER + rows, encoding="utf-8")

    ran = bayesmeta("fit", path, "--measure", "MD")

    assert all(f"{study!r}" in ran.err for study in "ABC")


def test_a_file_that_is_no_text_is_refused(bayesmeta, tmp_path):
    """A workbook given for a CSV file is named as such."""
    path = tmp_path / "studies.csv"
    path.write_bytes(bytes(range(256)))

    ran = bayesmeta("fit", path, "--measure", "MD")

    assert ran.code == 2
    assert "studies.csv" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--measure", "DM"], "MD"),
        (["--measure", "OR"], "events_treatment"),
        (["--measure", "MD", "--model", "randomeffects"], "random-effects"),
        (["--measure", "MD", "--moderators", "weeks"], "weeks"),
        (["--measure", "MD", "--prior", "tau"], "NAME=VALUE"),
        (["--measure", "MD", "--prior", "tau=HalfNormal(5)"], "name the parameter"),
        (["--measure", "MD", "--prior", "tau=HalfNormal(sigma=-5)"], "-5"),
        (["--measure", "MD", "--prior", "tau=Halfnormal(sigma=5)"], "HalfNormal"),
        (["--measure", "MD", "--prior", "tau=Normal(mu=0, sigma=5)"], "tau"),
        (["--measure", "MD", "--prior", "sigma=HalfNormal(sigma=5)"], "sigma"),
        (["--measure", "MD", "--column", "study=hospital"], "hospital"),
        (["--measure", "MD", "--outcome", "TNF-alpha"], "TNF-alpha"),
        (["--measure", "MD", "--engine", "stan"], "nuts"),
        (["--measure", "MD", "--interval", "95"], "interval"),
    ],
)
def test_a_bad_call_is_one_message(arguments, said, bayesmeta, tmp_path):
    """What a call got wrong is said with the value and what would do."""
    path = tmp_path / "studies.csv"
    path.write_text(table("Uppsala,60,41,9,52,34,20\n"), encoding="utf-8")

    ran = bayesmeta("fit", path, "--engine", "exact", *arguments)

    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('measure = "MD"', "studies"),
        ('studies = "studies.csv"\nmeasure = "MD"\nmodle = "x"', "did you mean 'model'"),
        ('studies = "studies.csv"\nmeasure = "MD"\n[priors]\ntau = true', "priors.tau"),
        ('studies = "studies.csv"\nmeasure = "MD"\n[priors]\ntau = "HalfNormal("', "priors.tau"),
        ('studies = "nowhere.csv"\nmeasure = "MD"', "nowhere.csv"),
        ('studies = "studies.csv"\nmeasure = "MD"\nmodel = "mine.toml"', "mine.toml"),
        ("studies = [", "not TOML"),
    ],
)
def test_a_bad_analysis_file_is_one_message(text, said, bayesmeta, tmp_path):
    """Nothing is written where the analysis file cannot be used."""
    (tmp_path / "studies.csv").write_text(table("Uppsala,60,41,9,52,34,20\n"), encoding="utf-8")
    path = tmp_path / "analysis.toml"
    path.write_text(text, encoding="utf-8")

    ran = bayesmeta("run", path, "--output", tmp_path / "results")

    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "results").exists()
