"""The plain-text summary."""

import json
import re

import numpy as np
import pytest

from bayesmeta.summaries.text import text


@pytest.fixture(scope="module")
def shown(sampled):
    """Return the text of Normand's trials."""
    return text(sampled, title="Length of stay", benefit="lower", minimal_important_difference=3.0)


@pytest.mark.parametrize(
    "words",
    [
        "Length of stay",
        "Weighted mean difference (WMD), days",
        "9 studies",
        "mu ~ flat; tau ~ HalfNormal(sigma=10)",
        "P(benefit: lower)",
        "prediction interval",
        "Orpington-Severe",
        "Diagnostics: all passed",
    ],
)
def test_the_text_says_what_was_fitted_and_found(shown, words):
    """Title, name of the pooled value with unit, priors, tails, studies, diagnostics."""
    assert words in shown


def test_no_line_is_wider_than_a_terminal(shown):
    """Wide terminals have 100 columns; the tables fit."""
    assert max(len(line) for line in shown.splitlines()) <= 100


def test_a_failed_diagnostic_is_in_the_first_lines_and_by_both_tables(sampled):
    """Nobody reads a number before the warning."""
    tree = sampled.copy()
    said = {"ok": False, "messages": ["3 divergent transitions."]}
    tree.attrs = {**sampled.attrs, "diagnostics": json.dumps(said)}
    lines = text(tree).splitlines()

    assert "DIAGNOSTICS FAILED" in lines[2]
    assert "3 divergent transitions." in lines[2]
    assert sum("DIAGNOSTICS FAILED" in line for line in lines) == 3


def test_dropped_rows_and_notes_are_said(sampled):
    """What was left out, and why."""
    tree = sampled.copy()
    dropped = [{"study": "Perth", "reason": "no duration_weeks"}]
    tree.attrs = {
        **sampled.attrs, "dropped": json.dumps(dropped), "notes": json.dumps(["Half was added."]),
    }  # fmt: skip

    assert "Dropped: Perth: no duration_weeks." in text(tree)
    assert "Note: Half was added." in text(tree)


@pytest.mark.parametrize("where", ["outcome", "title"])
def test_simulated_data_are_called_so(sampled, where):
    """The word stands in the first line."""
    tree = sampled.copy()
    tree.attrs = {**sampled.attrs, "outcome": "TNF (simulated)" if where == "outcome" else ""}
    title = "Simulated trials" if where == "title" else ""

    assert "SIMULATED" in text(tree, title=title).splitlines()[0]


def test_a_mean_that_does_not_exist_is_said_to_be_none(sampled):
    """Where the mean does not exist, the text has a word, and ∞ for the sd, and no number."""
    tree = sampled.copy()
    tree.attrs = {**sampled.attrs, "moments": json.dumps({"theta_new": 0})}
    row = next(line for line in text(tree).splitlines() if line.startswith("theta_new"))

    assert row.split()[1:3] == ["none", "∞"]


def test_ratios_are_printed_as_ratios(make):
    """The pooled value of log ratios is exp(mu): one known to be 0.5 prints 0.5."""
    tree = make(["A", "B", "C"], np.full(3, np.log(0.5)), np.full(3, 0.001), prior_sd=0.0005,
                measure="OR", unit="log odds ratio")  # fmt: skip
    row = next(line for line in text(tree).splitlines() if line.startswith("Pooled odds ratio"))

    three = [float(number) for number in re.findall(r"\d\.\d+", row)]
    assert three == pytest.approx([0.5, 0.5, 0.5], abs=0.001)


def test_a_bare_model_has_its_text(bare):
    """Without attributes the text still says what it can."""
    shown = text(bare)

    assert "A model written by hand" in shown
    assert "Newcastle" in shown
