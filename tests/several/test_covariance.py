"""The arithmetic of covariances against dense matrices."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from bayesmeta.covariance import Blocks, Clustered, Diagonal, Groups, Shrinkage, difference, total

CODES = ["b", "a", "b", "c", "a", "b", "d"]
"""Groups of three, two, one and one, whose rows do not stand together."""
COARSER = ["x", "y", "x", "y", "y", "x", "y"]
"""Groups that hold those."""
ROWS, NODES = len(CODES), 3


def _structure(kind, seed, *, nodes=NODES, codes=CODES):
    """Return a covariance at several nodes, by chance."""
    generator, groups = np.random.default_rng(seed), Groups.of(codes)
    if kind == "diagonal":
        return Diagonal(generator.uniform(0.2, 2, (nodes, ROWS)))
    if kind == "clustered":
        own, shared = (
            generator.uniform(0.2, 2, (nodes, ROWS)),
            generator.uniform(0.2, 2, (nodes, 1)),
        )
        return Clustered(own, shared, groups)
    size = groups.member.shape[1]
    root = generator.normal(size=(nodes, len(groups), size, size + 2))
    # What stands at places that are no rows must not matter.
    block = root @ np.swapaxes(root, -1, -2)
    return Blocks(np.where(groups.both, block, 7.0), groups)


def _dense(covariance, nodes=NODES):
    """Return its matrices by definition, from the fields alone, by loops."""
    found = np.zeros((nodes, ROWS, ROWS))
    for node, i, j in product(range(nodes), range(ROWS), range(ROWS)):
        if isinstance(covariance, Diagonal):
            found[node, i, j] = covariance.variance[node, i] * (i == j)
        elif covariance.groups.names[i] == covariance.groups.names[j]:
            found[node, i, j] = _within(covariance, node, i, j)
    return found


def _within(covariance, node, i, j):
    if isinstance(covariance, Clustered):
        return covariance.shared[node, 0] + covariance.own[node, i] * (i == j)
    groups = covariance.groups
    here = [row for row in range(ROWS) if groups.names[row] == groups.names[i]]
    group = groups.labels.index(groups.names[i])
    return covariance.block[node, group, here.index(i), here.index(j)]


KINDS = ["diagonal", "clustered", "blocks"]
PAIRS = list(product(KINDS, KINDS))
RIGHT = np.random.default_rng(4).normal(size=(NODES, ROWS))


@pytest.mark.parametrize("kind", KINDS)
def test_the_matrix_is_that_of_the_definition(kind):
    """Rows of one group share what the structure says, others nothing."""
    covariance = _structure(kind, 1)

    np.testing.assert_allclose(covariance.matrix(ROWS), _dense(covariance), rtol=1e-15)


@pytest.mark.parametrize("kind", KINDS)
def test_solving_and_multiplying_are_those_of_the_matrix(kind):
    """The inverse and the covariance times a vector, at every node."""
    covariance = _structure(kind, 2)
    dense = _dense(covariance)
    solved, multiplied = covariance.solve(RIGHT), covariance.times(RIGHT)

    np.testing.assert_allclose(solved, np.linalg.solve(dense, RIGHT[..., None])[..., 0], rtol=1e-9)
    np.testing.assert_allclose(multiplied, (dense @ RIGHT[..., None])[..., 0], rtol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_log_densities_are_those_of_each_block(kind):
    """A multivariate normal of each group's rows, constants included, groups in their order."""
    covariance = _structure(kind, 3)
    dense = _dense(covariance)
    names = CODES if kind != "diagonal" else [str(row) for row in range(ROWS)]
    blocks = [np.flatnonzero(np.array(names) == name) for name in dict.fromkeys(names)]
    normal = stats.multivariate_normal
    expected = [[normal.logpdf(RIGHT[node, rows], cov=dense[node][np.ix_(rows, rows)])
                 for rows in blocks] for node in range(NODES)]  # fmt: skip

    np.testing.assert_allclose(covariance.log_density(RIGHT), expected, rtol=1e-11)


@pytest.mark.parametrize("kind", KINDS)
def test_draws_have_the_covariance(kind):
    """Of 40 000 draws each element is within five of its own standard errors."""
    covariance, count = _structure(kind, 5, nodes=1), 40_000
    dense = _dense(covariance, nodes=1)[0]
    drawn = covariance.draw((count, ROWS), np.random.default_rng(6))
    variance = np.diag(dense)
    error = np.sqrt((dense**2 + np.outer(variance, variance)) / count)

    assert np.abs((drawn.T @ drawn / count - dense) / error).max() < 5


@pytest.mark.parametrize("kinds", PAIRS, ids="-".join)
@pytest.mark.parametrize("codes", [CODES, COARSER], ids=["same", "coarser"])
def test_sums_and_differences_are_those_of_the_matrices(kinds, codes):
    """Whatever structure holds both, groups within groups too."""
    one, other = _structure(kinds[0], 7), _structure(kinds[1], 8, codes=codes)
    dense, less = _dense(one), _dense(other)

    np.testing.assert_allclose(total(one, other).matrix(ROWS), dense + less, atol=1e-13)
    np.testing.assert_allclose(difference(total(one, other), other).matrix(ROWS), dense, atol=1e-12)


def test_groups_across_one_another_are_refused():
    """No block structure holds rows of crossed groups but all of them."""
    crossed = ["x", "x", "y", "y", "x", "y", "x"]
    one, other = _structure("clustered", 7), _structure("clustered", 8, codes=crossed)

    with pytest.raises(ValueError, match="across"):
        total(one, other)


@pytest.mark.parametrize("kinds", PAIRS, ids="-".join)
@pytest.mark.parametrize("codes", [CODES, COARSER], ids=["same", "coarser"])
def test_conditional_moments_are_those_of_the_joint_normal(kinds, codes):
    """K (y - c) and the diagonal of T - K T, with K = T (S + T)^-1, by dense matrices."""
    known = Shrinkage(_structure(kinds[0], 9), _structure(kinds[1], 10, codes=codes))
    spread, sampling = _dense(known.spread), _dense(known.sampling)
    kept = spread @ np.linalg.inv(spread + sampling)

    np.testing.assert_allclose(known.gain(RIGHT), (kept @ RIGHT[..., None])[..., 0], rtol=1e-9)
    left = np.diagonal(spread - kept @ spread, axis1=-2, axis2=-1)
    np.testing.assert_allclose(known.left(ROWS), left, rtol=1e-9)


@pytest.mark.parametrize("kinds", PAIRS, ids="-".join)
def test_draws_of_effects_have_the_conditional_moments(kinds):
    """Of 40 000 draws each mean and variance is within five standard errors."""
    one, other = _structure(kinds[0], 11, nodes=1), _structure(kinds[1], 12, nodes=1)
    spread, sampling, count = _dense(one, 1)[0], _dense(other, 1)[0], 40_000
    kept = spread @ np.linalg.inv(spread + sampling)
    mean, covariance = kept @ RIGHT[0], spread - kept @ spread
    drawn = Shrinkage(one, other).draw(np.tile(RIGHT[0], (count, 1)), np.random.default_rng(13))
    around, variance = drawn - mean, np.diag(covariance)
    error = np.sqrt((covariance**2 + np.outer(variance, variance)) / count)

    assert np.abs(around.mean(axis=0) / np.sqrt(variance / count)).max() < 5
    assert np.abs((around.T @ around / count - covariance) / error).max() < 5


@pytest.mark.parametrize("rows", [[0, 1, 2], [6, 4, 4, 1], [True, False] * 3 + [True]])
def test_groups_of_some_rows_are_groups_of_their_names(rows):
    """Whichever rows are taken, twice or in another order."""
    groups = Groups.of(CODES)

    assert groups.take(np.array(rows)).names == tuple(np.array(CODES)[np.array(rows)].tolist())


def test_a_shared_variance_of_nothing_is_independence():
    """Clusters whose effects do not differ leave rows independent."""
    own = np.random.default_rng(14).uniform(0.2, 2, (NODES, ROWS))
    clustered, alone = Clustered(own, np.zeros((1, 1)), Groups.of(CODES)), Diagonal(own)

    np.testing.assert_allclose(clustered.solve(RIGHT), alone.solve(RIGHT), rtol=1e-15)
