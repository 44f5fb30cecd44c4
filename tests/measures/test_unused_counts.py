"""Columns of counts that a measure has no use for are told to be unused."""

import pandas as pd

import bayesmeta as bm

TABLE = pd.DataFrame({"study": list("ab"), "xi": [7, 11], "ti": [1344.0, 1988],
                      "x1i": [11, 14], "t1i": [1200.0, 1800]})  # fmt: skip


def test_counts_of_an_arm_are_unused_beside_those_of_one_group():
    """Columns xi and ti are read as events and time; x1i and t1i are named, and not used."""
    said = bm.effect_sizes(bm.read_studies(TABLE), "IRLN").notes
    assert "Column 'x1i' is read as events_treatment; IRLN does not use it." in said
    assert "Column 't1i' is read as time_treatment; IRLN does not use it." in said
    assert "Column 'xi' is read as events." in said


def test_counts_that_are_used_are_not_told_to_be_unused():
    """Of two arms each column is the measure's own."""
    both = TABLE.drop(columns=["xi", "ti"]).assign(x2i=[9, 8], t2i=[1000.0, 1500])
    said = bm.effect_sizes(bm.read_studies(both), "IRR").notes
    assert not [note for note in said if "does not use it" in note]
