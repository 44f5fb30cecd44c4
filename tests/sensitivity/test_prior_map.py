"""The prior map."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bayesmeta.errors import AnalysisError, PriorError
from bayesmeta.sensitivity import prior_map, prior_sensitivity
from bayesmeta.sensitivity.families import SCALE_FAMILIES, scale_family, scale_in

STATISTICS = ["median", "lower", "upper", "p_benefit", "mean", "sd"]


@pytest.mark.parametrize("family", SCALE_FAMILIES)
@pytest.mark.parametrize("quantity", ["mu", "theta_new"])
def test_a_cell_is_the_exact_fit_under_its_priors(normand, family, quantity):
    """The shared nodes lose nothing against a fit of its own, whatever the family."""
    scales, sds = [1.0, 9.0, 60.0], [3.0, 30.0]
    found = prior_map(
        normand, tau_scales=scales, mu_sds=sds, families=[family], statistics=STATISTICS,
        quantity=quantity,
    )  # fmt: skip
    members = {
        f"{scale} {sd}": {
            "tau": scale_family(family).member(scale), "mu": f"Normal(mu=0, sigma={sd})",
        }
        for scale in scales for sd in sds
    }  # fmt: skip
    alone = prior_sensitivity(normand, named=members, quantity=quantity).loc[list(members)]

    for ours, theirs in (("median", "estimate"), ("lower", "lower"), ("upper", "upper")):
        cells = found[ours].values.ravel()
        error = found[f"{ours}_error"].values.ravel()
        gap = np.abs(cells - alone[theirs].to_numpy())
        assert (gap <= error + 1e-6 * alone["sd"].to_numpy(dtype=float).clip(max=100)).all()
    cells = found["p_benefit"].values.ravel()
    assert cells == pytest.approx(alone["p_benefit"].to_numpy(), abs=2e-9)


def test_a_wide_prior_on_mu_tends_to_the_flat_one(normand):
    """A normal prior of infinite SD is flat."""
    found = prior_map(normand, tau_scales=[10.0], mu_sds=[1e5, np.inf], families=["HalfNormal"])

    wide, flat = found["median"].values.ravel()

    assert wide == pytest.approx(flat, rel=1e-6)


def test_a_flat_mu_and_half_normal_of_ten_give_the_published_median(normand):
    """Mean -14.728064 and SD 7.495624, exact engine, Normand 1999 unpooled."""
    found = prior_map(
        normand, tau_scales=[10.0], mu_sds=[np.inf], families=["HalfNormal"],
        statistics=["mean", "sd"],
    )  # fmt: skip

    assert found["mean"].item() == pytest.approx(-14.728063887, abs=1e-6)
    assert found["sd"].item() == pytest.approx(7.495624430, abs=1e-6)


def test_the_conclusion_follows_the_threshold(normand):
    """Benefit where P(benefit) is at least the threshold, and nowhere else."""
    found = prior_map(normand, families=["HalfNormal"], threshold=0.95)

    assert ((found["p_benefit"].values >= 0.95) == (found["conclusion"].values == 1)).all()


def test_named_priors_lie_where_their_scales_say(normand):
    """The half-normal of 0.25 uisd is at a quarter of 26.03 days."""
    found = prior_map(normand, families=["HalfNormal"])

    place = found["label"].values.tolist().index("half-normal 0.25 uisd")
    assert found["named_tau_scale"].values[place] == pytest.approx(26.0266 / 4, rel=1e-4)


def test_the_map_has_2500_cells_a_family(normand):
    """Fifty scales by fifty SDs."""
    assert prior_map(normand, families=["HalfCauchy"])["p_benefit"].size == 2500


@settings(max_examples=15, deadline=None)
@given(factor=st.floats(-6, 6).map(lambda power: 10.0**power))
def test_the_unit_does_not_matter(generic, factor):
    """Estimates, errors and priors times a factor: probabilities stay."""
    y, s = np.array([-3.0, -1.0, -4.5, 0.5]), np.array([1.0, 1.5, 0.7, 2.0])
    priors = {"mu": f"Normal(mu=0, sigma={factor!r})", "tau": f"HalfNormal(sigma={factor!r})"}

    found = prior_map(
        generic(factor * y, factor * s), priors=priors, tau_scales=[factor, 3 * factor],
        mu_sds=[2 * factor], statistics=["p_benefit"],
    )  # fmt: skip

    base = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=1)"}
    one = prior_map(generic(y, s), priors=base, tau_scales=[1.0, 3.0], mu_sds=[2.0],
                    statistics=["p_benefit"])  # fmt: skip
    assert found["p_benefit"].values == pytest.approx(one["p_benefit"].values, abs=1e-9)


@pytest.mark.parametrize("family", SCALE_FAMILIES)
def test_a_member_is_found_at_its_scale(family):
    """The scale of a member of a family is read off it."""
    one = scale_family(family)

    assert scale_in(one, one.member(3.7)) == pytest.approx(3.7)


@pytest.mark.parametrize(
    "wrong",
    [
        {"tau_scales": [2.0, 1.0]}, {"tau_scales": [0.0]}, {"mu_sds": []},
        {"statistics": ["mode"]}, {"threshold": 0.3}, {"model": "common-effect"},
    ],
)  # fmt: skip
def test_a_map_without_sense_is_refused(normand, wrong):
    """Scales increase above zero; statistics are known; there is a tau."""
    with pytest.raises(AnalysisError):
        prior_map(normand, wrong.pop("model", None), **wrong)


@pytest.mark.parametrize("family", ["uniform", "Normal(mu=0, sigma=1)", "NoSuch"])
def test_a_family_without_a_scale_is_refused(normand, family):
    """Improper priors, and priors not for tau, cannot be stretched."""
    with pytest.raises(PriorError):
        prior_map(normand, families=[family])
