"""Tables that the tests of measures share."""

import json
from pathlib import Path

import pandas as pd
import pytest

from bayesmeta.studies import Studies, read_studies

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def reference() -> dict:
    """Figures of other programs and papers, each with its source."""
    path = ROOT / "tests" / "reference" / "effect_sizes.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def normand() -> Studies:
    """Nine trials of specialist stroke care (Normand 1999)."""
    return read_studies(ROOT / "examples" / "data" / "normand1999.csv")


@pytest.fixture
def table():
    """Return a checked table out of columns, with names for the studies where there are none."""

    def make(**columns: list) -> Studies:
        size = len(next(iter(columns.values())))
        names = {"study": [f"Study {row + 1}" for row in range(size)]}
        return read_studies(pd.DataFrame(names | columns))

    return make
