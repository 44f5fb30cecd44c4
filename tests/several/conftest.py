"""Tables of several estimates a study, and fits to them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def table():
    """Return one of the tables of SOURCES.md, a study a row where it names none."""

    def read(name):
        found = pd.read_csv(DATA / name)
        if "study" not in found:
            found["study"] = [f"row {number}" for number in range(len(found))]
        return found

    return read


@pytest.fixture(scope="session")
def sized():
    """Return effect sizes of a frame, several rows a study or not."""

    def effects(frame, measure="MD"):
        return bm.effect_sizes(bm.read_studies(frame), measure, repeated=True)

    return effects


@pytest.fixture(scope="session")
def solved(sized):
    """Return the summary of an exact fit and its log marginal likelihood."""

    def solution(frame, model, measure="MD", **options):
        posterior = bm.fit(sized(frame, measure), model, engine="exact", **options)
        columns = ["mean", "sd", "median", "lower", "upper"]
        numbers = bm.summary(posterior)[columns].rename(columns={"lower": "q025", "upper": "q975"})
        return numbers, posterior.attrs["log_marginal_likelihood"]

    return solution


@pytest.fixture(scope="session")
def frame():
    """Return a small table made by chance: rows in clusters of unequal size."""

    def made(sizes=(3, 1, 2, 2, 1), *, seed=12):
        generator = np.random.default_rng(seed)
        cluster = np.repeat(np.arange(len(sizes)), sizes)
        return pd.DataFrame(
            {
                "study": [f"study {number}" for number in cluster],
                "cluster": [f"c{number}" for number in cluster],
                "estimate": generator.normal(0.4, 0.5, cluster.size).round(3),
                "variance": generator.uniform(0.02, 0.2, cluster.size).round(3),
            }
        )

    return made
