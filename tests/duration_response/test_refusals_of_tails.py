"""Heavy-tailed effects in duration: what is not integrated is refused once, as it is typed."""

import pytest

import bayesmeta as bm
from bayesmeta.errors import ModelError
from bayesmeta.studies.wording import speaking


@pytest.fixture(scope="module")
def effects():
    """Return six simulated trials beside six simulated cohorts."""
    table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    return bm.effect_sizes(table, "MD", outcome="TNF-alpha")


def said(effects, heterogeneity, **priors):
    """Return the refusal."""
    with pytest.raises(ModelError) as refused:
        bm.duration(effects, heterogeneity=heterogeneity, priors=priors, shapes=["constant"])
    return str(refused.value)


def test_outliers_are_refused_with_both_parameters_at_once(effects):
    """What they spread, and their share."""
    found = said(effects, "contaminated")
    assert "tau_outlier (" in found
    assert "share (" in found
    assert 'give each a number, such as priors={"tau_outlier": 1, "share": 0.1}' in found


@pytest.mark.parametrize(
    ("language", "typed"),
    [("command line", '--prior "nu=4"'), ("toml", 'priors."nu" = 4'), ("Python", '{"nu": 4}')],
)
def test_what_to_type_is_in_the_language_in_which_it_is_read(effects, language, typed):
    """An option on the command line, a key in a file."""
    with speaking(language):
        assert f"such as {typed}" in said(
            effects, "student-t", nu="Gamma(alpha=2, beta=0.1)"
        ).replace("priors={", "{")
