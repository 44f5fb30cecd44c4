"""Tables that the questions are asked of."""

from io import StringIO

import pandas as pd
import pytest

import bayesmeta as bm

BCG = """study,events_treatment,n_treatment,events_control,n_control,year,ablat
Aronson 1948,4,123,11,139,1948,44
Ferguson 1949,6,306,29,303,1949,55
Rosenthal 1960,3,231,11,220,1960,42
Hart 1977,62,13598,248,12867,1977,52
Frimodt-Moller 1973,33,5069,47,5808,1973,13
Stein 1953,180,1541,372,1451,1953,44
Vandiviere 1973,8,2545,10,629,1973,19
Madras 1980,505,88391,499,88391,1980,13
Coetzee 1968,29,7499,45,7277,1968,27
Rosenthal 1961,17,1716,65,1665,1961,42
Comstock 1974,186,50634,141,27338,1974,18
Comstock 1969,5,2498,3,2341,1969,33
Comstock 1976,27,16913,29,17854,1976,33
"""
"""Colditz GA et al. (1994). JAMA 271:698-702, as in Berkey et al. (1995). Stat Med 14:395-411."""


@pytest.fixture(scope="session")
def bcg():
    """Return BCG against tuberculosis, log risk ratios, 13 trials."""
    return bm.effect_sizes(bm.read_studies(pd.read_csv(StringIO(BCG))), measure="RR")


@pytest.fixture(scope="session")
def normand():
    """Return length of stay after stroke, mean differences in days (Normand 1999), 9 trials."""
    return bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")


@pytest.fixture(scope="session")
def schools():
    """Return eight schools (Rubin 1981)."""
    return _generic([28.0, 8, -3, 7, -1, 1, 18, 12], [15.0, 10, 16, 11, 9, 11, 10, 18])


def _generic(estimate, error):
    table = pd.DataFrame({
        "study": [f"s{place}" for place in range(len(estimate))],
        "estimate": estimate, "standard_error": error,
    })  # fmt: skip
    return bm.effect_sizes(bm.read_studies(table), measure="generic")


@pytest.fixture(scope="session")
def generic():
    """Return a maker of ready-made tables."""
    return _generic
