"""The cohorts' dial of a report: where it starts, and when there is none."""

from pathlib import Path

import pytest

import bayesmeta as bm
from bayesmeta.analysis.artefacts import Fitted
from bayesmeta.analysis.dial import dial_of
from bayesmeta.analysis.plan import Plan
from bayesmeta.analysis.reporting import report_of
from bayesmeta.report.asked import Asked
from bayesmeta.report.chapters.doctor import doctor
from bayesmeta.report.document import Items, Play

STUDIES = "examples/data/rtms_SIMULATED.csv"
PRIORS = {"mu": "Normal(mu=0, sigma=14)", "tau": "HalfNormal(sigma=4)"}


def _fitted(*, moderators=None, **roles):
    effects = bm.effect_sizes(bm.read_studies(STUDIES), "MD", outcome="TNF-alpha")
    plan = Plan("MD", "SIMULATED data", priors=PRIORS, engine="exact", benefit="lower",
                moderators=moderators, roles=roles)  # fmt: skip
    posterior = bm.fit(effects, priors=PRIORS, moderators=moderators, engine="exact")
    return Fitted(plan, effects, posterior)


@pytest.fixture(scope="module")
def fitted():
    """Six trials beside six cohorts, pooled as one design."""
    return _fitted()


def test_it_starts_from_the_bias_that_designs_take(fitted):
    """The SD in its middle is that of the analysis of designs."""
    asked = bm.designs(fitted.effects, priors=PRIORS, spread="common", points=5).question
    dial = dial_of(fitted)
    assert dial.sd == asked.bias_sd
    assert [dial.cohorts[label] for label in fitted.effects.labels] == list(asked.cohort == 1)


def test_a_pooled_analysis_starts_without_a_bias(fitted, tmp_path):
    """Its column is there, with no prior's width: the page's first numbers are the report's."""
    (data,) = [block.data for chapter in report_of([fitted], [tmp_path], [[]]).chapters()
               for block in chapter.blocks if isinstance(block, Play)]  # fmt: skip
    assert [each["sd"] for each in data["coefficients"]] == [14.0, 0.0]
    assert data["dial"]["sd"] == dial_of(fitted).sd
    assert [study["x"][1] for study in data["studies"]] == [0.0] * 6 + [1.0] * 6


@pytest.mark.parametrize(
    "asked", [{"moderators": "C(design)"}, {"reference": "letter"}, {"design": "duration_weeks"}]
)
def test_there_is_none_where_designs_are_told_apart_otherwise(asked):
    """Moderators have them already; or no study has the reference."""
    assert dial_of(_fitted(**asked)) is None


def test_a_check_of_the_table_has_its_chapter(fitted):
    """Its findings, that it found nothing, or no chapter where none was made."""
    view = fitted.view
    found, nothing, unmade = (
        doctor(Asked.of(view, Path(), doctor=said)) for said in (("n of Umea is 0.",), (), None)
    )
    assert found.blocks == (Items(("n of Umea is 0.",)),)
    assert "nothing" in nothing.blocks[0].sentences[0]
    assert unmade is None
