"""The table of classical rows, and what goes with meta-regression."""

import json
import math

import numpy as np
import pytest
from scipy import stats

from bayesmeta.frequentist import classical, pool, rows, variance_explained
from bayesmeta.measures.effects import Effects
from bayesmeta.studies import Studies

ESTIMATE = np.array([0.1, 0.9, 2.0, 0.4, 1.7, -0.3, 0.8])
VARIANCE = np.array([0.1, 0.4, 0.2, 0.9, 0.3, 0.05, 0.2])
MODERATOR = np.array([1.0, 2.0, 4.0, 3.0, 5.0, 0.0, 2.5])
DESIGN = np.column_stack([np.ones(7), MODERATOR])
KEYS = ["method", "estimate", "se", "lower", "upper", "pi_lower", "pi_upper", "tau2", "I2", "Q"]


def effects():
    """Return the studies as `Effects`."""
    studies = Studies({"study": np.array(list("abcdefg"))}, "test", tuple(range(7)))
    return Effects("MD", "days", ESTIMATE, np.sqrt(VARIANCE), None, studies)


def test_rows_come_in_the_order_of_the_contract():
    """Nine Wald rows, then the same nine with +HKSJ."""
    names = [fit.name for fit in rows(effects())]

    assert names == [*classical(), *(f"{name}+HKSJ" for name in classical())]


def test_a_row_is_json_without_nan():
    """Keys are the contract's; what does not exist is null."""
    for fit in rows(effects()):
        assert list(fit.row()) == KEYS
        json.dumps(fit.row(), allow_nan=False)


@pytest.mark.parametrize("design", [None, DESIGN], ids=["mean", "regression"])
def test_rows_are_what_pool_gives(design):
    """One table is eighteen single fits."""
    for fit in rows(effects(), design, interval=0.9):
        alone = pool(effects(), None, design, method=fit.method, test=fit.test, interval=0.9)
        assert fit.row() == alone.row()


def test_i2_is_a_fraction():
    """0 to 1, where metafor prints per cent."""
    assert all(0 <= fit.I2 < 1 for fit in rows(effects()))


def test_mu_is_the_effect_at_the_mean_of_the_moderators():
    """The row of a regression is the intercept of the same regression with centred moderators."""
    raw = pool(ESTIMATE, VARIANCE, DESIGN)
    centred = pool(ESTIMATE, VARIANCE, np.column_stack([np.ones(7), MODERATOR - MODERATOR.mean()]))

    assert raw.mu == pytest.approx(centred.coefficients[0])
    assert raw.mu_se == pytest.approx(centred.se[0])


def test_the_omnibus_test_of_one_moderator_is_its_square():
    """QM is z squared; with Knapp-Hartung it is t squared and F has the same p value."""
    for test in ("z", "knha"):
        fit = pool(ESTIMATE, VARIANCE, DESIGN, test=test)
        assert pytest.approx((fit.coefficients[1] / fit.se[1]) ** 2) == fit.QM
        assert pytest.approx(fit.p[1]) == fit.QM_p


def test_the_omnibus_test_of_two_moderators_is_a_quadratic_form():
    """chi-square on two degrees of freedom for z, F on 2 and k - 3 for t."""
    design = np.column_stack([DESIGN, MODERATOR**2])
    z, t = (pool(ESTIMATE, VARIANCE, design, test=test) for test in ("z", "t"))
    b, block = z.coefficients[1:], z.covariance[1:, 1:]
    expected = b @ np.linalg.inv(block) @ b

    ours = [z.QM, t.QM, z.QM_p, t.QM_p]
    tails = [stats.chi2.sf(expected, 2), stats.f.sf(expected / 2, 2, 4)]
    assert ours == pytest.approx([expected, expected / 2, *tails])


def test_without_moderators_the_omnibus_test_is_of_the_mean():
    """As in metafor: the only coefficient is tested."""
    fit = pool(ESTIMATE, VARIANCE)

    assert pytest.approx((fit.mu / fit.mu_se) ** 2) == fit.QM


@pytest.mark.parametrize("method", ["DL", "REML", "PM"])
def test_r2_is_the_share_of_tau2_gone(method):
    """1 - tau2 with / tau2 without."""
    share = variance_explained(ESTIMATE, VARIANCE, design=DESIGN, method=method)
    residual, total = (pool(ESTIMATE, VARIANCE, d, method=method).tau2 for d in (DESIGN, None))

    assert share == pytest.approx(1 - residual / total)


def test_a_moderator_that_explains_nothing_has_no_negative_r2():
    """tau2 may rise with a useless moderator; R2 stays at 0."""
    useless = np.column_stack([np.ones(7), [1.0, 0, 1, 0, 0, 1, 0]])

    assert variance_explained(ESTIMATE, VARIANCE, design=useless) >= 0.0


def test_degrees_of_freedom_count_the_coefficients():
    """Q has k - p, and Knapp-Hartung's t too."""
    fit = pool(ESTIMATE, VARIANCE, DESIGN, test="knha")

    assert (fit.Q_df, fit.degrees_of_freedom) == (5, 5.0)
    assert math.isinf(pool(ESTIMATE, VARIANCE).degrees_of_freedom)
