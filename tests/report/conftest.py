"""One analysis, reported once for all tests of this room."""

import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.analysis import reporting
from bayesmeta.summaries.view import View

ASKED = {
    "title": "Length of stay <script>alert(1)</script>",
    "benefit": "lower",
    "minimal_important_difference": 3.0,
    "interval": 0.95,
    "shortest": False,
}
"""A title that a careless page would run."""

HOSTILE = "<img src=x onerror=alert(1)> & `a|b` $x_1$"
"""A study's name that every kind of page could stumble over."""


@pytest.fixture(scope="session")
def effects():
    """Return Normand's nine trials, the first under a hostile name."""
    table = bm.read_studies("examples/data/normand1999.csv")
    found = bm.effect_sizes(table, "MD", unit="days")
    frame = pd.DataFrame(
        {"study": found.study, "estimate": found.estimate, "standard_error": found.standard_error}
    )
    frame.loc[0, "study"] = HOSTILE
    return bm.effect_sizes(bm.read_studies(frame), "MD", unit="days")


@pytest.fixture(scope="session")
def posterior(effects):
    """Return its exact posterior."""
    priors = {"mu": "Normal(mu=0, sigma=100)", "tau": "HalfNormal(sigma=10)"}
    return bm.fit(effects, priors=priors, engine="exact")


@pytest.fixture(scope="session")
def report(posterior, effects, tmp_path_factory):
    """Return the report of it as a document."""
    folder = tmp_path_factory.mktemp("report")
    return reporting.document_of(View(posterior), effects, folder, ASKED)


@pytest.fixture(scope="session")
def page(report):
    """Return the report as an HTML page."""
    return reporting.page_of(reporting.Path("report.html"))(report).decode()
