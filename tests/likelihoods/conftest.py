"""Rows of counts, and what any likelihood of counts is asked of them."""

import numpy as np
import pytest

from bayesmeta.covariance import Layout, Rows
from bayesmeta.likelihoods import LIKELIHOODS
from bayesmeta.spec import parse_prior

BINARY = ("events_treatment", "n_treatment", "events_control", "n_control")
RATES = ("events_treatment", "time_treatment", "events_control", "time_control")
BASELINE = "Normal(mu=0, sigma=10)"


def _rows_of(cells, measure, *, baseline=BASELINE, coding="control"):
    names = RATES if measure == "IRR" else BINARY
    columns = np.array(cells, dtype=float).T
    return Rows(
        np.ones(len(cells)),
        Layout(words={"measure": measure, "coding": coding}),
        data=dict(zip(names, columns, strict=True)),
        priors={"baseline": parse_prior(baseline)},
    )


def _log_density(part, theta, rows):
    theta = np.asarray(theta, dtype=float)
    return LIKELIHOODS[part].log_density(np.zeros(1), theta, {}, rows)


@pytest.fixture(scope="session")
def rows_of():
    """Return what makes rows of these cells, a tuple a row, of a measure."""
    return _rows_of


@pytest.fixture(scope="session")
def log_density():
    """Return what asks a likelihood, by name, for log L at points by rows."""
    return _log_density


@pytest.fixture(scope="session")
def bcg():
    """BCG against tuberculosis (Colditz 1994): events and participants of both arms."""
    return [
        (4, 123, 11, 139),
        (6, 306, 29, 303),
        (3, 231, 11, 220),
        (62, 13598, 248, 12867),
        (33, 5069, 47, 5808),
        (180, 1541, 372, 1451),
        (8, 2545, 10, 629),
        (505, 88391, 499, 88391),
        (29, 7499, 45, 7277),
        (17, 1716, 65, 1665),
        (186, 50634, 141, 27338),
        (5, 2498, 3, 2341),
        (27, 16913, 29, 17854),
    ]
