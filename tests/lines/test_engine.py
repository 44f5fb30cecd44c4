"""The engine of frame L: with a normal kernel it is frame G; densities against quadrature."""

import numpy as np
import pytest
from scipy import integrate, stats

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.engines.lines import integrate_lines
from bayesmeta.engines.lines.band import spread_sinc
from bayesmeta.errors import ImproperPosteriorError
from bayesmeta.random_effects import HETEROGENEITY

LEVELS = np.array([0.025, 0.5, 0.975])
KERNELS = {
    "student-t": {"tau": np.array([3.0]), "nu": np.array([4.0])},
    "contaminated": {
        "tau": np.array([3.0]),
        "tau_outlier": np.array([8.0]),
        "share": np.array([0.2]),
    },
}


@pytest.mark.parametrize("moderators", [None, "n_treatment"])
def test_with_a_normal_kernel_the_lattices_say_what_the_mixture_says(normand, priors, moderators):
    """Normal likelihood, normal kernel: evidence, quantiles and sds of both frames, to 1e-9."""
    own = {**priors, **({"beta": "Normal(mu=0, sigma=1)"} if moderators else {})}
    assembly = assemble(normand, moderators=moderators, priors=own)
    lines, mixture = integrate_lines(assembly), integrate_assembly(assembly)
    rows = np.eye(len(assembly.coefficients))

    found, known = (
        [
            each.log_marginal_likelihood[0],
            *each.heterogeneity().quantile(LEVELS)[0],
            *each.combination(rows).quantile(LEVELS)[0].ravel(),
            *each.combination(rows).sd()[0],
            *each.combination(rows[0], new_study=True).quantile(LEVELS)[0],
        ]
        for each in (lines, mixture)
    )
    assert found == pytest.approx(known, abs=1e-9, rel=0)


def test_study_effects_of_both_frames_are_the_same(normand, priors):
    """Closed forms of frame G against the product of likelihood and what all else says."""
    assembly = assemble(normand, priors=priors)
    lines, mixture = integrate_lines(assembly), integrate_assembly(assembly)

    found, known = ([*each.study_effects().mean()[0], *each.study_effects().sd()[0]]
                    for each in (lines, mixture))  # fmt: skip
    assert found == pytest.approx(known, rel=1e-9)


@pytest.mark.parametrize("name", KERNELS)
def test_a_kernels_normals_add_up_to_its_density(name):
    """The scale mixture at a few deviations against the density in closed form."""
    kernel, values = HETEROGENEITY[name], KERNELS[name]
    deviation = np.array([0.0, 1.0, 10.0, 60.0])[:, np.newaxis]

    log_weight, variance = kernel.scales(values)
    mixed = (np.exp(log_weight) * stats.norm.pdf(deviation, 0, np.sqrt(variance))).sum(axis=-1)
    one = {each: value[0] for each, value in values.items()}
    density = np.exp(kernel.log_kernel(deviation[:, 0], one))
    assert mixed == pytest.approx(density, rel=1e-9)


@pytest.mark.parametrize("nu", [0.5, 1.0, 4.0, 30.0, 300.0, 1e6])
def test_the_student_t_kernel_is_that_of_scipy(nu):
    """Weights and scales of the mixture for few degrees of freedom and for many."""
    log_weight, variance = HETEROGENEITY["student-t"].scales({"tau": 2.0, "nu": nu})
    deviation = np.array([0.0, 2.0, 8.0])[:, np.newaxis]

    mixed = (np.exp(log_weight) * stats.norm.pdf(deviation, 0, np.sqrt(variance))).sum(axis=-1)
    assert mixed == pytest.approx(stats.t.pdf(deviation[:, 0], nu, 0, 2.0), rel=1e-9)


def test_a_sinc_spread_by_a_normal_is_their_convolution():
    """The closed form against adaptive quadrature of its Fourier integral."""
    t, ratio = 1.3, 0.4

    def wave(u):
        return np.cos(u * t) * np.exp(-(u**2) * ratio / 2) / np.pi

    known, _ = integrate.quad(wave, 0, np.pi, epsabs=1e-13)
    assert spread_sinc(np.array([t]), np.array([ratio]))[0] == pytest.approx(known, abs=1e-12)


def test_a_flat_prior_is_refused_with_what_would_do(student_t, normand):
    """No theorem says that the posterior would be proper; the message names the parameter."""
    with pytest.raises(ImproperPosteriorError, match=r"give mu a prior such as Normal"):
        bm.fit(normand, student_t, priors={"mu": "flat"}, engine="exact")


def test_left_out_studies_are_predicted_by_the_others(normand, priors, student_t):
    """Elpd is the difference of two log marginal likelihoods, each by its own lattices."""
    own = {**priors, "tau": 15.0}
    table = bm.leave_one_out(normand, student_t, priors=own)
    without = bm.fit(normand.take(np.arange(1, 9)), student_t, priors=own, engine="exact")
    whole = bm.fit(normand, student_t, priors=own, engine="exact")

    known = whole.attrs["log_marginal_likelihood"] - without.attrs["log_marginal_likelihood"]
    assert table["elpd"].iloc[0] == pytest.approx(known, abs=1e-8)
    assert np.isfinite(table.to_numpy(dtype=float)).all()


def test_a_new_studys_variance_is_that_of_the_centre_and_of_the_deviation(
    normand, priors, student_t
):
    """With nu = 4 a deviation has variance 2 tau**2, far tails and all."""
    table = bm.summary(bm.fit(normand, student_t, priors=priors, engine="exact"))

    mu, tau = table.loc["mu"], table.loc["tau"]
    known = mu["sd"] ** 2 + 2 * (tau["sd"] ** 2 + tau["mean"] ** 2)
    assert table.loc["theta_new", "sd"] ** 2 == pytest.approx(known, rel=1e-6)


@pytest.mark.parametrize("nu", [0.5, 4.0])
def test_a_new_study_is_spread_by_every_normal_of_the_kernel(nu, normand, priors, student_t):
    """The sum over points and normals, each a sinc spread; to 1e-9 of the peak.

    With nu 0.5 some normals are narrow enough to reach beyond a lattice's spectrum.
    """
    known = {**priors, "nu": nu}
    lines = integrate_lines(assemble(normand, student_t, priors=known))
    points, (log_weight, variance) = lines.points, lines.scales
    place, step = points.location[:, 0], np.sqrt(points.covariance[:, 0, 0])[points.node]
    x = np.array([-8.0])

    t = (x[:, np.newaxis, np.newaxis] - place[:, np.newaxis]) / step[:, np.newaxis]
    ratio = variance[points.node] / step[:, np.newaxis] ** 2
    each = spread_sinc(t, ratio) * np.exp(log_weight)[points.node]
    density = (each.sum(axis=-1) / step) @ points.weight
    own = lines.deviations.densities(np.ones(1), lines.deviations.new_study())(x)[:, 0]
    assert own == pytest.approx(density, abs=1e-9 * density.max())
