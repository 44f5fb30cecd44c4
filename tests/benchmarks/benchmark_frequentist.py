"""Time all nine estimators with Q-profile on Normand (1999), against statsmodels' DL and PM.

Run as a script. The ratio is to the sum of statsmodels' two, in the same run; the aim is 5.
"""

import time
from collections.abc import Callable

import numpy as np
from statsmodels.stats.meta_analysis import combine_effects

from bayesmeta.frequentist import as_data, classical, pool, rows
from bayesmeta.frequentist.pooling import between_study_variance
from bayesmeta.frequentist.variance_intervals import q_profile

# Mean differences in days with unpooled variances (Normand 1999, Table VIII).
ESTIMATE = np.array([-20.0, -2, -55, -71, -4, 1, 11, -10, 7])
VARIANCE = np.array([40.5080231596361, 2.08064516129032, 15.6984037558685, 150.222222222222,
                     17.3076923076923, 1.16734143049933, 94.5891265597148, 6.31087928464978,
                     19.8423076923077])  # fmt: skip
AIM = 5.0
ROUNDS, REPEATS = 10, 60


def fastest(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the CPU seconds of one call of each; they take turns, so that all see one machine."""
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(REPEATS):
        for name, call in calls.items():
            start = time.process_time()
            for _ in range(ROUNDS):
                call()
            best[name] = min(best[name], (time.process_time() - start) / ROUNDS)
    return best


def peers() -> None:
    """Fit what statsmodels has."""
    for method in ("dl", "iterated"):
        combine_effects(ESTIMATE, VARIANCE, method_re=method)


def estimators() -> None:
    """Estimate tau2 in nine ways, with its Q-profile interval."""
    data = as_data(ESTIMATE, VARIANCE)
    for method in classical():
        between_study_variance(data, method)
    q_profile.interval(data, 0.95)


def fits() -> None:
    """Make nine whole fits: tau2, Q-profile, coefficients, Q."""
    for method in classical():
        pool(ESTIMATE, VARIANCE, method=method)


def table() -> None:
    """Make the eighteen rows of the table."""
    rows(ESTIMATE, variance=VARIANCE)


CALLS = {
    "statsmodels, DL and PM": peers,
    "nine tau2 and Q-profile": estimators,
    "nine fits, Q-profile in each": fits,
    "eighteen rows, Q-profile once": table,
}


def main() -> None:
    """Print times in milliseconds and their ratios to the first."""
    times = fastest(CALLS)
    base = next(iter(times.values()))
    for name, own in times.items():
        print(f"{name:30} {1e3 * own:7.3f} ms  ratio {own / base:5.2f} (aim {AIM:g})")  # noqa: T201 -- a script


if __name__ == "__main__":
    main()
