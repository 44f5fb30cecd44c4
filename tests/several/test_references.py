"""Posteriors of nested, bivariate and location-scale models against a program of its own."""

import json
from pathlib import Path

import numpy as np
import pytest

FOUND = json.loads(Path(__file__).with_name("references.json").read_text(encoding="utf-8"))
ENTRIES = FOUND["entries"]
SLOW = {"C_berkey_known", "C_berkey_unknown_runif"}  # of three and four hyperparameters
FOUR = {"C_berkey_unknown_runif"}


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in ENTRIES],
)
def compared(request, table, solved):
    """Return an entry's name, and what a fit to its table gives."""
    entry = ENTRIES[request.param]
    frame = table(entry["file"])
    if "x" in entry:
        frame["x"] = frame[entry["x"]] / 10
    options = {"priors": entry["priors"], "moderators": entry.get("moderators"), **entry["roles"]}
    return request.param, solved(frame, entry["model"], entry["measure"], **options)


def test_every_printed_number_is_that_of_the_reference(compared):
    """Up to the reference's accuracy, or a millionth of the posterior sd (four: a thousandth)."""
    name, (numbers, _) = compared
    fraction = 1e-3 if name in FOUR else 1e-6
    off = {
        (parameter, statistic): abs(numbers.loc[parameter, statistic] - value)
        / max(ENTRIES[name]["accuracy"], fraction * statistics["sd"])
        for parameter, statistics in ENTRIES[name]["expected"].items()
        for statistic, value in statistics.items()
    }
    worst = max(off, key=off.get)

    assert off[worst] <= 1, (worst, off[worst])


def test_the_evidence_is_that_of_the_reference(compared):
    """All constants of likelihood and priors are in it."""
    name, (_, evidence) = compared
    bar = max(ENTRIES[name]["accuracy"], 1e-3 if name in FOUR else 1e-9)

    assert np.isclose(evidence, ENTRIES[name]["log_marginal_likelihood"], rtol=0, atol=bar)
