"""Two flat coefficients beside two taus, of which numbers end before the theorem does."""

import pytest

import bayesmeta as bm
from bayesmeta.errors import PosteriorError

FLAT = {"mu": "flat", "bias": "flat"}
SAID = r"mu and bias are flat together beside tau and kappa.*bias = Normal"


@pytest.fixture(scope="module")
def effects():
    """Return six simulated trials beside six simulated cohorts."""
    table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    return bm.effect_sizes(table, "MD", outcome="TNF-alpha")


def test_a_fit_says_which_priors_are_flat_together(effects):
    """One sentence that names what would do, and no warning of NumPy's."""
    with pytest.raises(PosteriorError, match=SAID):
        bm.fit(effects, "design-bias", priors=FLAT, engine="exact")


def test_a_duration_says_the_same(effects):
    """Under its first shape."""
    with pytest.raises(PosteriorError, match=SAID):
        bm.duration(effects, model="design-bias", priors=FLAT, shapes=["constant"])


def test_one_flat_coefficient_is_integrated(effects):
    """The other has a prior."""
    posterior = bm.fit(effects, "design-bias", priors={"bias": "flat"}, engine="exact")
    assert bm.summary(posterior).loc["mu", "sd"] < 4
