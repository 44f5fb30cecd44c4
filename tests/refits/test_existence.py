"""Whether refits exist, each case decided once."""

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.moments import finite_moments
from bayesmeta.errors import ImproperPosteriorError
from bayesmeta.priors import unscaled
from bayesmeta.refits import existence
from bayesmeta.refits.batch import Refit
from bayesmeta.refits.existence import Existence
from bayesmeta.spec import Prior


@pytest.fixture(scope="module")
def assembly():
    """Return Normand under a flat mu and a half-Cauchy tau."""
    effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    return assemble(effects, priors={"mu": "flat", "tau": "HalfCauchy(beta=5)"})


def _members(count):
    return np.where(np.arange(9) < count, 1.0, 0.0)


HEAVY, LIGHT = (Prior("InverseGamma", {"alpha": a, "beta": 3.0}) for a in (0.4, 2.0))


@pytest.mark.parametrize("tau", [
    Prior("HalfStudentT", {"nu": 1.5, "sigma": 3.0}), Prior("uniform"), HEAVY, LIGHT,
    Prior("HalfStudentT", {"nu": 4.0, "sigma": 3.0}), Prior("HalfNormal", {"sigma": 2.0}),
])  # fmt: skip
@pytest.mark.parametrize("mu", [Prior("flat"), Prior("Normal", {"mu": 0.0, "sigma": 1.0})])
@pytest.mark.parametrize("count", [3, 4, 9])
def test_what_is_remembered_is_what_the_theorem_says(assembly, tau, mu, count):
    """After other priors on as many studies have been asked for, and these on fewer or more."""
    known, priors = Existence(assembly), {"mu": mu, "tau": tau}
    for nu in (0.5, 1.0, 3.0):
        other = Prior("HalfStudentT", {"nu": nu, "sigma": 3.0})
        known.moments(Refit({"mu": mu, "tau": other}, _members(count)))
    known.moments(Refit(priors, _members(6)))

    found = known.moments(Refit(priors, _members(count)))

    expected = finite_moments(np.ones((count, 1)), priors, ["mu"])
    assert [found.tau, *found.coefficients] == [expected.tau, *expected.coefficients]


def test_one_theorem_serves_all_scales(assembly, monkeypatch):
    """Sixty priors that differ in scale ask for it once."""
    asked = []
    monkeypatch.setattr(existence, "require_proper", lambda *_, **__: asked.append(1))
    known = Existence(assembly)

    for scale in np.geomspace(1e-3, 1e3, 60):
        known.moments(Refit({"mu": Prior("flat"), "tau": Prior("HalfCauchy", {"beta": scale})},
                            _members(9)))  # fmt: skip

    assert len(asked) == 1


@pytest.mark.parametrize("mu", [Prior("flat"), Prior("Normal", {"mu": 0.0, "sigma": 1.0})])
def test_subsets_have_the_moments_that_each_has_alone(assembly, mu):
    """In whatever order, by how many studies take part; which they are, where mu is flat."""
    priors = {"mu": mu, "tau": Prior("HalfStudentT", {"nu": 1.5, "sigma": 3.0})}
    every = np.random.default_rng(8).permutation(2**9)[:, np.newaxis] >> np.arange(9) & 1
    refits = [Refit(priors, row.astype(float)) for row in every if row.sum() > 1]

    found = Existence(assembly).of_subsets(refits)

    for one, own in zip(refits, found, strict=True):
        alone = finite_moments(np.ones((int(one.members.sum()), 1)), priors, ["mu"])
        assert [own.tau, *own.coefficients] == [alone.tau, *alone.coefficients]


def test_an_improper_case_is_refused_each_time(assembly):
    """A refusal is no answer to remember."""
    improper = Refit({"mu": Prior("flat"), "tau": Prior("uniform")}, _members(2))
    known = Existence(assembly)

    for _ in range(2):
        with pytest.raises(ImproperPosteriorError, match="needs at least 3 studies"):
            known.moments(improper)


@pytest.mark.parametrize(("one", "other", "same"), [
    (Prior("HalfCauchy", {"beta": 1.0}), Prior("HalfCauchy", {"beta": 9.0}), True),
    (Prior("StudentT", {"nu": 3.0, "mu": 0.0, "sigma": 1.0}),
     Prior("StudentT", {"nu": 4.0, "mu": 0.0, "sigma": 1.0}), False),
    (HEAVY, LIGHT, False),
    (Prior("Gamma", {"mu": 2.0, "sigma": 9.0}), Prior("Gamma", {"mu": 2.0, "sigma": 1.0}), False),
    (Prior("HalfNormal", {"sigma": 1.0}), Prior("HalfNormal", {"sigma": 1.0}, on="tau2"), False),
])  # fmt: skip
def test_priors_are_alike_but_for_place_and_scale(one, other, same):
    """Two scales make a shape: that of a gamma is the square of mean over sd."""
    assert (unscaled(one) == unscaled(other)) == same
