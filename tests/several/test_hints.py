"""Where tau lives at the nodes of further hyperparameters is handed on: a hint, and no more."""

import numpy as np
import pytest

from bayesmeta.assembly import assemble
from bayesmeta.engines.exact import integrate_assembly
from bayesmeta.engines.further import rule
from bayesmeta.engines.quadrature import grid, integrate

PRIORS = {
    "mu": "Normal(mu=0, sigma=2)",
    "tau": "HalfNormal(sigma=0.5)",
    "tau_within": "HalfNormal(sigma=0.5)",
}
ATOL = 2e-9
"""Of numbers of order 1: the rules are at 1e-4 or finer, and sums over their nodes are off by about
the square. A hint moves the nodes, so that the rounding differs."""


@pytest.fixture(scope="module")
def nested(frame, sized):
    """Return the nested model of a small table, resolved."""
    roles = {"cluster": "cluster"}
    return assemble(sized(frame((3, 1, 2, 2, 1, 4))), "nested", priors=PRIORS, roles=roles)


def _without(problem, *, start=None, **options):
    """Integrate, deaf to hints."""
    return integrate(problem, **options)


def _counted(monkeypatch, assembly):
    """Return a posterior, and at how many points its integrand was evaluated."""
    points, evaluate = [], grid.evaluate

    def counting(problem, support, line):
        points.append(np.broadcast_shapes(line.shape, (problem.size, 1)))
        return evaluate(problem, support, line)

    with monkeypatch.context() as patch:
        patch.setattr(grid, "evaluate", counting)
        found = integrate_assembly(assembly)
    return found, sum(rows * nodes for rows, nodes in points)


@pytest.fixture(scope="module")
def both(nested):
    """Return the posterior and the points it took, with hints and without."""
    with pytest.MonkeyPatch.context() as patch:
        hinted = _counted(patch, nested)
        patch.setattr(rule, "integrate", _without)
        return hinted, _counted(patch, nested)


def _numbers(found):
    mu, tau = found.combination(np.ones(1)), found.heterogeneity("tau")
    within = found.heterogeneity("tau_within")
    levels = np.array([0.025, 0.5, 0.975])
    return np.concatenate([
        found.log_marginal_likelihood, mu.mean(), mu.sd(), np.ravel(mu.quantile(levels)),
        tau.mean(), np.ravel(tau.quantile(levels)), np.ravel(within.quantile(levels)),
    ])  # fmt: skip


def test_hints_leave_every_number(both):
    """The evidence, and what is said of mu and both standard deviations."""
    (hinted, _), (deaf, _) = both

    np.testing.assert_allclose(_numbers(hinted), _numbers(deaf), rtol=0, atol=ATOL)


def test_hints_spare_points(both):
    """They are there for the time: with them the integrand is asked less."""
    (_, few), (_, many) = both

    assert few < 0.8 * many  # 0.78; handed on at one of the two stages alone, 0.88


def test_without_a_hint_tau_is_sought(nested, monkeypatch):
    """Hints of no number at some nodes are as none there."""

    def holed(problem, *, start=None, **options):
        if start is not None:
            start = start._replace(
                scale=np.where(np.arange(start.scale.size) % 3, start.scale, np.nan)
            )
        return integrate(problem, start=start, **options)

    expected = _numbers(integrate_assembly(nested))
    monkeypatch.setattr(rule, "integrate", holed)

    np.testing.assert_allclose(_numbers(integrate_assembly(nested)), expected, rtol=0, atol=ATOL)
