"""Several outcomes: what stands before their parts."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.report.asked import Asked
from bayesmeta.report.composition import document
from bayesmeta.report.document import Figure, Table
from bayesmeta.report.overview import _notes
from bayesmeta.report.rendering import PAGES

UNITS = {"IL-6": "pg/mL", "TNF <b>": "pg/mL", "BDNF": "ng/mL"}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Return the report of three outcomes in two units."""
    asked = []
    for place, (outcome, unit) in enumerate(UNITS.items()):
        table = pd.DataFrame({
            "study": list("abcd"), "estimate": np.array([1.0, 3, 2, 5]) - 2 * place,
            "standard_error": 1.0, "outcome": outcome,
        })  # fmt: skip
        effects = bm.effect_sizes(bm.read_studies(table), "MD", unit=unit, outcome=outcome)
        priors = {"mu": "Normal(mu=0, sigma=9)", "tau": "HalfNormal(sigma=2)"}
        posterior = bm.fit(effects, engine="exact", priors=priors)
        folder = tmp_path_factory.mktemp("outcome")
        asked.append(Asked.of(posterior, folder, title=outcome, benefit="lower"))
    return document(asked, [[], [], []], title="Three markers")


def test_overview_table_and_forest_stand_first(report):
    """A row an outcome, a panel with its own axis each: pg/mL and ng/mL share none."""
    (overview,) = report.opening
    table, *figures = [block for block in overview.blocks if isinstance(block, Table | Figure)]
    assert [row[0] for row in table.rows] == list(UNITS)
    (drawn,) = figures
    assert all(unit in drawn.svg for unit in UNITS.values())


def test_the_forest_says_in_words_what_the_table_says(report):
    """Its alternative text has each effect as the table prints it."""
    (overview,) = report.opening
    table, *figures = [block for block in overview.blocks if isinstance(block, Table | Figure)]
    said = " ".join(figure.alt for figure in figures)
    assert all(row[3] in said for row in table.rows)


def test_every_outcomes_tables_are_files_of_their_own(report):
    """No file of one outcome takes another's place."""
    from io import BytesIO
    from zipfile import ZipFile

    names = ZipFile(BytesIO(PAGES[".zip"](report))).namelist()
    assert len(set(names)) == len(names) == 1 + len(list(report.tables()))
    assert {"overview_table.csv", "studies-il-6.csv", "studies-tnf-b.csv"} <= set(names)


def test_the_scale_of_tau_is_said_of_ratios_alone():
    """No ratio measure in the table, no word on logarithms below it."""
    asked = [SimpleNamespace(view=SimpleNamespace(is_ratio=ratio)) for ratio in (False, True)]

    assert _notes(asked[:1]) == ("Effects in each outcome's unit.",)
    assert "log scale" in _notes(asked)[0]
