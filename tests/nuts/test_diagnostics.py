"""Convergence checks, on chains whose faults are known."""

import re

import numpy as np
import pytest
import xarray as xr

from bayesmeta.engines.diagnostics import check, convergence


@pytest.fixture
def tree():
    """Return a posterior of the given draws, with as many divergences as asked for."""

    def make(diverging=0, **draws):
        dims = ("chain", "draw", "term")
        posterior = {name: (dims[: np.ndim(value)], value) for name, value in draws.items()}
        flags = np.zeros((4, 1000), dtype=bool)
        flags.flat[:diverging] = True
        groups = {
            "posterior": xr.Dataset(posterior, coords={"term": ["weeks"]}),
            "sample_stats": xr.Dataset({"diverging": (dims[:2], flags)}),
        }
        return xr.DataTree.from_dict(groups)

    return make


@pytest.fixture
def independent():
    """Four chains of independent standard normal draws."""
    return np.random.default_rng(8).normal(size=(4, 1000))


def autoregressive(correlation, *, seed=9):
    """Return four stationary chains whose neighbours are correlated."""
    noise = np.random.default_rng(seed).normal(size=(4, 1000))
    chains = noise.copy()
    for step in range(1, 1000):
        chains[:, step] = correlation * chains[:, step - 1]
        chains[:, step] += np.sqrt(1 - correlation**2) * noise[:, step]
    return chains


def test_independent_draws_pass(independent, tree):
    """There is nothing to say against independent draws."""
    assert check(tree(mu=independent, tau=np.exp(independent))) == (True, ())


def test_effective_draws_follow_the_autocorrelation():
    """An autoregressive chain is worth (1 - r) / (1 + r) of its draws."""
    assert convergence(autoregressive(0.5)).ess_bulk == pytest.approx(4000 / 3, rel=0.15)


def test_a_chain_elsewhere_is_found(independent, tree):
    """One chain a standard deviation off fails, and the sentence names quantity and number."""
    moved = independent + np.array([[0], [0], [0], [1]])
    found = check(tree(mu=independent, tau=moved))

    assert not found.ok
    assert re.fullmatch(r"R-hat of tau is 1\.1\d \(limit 1\.02\)\.", found.messages[0])


def test_lazy_chains_are_found(tree):
    """Fewer than 400 effective draws fail, in the bulk or in the tails."""
    messages = check(tree(mu=autoregressive(0.9))).messages

    assert any(text.startswith("Bulk ESS of mu is ") for text in messages)
    assert all("(limit 400)" in text or "(limit 1.02)" in text for text in messages)


def test_one_divergence_fails(independent, tree):
    """Divergences mean that part of the posterior was not reached."""
    assert check(tree(diverging=3, mu=independent)).messages == (
        "3 of 4000 draws diverged (limit 0); a higher target_accept may help.",
    )


def test_slopes_go_by_their_names(independent, tree):
    """A message names the slope as the posterior does."""
    moved = independent + np.array([[0], [0], [0], [1]])
    messages = check(tree(mu=independent, beta=moved[..., np.newaxis])).messages

    assert messages[0].startswith("R-hat of beta[weeks] is")


@pytest.mark.parametrize("fault", [np.nan, np.inf])
def test_what_cannot_be_judged_fails(fault, independent, tree):
    """A number that is none is a failure, not a pass."""
    broken = independent.copy()
    broken[2, 5] = fault

    assert not check(tree(mu=broken)).ok


def test_a_stuck_chain_fails(independent, tree):
    """A chain that never moves is a failure, not a division by zero."""
    stuck = independent.copy()
    stuck[1] = 0.3

    assert not check(tree(mu=stuck)).ok


def test_the_halves_of_a_lone_chain_are_compared():
    """A single chain that drifts is found out."""
    noise = np.random.default_rng(3).normal(size=(1, 1000))

    assert convergence(noise).rhat < 1.02 < convergence(noise + np.linspace(0, 3, 1000)).rhat
