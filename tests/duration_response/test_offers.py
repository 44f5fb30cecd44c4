"""What duration offers where it cannot integrate a prior, in the reader's language."""

import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.errors import ModelError
from bayesmeta.studies.wording import speaking

TAILS = {"heterogeneity": "student-t"}
SPREAD = {
    "python": 'let effects of cohorts spread as those of trials (spread="common")',
    "command line": "let effects of cohorts spread as those of trials (--spread common)",
    "toml": 'let effects of cohorts spread as those of trials (spread = "common")',
}
NUMBER = {"python": 'priors={"kappa": 1}', "command line": '--prior "kappa=1"',
          "toml": 'priors."kappa" = 1'}  # fmt: skip


def _effects(first):
    """Return three trials and three cohorts, the first of a stated duration."""
    return bm.effect_sizes(bm.read_studies(pd.DataFrame({
        "study": list("abcdef"), "estimate": [-0.3, -0.1, -0.5, -0.2, 0.4, -0.9],
        "standard_error": [0.2, 0.15, 0.3, 0.25, 0.2, 0.3], "design": ["RCT", "cohort"] * 3,
        "duration_weeks": [first, "3", "4", "6", "8", "9"], "n": 100,
    })), "generic")  # fmt: skip


def _refused(first="2", language="python", **model):
    with speaking(language), pytest.raises(ModelError) as said:
        bm.duration(_effects(first), model="design-bias", benefit="lower", **model)
    return str(said.value)


@pytest.mark.parametrize("first", ["2", "2-4"])
@pytest.mark.parametrize("language", SPREAD)
def test_a_free_scale_of_cohorts_may_be_a_number_or_none(first, language):
    """Both ways out, ready to paste: with t effects, and beside a range of normal ones."""
    said = _refused(first, language, **(TAILS if first == "2" else {}))

    assert NUMBER[language] in said
    assert SPREAD[language] in said


def test_one_spread_is_not_offered_where_a_prior_is_left():
    """Degrees of freedom with a prior would be refused again under the spread common."""
    said = _refused(**TAILS, priors={"nu": "Exponential(lam=0.1)"})

    assert 'priors={"nu": 4, "kappa": 1}' in said
    assert "spread=" not in said


@pytest.mark.parametrize("way", [{"spread": "common"}, {"priors": {"kappa": 1.0}}])
def test_what_is_offered_is_taken(way):
    """Either way a duration is weighed."""
    found = bm.duration(_effects("2"), model="design-bias", benefit="lower",
                        shapes=["constant", "linear"], **TAILS, **way)  # fmt: skip

    assert found.shapes["probability"].sum() == pytest.approx(1)
