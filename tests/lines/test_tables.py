"""Likelihoods on grids: their integrals against adaptive quadrature, and where they end."""

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.lines.reading import rows_of
from bayesmeta.errors import PosteriorError

TABLE = pd.DataFrame(
    [("a", 4, 123, 11, 139), ("b", 0, 50, 3, 40), ("c", 180, 1541, 372, 1451), ("d", 0, 9, 0, 8),
     ("e", 3, 231, 0, 220)],
    columns=["study", "events_treatment", "n_treatment", "events_control", "n_control"],
)  # fmt: skip
VARIANCES = np.array([1e-7, 2e-3, 0.02, 0.3, 60.0])
CENTRES = np.array([-6.0, -1.37, 0.0, 0.51, 3.0])


@pytest.fixture(scope="module")
def rows():
    """Return the rows of the hypergeometric model."""
    effects = bm.effect_sizes(bm.read_studies(TABLE), measure="OR")
    assembly = assemble(effects, "hypergeometric")
    return rows_of(assembly.parts, assembly.effects.estimate, assembly.rows)


def _integral(rows, row, centre, variance):
    """Return log of the integral of one likelihood times a normal, by Gauss and Legendre."""

    def log_density(theta):
        every = np.broadcast_to(theta[:, np.newaxis], (theta.size, len(rows)))
        value = rows.part.log_density(rows.estimate, every, {}, rows.known)[:, row]
        return value - 0.5 * (theta - centre) ** 2 / variance

    near = centre + np.sqrt(variance) * np.linspace(-12, 12, 801)
    grid = np.sort(np.concatenate([np.linspace(centre - 60, centre + 60, 1201), near]))
    heights = log_density(grid)
    near = grid[heights > heights.max() - 45]
    edges = np.linspace(near[0] - 0.05 * variance, near[-1] + 0.05 * variance, 41)
    node, weight = np.polynomial.legendre.leggauss(24)
    half = np.diff(edges)[:, np.newaxis] / 2
    theta, size = (edges[:-1, np.newaxis] + half * (1 + node)).ravel(), (half * weight).ravel()
    value = log_density(theta)
    top = value.max()
    return top + np.log(np.exp(value - top) @ size) - 0.5 * np.log(2 * np.pi * variance)


@pytest.mark.parametrize("variance", VARIANCES)
def test_a_likelihood_spread_by_a_normal_is_the_integral_of_both(rows, variance):
    """None, few or many events, a normal narrow or wide beside the likelihood: to 1e-8.

    As far as the grids claim to know it.
    """
    found = rows.log_spread(CENTRES[:, np.newaxis], np.array([variance]))

    known = [[_integral(rows, row, centre, variance) for row in range(len(rows))]
             for centre in CENTRES]  # fmt: skip
    known = np.maximum(known, rows.least)
    np.testing.assert_allclose(np.maximum(found, rows.least), known, atol=1e-8, rtol=0)


def test_centres_that_rows_share_and_centres_of_their_own_say_the_same(rows):
    """By one product for all rows, row by row, and from tables over many centres."""
    centre = np.linspace(-3.0, 2.0, 3001)
    shared = rows.log_spread(centre[:, np.newaxis], np.array([0.09]))
    apart = rows.log_spread(np.repeat(centre[:, np.newaxis], len(rows), axis=1), np.array([0.09]))
    few = rows.log_spread(centre[::600, np.newaxis], np.array([0.09]))

    np.testing.assert_allclose(shared, apart, atol=1e-9, rtol=0)
    np.testing.assert_allclose(shared[::600], few, atol=1e-9, rtol=0)


def test_a_study_beyond_what_its_table_knows_is_named(tmp_path):
    """With tau next to nothing two large trials cannot be: no number is made up there."""
    far = pd.DataFrame({"study": ["one", "other"], "events_treatment": [2000, 8000],
                        "n_treatment": [10000] * 2, "events_control": [8000, 2000],
                        "n_control": [10000] * 2})  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(far), measure="OR")

    with pytest.raises(PosteriorError, match="Study one lies so far from the others"):
        bm.fit(effects, "hypergeometric", engine="exact", priors={"tau": 0.001})
