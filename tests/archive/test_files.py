"""A posterior's file: what was saved comes back, whole, or nothing was written."""

import os
import stat

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import bayesmeta as bm
from bayesmeta.errors import OutputError, PosteriorError

WEEKS = pd.DataFrame({
    "study": list("ABCDEF"), "estimate": [0.1, -0.2, 0.3, 0.0, 0.4, 0.2],
    "standard_error": [0.1, 0.2, 0.1, 0.3, 0.2, 0.2], "weeks": [2.0, 4, 6, 8, 10, 12],
    "design": ["RCT", "cohort", "RCT", "cohort", "RCT", "cohort"],
})  # fmt: skip
HALF = {"tau": "HalfNormal(sigma=1)"}


def fitted(**asked):
    effects = bm.effect_sizes(bm.read_studies(WEEKS), "MD")
    return bm.fit(effects, engine="exact", draws=10, **asked)


@pytest.mark.parametrize(
    "asked",
    [
        {"moderators": "weeks*design",
         "priors": HALF | {"mu": "flat", "beta": "Normal(mu=0, sigma=1)"}},
        pytest.param({"model": "common-effect", "priors": {"mu": "flat"}}, marks=pytest.mark.slow),
        pytest.param({"priors": {"mu": "flat", "tau": "uniform"}}, marks=pytest.mark.slow),
        pytest.param({"priors": HALF | {"mu": "StudentT(nu=4, mu=0, sigma=1)"}},
                     marks=pytest.mark.slow),
        pytest.param({"priors": {"mu": "flat", "tau": "Uniform(lower=0, upper=3)"}},
                     marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_what_was_saved_comes_back(asked, tmp_path):
    """Every variable, label and attribute is identical; saving it again is no change."""
    posterior = fitted(**asked)

    again = bm.read_posterior(bm.save_posterior(posterior, tmp_path / "posterior.nc"))
    third = bm.read_posterior(bm.save_posterior(again, tmp_path / "posterior.nc"))

    assert again.identical(posterior)
    assert third.identical(posterior)


def test_a_model_written_by_hand_comes_back(sampled, bare, tmp_path):
    """A posterior that has the names of the schema needs nothing else."""
    for posterior in (sampled, bare):
        again = bm.read_posterior(bm.save_posterior(posterior, tmp_path / "posterior.nc"))
        assert again.identical(posterior)


@pytest.mark.slow
def test_compressed_draws_come_back(small, tmp_path):
    """Another program may have packed the file: what it held is saved plainly."""
    path = tmp_path / "packed.nc"
    packed = {name: {"zlib": True} for name in small["posterior"].data_vars}
    small.to_netcdf(path, engine="h5netcdf", encoding={"/posterior": packed})

    again = bm.read_posterior(bm.save_posterior(bm.read_posterior(path), tmp_path / "plain.nc"))

    assert again.identical(small)


def test_draws_that_were_packed_are_saved_in_full(small, tmp_path):
    """Another program may have rounded them to sixteen bits; what is saved later is not."""
    path = tmp_path / "packed.nc"
    rounded = {"dtype": "i2", "scale_factor": 0.01, "_FillValue": -9999}
    bare = small.filter(lambda node: node.name != "mixture")
    bare.attrs = {}
    bare.to_netcdf(path, engine="h5netcdf", encoding={"/posterior": {"mu": rounded}})
    posterior = bm.read_posterior(path)
    posterior["posterior"]["mu"].to_numpy()[:] += 0.00123

    again = bm.read_posterior(bm.save_posterior(posterior, tmp_path / "plain.nc"))

    assert again["posterior"]["mu"].identical(posterior["posterior"]["mu"])


def test_any_netcdf_reader_takes_the_file(saved, small):
    """The seal stands behind the data, where readers of HDF5 do not look."""
    with xr.open_datatree(saved, engine="h5netcdf") as opened:
        assert opened["posterior"].dataset.load().identical(small["posterior"].dataset)


def test_a_file_has_the_usual_permissions(small, tmp_path):
    """A colleague may read it, as far as the user's mask allows."""
    mask = os.umask(0o022)
    try:
        path = bm.save_posterior(small, tmp_path / "posterior.nc")
    finally:
        os.umask(mask)

    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_posterior_that_no_file_can_hold_is_refused(small, tmp_path):
    """The old file stays."""
    odd = small.copy()
    odd.attrs["history"] = {"a": 1}
    path = tmp_path / "posterior.nc"
    path.write_text("old", encoding="utf-8")

    with pytest.raises(OutputError, match="NetCDF cannot hold"):
        bm.save_posterior(odd, path)

    assert path.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("content", [b"", b"study,estimate\nA,1\n", b"\x89HDF\r\n\x1a\n"])
def test_what_is_no_posterior_is_named(content, tmp_path):
    """An empty file, a table, the first bytes of an HDF5 file."""
    path = tmp_path / "posterior.nc"
    path.write_bytes(content)

    with pytest.raises(PosteriorError, match=r"posterior\.nc: not a NetCDF file"):
        bm.read_posterior(path)


def test_a_long_name_is_no_such_file(tmp_path):
    """Three hundred letters are more than a name may have."""
    with pytest.raises(PosteriorError, match="a" * 300):
        bm.read_posterior(tmp_path / ("a" * 300))


def test_large_numbers_that_repeat_themselves_take_little_room(small, tmp_path):
    """A million times one number, eight bytes each, comes back from a file of a twentieth."""
    more = xr.Dataset({"same": ("node", np.full(10**6, np.pi))})
    path = bm.save_posterior(
        xr.DataTree.from_dict({**{name: each.to_dataset() for name, each in small.children.items()},
                               "mixture": more}), tmp_path / "one.nc")  # fmt: skip

    found = xr.open_datatree(path, engine="h5netcdf")["mixture/same"].to_numpy()
    assert (found == np.pi).all()
    assert path.stat().st_size < 8e6 / 20 + 1e6
