"""What the tests of the comparison share."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm

TABLES = Path(__file__).parents[2] / "examples" / "data"
METAFOR = Path(__file__).parents[1] / "frequentist" / "metafor.json"


@pytest.fixture(scope="session")
def metafor():
    """Return metafor's fits and the data they are of."""
    return json.loads(METAFOR.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def normand():
    """Return the mean differences in length of stay, days (Normand 1999, Table VIII)."""
    return bm.effect_sizes(bm.read_studies(TABLES / "normand1999.csv"), "MD", unit="days")


@pytest.fixture(scope="session")
def weeks():
    """Return the effects of writing to learn, with the length of treatment in weeks."""
    studies = bm.read_studies(TABLES / "bangertdrowns2004.csv")
    return bm.effect_sizes(studies, "SMD", missing="drop")


@pytest.fixture(scope="session")
def make():
    """Return what makes effects of estimates, standard errors, participants and moderators."""

    def effects(estimate, standard_error, *, n=None, measure="generic", **columns):
        table = {"estimate": estimate, "standard_error": standard_error, **columns}
        table |= {} if n is None else {"n": n}
        labels = [f"study {number}" for number in range(len(estimate))]
        frame = pd.DataFrame({"study": labels, **table})
        return bm.effect_sizes(bm.read_studies(frame), measure)

    return effects


@pytest.fixture(scope="session")
def numbers():
    """Return what takes the finite numbers of a table, errors left out, as one array."""

    def values(table):
        kept = [name for name in table.select_dtypes("number") if not name.endswith("_error")]
        return np.nan_to_num(table[kept].to_numpy(), nan=-1.0)

    return values
