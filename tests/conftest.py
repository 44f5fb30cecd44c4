"""What all tests share."""

import gc
import os

import pandas as pd
import posteriors
import pytest
from _pytest.doctest import DoctestModule
from hypothesis import settings

import bayesmeta as bm

# Workers, one a core, are started with this: BLAS threads of theirs would stand in each other's way
# (a tenth of the time of all tests). Who says a number has it, as `.ci/kernels` does.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

# The same examples on every machine and day: a change breaks a law, chance does not.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

# Looking for garbage in circles each 2000 new objects takes 4 to 10 % of the time of all tests.
gc.disable()
gc.set_threshold(100_000)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file():
    """Look for examples in the package alone: in tests there are none, and looking takes time."""
    return [found for found in (yield) if not isinstance(found, DoctestModule)]


def pytest_collection_finish():
    """Look for garbage among what tests make, not among tests and libraries."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def make():
    """Return what makes a sampled posterior: labels, estimates and standard errors go in."""
    return posteriors.posterior


@pytest.fixture(scope="session")
def normand():
    """Return labels, estimates and standard errors of Normand's nine trials."""
    return posteriors.normand()


@pytest.fixture(scope="session")
def sampled(make, normand):
    """Return a sampled posterior of Normand's trials."""
    return make(*normand)


@pytest.fixture(scope="session")
def bare(sampled):
    """Return the same as any model written by hand leaves it: mu and tau, no attributes."""
    tree = sampled.copy()
    tree["posterior"] = sampled["posterior"].dataset[["mu", "tau"]]
    del tree["weights"]
    tree.attrs = {}
    return tree


@pytest.fixture(scope="session")
def specified(bare, sampled):
    """Return mu and tau alone of a model that says it is the normal-normal one."""
    tree = bare.copy()
    tree.attrs = {"specification": sampled.attrs["specification"]}
    return tree


@pytest.fixture(scope="session")
def normand_effects():
    """Return the effect sizes of Normand's trials."""
    columns = {name: column for name, column in posteriors.NORMAND.items() if name != "source"}
    return bm.effect_sizes(bm.read_studies(pd.DataFrame(columns)), "MD", unit="days")


@pytest.fixture(scope="session")
def exact(normand_effects):
    """Return the exact posterior of Normand's trials: flat mu, tau ~ HalfNormal(20)."""
    priors = {"mu": "flat", "tau": "HalfNormal(sigma=20)"}
    return bm.fit(normand_effects, engine="exact", priors=priors)
