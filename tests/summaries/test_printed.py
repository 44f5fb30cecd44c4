"""What a result prints where it stands alone in a terminal."""

import pandas as pd
import pytest

import bayesmeta as bm

PRIORS = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}


@pytest.fixture(scope="module")
def effects():
    """Return the mean differences of Normand's trials."""
    return bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), "MD", unit="days")


@pytest.fixture(scope="module")
def table(effects):
    """Return the summary of their posterior."""
    return bm.summary(bm.fit(effects, priors=PRIORS, engine="exact"))


def test_a_summary_hides_no_column(table):
    """However narrow the terminal; the mean of Normand is -14.728063887, by a second program."""
    with pd.option_context("display.width", 40, "display.max_columns", 3):
        printed = repr(table)

    assert printed.splitlines()[0].split() == list(table.columns)
    assert "-14.73" in printed
    assert "..." not in printed


def test_what_is_made_of_a_summary_is_a_plain_frame(table):
    """A part of it, and what is computed from it."""
    assert type(table[["mean"]]) is pd.DataFrame
    assert type(table * 2) is pd.DataFrame


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (bm.pool, "REML, 9 studies: -15.11 (95 % interval -32.64 to 2.429)"),
        (bm.egger, "Egger (classical): statistic "),
        (bm.trim_and_fill, "studies filled in on the "),
    ],
    ids=["pool", "egger", "trim_and_fill"],
)
def test_classical_results_print_as_they_are_read(result, said, effects):
    """Not as their fields; REML's numbers are metafor's."""
    printed = repr(result(effects))

    assert said in printed
    assert "array(" not in printed
