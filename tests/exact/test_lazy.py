"""Draws of study effects and log likelihoods are made when they are read, and are ordinary then."""

import copy
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import xarray as xr

import bayesmeta as bm
from bayesmeta.covariance import Diagonal, Shrinkage
from bayesmeta.engines.lazy import when_read

PRIORS = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
SHAPE, DIMS = (2, 3, 4), ("chain", "draw", "study")
COPIES = {
    "pickled": lambda tree: pickle.loads(pickle.dumps(tree)),  # noqa: S301 -- our own
    "deepcopy": copy.deepcopy,
    "deep": lambda tree: tree.copy(deep=True),
    "shallow": lambda tree: tree.copy(),
}
POINTS = {
    name: xr.DataArray(where, dims="p") for name, where in (("draw", [0, 2]), ("study", [1, 3]))
}
LOOKS = {
    "integer": lambda x: x[1],
    "list": lambda x: x[:, [2, 0]],
    "backwards": lambda x: x.isel(study=slice(None, None, -2)),
    "transposed": lambda x: x.transpose("study", "chain", "draw"),
    "transposed part": lambda x: x.transpose("study", ...)[1:3].T,
    "stacked": lambda x: x.stack(sample=("chain", "draw")),
    "points": lambda x: x.isel(POINTS),
    "reduced": lambda x: x.where(x > 3).mean("draw"),
}


@pytest.fixture(scope="module")
def effects():
    """Return the mean differences of Normand's trials."""
    return bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")


@pytest.fixture
def posterior(effects):
    """Return a posterior that nobody has read."""
    return bm.fit(effects, priors=PRIORS, engine="exact", draws=50)


def numbers():
    """Return an array."""
    return np.arange(24.0).reshape(SHAPE)


@pytest.fixture
def later():
    """Return a dataset whose one variable is computed when read."""
    return xr.Dataset({"x": xr.Variable(DIMS, when_read(SHAPE, numbers))})


def test_nothing_of_a_fit_with_its_tables_draws_study_effects(effects, monkeypatch):
    """The tables come from the integral; with nothing to draw or weigh by, they are the same."""
    expected = bm.study_effects(bm.fit(effects, priors=PRIORS, engine="exact"))

    def never(*_args):
        raise AssertionError

    monkeypatch.setattr(Shrinkage, "draw", never)
    monkeypatch.setattr(Diagonal, "log_density", never)
    posterior = bm.fit(effects, priors=PRIORS, engine="exact")
    bm.summary(posterior)

    xr.testing.assert_identical(bm.study_effects(posterior).to_xarray(), expected.to_xarray())
    with pytest.raises(AssertionError):
        posterior["posterior"]["theta"].to_numpy()
    with pytest.raises(AssertionError):
        posterior["log_likelihood"]["estimate"].to_numpy()


def test_study_effects_are_drawn_from_their_distribution_given_all_else(posterior, effects):
    """Standardised by y, s, mu and tau they are normal deviates: the first moments."""
    drawn = posterior["posterior"]
    mu, tau = (drawn[name].to_numpy()[..., np.newaxis] for name in ("mu", "tau"))
    variance = effects.standard_error**2
    kept = tau**2 / (tau**2 + variance)
    z = (drawn["theta"].to_numpy() - mu - kept * (effects.estimate - mu)) / np.sqrt(kept * variance)

    assert abs(z.mean()) < 4 / np.sqrt(z.size)
    assert abs(z.var() - 1) < 4 * np.sqrt(2 / z.size)


def test_log_likelihood_is_that_of_the_draws_beside_it(posterior, effects):
    """The density log Normal(y; mu, s² + tau²)."""
    drawn = posterior["posterior"]
    mu, tau = (drawn[name].to_numpy()[..., np.newaxis] for name in ("mu", "tau"))
    variance = effects.standard_error**2 + tau**2
    expected = -0.5 * ((effects.estimate - mu) ** 2 / variance + np.log(2 * np.pi * variance))

    found = posterior["log_likelihood"]["estimate"]

    assert found.dims == DIMS
    np.testing.assert_allclose(found.to_numpy(), expected, rtol=1e-12)


def test_what_is_read_first_changes_no_draw(posterior, effects):
    """Read after the log likelihood, read twice, read after mu was overwritten: the same."""
    other = bm.fit(effects, priors=PRIORS, engine="exact", draws=50)
    expected = posterior["posterior"]["theta"].to_numpy()
    other["log_likelihood"]["estimate"].load()
    other["posterior"]["mu"].to_numpy()[:] = 0.0

    np.testing.assert_array_equal(other["posterior"]["theta"].to_numpy(), expected)
    np.testing.assert_array_equal(other["posterior"]["theta"].to_numpy(), expected)


def test_a_file_holds_the_numbers(posterior, tmp_path):
    """A posterior saved before anybody read it comes back as one that was loaded."""
    path = bm.save_posterior(posterior, tmp_path / "posterior.nc")
    again = bm.read_posterior(path)

    for group in ("posterior", "log_likelihood"):
        assert again[group].dataset.equals(posterior[group].dataset.load())


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_copies_hold_the_numbers(posterior, copied):
    """Pickled, or copied, before anybody read it."""
    other = copied(posterior)

    xr.testing.assert_identical(other, posterior)


def test_the_number_of_cores_changes_no_draw(effects):
    """The same seed, with one core and with two."""
    one, two = (
        bm.fit(effects, priors=PRIORS, engine="exact", draws=20, seed=3, cores=cores)
        for cores in (1, 2)
    )

    assert one["posterior"].dataset.equals(two["posterior"].dataset)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_look_is_that_at_the_array(later, look):
    """Any indexing, order of dimensions, or reduction."""
    expected = look(xr.DataArray(numbers(), dims=DIMS, name="x"))

    xr.testing.assert_identical(look(later["x"]), expected)


def test_what_is_assigned_stays_in_its_copy(later):
    """A deep copy that is changed leaves its original alone, read or not."""
    other, third = later.copy(deep=True), later.copy(deep=True)
    other["x"][0] = -1.0
    later["x"].to_numpy()
    third["x"][0, [0, 2], 1:] = -1.0

    assert (other["x"][0] == -1).all()
    expected = numbers()
    expected[0, [0, 2], 1:] = -1.0
    np.testing.assert_array_equal(third["x"].to_numpy(), expected)
    np.testing.assert_array_equal(later["x"].to_numpy(), numbers())


def test_it_is_computed_once():
    """However often it is read, in parts or as a whole."""
    calls = []
    variable = xr.Variable(DIMS, when_read(SHAPE, lambda: (calls.append(1), numbers())[1]))
    known = variable.shape, variable.dtype, variable.nbytes
    for study in range(4):
        variable[..., study].to_numpy()
    variable.copy().load()

    assert known == (SHAPE, np.dtype(float), 24 * 8)
    assert len(calls) == 1


def test_values_cannot_be_changed_behind_its_back(later):
    """In place, an error and no other number for whoever reads next."""
    with pytest.raises(ValueError, match="read-only"):
        later["x"].to_numpy()[0] = 1.0


def test_two_threads_that_read_at_once_get_the_same_draws(posterior, monkeypatch):
    """Both find nothing there and draw."""
    both, draw = threading.Barrier(2, timeout=30), Shrinkage.draw

    def together(*args):
        both.wait()
        return draw(*args)

    monkeypatch.setattr(Shrinkage, "draw", together)
    with ThreadPoolExecutor(2) as pool:
        theta = posterior["posterior"]["theta"]
        one, two = pool.map(lambda _: theta.to_numpy(), range(2))

    np.testing.assert_array_equal(one, two)
