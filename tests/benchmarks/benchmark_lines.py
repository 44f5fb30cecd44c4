"""Time `integrate_lines` on tables of events, beside a bare sum over a tensor, as k and p grow.

    python tests/benchmarks/benchmark_lines.py [--nuts]

The rival is what a page of NumPy does: each likelihood on a grid of effects, a product with a
normal kernel at 60 nodes of tau, and sums over a line of mu; it has no error, no marginals, no
second coefficient. Times are medians of five warm runs of processor time. With --nuts the first
fit of a fresh process, compiling and all, stands beside that of the normal-normal model.
"""

import subprocess
import sys
import time

import numpy as np
import pandas as pd

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.lines import integrate_lines

SIZES = (13, 50, 200)
PRIORS = {"mu": "Normal(mu=0, sigma=2.5)", "tau": "HalfNormal(sigma=0.5)"}
COLD = """
import sys, time
sys.path.insert(0, "tests/benchmarks")
from benchmark_lines import PRIORS, table
import bayesmeta as bm
start = time.process_time()
bm.fit(bm.effect_sizes(table(13), "OR"), sys.argv[1], priors=PRIORS, engine="nuts")
print(time.process_time() - start)
"""


def table(count):
    """Return trials with risks around 0.1, log odds ratios around -0.5 with SD 0.4."""
    generator = np.random.default_rng(7)
    size = generator.integers(50, 2000, count)
    logit = generator.normal(-2.2, 0.7, count)
    effect = generator.normal(-0.5, 0.4, count)
    events = [generator.binomial(size, 1 / (1 + np.exp(-x))) for x in (logit + effect, logit)]
    frame = {"study": [f"s{place}" for place in range(count)], "dose": generator.normal(size=count)}
    for arm, own in zip(("treatment", "control"), events, strict=True):
        frame |= {f"events_{arm}": own, f"n_{arm}": size}
    return bm.read_studies(pd.DataFrame(frame))


def tensor(assembly):
    """Return the log evidence by sums over grids of theta, tau and mu."""
    theta = np.linspace(-6.0, 5.0, 1101)
    every = np.broadcast_to(theta[:, np.newaxis], (theta.size, len(assembly.effects)))
    likelihood = assembly.parts.likelihood
    value = likelihood.log_density(assembly.effects.estimate, every, {}, assembly.rows)
    top = value.max(axis=0)
    known = np.exp(value - top)
    node, weight = np.polynomial.legendre.leggauss(60)
    tau, mu = 1.5 * (node + 1) / 2 + 0.005, np.linspace(-2.0, 1.0, 121)
    found = []
    for scale in tau:
        kernel = np.exp(-0.5 * ((theta - mu[:, np.newaxis]) / scale) ** 2)
        spread = kernel @ known * (theta[1] - theta[0]) / (scale * np.sqrt(2 * np.pi))
        prior = -0.5 * (mu / 2.5) ** 2 - 2 * scale**2
        found.append(np.logaddexp.reduce(np.log(spread).sum(axis=1) + prior))
    return np.logaddexp.reduce(np.array(found) + np.log(weight)) + top.sum()


def seconds(call, runs=5):
    """Return the median processor time of warm runs."""
    call()
    taken = []
    for _ in range(runs):
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return float(np.median(taken))


def grown():
    """Print times by k, the exponents of their growth, and those of a slope."""
    own, rival = [], []
    for count in SIZES:
        assembly = assemble(bm.effect_sizes(table(count), "OR"), "binomial", priors=PRIORS)
        own.append(seconds(lambda asked=assembly: integrate_lines(asked)))
        rival.append(seconds(lambda asked=assembly: tensor(asked)))
        sys.stdout.write(
            f"k {count:4d}: exact {1000 * own[-1]:7.1f} ms, tensor {1000 * rival[-1]:7.1f} ms\n"
        )
    for name, times in (("exact", own), ("tensor", rival)):
        sys.stdout.write(
            f"{name}: grows as k ** {np.polyfit(np.log(SIZES), np.log(times), 1)[0]:.2f}\n"
        )
    slope = {**PRIORS, "beta": "Normal(mu=0, sigma=0.5)"}
    effects = bm.effect_sizes(table(SIZES[0]), "OR")
    two = assemble(effects, "binomial", moderators="dose", priors=slope)
    sys.stdout.write(
        f"p 2, k {SIZES[0]}: exact {1000 * seconds(lambda: integrate_lines(two), 1):.0f} ms\n"
    )


def cold():
    """Print the first fit by NUTS of counts and of normal estimates."""
    for model in ("random-effects", "binomial"):
        found = subprocess.run([sys.executable, "-c", COLD, model], check=True,
                               capture_output=True, text=True)  # fmt: skip
        sys.stdout.write(f"NUTS, cold, {model}: {float(found.stdout.split()[-1]):.1f} s\n")


if __name__ == "__main__":
    grown()
    if "--nuts" in sys.argv:
        cold()
