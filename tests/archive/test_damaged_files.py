"""A file that was edited or damaged is refused by name, or says exactly what it said."""

import json
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

import bayesmeta as bm
from bayesmeta.archive.checksums import CHECKSUMS, checksums
from bayesmeta.archive.reading import problems_of
from bayesmeta.errors import PosteriorError

SOME, MANY = range(14), range(400)


def set_to(place, value):
    """Return an edit that puts a value into a variable."""

    def edit(tree):
        group, name = place.split("/")
        values = tree[group][name].to_numpy().copy()
        values.flat[0] = value
        tree[group][name] = tree[group][name].copy(data=values)

    return edit


def times(place, factor):
    """Return an edit that multiplies a variable."""

    def edit(tree):
        group, name = place.split("/")
        tree[group][name] = tree[group][name] * factor

    return edit


def attribute(name, value, *, group="/"):
    """Return an edit that sets an attribute, or takes it away."""

    def edit(tree):
        del tree[group].attrs[name]
        if value is not None:
            tree[group].attrs[name] = value

    return edit


def without(place):
    """Return an edit that takes a group or a variable away."""

    def edit(tree):
        group, _, name = place.partition("/")
        kept = tree[group].dataset.drop_vars(name) if name else None
        del tree[group]
        if name:
            tree[group] = xr.DataTree(kept)

    return edit


EDITS = {
    "a mean that is none": (set_to("mixture/mean", np.nan), "mean in group mixture"),
    "weights times 100": (times("mixture/weight", 100), "weight in group mixture"),
    "a negative weight": (set_to("mixture/weight", -0.1), "weight in group mixture"),
    "study weights times 100": (times("weights/weight", 100), "weight in group weights"),
    "a negative variance": (set_to("mixture/covariance", -1), "covariance in group mixture"),
    "no variance": (set_to("mixture/covariance", 0), "covariance in group mixture"),
    "a negative tau": (set_to("posterior/tau", -1), "tau in group posterior"),
    "an endless draw": (set_to("posterior/mu", np.inf), "mu in group posterior"),
    "a tau node": (set_to("mixture/hyperparameter", -1), "hyperparameter in group mixture"),
    "no standard error": (set_to("constant_data/standard_error", 0), "standard_error in group"),
    "another estimate": (set_to("observed_data/estimate", 9), "data_sha256 is not that"),
    "a log weight": (set_to("mixture/tau_log_weight", 5), "tau_log_weight in group mixture"),
    "I2 above 1": (set_to("posterior/I2", 1.5), "I2 in group posterior"),
    "one draw, a little": (set_to("posterior/mu", 0.123), "mu in group posterior: not as saved"),
    "the unit": (attribute("unit", "hours"), "attribute unit: not as saved"),
    "no unit": (attribute("unit", None), "attribute unit is not there"),
    "a model that is none": (attribute("specification", "x"), "attribute specification"),
    "priors that are none": (attribute("priors", '{"mu": "x("}'), "attribute priors cannot"),
    "a deep attribute": (attribute("notes", "[" * 9999), "attribute notes cannot be read"),
    "no hash": (attribute("data_sha256", None), "attribute data_sha256 is not there"),
    "another engine": (attribute("engine", "stan"), "attribute engine cannot be read"),
    "a verdict that is none": (attribute("diagnostics", "[]"), "attribute diagnostics cannot"),
    "a step of tau": (attribute("tau_step", -1.0, group="mixture"), "attribute tau_step of group"),
    "no scale of tau": (attribute("tau_scale", None, group="mixture"), "attribute tau_scale"),
    "no group": (without("posterior"), "no group 'posterior'"),
    "no mixture": (without("mixture"), "group mixture is not there"),
    "no new study": (without("posterior/theta_new"), "theta_new in group posterior is not there"),
    "no I2": (without("posterior/I2"), "I2 in group posterior: not as saved"),
}  # fmt: skip


@pytest.mark.parametrize("kind", EDITS)
def test_an_edit_is_found_and_named(kind, small):
    """By what the numbers mean; by the checksums what could mean something."""
    edit, named = EDITS[kind]
    tree = small.copy(deep=True)
    tree.attrs[CHECKSUMS] = checksums(tree)

    edit(tree)
    found = next(problems_of(tree))
    del tree.attrs[CHECKSUMS]
    without_checksums = next(problems_of(tree), "nothing")

    assert found.startswith(named), found
    assert without_checksums == ("nothing" if "not as saved" in named else found)


def test_an_edited_file_is_refused(edited):
    """The message names the file, the variable, and what happened."""
    path = edited(lambda file: file["posterior/tau"].write_direct(np.full((4, 20), -1.0)))

    with pytest.raises(PosteriorError, match=r"edited\.nc: tau in group.*was edited or damaged"):
        bm.read_posterior(path)


def test_a_claim_of_more_memory_than_the_file_could_fill_is_refused(edited):
    """Chunks that are not stored count as zeros: 60 KB can ask for 74 GiB."""

    def claiming(file):
        del file["posterior/theta"]
        file.create_dataset("posterior/theta", shape=(10**10,), dtype="f8", chunks=(1024,))

    with pytest.raises(PosteriorError, match="posterior/theta claims 76294 MiB, but the file has"):
        bm.read_posterior(edited(claiming))


def test_a_byte_that_changed_is_refused_before_the_file_is_read(saved, tmp_path, monkeypatch):
    """The library that reads HDF5 hangs on some damaged files: it does not get to see them."""
    content = bytearray(saved.read_bytes())
    content[len(content) // 2] ^= 1
    path = tmp_path / "posterior.nc"
    path.write_bytes(content)
    monkeypatch.setattr(h5py, "File", None)

    with pytest.raises(PosteriorError, match="bytes of it have changed; the file was damaged"):
        bm.read_posterior(path)


def test_a_file_that_points_to_another_is_refused(edited):
    """A link would read, or wait for, what somebody else put there."""

    def linked(file):
        del file["posterior/mu"]
        file["posterior/mu"] = h5py.ExternalLink("/etc/hostname", "/x")

    with pytest.raises(PosteriorError, match="posterior/mu is a link"):
        bm.read_posterior(edited(linked))


def test_a_group_inside_itself_is_refused(edited):
    """Such a file has no end."""
    with pytest.raises(PosteriorError, match="loop is a link"):
        bm.read_posterior(edited(lambda file: file["posterior"].__setitem__("loop", file["/"])))


def answered(path, posterior, text):
    """Return whether a file is read as it was saved; anything but a PosteriorError is raised."""
    try:
        again = bm.read_posterior(path)
    except PosteriorError:
        return False
    assert again.identical(posterior)
    assert bm.text(again) == text
    return True


def test_a_damaged_file_says_what_it_said_or_is_refused(mutant, small):
    """Bytes flipped, cut or added; values, names, links, attributes edited: nothing in between."""
    text = bm.text(small)

    found = [answered(mutant(seed), small, text) for seed in SOME]

    assert 0 < sum(found) < len(SOME)


WORKER = """
import importlib.util, resource, signal, sys
resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))
import matplotlib; matplotlib.use("agg")
from matplotlib import pyplot
import pathlib
import bayesmeta as bm
from bayesmeta.errors import BayesmetaError
spec = importlib.util.spec_from_file_location("mutations", sys.argv[1])
mutations = importlib.util.module_from_spec(spec)
spec.loader.exec_module(mutations)
source, target = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
good = bm.read_posterior(source)
text = bm.text(good)
for seed in range(int(sys.argv[4])):
    mutations.mutated(source, target, seed)
    signal.alarm(30)
    try:
        again = bm.read_posterior(target)
        said = bm.text(again)
        bm.summary(again)
        bm.plot_forest(again)
        pyplot.close("all")
        assert again.identical(good) and said == text, seed
        print("works", flush=True)
    except BayesmetaError:
        print("refused", flush=True)
"""


@pytest.mark.slow
def test_no_damaged_file_ends_the_process_hangs_or_fills_the_memory(saved, tmp_path):
    """All mutations: read, summarised and drawn in 3 GiB and 30 seconds, or refused."""
    mutations = Path(__file__).with_name("conftest.py")
    arguments = [mutations, saved, tmp_path / "mutant.nc", len(MANY)]

    ran = subprocess.run(
        [sys.executable, "-c", WORKER, *map(str, arguments)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    answers = ran.stdout.split()
    assert (ran.returncode, len(answers)) == (0, len(MANY)), ran.stderr[-2000:]
    assert answers.count("works") + answers.count("refused") == len(MANY)


def test_checksums_cover_every_variable(small):
    """A part of the file without a checksum could change unseen."""
    named = json.loads(checksums(small))

    for group in small.children:
        for name in small[group].dataset.variables:
            assert f"{name} in group {group}" in named
