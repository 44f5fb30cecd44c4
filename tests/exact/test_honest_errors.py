"""Printed errors are honest: no number is further from the truth than ten of them."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from bayesmeta.engines.moments import finite_moments
from bayesmeta.engines.propriety import require_proper
from bayesmeta.errors import ImproperPosteriorError, PosteriorError
from bayesmeta.spec import parse_prior

SLOW = 35  # a jump within a mixture: seconds
LEVELS = np.array([0.025, 0.5, 0.975])
FLOOR = 1e-10
"""Of a number's size, or its distribution's: where brute force itself ends."""


def _loaded(name):
    """Load a module that stands beside this one, whatever folder pytest started in."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


brute_priors, brute_force = _loaded("brute_priors"), _loaded("brute_force")


def spread(rng, low, high):
    """Return a number between powers of ten."""
    return float(10 ** rng.uniform(low, high))


def member(rng, unit):
    """Return a family and its numbers, from the plain to the extreme."""
    name = rng.choice([n for n in brute_priors.FAMILIES if n not in ("uniform", "sqrt")])
    wide = 3 if rng.random() < 0.3 else 1
    scale, shape = unit * spread(rng, -wide, wide), spread(rng, -0.8 * wide, 0.8 * wide)
    centre, width = np.log(unit) + rng.normal(0, 2 * wide), spread(rng, -0.7 * wide, 0.3 * wide)
    numbers = {
        "HalfNormal": {"sigma": scale}, "HalfStudentT": {"nu": shape, "sigma": scale},
        "HalfCauchy": {"beta": scale}, "HalfLogistic": {"scale": scale},
        "Exponential": {"scale": scale}, "Gamma": {"alpha": shape, "beta": 1 / scale},
        "InverseGamma": {"alpha": shape, "beta": scale}, "Weibull": {"alpha": shape, "beta": scale},
        "Lomax": {"alpha": shape, "scale": scale}, "LogNormal": {"mu": centre, "sigma": width},
        "LogStudentT": {"nu": spread(rng, -0.2, 1), "mu": centre, "sigma": width},
        "Uniform": {"lower": 0.0, "upper": scale},
    }[name]  # fmt: skip
    return name, {key: float(value) for key, value in numbers.items()}


def tau_prior(rng, unit, studies):
    """Return a prior on tau: a family, a mixture, a truncation, a word; on tau or tau**2."""
    if rng.random() < 0.06 and studies > 3:
        return brute_priors.Prior([(1.0, str(rng.choice(["uniform", "sqrt"])), {})])
    on = "tau2" if rng.random() < 0.4 else "tau"
    size = unit**2 if on == "tau2" else unit
    count = 1 if rng.random() < 0.75 else int(rng.integers(2, 4))
    weight = rng.dirichlet(np.ones(count)) * 0.9 + 0.1 / count
    weight = np.append(weight[:-1], 1 - weight[:-1].sum())
    parts = [(float(share), *member(rng, size)) for share in weight]
    bounds = None
    if rng.random() < 0.15:
        bounds = (
            0.0 if rng.random() < 0.5 else size * spread(rng, -3, -1),
            size * spread(rng, 0, 2),
        )
    return brute_priors.Prior(parts, on=on, bounds=bounds)


def case(seed):
    """Return a random table and priors: estimates, errors, the priors of tau and of mu."""
    rng = np.random.default_rng([2024, seed])
    unit = spread(rng, -2, 2)
    studies = int(
        rng.choice([1, 2, 3, 4, 6, 10, 25, 80], p=[0.1, 0.15, 0.2, 0.2, 0.15, 0.1, 0.06, 0.04])
    )
    s = unit * 10 ** rng.normal(0, rng.choice([0.1, 0.3, 1.0]), studies)
    tau = unit * rng.choice([0.0, 0.3, 1.0, 30.0])
    y = unit * rng.normal(0, 3) + rng.normal(size=studies) * np.sqrt(s**2 + tau**2)
    prior = tau_prior(rng, unit, studies)
    kind = rng.random()
    if kind < 0.4:
        mu = None
    elif kind < 0.8:
        mu = [(1.0, unit * rng.normal(), unit * spread(rng, -2, 3))]
    else:
        mu = [(w, unit * rng.normal(0, 4), unit * spread(rng, -1, 1)) for w in (0.3, 0.7)]
    return y, s, prior, mu


def mu_text(mu):
    """Return mu's prior as the package reads it."""
    if mu is None:
        return "flat"
    normals = [f"Normal(mu={float(m)!r}, sigma={float(sd)!r})" for _, m, sd in mu]
    if len(mu) == 1:
        return normals[0]
    shares = ", ".join(repr(float(part[0])) for part in mu)
    return f"Mixture(w=[{shares}], comp_dists=[{', '.join(normals)}])"


def printed(distribution, moments):
    """Return mean, sd and quantiles, and their printed errors, of a batch of one."""
    with np.errstate(over="ignore", invalid="ignore"):
        fine, coarse = (
            np.array([each.mean()[0], each.sd()[0], *each.quantile(LEVELS)[0]])
            for each in (distribution, distribution.coarse())
        )
        exist = np.array([moments >= 1, moments >= 2, True, True, True])
        return np.where(exist, fine, np.nan), np.abs(fine - coarse)


def ratios(solve, seed):
    """Return |found - truth| / (printed error + floor) of every number; empty if refused."""
    y, s, prior, mu = case(seed)
    priors = {"mu": parse_prior(mu_text(mu)), "tau": parse_prior(prior.text())}
    design = np.ones((y.size, 1))
    try:
        require_proper(design, priors, ["mu"])
        found = solve(y, s, tau=prior.text(), mu=[mu_text(mu)])
    except (ImproperPosteriorError, PosteriorError):
        return {}
    exist = finite_moments(design, priors, ["mu"])
    truth = brute_force.Posterior(y, s, prior, mu, moments=exist.tau)
    result = {"log evidence": abs(found.log_marginal_likelihood[0] - truth.log_evidence)
              / (found.error[0] + FLOOR * max(1, abs(truth.log_evidence)))}  # fmt: skip
    row = np.ones(1)
    for name, new in (("mu", False), ("theta_new", True), ("tau", None)):
        if new is None:
            right, moments = truth.of_tau(LEVELS), exist.tau
            distribution = found.heterogeneity()
        else:
            moments = exist.combination(row, new_study=new)
            right = truth.of_effect(LEVELS, new_study=new, second=moments > 1)
            distribution = found.combination(row, new_study=new)
        values, errors = printed(distribution, moments)
        size = np.maximum(np.abs(right), right[-1] - right[2] if name != "tau" else 0.0)
        for label, value, error, expected, scale in zip(
            ("mean", "sd", "2.5 %", "median", "97.5 %"), values, errors, right, size, strict=True
        ):
            if np.isfinite(value) or label not in ("mean", "sd"):
                floor = FLOOR * scale + np.finfo(float).tiny
                result[f"{name} {label}"] = (
                    0.0
                    if value == expected
                    else abs(value - expected) / (np.nan_to_num(error) + floor)
                )
    return result


def worst(solve, seeds):
    """Return the worst ratio of each case that is not refused."""
    found = [ratios(solve, seed) for seed in seeds]
    return np.array([max(each.values()) for each in found if each])


def test_errors_are_honest_in_forty_random_posteriors(solve):
    """Evidence, mean, sd, median and ends of mu, tau and a new study's effect, by brute force.

    Families, mixtures, truncations and words, on tau and tau**2, with shapes, scales and data
    over many powers of ten; |found - truth| is no more than ten of (printed error + 1e-10 of the
    number's size).
    """
    found = worst(solve, [seed for seed in range(42) if seed != SLOW])

    assert found.size >= 40
    assert found.max() <= 10


@pytest.mark.slow
def test_errors_are_honest_in_a_thousand_random_posteriors(solve, capsys):
    """The same, a thousand times: prints how many were refused, and the worst ratio."""
    found = worst(solve, range(1000))

    with capsys.disabled():
        sys.stdout.write(
            f"\n{found.size} of 1000 posteriors integrated, the others refused; "
            f"worst |found - truth| / (error + floor): {found.max():.3g}\n"
        )
    assert found.size >= 990
    assert found.max() <= 10
