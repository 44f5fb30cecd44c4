"""Mantel-Haenszel and Peto."""

from pathlib import Path

import meta_analyze
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bayesmeta as bm
from bayesmeta.errors import MeasureError, StudiesError
from bayesmeta.frequentist import mantel_haenszel, peto
from bayesmeta.measures.effects import Effects
from bayesmeta.studies import Studies

BCG = np.genfromtxt(
    Path(__file__).parent / "data" / "colditz1994.csv", delimiter=",", names=True, skip_header=1
)
TABLES = {
    "bcg": (BCG["tpos"], BCG["tpos"] + BCG["tneg"], BCG["cpos"], BCG["cpos"] + BCG["cneg"]),
    "sparse": tuple(
        np.array(column, dtype=float)
        for column in ([0, 2, 1, 0], [50, 60, 40, 30], [3, 1, 4, 0], [48, 62, 41, 33])
    ),
}


def effects(table, measure):
    """Return effects with the counts behind them; half an event is added to their estimates."""
    a, n1, c, n2 = table
    columns = dict(
        zip(("events_treatment", "n_treatment", "events_control", "n_control"), table, strict=True)
    )
    columns["study"] = np.array([f"study {row}" for row in range(a.size)])
    odds = [a + 0.5, n1 - a + 0.5, c + 0.5, n2 - c + 0.5]
    estimate = np.log(odds[0] * odds[3] / (odds[1] * odds[2]))
    return Effects(measure, "", estimate, np.sqrt(sum(1 / cell for cell in odds)), n1 + n2,
                   Studies(columns, "test", tuple(range(a.size))))  # fmt: skip


def oracle(table, measure, method):
    """Return PyMetaAnalysis's fit; it corrects zero cells for its Q only."""
    a, n1, c, n2 = table
    return meta_analyze.meta_binary(
        event_treat=a, n_treat=n1, event_control=c, n_control=n2, measure=measure, method=method
    )


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
@pytest.mark.parametrize("name", TABLES)
def test_mantel_haenszel_agrees_with_an_independent_program(name, measure):
    """Estimate and standard error as PyMetaAnalysis has them."""
    fit = mantel_haenszel(effects(TABLES[name], measure))
    expected = oracle(TABLES[name], measure, "MH")

    assert [fit.mu, fit.lower[0], fit.upper[0]] == pytest.approx(
        [expected.estimate, expected.ci_low, expected.ci_high]
    )


@pytest.mark.parametrize("name", TABLES)
def test_peto_agrees_with_an_independent_program(name):
    """Estimate and interval as PyMetaAnalysis has them."""
    fit = peto(effects(TABLES[name], "OR"))
    expected = oracle(TABLES[name], "OR", "PETO")

    assert [fit.mu, fit.lower[0], fit.upper[0]] == pytest.approx(
        [expected.estimate, expected.ci_low, expected.ci_high]
    )


def test_one_table_is_its_own_odds_ratio():
    """With one study Mantel-Haenszel is its log odds ratio with Woolf's standard error."""
    table = tuple(np.array([float(n)]) for n in (10, 50, 20, 60))
    fit = mantel_haenszel(effects(table, "OR"))

    assert fit.mu == pytest.approx(np.log(10 * 40 / (40 * 20)))
    assert fit.mu_se**2 == pytest.approx(1 / 10 + 1 / 40 + 1 / 20 + 1 / 40)


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
def test_swapping_arms_flips_the_sign(measure):
    """Which arm is called treated decides the sign and nothing else."""
    a, n1, c, n2 = TABLES["bcg"]
    forward = mantel_haenszel(effects((a, n1, c, n2), measure))
    backward = mantel_haenszel(effects((c, n2, a, n1), measure))

    assert backward.mu == pytest.approx(-forward.mu)
    assert backward.mu_se == pytest.approx(forward.mu_se)


def test_a_study_without_events_has_no_weight_in_ratios():
    """A trial with no events in either arm changes neither MH odds ratio nor Peto's."""
    whole = TABLES["sparse"]
    part = tuple(column[:3] for column in whole)

    assert mantel_haenszel(effects(whole, "OR")).mu == mantel_haenszel(effects(part, "OR")).mu
    assert peto(effects(whole, "OR")).mu == peto(effects(part, "OR")).mu


SPARSE = st.lists(
    st.tuples(*[st.integers(0, 6)] * 2, *[st.integers(7, 40)] * 2), min_size=2, max_size=6
)


@given(tables=SPARSE)
def test_petos_q_is_what_one_odds_ratio_leaves(tables):
    """sum(Z^2 / V) - sum(Z)^2 / sum(V), over studies with any event: written out independently."""
    a, c, n1, n2 = (np.array(column, dtype=float) for column in zip(*tables, strict=True))
    m, n = a + c, n1 + n2
    z, v = a - n1 * m / n, n1 * n2 * m * (n - m) / (n**2 * (n - 1))
    if not v.any():
        return
    some = v > 0

    fit = peto(effects((a, n1, c, n2), "OR"))

    expected = (z[some] ** 2 / v[some]).sum() - z.sum() ** 2 / v.sum()
    assert pytest.approx(expected, rel=1e-9, abs=1e-9) == fit.Q
    assert fit.Q_df == np.count_nonzero(some) - 1


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
def test_studies_without_events_have_no_say_in_q(measure):
    """A trial with no events in either arm adds neither to Q nor to its degrees of freedom."""
    whole = TABLES["sparse"]
    part = tuple(column[:3] for column in whole)
    silent, spoken = (mantel_haenszel(effects(table, measure)) for table in (whole, part))

    assert (silent.k, silent.Q_df) == (4, 2)
    if measure != "RD":
        assert (silent.Q, silent.Q_p, silent.I2) == (spoken.Q, spoken.Q_p, spoken.I2)


def test_studies_with_nothing_but_events_have_no_say_in_q():
    """A trial in which everybody of both arms had the event is as silent."""
    a, n1, c, n2 = TABLES["sparse"]
    table = (np.append(a, 9.0), np.append(n1, 9.0), np.append(c, 8.0), np.append(n2, 8.0))
    more, less = (
        mantel_haenszel(effects(table, "OR")),
        mantel_haenszel(effects(TABLES["sparse"], "OR")),
    )

    assert (more.Q, more.Q_df) == (less.Q, less.Q_df)


def test_a_rate_ratio_of_one_study_is_its_own():
    """With one study it is log(x1 t2 / (x2 t1)), whatever the unit of time, error included."""
    one = {"study": ["A"], "events_treatment": [8], "time_treatment": [400.0],
           "events_control": [16], "time_control": [250.0]}  # fmt: skip
    months = one | {name: [12 * one[name][0]] for name in ("time_treatment", "time_control")}
    for frame in (one, months):
        fit = mantel_haenszel(bm.effect_sizes(bm.read_studies(pd.DataFrame(frame)), "IRR"))

        assert fit.mu == pytest.approx(np.log(8 * 250 / (16 * 400)), rel=1e-14)
        assert fit.mu_se**2 == pytest.approx(1 / 8 + 1 / 16, rel=1e-14)


def test_counts_come_from_the_cells_where_n_says_otherwise():
    """Events + non-events are the patients, as the effects have them."""
    cells = {
        "study": ["A", "B"], "events_treatment": [4, 6], "non_events_treatment": [119, 300],
        "n_treatment": [125, 306], "events_control": [11, 29], "n_control": [139, 303],
    }  # fmt: skip
    right = {name: column for name, column in cells.items() if name != "non_events_treatment"}
    fits = [
        mantel_haenszel(bm.effect_sizes(bm.read_studies(pd.DataFrame(frame)), "OR"))
        for frame in (cells, right | {"n_treatment": [123, 306]})
    ]

    assert fits[0].mu == fits[1].mu


def test_patients_who_all_fared_alike_are_refused():
    """Risk differences of 0 or 1 without any doubt are not printed with an error of 0."""
    _, n1, _, n2 = TABLES["sparse"]
    for a, c in ((0 * n1, 0 * n2), (n1, 0 * n2), (n1, n2)):
        with pytest.raises(MeasureError, match="fared alike"):
            mantel_haenszel(effects((a, n1, c, n2), "RD"))


def test_a_missing_count_is_refused():
    """The message names the study and the column."""
    a, n1, c, n2 = TABLES["sparse"]
    hole = np.where(np.arange(4) == 1, np.nan, c)
    with pytest.raises(StudiesError, match=r"study 1.*events_control"):
        peto(effects((a, n1, hole, n2), "OR"))


def test_a_pooled_common_effect_has_no_tau2_to_show():
    """The row has Q and I2, tau2 = 0 and no prediction interval."""
    row = mantel_haenszel(effects(TABLES["bcg"], "OR")).row()

    assert (row["method"], row["tau2"], row["pi_lower"]) == ("MH", 0.0, None)
    assert 0 < row["I2"] < 1


@pytest.mark.parametrize(("pooling", "measure"), [(mantel_haenszel, "MD"), (peto, "RR")])
def test_other_measures_are_refused(pooling, measure):
    """The message names the measure."""
    with pytest.raises(MeasureError, match=measure):
        pooling(effects(TABLES["bcg"], measure))


@pytest.mark.parametrize("pooling", [mantel_haenszel, peto])
def test_an_arm_without_any_event_is_refused(pooling):
    """Without events there is no ratio."""
    a, n1, c, n2 = TABLES["sparse"]
    with pytest.raises(MeasureError, match=r"no study informs|needs an event"):
        pooling(effects((0 * a, n1, 0 * c, n2), "OR"))


def test_effects_without_counts_are_refused():
    """The message names the first missing column."""
    bare = effects(TABLES["bcg"], "OR")
    studies = Studies({"study": bare.studies["study"]}, "test", bare.studies.lines)
    with pytest.raises(MeasureError, match="events_treatment"):
        peto(Effects("OR", "", bare.estimate, bare.standard_error, bare.n, studies))
