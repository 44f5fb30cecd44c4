"""Time the exact engine: a prior map against a loop, cost by k and by priors, one fit.

Run as a script from the repository's root. All times are CPU seconds of one run, so that
the ratios stand on any machine.
"""

import resource
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
from prior_map_rival import posterior_numbers

from bayesmeta.engines.quadrature import Problem, integrate

# Mean differences in days with unpooled variances (Normand 1999, Stat Med 18:321-359).
ESTIMATE = np.array([-20.0, -2, -55, -71, -4, 1, 11, -10, 7])
VARIANCE = np.array([40.5080231596361, 2.08064516129032, 15.6984037558685, 150.222222222222,
                     17.3076923076923, 1.16734143049933, 94.5891265597148, 6.31087928464978,
                     19.8423076923077])  # fmt: skip
SCALES = np.geomspace(1, 100, 1250)
AIM = 5.0
FIT = """
import bayesmeta as bm
effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
bm.summary(bm.fit(effects, priors={"mu": "flat", "tau": "HalfNormal(sigma=10)"}, engine="exact"))
"""


def half_normal(log_tau, scale):
    """Return the log density of a half-normal prior."""
    return 0.5 * np.log(2 / np.pi) - np.log(scale) - 0.5 * np.exp(2 * log_tau) / scale**2


def half_cauchy(log_tau, scale):
    """Return the log density of a half-Cauchy prior."""
    return np.log(2 / np.pi) - np.log(scale) - np.logaddexp(0, 2 * (log_tau - np.log(scale)))


def prior_map(scales, *, tolerance=1e-6):
    """Return mean, sd and 95 % interval of mu, then of tau, for half-normals and half-Cauchys."""
    found = []
    for prior in (half_normal, half_cauchy):
        plain = Problem.of(ESTIMATE, VARIANCE, log_prior=prior)
        batch = integrate(replace(plain, prior_parameters={"scale": scales}), tolerance=tolerance)
        mu, tau = batch.combination(np.ones(1)), batch.heterogeneity()
        found.append(np.column_stack([part for distribution in (mu, tau) for part in (
            distribution.mean(), distribution.sd(), distribution.interval(0.95))]))  # fmt: skip
    return np.concatenate(found)


def rival_map(scales):
    """Return the same numbers, one prior at a time."""
    priors = [lambda log_tau, s=s, f=f: f(log_tau, s)
              for f in (half_normal, half_cauchy) for s in scales]  # fmt: skip
    return posterior_numbers(ESTIMATE, np.sqrt(VARIANCE), priors)


def seconds(call, *, repeats=3):
    """Return the CPU seconds of the fastest of some calls, and what the last one returned."""
    best = np.inf
    for _ in range(repeats):
        start = time.process_time()
        value = call()
        best = min(best, time.process_time() - start)
    return best, value


def compare_maps():
    """Print the ratio of the map to the loop, and how far the two are apart."""
    ours, found = seconds(lambda: prior_map(SCALES))
    theirs, expected = seconds(lambda: rival_map(SCALES), repeats=2)
    apart = (np.abs(found - expected) / found[:, [1, 1, 1, 1, 5, 5, 5, 5]]).max()
    print(f"2 500 priors: map {ours:.2f} s, loop {theirs:.2f} s, ratio {theirs / ours:.1f}")  # noqa: T201
    print(f"  aim {AIM}; largest difference {apart:.1e} sd")  # noqa: T201


def table_of_priors():
    """Print CPU time by number of priors."""
    for size in (25, 250, 2_500, 12_500):
        spent, _ = seconds(lambda size=size: prior_map(np.geomspace(1, 100, size // 2)), repeats=2)
        print(f"  {size:>7} priors {spent:8.3f} s {1e6 * spent / size:9.1f} us a prior")  # noqa: T201


def table_of_studies():
    """Print CPU time by number of studies."""
    generator = np.random.default_rng(1)
    for size in (3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000):
        variance = generator.uniform(0.1, 1, size) ** 2
        estimate = 0.5 + generator.normal(size=size) * np.sqrt(variance + 0.09)
        problem = Problem.of(estimate, variance, log_prior=lambda t: half_cauchy(t, 1.0))
        spent, found = seconds(lambda problem=problem: integrate(problem))
        each, nodes = 1e6 * spent / size, found.tau.shape[1]
        print(f"  k = {size:>7} {spent:8.4f} s {each:9.2f} us a study {nodes:5} nodes")  # noqa: T201


def process_seconds(code):
    """Return the CPU seconds of a fresh process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare_fit():
    """Print what one fit with summary costs, everything included, beside importing ArviZ."""
    fit, arviz = (min(process_seconds(code) for _ in range(3)) for code in (FIT, "import arviz"))
    print(f"fit and summary {fit:.2f} s, import arviz {arviz:.2f} s, ratio {arviz / fit:.2f}")  # noqa: T201


if __name__ == "__main__":
    compare_maps()
    table_of_priors()
    table_of_studies()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"  peak memory {peak:.2f} GiB")  # noqa: T201
    compare_fit()
