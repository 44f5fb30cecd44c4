"""Sums over lattices of points, spread by normals of any width: against each term by itself."""

import numpy as np
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.engines.lines.band import Centres, density_at
from bayesmeta.engines.lines.gathering import Gathering, normals_at
from bayesmeta.engines.lines.lining import lined
from bayesmeta.engines.lines.refining import SPREAD, refined
from bayesmeta.engines.lines.spreading import Normals, Spreading
from bayesmeta.errors import PosteriorError


@pytest.fixture(scope="module")
def many():
    """Return places, variances and two columns of weights of 400 normals, widths over 700 times."""
    rng = np.random.default_rng(3)
    return rng.normal(0, 3, 400), np.exp(rng.uniform(-5, 8, 400)), rng.random((400, 2))


@pytest.fixture(scope="module")
def lattices():
    """Return points on two lattices as coarse as they are settled at, (place, node, step, mass)."""
    step, node = np.array([0.54, 1.1]), np.repeat([0, 1], 33)
    place = np.tile(np.arange(-16.0, 17.0), 2) * step[node] + np.array([0.1, 0.4])[node]
    centre, sd = np.array([0.1, 0.4])[node], np.array([1.0, 2.1])[node]
    return place, node, step, stats.norm.pdf(place, centre, sd) * step[node]


def test_normals_that_met_on_grids_say_what_they_said_one_by_one(many):
    """Sums of the densities of scipy, at the middle and where only the widest are; to 1e-9."""
    location, variance, weight = many
    x, gathering = np.linspace(-40, 40, 41), Gathering(location, variance)
    known = stats.norm.pdf(x[:, np.newaxis], location, np.sqrt(variance)) @ weight
    found = gathering.at(x, gathering.gathered(weight))
    assert found == pytest.approx(known, rel=1e-8, abs=1e-9 * known.max())


def test_points_in_any_order_have_the_sums_of_their_own(many):
    """Who asks from right to left is told the same, from right to left."""
    location, variance, weight = many
    x = np.linspace(-40, 40, 41)
    turned = normals_at(x[::-1], location, variance, weight)[::-1]
    assert turned == pytest.approx(normals_at(x, location, variance, weight), rel=1e-12)


@pytest.mark.parametrize("ratio", [0.0, 0.01, 0.3, 2.0])
def test_a_lattice_of_half_the_step_says_what_sincs_say(ratio, lattices):
    """The closed form of a sinc spread by a normal, at each point; to 1e-8 of the peak."""
    place, node, step, mass = lattices
    x, variance = np.linspace(-8, 8, 57), ratio * step[node] ** 2
    known = density_at(x, Centres(place, step[node], variance, mass[:, np.newaxis]))
    fine = refined(np.arange(place.size), place, node, step)
    found = normals_at(x, fine.location, (ratio + SPREAD) * step[fine.node] ** 2,
                       fine.weights(mass[:, np.newaxis]))  # fmt: skip
    assert found == pytest.approx(known, abs=1e-8 * known.max())


def test_lattices_spread_by_mixtures_are_the_normals_that_they_are_of(lattices):
    """Normal masses spread by normals are normal: narrow, wide and none at all; to 1e-8."""
    place, node, step, mass = lattices
    share = np.array([[0.5, 0.2, 0.2, 0.1], [0.1, 0.0, 0.3, 0.6]])
    variance = np.array([[0.0, 1e-6, 0.05, 30.0], [1e-7, 0.0, 0.9, 4.0]])
    spreading = Spreading(place, node, step, Normals(share, variance), mass, straight=True)
    x = np.linspace(-9, 9, 61)
    sd = np.sqrt(np.array([[1.0], [2.1]]) ** 2 + variance)
    centre = np.array([[0.1], [0.4]])
    known = (stats.norm.pdf(x[:, np.newaxis, np.newaxis], centre, sd) * share).sum(axis=(1, 2))
    found = spreading.sums(mass[:, np.newaxis, np.newaxis])(x)[:, 0]
    assert found == pytest.approx(known, abs=1e-8 * known.max())


def test_a_plane_of_points_has_the_sums_of_its_sincs(lattices):
    """Not equally spaced along the line, they are made a lattice on it that says the same."""
    place, node, step, mass = lattices
    normals = Normals(np.ones((2, 1)), np.full((2, 1), 0.05))
    x, weight = np.linspace(-8, 8, 41), mass[:, np.newaxis, np.newaxis]
    sums = [Spreading(place, node, step, normals, mass, straight=straight).sums(weight)(x)
            for straight in (True, False)]  # fmt: skip
    assert sums[1] == pytest.approx(sums[0], abs=1e-8 * sums[0].max())


@pytest.fixture(scope="module")
def plane():
    """Return a normal of two coefficients on a lattice, its places along a row, and their step."""
    axis = np.arange(-14.0, 15.0)
    first, second = (each.ravel() for each in np.meshgrid(axis, axis))
    root, row = np.array([[0.5, 0.3], [0.0, 0.4]]), np.array([1.0, 0.7])
    points = np.stack([first, second], axis=1) @ root.T
    mass = stats.norm.pdf(first, scale=1.9) * stats.norm.pdf(second, scale=1.9)
    return points @ row, np.linalg.norm(row @ root), mass


@pytest.mark.parametrize("ratio", [0.0, 0.02, 0.6])
def test_a_plane_seen_along_a_line_is_the_normal_that_it_is(ratio, plane):
    """The variance along the line is that of the masses plus what they are spread by; to 1e-7."""
    place, step, mass = plane
    variance = np.full((1, 1), ratio * step**2)
    node = np.zeros(place.size, dtype=int)
    spreading = Spreading(place, node, np.full(1, step), Normals(np.ones((1, 1)), variance), mass,
                          straight=False)  # fmt: skip
    x = np.linspace(-4, 4, 33)
    known = stats.norm.pdf(x, scale=step * np.sqrt(1.9**2 + ratio))
    found = spreading.sums(mass[:, np.newaxis, np.newaxis])(x)[:, 0]
    assert found == pytest.approx(known, abs=1e-7 * known.max())


def test_a_plane_is_some_hundred_points_on_the_line(plane):
    """Not one of each of its 841: what is summed at every place does not grow with the plane."""
    place, step, _ = plane
    own = lined(np.arange(place.size), place, np.zeros(place.size, dtype=int), np.full(1, step))
    assert own.location.size < np.ptp(place) / step + 8


def test_a_point_on_a_place_of_the_line_has_its_weight_there():
    """A sinc is 1 at its own place, to rounding beside it, and 0 at all others."""
    place = np.array([0.0, 1e-12, 1.0, 3.0])
    own = lined(np.arange(4), place, np.zeros(4, dtype=int), np.ones(1))
    found = own.weights(np.array([[1.0], [1.0], [5.0], [7.0]]))[:, 0]
    assert found == pytest.approx([0, 0, 2, 5, 0, 7, 0, 0], abs=1e-10)


def test_points_that_do_not_stand_node_by_node_are_refused():
    """They would be summed on another node's line."""
    with pytest.raises(PosteriorError, match="do not stand node by node"):
        lined(np.arange(3), np.arange(3.0), np.array([0, 1, 0]), np.ones(2))


def test_many_normals_meet_in_few():
    """20 000 points, two normals at each: less than a fifth as many are left to ask."""
    rng = np.random.default_rng(5)
    location = np.tile(np.linspace(-3, 3, 20_000), 2)
    gathering = Gathering(location, np.exp(rng.uniform(-3, 3, location.size)))
    assert len(gathering.gathered(np.ones((location.size, 1)))) < location.size / 5


def test_a_new_students_t_study_has_its_variance_where_tau_may_be_nothing(student_t):
    """Three like estimates: most nodes' kernels are spikes, and far tails count: 2 E tau**2."""
    table = bm.read_studies("examples/data/normand1999.csv")
    effects = bm.effect_sizes(table, measure="MD").take(np.array([0, 2, 4]))
    priors = {"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=2)"}
    found = bm.summary(bm.fit(effects, student_t, priors=priors, engine="exact"))
    mu, tau = found.loc["mu"], found.loc["tau"]
    known = mu["sd"] ** 2 + 2 * (tau["sd"] ** 2 + tau["mean"] ** 2)
    assert found.loc["theta_new", "sd"] ** 2 == pytest.approx(known, rel=1e-6)


@pytest.mark.slow
def test_effects_of_contaminated_studies_are_their_likelihoods_times_what_all_else_says(normand):
    """By Bayes' rule over all points and both normals, each a sinc spread; to 1e-7 of the peak."""
    from bayesmeta.assembly import assemble
    from bayesmeta.engines.lines import integrate_lines
    from bayesmeta.engines.lines.band import spread_sinc

    priors = {"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=10)",
              "tau_outlier": "HalfNormal(sigma=20)"}  # fmt: skip
    lines = integrate_lines(assemble(normand, "contaminated", priors=priors))
    effect = lines.study_effects(np.array([0])).row(0)
    points, theta = lines.points, np.array([-40.0, -25.0, -10.0])
    place = points.location[:, 0]
    step = np.sqrt(points.covariance[:, 0, 0])[points.node]
    variance = lines.scales.variance[points.node]
    own = stats.norm.pdf(normand.estimate[0], place[:, np.newaxis],
                         np.sqrt(normand.standard_error[0] ** 2 + variance))  # fmt: skip
    share = lines.mixing.node
    whole = own[:, :1] * (1 - share) + own[:, 1:] * share
    weight = np.stack([(points.mixing * (1 - share) / whole).sum(axis=1),
                       (points.mixing * share / whole).sum(axis=1)], axis=1)  # fmt: skip
    known = []
    for each in theta:
        spread = spread_sinc(((each - place) / step)[:, np.newaxis],
                             variance / step[:, np.newaxis] ** 2) / step[:, np.newaxis]  # fmt: skip
        around = points.weight @ (spread * weight).sum(axis=1)
        known.append(around * stats.norm.pdf(normand.estimate[0], each, normand.standard_error[0]))
    assert np.ravel(effect.density(theta)) == pytest.approx(np.array(known), rel=1e-6)
