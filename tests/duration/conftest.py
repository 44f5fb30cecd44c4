"""Tables of studies that the tests of durations share."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def priors():
    """Priors in the outcome's unit."""
    return {"mu": "Normal(mu=0, sigma=4)", "tau": "HalfNormal(sigma=1)",
            "change": "Normal(mu=0, sigma=2)"}  # fmt: skip


def _effects_of(weeks, estimate, standard_error, *, column="duration_weeks", **columns):
    size = len(estimate)
    table = pd.DataFrame(
        {"study": [f"Study {i + 1}" for i in range(size)], "estimate": estimate,
         "standard_error": standard_error, column: weeks, **columns}
    )  # fmt: skip
    return bm.effect_sizes(bm.read_studies(table), measure="generic")


@pytest.fixture(scope="session")
def effects_of():
    """Return effects of ready-made estimates with durations and further columns."""
    return _effects_of


@pytest.fixture(scope="session")
def twelve():
    """Return twelve studies whose effect falls with the weeks; made with a fixed seed."""

    def make(scale=1.0, sign=1.0, days=1.0, shift=0.0, **columns):
        generator = np.random.default_rng(20261123)
        weeks = np.array([2, 2, 3, 4, 4, 6, 6, 8, 8, 10, 12, 12], dtype=float)
        error = generator.uniform(0.3, 0.7, weeks.size)
        noise = generator.normal(0, 0.4, weeks.size) + error * generator.normal(size=weeks.size)
        estimate = sign * scale * (-0.2 * weeks + noise) + shift
        return _effects_of(weeks * days, estimate, scale * error, **columns)

    return make


@pytest.fixture(scope="session")
def bcg():
    """BCG log risk ratios on latitude, with certified posteriors."""
    text = (Path(__file__).parent / "bcg_latitude.json").read_text(encoding="utf-8")
    return json.loads(text)["entries"]


@pytest.fixture(scope="session")
def bangertdrowns():
    """Writing to learn: 46 studies that give their duration, 48 with those that do not."""
    return bm.effect_sizes(
        bm.read_studies(ROOT / "examples" / "data" / "bangertdrowns2004.csv"), measure="generic"
    )


@pytest.fixture(scope="session")
def simulated():
    """Return one outcome of the SIMULATED example, and its truth."""
    data = ROOT / "examples" / "data"
    studies = bm.read_studies(data / "rtms_SIMULATED.csv")
    truth = json.loads((data / "rtms_SIMULATED_truth.json").read_text(encoding="utf-8"))

    def make(outcome):
        return bm.effect_sizes(studies, measure="MD", outcome=outcome), truth[outcome]

    return make
