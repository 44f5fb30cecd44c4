"""What a comparison says was added to counts: in which rows."""

import pandas as pd
import pytest

import bayesmeta as bm

COLUMNS = ["study", "events_treatment", "n_treatment", "events_control", "n_control"]
RARE = [("A", 1, 200, 3, 198), ("B", 0, 150, 2, 152), ("C", 3, 100, 1, 101)]


@pytest.fixture(scope="module")
def rare():
    """Return log odds ratios of three studies, one without an event in an arm."""
    return bm.effect_sizes(bm.read_studies(pd.DataFrame(RARE, columns=COLUMNS)), "OR")


def added(found):
    """Return the notes on what was added."""
    return [note for note in found.attrs["notes"] if "1/2 is added" in note]


def test_of_estimates_all_rows_but_those_of_counts_have_halves(rare):
    """The normal likelihood reads the corrected estimates; MH and Peto read the counts."""
    (note,) = added(bm.compare(rare))
    assert note == (
        "In all rows but MH and Peto: 1/2 is added to all four cells, because one is zero: B."
    )


def test_of_counts_the_classical_rows_alone_have_halves(rare):
    """The hypergeometric model reads the counts as they are."""
    (note,) = added(bm.compare(rare, model="hypergeometric"))
    assert note.startswith("In the classical rows but MH and Peto: 1/2 is added")


def test_a_measure_without_rows_of_counts_names_none():
    """Of one group's proportions nobody pools counts by a common effect."""
    table = pd.DataFrame({"study": list("abc"), "events": [0, 3, 5], "n": [9, 12, 20]})
    effects = bm.effect_sizes(bm.read_studies(table), "PLO")
    (note,) = added(bm.compare(effects, priors={"mu": "Normal(mu=-2, sigma=2)"}))
    assert note.startswith("In all rows: 1/2 is added to events and others")
