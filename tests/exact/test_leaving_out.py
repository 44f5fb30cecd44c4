"""Leaving one study out of sums over all, and rules that a batch shares."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmeta.engines.quadrature import (
    Problem,
    integrate,
    masked,
    shared,
    where_served,
    without_each,
)
from bayesmeta.engines.quadrature.shared import serves

P = np.array([0.025, 0.5, 0.975])


def _half_cauchy(log_tau):
    return np.log(2 / np.pi) - np.logaddexp(0, 2 * log_tau)


def _problem(estimate, error, design=None, *, precision=0.01, log_prior=_half_cauchy):
    arrays = np.asarray(estimate, dtype=float), np.asarray(error, dtype=float) ** 2
    return Problem.of(*arrays, design, prior_precision=precision, log_prior=log_prior)


def _simulated(count, *, columns=1):
    rng = np.random.default_rng(11)
    error = rng.uniform(0.1, 1, count)
    design = np.column_stack([np.ones(count), rng.normal(size=(count, columns - 1))])
    estimate = 0.5 + 0.4 * design[:, -1] + rng.normal(size=count) * np.sqrt(error**2 + 0.09)
    return _problem(estimate, error, design)


TABLES = {
    "alike": _simulated(40),
    "a moderator": _simulated(30, columns=2),
    "one dominates": _problem([0.0, 1.0, 1.2, 0.8, 3.0, 0.9], [0.001, 0.5, 0.6, 0.7, 0.5, 0.4]),
    "one lies far out": _problem([0.0, 0.1, -0.1, 0.05, 50.0, 0.02], [0.1] * 6),
    "flat": _problem([0.3, -0.2, 0.9, 0.1], [0.2, 0.4, 0.3, 0.6], precision=0.0),
    "one effect, one study": replace(
        _problem([0.0, 1.0, 1.2], [1e-6, 0.5, 0.6], precision=0.0), log_prior=None
    ),
    "one effect": replace(_simulated(12), log_prior=None),
}


def _numbers(integral, row):
    mu = integral.combination(row)
    found = [
        integral.log_marginal_likelihood[:, np.newaxis],
        mu.quantile(P),
        mu.sd()[:, np.newaxis],
    ]
    if integral.path is not None:
        found.append(integral.heterogeneity().quantile(P))
    return np.concatenate(found, axis=1)


@pytest.mark.parametrize("table", TABLES)
def test_leaving_out_equals_fitting_the_others(table):
    """Each posterior without a study is that of a table without its row, to 1e-10 of its sd."""
    problem = TABLES[table]
    count, row = problem.estimate.shape[1], np.eye(problem.design.shape[-1])[-1]

    found = np.full((count, 8 if problem.log_prior else 5), np.nan)
    for study, without in without_each(integrate(problem)):
        found[study] = _numbers(without, row)

    others = [np.delete(np.arange(count), study) for study in range(count)]
    rest = [
        replace(problem, estimate=problem.estimate[:, kept], variance=problem.variance[:, kept],
                design=problem.design[:, kept])
        for kept in others
    ]  # fmt: skip
    expected = np.concatenate([_numbers(integrate(one), row) for one in rest])
    scale = np.abs(expected[:, [4]])
    assert (np.abs(found - expected) <= 1e-10 * np.maximum(scale, np.abs(expected))).all()


def test_most_studies_are_taken_out_of_the_sums():
    """Of many alike, all: one batch on the nodes of the whole posterior."""
    whole = integrate(TABLES["alike"])

    batches = list(without_each(whole))

    assert len(batches) == 1
    assert (batches[0].integral.tau == whole.tau).all()


@pytest.mark.parametrize(("table", "study"), [("one dominates", 0), ("one lies far out", 4)])
def test_a_study_that_rules_the_sums_is_left_out_by_new_ones(table, study):
    """What remains of a difference of sums would have lost its digits."""
    whole = integrate(TABLES[table])

    batch = next(batch for batch in without_each(whole) if study in batch.study)

    assert batch.integral.tau.shape != whole.tau.shape or (batch.integral.tau != whole.tau).any()


def test_every_study_is_left_out_once():
    """Whatever batch it is in."""
    batches = without_each(integrate(TABLES["one dominates"]))

    assert sorted(np.concatenate([batch.study for batch in batches])) == list(range(6))


def test_a_shared_rule_is_each_problem_s_own():
    """On nodes that subsets share the numbers are those of a rule for each."""
    problem = TABLES["alike"]
    generator = np.random.default_rng(3)
    subsets = masked(problem, (generator.random((50, 40)) < 0.5).astype(float))
    own = _numbers(integrate(subsets), np.ones(1))

    rule = shared(subsets.take(np.arange(0, 50, 5)), tolerance=1e-5).nodes(subsets)
    parts = list(where_served(subsets, rule, tolerance=1e-4))

    assert parts[0][0].size > 40
    for rows, integral in parts:
        assert _numbers(integral, np.ones(1)) == pytest.approx(own[rows], rel=1e-9, abs=1e-10)


def test_problems_that_shared_nodes_do_not_serve_have_their_own():
    """One study in a table of 40: its heavy tail goes on where the others' nodes end."""
    problem = TABLES["alike"]
    mask = np.ones((3, 40))
    mask[2, 1:] = 0.0
    subsets = masked(problem, mask)

    rule = shared(subsets.take(np.array([0, 1])), tolerance=1e-5).nodes(subsets)
    served = {
        int(row): part for rows, part in where_served(subsets, rule, tolerance=1e-4) for row in rows
    }

    own = integrate(subsets.take(np.array([2])))
    assert served[2].tau.shape == own.tau.shape
    assert served[0].tau.shape != own.tau.shape


@pytest.mark.parametrize(("width", "last", "served"), [
    (1.0, 9.0, True), (1.0, 7.0, False), (0.12, 9.0, False),
])  # fmt: skip
def test_nodes_serve_a_bell_that_they_hold_and_resolve(width, last, served):
    """exp(-81 / 2) is no loss and exp(-49 / 2) is one; a bell of half a step's width is missed."""
    t = np.arange(-9.0, last + 0.25, 0.25)

    found = serves(-0.5 * (t / width)[np.newaxis] ** 2, 0 * t[np.newaxis], tolerance=1e-4)

    assert found.tolist() == [served]
