"""What is said, and what is not, with one or two studies."""

import math

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.frequentist import (
    begg,
    bootstrap,
    egger,
    higgins,
    pool,
    rows,
    trim_and_fill,
    variance_explained,
)

RANDOM = ("DL", "HE", "HS", "SJ", "ML", "REML", "EB", "PM")


def test_one_study_is_its_own_common_effect():
    """The common effect of one study is the study."""
    fit = pool([3.0], [4.0], method="CE")

    assert [fit.mu, fit.mu_se, fit.Q, fit.Q_p] == [3.0, pytest.approx(2.0), 0.0, 1.0]


@pytest.mark.parametrize("method", RANDOM)
def test_one_study_says_nothing_about_heterogeneity(method):
    """tau2, I2, the standard error and what rests on them are absent; the estimate stands."""
    row = pool([3.0], [4.0], method=method).row()

    assert row == {
        "method": method, "estimate": 3.0, "se": None, "lower": None, "upper": None,
        "pi_lower": None, "pi_upper": None, "tau2": None, "I2": None, "Q": 0.0,
    }  # fmt: skip


def test_one_study_leaves_knapp_and_hartung_nothing():
    """Without degrees of freedom there is no t interval, not even for a common effect."""
    row = pool([3.0], [4.0], method="CE", test="knha").row()

    assert row["lower"] is None


def test_a_line_through_every_study_keeps_its_coefficients():
    """With as many coefficients as studies the line is exact and its error unknown."""
    fit = pool([1.0, 3.0], [1.0, 1.0], [[1, 0], [1, 1]], method="REML")

    assert fit.coefficients == pytest.approx([1.0, 2.0])
    assert np.isnan(fit.se).all()


def test_two_studies_give_every_row():
    """All nine estimators exist at k = 2, with Wald and Knapp-Hartung intervals."""
    for fit in rows([1.0, 5.0], variance=[2.0, 1.0]):
        assert fit.row()["lower"] < fit.row()["estimate"] < fit.row()["upper"]


def test_two_studies_have_elementary_moment_estimates():
    """At k = 2 DL, HE, REML, EB and PM are (d^2 - v1 - v2) / 2."""
    for method in ("DL", "HE", "REML", "EB", "PM"):
        assert pool([1.0, 5.0], [2.0, 1.0], method=method).tau2 == pytest.approx(6.5)


def test_two_studies_leave_higgins_no_degrees_of_freedom():
    """With k - p - 1 = 0 the interval is not a number."""
    assert all(math.isnan(limit) for limit in higgins(pool([1.0, 5.0], [2.0, 1.0])))


def test_equal_studies_are_pooled_in_peace():
    """Estimates that are all equal give tau2 = 0 and a Knapp-Hartung error of 0."""
    for fit in rows([2.0, 2.0, 2.0], variance=[1.0, 2.0, 3.0]):
        assert fit.tau2 == 0.0
        assert fit.mu == pytest.approx(2.0)


def test_a_common_effect_predicts_nothing():
    """Without between-study variance there is no new study's effect to predict."""
    assert pool([1.0, 5.0, 2.0], [2.0, 1.0, 1.0], method="CE").row()["pi_lower"] is None


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (([1.0, 2.0],), "variances"),
        (([1.0, 2.0], [1.0]), r"\(2,\).*\(1,\)"),
        (([1.0, 2.0], [1.0, -1.0]), "Row 2.*-1"),
        (([1.0, math.nan], [1.0, 1.0]), "Row 2.*nan"),
        (([], []), "at least one study"),
    ],
)
def test_bad_tables_are_refused(arguments, named):
    """The message names the row and the value."""
    with pytest.raises(StudiesError, match=named):
        pool(*arguments)


@pytest.mark.parametrize(
    ("choices", "named"),
    [
        ({"method": "MAGIC"}, "MAGIC.*REML"),
        ({"test": "F"}, "'F'.*knha"),
        ({"interval": 95}, "95"),
        ({"design": [[1.0, 2.0]] * 3}, "told apart"),
        ({"design": [[1.0], [1.0]]}, "a row a study"),
    ],
)
def test_bad_choices_are_refused(choices, named):
    """The message names the choice and what there is."""
    with pytest.raises(ModelError, match=named):
        pool([1.0, 2.0, 4.0], [1.0, 1.0, 1.0], **choices)


@pytest.mark.parametrize("question", [egger, begg, trim_and_fill])
def test_two_studies_make_no_funnel(question):
    """Asymmetry needs three studies."""
    with pytest.raises(ModelError, match="2 studies"):
        question([1.0, 2.0], [1.0, 2.0])


def test_standard_errors_that_are_alike_make_no_funnel():
    """There is nothing to look at estimates by; the message is not of moderators."""
    with pytest.raises(ModelError, match="All standard errors are alike"):
        egger([1.0, 2.0, 4.0, 3.0], [1.0] * 4)


def test_one_study_cannot_be_bootstrapped():
    """The bootstrap needs more studies than coefficients."""
    with pytest.raises(ModelError, match="1 studies"):
        bootstrap([1.0], [1.0], seed=1)


def test_nothing_to_explain_is_not_a_number():
    """R2 does not exist where there is no heterogeneity without the moderator."""
    design = [[1, 0], [1, 1], [1, 2], [1, 4]]

    assert math.isnan(variance_explained([1.0, 1.0, 1.1, 1.0], [1.0] * 4, design=design))


@pytest.mark.parametrize("unit", [1e-170, 1e170])
def test_a_unit_whose_square_is_out_of_range_is_refused(unit):
    """The message names the study and the standard error, and what would do."""
    frame = {"study": ["Umea", "Uppsala"], "estimate": [1.0, 2.0], "standard_error": [2 * unit] * 2}
    effects = bm.effect_sizes(bm.read_studies(pd.DataFrame(frame)), "generic")

    with pytest.raises(StudiesError, match=r"study 'Umea': .*, 2e[-+]170, .*another unit"):
        pool(effects)
