"""Tables and models of frame L."""

import pytest

import bayesmeta as bm


@pytest.fixture(scope="session")
def normand():
    """Normand's nine trials of stroke care, mean differences in days."""
    return bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")


@pytest.fixture(scope="session")
def priors():
    """Return the priors of the references."""
    return {"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=10)"}


@pytest.fixture(scope="session")
def student_t():
    """Return the model with Student-t study effects."""
    return "student-t"
