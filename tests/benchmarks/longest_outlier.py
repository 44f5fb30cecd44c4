"""What one outlying longest study makes of "longer is better", under normal and t effects.

Run: python tests/benchmarks/longest_outlier.py [tables]
Prints the table of .github/COVERAGE.md. Six or twelve studies of 2 to 12 weeks, true effect -0.2 at
any duration, heterogeneity 0.2, standard errors 0.15, 0.25, 0.35; the longest study's effect is
-2.0 in half of the scenarios. Priors as in the table on durations; no change with probability one
half, else linear, square root or log. Posteriors by a product rule of its own over mu, the change
and tau, study effects integrated out; the t distribution as `student-t` has it, nu = 4.
"""

import sys
from itertools import product

import numpy as np
from scipy.special import logsumexp

from bayesmeta.random_effects import student_t

_ERRORS, _LINE = np.array([0.15, 0.25, 0.35]), np.linspace(-6, 6, 1201)
_MU, _CHANGE = np.linspace(-3.0, 1.5, 91), np.linspace(-1.25, 1.25, 71)
_TAU = 0.25 * np.tan(np.pi / 2 * (np.arange(48) + 0.5) / 48)
"""Equal shares of a half-Cauchy of scale 0.25."""
_SHAPES = {"constant": lambda week: 0 * week, "linear": lambda week: week, "sqrt": np.sqrt,
           "log": np.log}  # fmt: skip


def kernel_tables(kernel: str) -> np.ndarray:
    """Return log E of a residual by standard error, tau and residual: study effect integrated."""
    log_weight, ratio = np.zeros(1), np.ones(1)
    if kernel == "student-t":
        log_weight, ratio = map(np.ravel, student_t.scales({"tau": 1.0, "nu": 4.0}))
    variance = _ERRORS[:, None, None] ** 2 + (_TAU[:, None] ** 2 * ratio)
    terms = -0.5 * _LINE[:, None] ** 2 / variance[:, :, None] + log_weight
    return logsumexp(terms - 0.5 * np.log(2 * np.pi * variance[:, :, None]), axis=-1)


def column(shape: str, weeks: np.ndarray) -> np.ndarray:
    """Return a shape's column, its change from shortest to longest one, centred."""
    value = _SHAPES[shape](weeks)
    span = np.ptp(value)
    return np.zeros(weeks.size) if span == 0 else (value - value.mean()) / span


def longer(tables: np.ndarray, y: np.ndarray, which: np.ndarray, weeks: np.ndarray) -> float:
    """Return P(the longest duration has the better effect), averaged over the shapes."""
    log_prior = -0.5 * _MU[:, None] ** 2 - 0.5 * (_CHANGE / 0.25) ** 2
    evidence, better = [], []
    for shape in _SHAPES:
        design = column(shape, weeks)
        log_joint = np.broadcast_to(log_prior, (_TAU.size, *log_prior.shape)).copy()
        for row, error, own in zip(y, which, design, strict=True):
            place = (row - _MU[:, None] - own * _CHANGE - _LINE[0]) / (_LINE[1] - _LINE[0])
            left = place.astype(int)
            each, share = tables[error], place - left
            log_joint += each[:, left] * (1 - share) + each[:, left + 1] * share
        mass = np.exp(log_joint - log_joint.max())
        evidence.append(np.log(mass.sum()) + log_joint.max())
        below = mass[:, :, _CHANGE < 0].sum() + 0.5 * mass[:, :, _CHANGE == 0].sum()
        better.append(0.0 if shape == "constant" else below / mass.sum())
    log_share = np.log([0.5, *[0.5 / 3] * 3]) + evidence
    probability = np.exp(log_share - logsumexp(log_share))
    return float(probability @ better)


def scenario(k: int, *, outlier: bool, count: int) -> dict[str, np.ndarray]:
    """Return P(longer) of every table, by kernel."""
    rng = np.random.default_rng([13, k, outlier])
    kernels = {name: kernel_tables(name) for name in ("normal", "student-t")}
    which, weeks = np.arange(k) % 3, np.linspace(2, 12, k)
    found: dict[str, list[float]] = {name: [] for name in kernels}
    for _ in range(count):
        theta = rng.normal(-0.2, 0.2, k)
        theta[-1] = -2.0 if outlier else theta[-1]
        y = rng.normal(theta, _ERRORS[which])
        for name, tables in kernels.items():
            found[name].append(longer(tables, y, which, weeks))
    return {name: np.array(values) for name, values in found.items()}


def main(count: int) -> None:
    """Write one row a scenario and kernel, as Markdown."""
    sys.stdout.write("| k | longest study | effects | mean P(longer) | > 0.9 | > 0.95 |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    for k, outlier in product((6, 12), (False, True)):
        place = "at −2.0" if outlier else "as the others"  # noqa: RUF001
        for name, p in scenario(k, outlier=outlier, count=count).items():
            numbers = f"{p.mean():.2f} | {(p > 0.9).mean():.3f} | {(p > 0.95).mean():.3f}"
            sys.stdout.write(f"| {k} | {place} | {name} | {numbers} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
