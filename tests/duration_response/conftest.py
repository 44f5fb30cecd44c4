"""Tables of studies that the tests of durations share."""

import itertools
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.stats import halfnorm, norm, truncnorm

import bayesmeta as bm

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def priors():
    """Priors in the outcome's unit."""
    return {"mu": "Normal(mu=0, sigma=4)", "tau": "HalfNormal(sigma=1)",
            "change": "Normal(mu=0, sigma=2)"}  # fmt: skip


@pytest.fixture
def no_single_studies(monkeypatch):
    """Leave the line without each study out of an answer: it is None, for whoever looks at it.

    It takes a third of the answer's time.
    """
    room = "bayesmeta.duration_response"
    monkeypatch.setattr(f"{room}.answer.leave_one_out", lambda *_: None)
    monkeypatch.setattr(f"{room}.cautions._leverage", lambda *_: [])


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


class Brute(NamedTuple):
    """A posterior as every normal that open weeks and tau can make, with its evidence."""

    log_evidence: float
    weight: np.ndarray
    tau: np.ndarray
    mean: np.ndarray
    covariance: np.ndarray

    def of(self, row, *, new_study=False):
        """Return mean and SD of every normal along a combination of the coefficients."""
        variance = np.einsum("p,npq,q->n", row, self.covariance, row)
        return self.mean @ row, np.sqrt(variance + (self.tau**2 if new_study else 0.0))

    def moments(self, row, **options):
        """Return mean and SD of a combination."""
        mean, sd = self.of(row, **options)
        centre = self.weight @ mean
        return centre, np.sqrt(self.weight @ (sd**2 + mean**2) - centre**2)

    def cdf(self, row, x, **options):
        """Return the probability that a combination is at most x."""
        mean, sd = self.of(row, **options)
        return self.weight @ norm.cdf(x, mean, sd)

    def quantile(self, row, p, **options):
        """Return a quantile of a combination, by bisection."""
        centre, sd = self.moments(row, **options)
        return brentq(lambda x: self.cdf(row, x, **options) - p, centre - 9 * sd, centre + 9 * sd)


def _brute(estimate, error, designs, prior_sd, *, tau_sd=1.0, nodes=48):
    """Enumerate: a study has designs (node, coefficient) and their prior weights, a pair.

    Coefficients ~ Normal(0, prior_sd), tau ~ HalfNormal(tau_sd); Gauss and Legendre in tau.
    """
    node, length = np.polynomial.legendre.leggauss(nodes)
    taus, lengths = 3 * tau_sd * (node + 1), 3 * tau_sd * length
    choice = np.array(list(itertools.product(*(range(len(weight)) for _, weight in designs))))
    rows = np.stack([design[choice[:, i]] for i, (design, _) in enumerate(designs)], axis=1)
    share = np.prod([weight[choice[:, i]] for i, (_, weight) in enumerate(designs)], axis=0)
    precision = np.diag(np.asarray(prior_sd, dtype=float) ** -2)
    parts = []
    for tau, length in zip(taus, lengths, strict=True):
        variance = error**2 + tau**2
        whole = np.einsum("nip,i,niq->npq", rows, 1 / variance, rows) + precision
        covariance = np.linalg.inv(whole)
        mean = (covariance @ (rows.swapaxes(1, 2) @ (estimate / variance))[..., None])[..., 0]
        misfit = ((estimate - (rows @ mean[..., None])[..., 0]) ** 2 / variance).sum(axis=1)
        pulled = np.einsum("np,pq,nq->n", mean, precision, mean)
        known = np.diag(precision)[np.diag(precision) > 0]
        total = (
            (estimate.size - len(precision) + known.size) * np.log(2 * np.pi)
            + np.log(variance).sum() - np.log(known).sum() + np.linalg.slogdet(whole)[1]
            + misfit + pulled
        )  # fmt: skip
        mass = np.log(share) - total / 2 + np.log(length) + halfnorm.logpdf(tau, scale=tau_sd)
        parts.append((mass, np.full(mass.size, tau), mean, covariance))
    mass, tau, mean, covariance = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    log_evidence = np.logaddexp.reduce(mass)
    return Brute(log_evidence, np.exp(mass - log_evidence), tau, mean, covariance)


@pytest.fixture(scope="session")
def brute():
    """Return the enumeration of all weeks that open durations may have."""
    return _brute


def _open_weeks(cell, known, count, *, breaks=(), ends=None):
    """Return weeks and weights of a missing cell (None) or a range, by Gauss between breaks.

    `known` are the numbers and the middles of ranges; `ends` the shortest and longest week.
    """
    node, length = np.polynomial.legendre.leggauss(count)
    logs = np.log(known)
    low, high = np.log(ends) if cell is None else cell
    mean, sd = logs.mean(), logs.std(ddof=1)
    inner = [np.log(week) if cell is None else week for week in breaks]
    pieces = [low, *(end for end in inner if low < end < high), high]
    at, mass = [], []
    for start, end in itertools.pairwise(pieces):
        point = start + (end - start) * (node + 1) / 2
        prior = truncnorm.pdf(point, (low - mean) / sd, (high - mean) / sd, mean, sd)
        at.append(np.exp(point) if cell is None else point)
        mass.append((end - start) / 2 * length * (prior if cell is None else 1 / (high - low)))
    return np.concatenate(at), np.concatenate(mass)


@pytest.fixture(scope="session")
def open_weeks():
    """Return the stated prior of an open duration as nodes and weights."""
    return _open_weeks
