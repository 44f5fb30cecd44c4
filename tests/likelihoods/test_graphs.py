"""Likelihoods of counts in PyMC, nuisance explicit: the same profile in theta."""

import numpy as np
import pytest

from bayesmeta.likelihoods import LIKELIHOODS

BINARY_CELLS = [(4, 123, 11, 139), (0, 50, 0, 40), (3, 3, 0, 5)]
RATE_CELLS = [(4, 123.0, 11, 139.0), (0, 50.0, 0, 40.0), (30, 30.0, 0, 50.0)]
CASES = [
    ("binomial", "OR", "control", [-1.3, 0.0, 2.0]),
    ("binomial", "OR", "half", [-1.3, 0.0, 2.0]),
    ("binomial", "RR", "control", [-0.6, 0.0, 0.3]),
    ("binomial", "RD", "control", [-0.2, 0.0, 0.1]),
    ("poisson", "IRR", "control", [-1.3, 0.0, 2.0]),
]
CONDITIONAL = [("hypergeometric", "OR"), ("poisson-conditional", "IRR")]
LINE = np.linspace(-90, 60, 6001)


def pointwise(part, rows, thetas):
    """Return what evaluates the log density of each row's counts, at each theta."""
    import pymc as pm

    names = [str(place) for place in range(len(rows.data["events_control"]))]
    with pm.Model(coords={"study": names}) as model:
        effect = pm.Data("theta", np.zeros(len(names)), dims="study")
        known = {name: pm.Data(f"observed_{name}", column, dims="study")
                 for name, column in rows.data.items()}  # fmt: skip
        LIKELIHOODS[part].observe_rows(effect, type(rows)(1.0, rows.layout, known, rows.priors))
    density = model.compile_logp(sum=False, mode="FAST_COMPILE")
    point = {} if not model.value_vars else {model.value_vars[0].name: LINE}
    for theta in thetas:
        model["theta"].set_value(np.full(len(names), theta))
        yield sum(density(point))


@pytest.mark.parametrize("cells", range(3))
@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(case[:3]))
def test_the_nuisance_integrated_out_of_pymcs_density_leaves_ours(
    case, cells, rows_of, log_density
):
    """Over a line of the free variable: the same study once a point; to 1e-8."""
    part, measure, coding, thetas = case
    table = (RATE_CELLS if measure == "IRR" else BINARY_CELLS)[cells]
    rows = rows_of([table] * len(LINE), measure, coding=coding)

    found = [np.logaddexp.reduce(terms) + np.log(LINE[1] - LINE[0])
             for terms in pointwise(part, rows, thetas)]  # fmt: skip

    own = rows_of([table], measure, coding=coding)
    expected = log_density(part, np.array(thetas)[:, np.newaxis], own)[:, 0]
    np.testing.assert_allclose(found, expected, atol=1e-8, rtol=0)


@pytest.mark.parametrize(("part", "measure"), CONDITIONAL)
def test_without_a_nuisance_pymcs_density_is_ours(part, measure, rows_of, log_density):
    """Nothing is free but theta."""
    rows = rows_of(RATE_CELLS if measure == "IRR" else BINARY_CELLS, measure)
    thetas = [-1.3, 0.0, 2.0]

    found = list(pointwise(part, rows, thetas))

    expected = log_density(part, np.tile(np.array(thetas)[:, np.newaxis], 3), rows)
    np.testing.assert_allclose(found, expected, atol=1e-10, rtol=0)
