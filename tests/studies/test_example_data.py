"""The example data are what they say they are."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies

EXAMPLES = Path(__file__).parents[2] / "examples"
SIMULATED = ("rtms_SIMULATED.csv", "rtms_SIMULATED_truth.json")
OUTCOMES = ("TNF-alpha", "IL-6", "BDNF")


@pytest.mark.parametrize(
    ("name", "rows"), [("normand1999", 9), ("bangertdrowns2004", 48), ("rtms_SIMULATED", 36)]
)
def test_example_tables_need_no_renaming(name, rows):
    """The tables carry our names, and a page beside each gives source and units."""
    studies = read_studies(EXAMPLES / "data" / f"{name}.csv")

    assert len(studies) == rows
    assert not any("is read as" in note for note in studies.notes)
    assert (
        (EXAMPLES / "data" / f"{name}.md").read_text(encoding="utf-8").startswith(f"# {name}.csv")
    )


def test_two_studies_of_bangert_drowns_lack_their_length():
    """Nieswandt 1997 and Radmacher 1995 do not give the weeks; names are unique by a letter."""
    studies = read_studies(EXAMPLES / "data" / "bangertdrowns2004.csv")

    without = studies["study"][np.isnan(studies["duration_weeks"])]
    assert without.tolist() == ["Nieswandt 1997", "Radmacher 1995"]
    assert {"Guckin 1992a", "Willey 1988b"} <= set(studies["study"])


def test_the_simulation_gives_the_same_files_again(tmp_path):
    """The script with its fixed seed writes the committed files, byte for byte."""
    script = [sys.executable, str(EXAMPLES / "rtms_simulated_data.py"), "--output", str(tmp_path)]

    subprocess.run(script, check=True)

    for name in SIMULATED:
        assert (tmp_path / name).read_bytes() == (EXAMPLES / "data" / name).read_bytes()


def test_simulated_data_say_so():
    """The word stands in the file's name, its first line and every row."""
    lines = (EXAMPLES / "data" / SIMULATED[0]).read_text(encoding="utf-8").splitlines()

    assert lines[0].startswith("SIMULATED,")
    assert all(line.startswith("not real data,Simulated ") for line in lines[1:])


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_simulated_truth_is_near_the_rows(outcome):
    """Estimates scatter around the true study effects as their standard errors say."""
    studies = read_studies(EXAMPLES / "data" / SIMULATED[0])
    truth = json.loads((EXAMPLES / "data" / SIMULATED[1]).read_text(encoding="utf-8"))[outcome]
    effects = effect_sizes(studies, "MD", outcome=outcome)

    theta = np.array([truth["theta"][label] for label in effects.labels])
    scaled = (effects.estimate - theta) / effects.standard_error

    # A chi-square with 12 degrees of freedom is below 32.9 in 999 of 1000 cases.
    assert np.sum(scaled**2) < 32.9
    assert effects.unit == truth["unit"]
    assert np.mean(effects.studies["duration_weeks"]) == pytest.approx(truth["mean_duration_weeks"])


def test_longer_courses_have_larger_effects_where_the_truth_says_so():
    """TNF-alpha falls and BDNF rises with the weeks; IL-6 does not know them."""
    truth = json.loads((EXAMPLES / "data" / SIMULATED[1]).read_text(encoding="utf-8"))

    signs = [np.sign(truth[outcome]["slope_per_week"]) for outcome in OUTCOMES]

    assert signs == [-1, 0, 1]
