"""Every result of a verb prints: in a terminal, in a notebook, through `bm.text`."""

import functools

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm

OWN = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=1)"}
TABLE = pd.DataFrame({
    "study": ["Ann 2001", "Bob <2003>", "c", "d", "e", "f"], "n": 40,
    "estimate": [0.123456789, 0.2, 0.3, 0.2, 0.1, 0.4],
    "standard_error": [0.1, 0.2, 0.15, 0.1, 0.3, 0.25],
    "year": [2001.0, 2003, 2004, 2008, 2010, 2011],
})  # fmt: skip


class Desk:
    """What results are of."""

    def __init__(self):
        self.effects = bm.effect_sizes(TABLE, "MD", unit="days")
        self.posterior = bm.fit(self.effects, engine="exact", priors=OWN)
        self.table = functools.cache(lambda verb: TABLES[verb](self))


@pytest.fixture(scope="module")
def desk():
    """Return what results are of, made once."""
    return Desk()


TABLES = {
    "summary": lambda d: bm.summary(d.posterior),
    "study_effects": lambda d: bm.study_effects(d.posterior),
    "heterogeneity": lambda d: bm.heterogeneity(d.posterior),
    "predict": lambda d: bm.predict(d.posterior),
    "predictive_check": lambda d: bm.predictive_check(d.posterior),
    "weight_table": lambda d: bm.weight_table(d.posterior),
    "statements": lambda d: bm.statements(d.posterior),
    "radial_table": lambda d: bm.radial_table(d.posterior),
    "funnel_table": lambda d: bm.funnel_table(d.posterior),
    "compare": lambda d: bm.compare(d.posterior),
    "explain_gap": lambda d: bm.explain_gap(d.posterior),
    "leave_one_out": lambda d: bm.leave_one_out(d.posterior),
    "prior_sensitivity": lambda d: bm.prior_sensitivity(d.posterior),
    "power_scaling": lambda d: bm.power_scaling(d.posterior),
    "prior_data_conflict": lambda d: bm.prior_data_conflict(d.posterior),
    "prior_predictive_table": lambda d: bm.prior_predictive_table(d.posterior),
    "informativeness": lambda d: bm.informativeness(d.posterior),
    "cumulative": lambda d: bm.cumulative(d.effects, by="year", priors=OWN),
    "subsets": lambda d: bm.subsets(d.posterior),
    "baujat": lambda d: bm.baujat(d.posterior),
    "tipping_point": lambda d: bm.tipping_point(d.posterior),
    "tipping_curve": lambda d: bm.tipping_curve(d.posterior),
}

OTHERS = {
    "pool": lambda d: bm.pool(d.effects),
    "egger": lambda d: bm.egger(d.effects),
    "begg": lambda d: bm.begg(d.effects),
    "trim_and_fill": lambda d: bm.trim_and_fill(d.effects),
    "kenward_roger": lambda d: bm.kenward_roger(d.effects),
    "cluster_robust": lambda d: bm.cluster_robust(
        d.effects.estimate, np.diag(d.effects.standard_error**2), list("abcdee")
    ),
    "tail": lambda d: bm.tail(d.posterior, "mu"),
    "prior": lambda _: bm.studies_differ_by(2),
    "parse_prior": lambda _: bm.parse_prior("Normal(mu=0, sigma=1)"),
    "load_model": lambda _: bm.load_model("random-effects"),
}


@pytest.mark.parametrize("verb", TABLES)
def test_a_table_prints_whole(verb, desk):
    """Every row, and every column by its name; no cell is cut and no column is left out."""
    table = desk.table(verb)
    said = bm.text(table)

    assert "..." not in said
    assert "…" not in said
    assert not [name for name in table.columns if str(name) not in said]
    labels = table.index if not isinstance(table.index, pd.RangeIndex) else table.iloc[:, 0]
    first = {str(label[0] if isinstance(label, tuple) else label) for label in labels
             if isinstance(label, str | tuple)}  # fmt: skip
    assert not [label for label in first if label not in said]


@pytest.mark.parametrize("verb", TABLES)
def test_a_table_prints_rounded(verb, desk):
    """No number in a cell has more than six digits behind its point."""
    words = bm.text(desk.table(verb)).replace("(", " ").replace(")", " ").split()

    assert not [word for word in words if len(word.partition(".")[2].rstrip(",;.")) > 6]


@pytest.mark.parametrize("verb", OTHERS)
def test_any_other_result_prints_alike_everywhere(verb, desk):
    """`bm.text`, `repr` and the notebook say the same, the last with its letters escaped."""
    result = OTHERS[verb](desk)

    assert bm.text(result) == repr(result)
    assert result._repr_html_() == bm.text(result)._repr_html_()
    assert "array(" not in repr(result)


def test_a_title_stands_above_any_result(desk):
    """Underlined, as in a summary."""
    for result in (bm.summary(desk.posterior), bm.pool(desk.effects)):
        assert bm.text(result, title="Stroke").splitlines()[:2] == ["Stroke", "======"]


def test_an_error_takes_digits_from_its_own_column_only():
    """An error of 0.17 leaves one decimal of the mean; a probability and an sd keep theirs."""
    table = pd.DataFrame({"mean": [-14.728064], "sd": [7.4684], "p_below_0": [0.9875],
                          "error": [0.17]}, index=["mu"])  # fmt: skip
    row = bm.text(table).splitlines()[1]

    assert row.split() == ["mu", "\N{MINUS SIGN}14.7", "7.468", "0.988"]


def test_a_missing_number_is_a_gap_and_a_truth_a_word():
    """Neither nan nor True."""
    said = bm.text(pd.DataFrame({"x": [np.nan, 2.0], "own": [True, False]}, index=["a", "b"]))

    assert [line.split() for line in said.splitlines()[1:]] == [["a", "yes"], ["b", "2.000", "no"]]
