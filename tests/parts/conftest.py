"""Toy parts, registered for one test at a time, and models that name them."""

import importlib.util
from pathlib import Path

import pytest

from bayesmeta.likelihoods import LIKELIHOODS
from bayesmeta.location import LOCATIONS
from bayesmeta.measures import effect_sizes
from bayesmeta.random_effects import HETEROGENEITY
from bayesmeta.studies import read_studies

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "examples" / "data"
REGISTERS = {"heterogeneity": HETEROGENEITY, "likelihood": LIKELIHOODS, "location": LOCATIONS}
MODEL = """
title = "A toy"
summary = "A model with a part that no shelf has."
references = []
statement = "theta[i] ~ toy"
location = "{location}"
heterogeneity = "{heterogeneity}"
likelihood = "{likelihood}"

[priors]
mu = "Normal(mu=0, sigma=30)"
"""


def toy(name):
    """Return the part that a file of this folder is."""
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def model(monkeypatch, tmp_path):
    """Register a toy in one slot; return the path of a model file that names it."""

    def registered(slot, name):
        monkeypatch.setitem(REGISTERS[slot], name, toy(name))
        parts = {"location": "intercept", "heterogeneity": "normal", "likelihood": "normal"}
        path = tmp_path / f"{name}.toml"
        path.write_text(MODEL.format(**{**parts, slot: name}), encoding="utf-8")
        return path

    return registered


@pytest.fixture(scope="session")
def normand():
    """Normand's nine trials of stroke care, mean differences in days."""
    return effect_sizes(read_studies(DATA / "normand1999.csv"), measure="MD")
