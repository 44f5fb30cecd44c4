"""What `duration` makes of one outlying longest study, under normal and t effects.

Run: python tests/benchmarks/longest_outlier_duration.py [tables] [first] [sd of the change]
Prints a table of .github/COVERAGE.md. Six studies of 2 to 12 weeks with 30 patients in each arm,
standardised mean differences around 0.3 at any duration with heterogeneity 0.1; the longest
study's lies 2 higher. Default priors, all shapes, higher is better, nu = 4; with an sd of the
change, that for its prior, and the constant and the line for shapes. Beside the averaged
answer stand that given any change, and that of the straight line alone: both take a change as
certain.
"""

import sys

import numpy as np
import pandas as pd

import bayesmeta as bm

_WEEKS, _SIZE, _OUTLIER = np.array([2.0, 4, 6, 8, 10, 12]), 30, 2.0
_EFFECT, _TAU = 0.3, 0.1
_ANSWERS = ("averaged", "given a change", "line alone")


def table(seed: int) -> pd.DataFrame:
    """Return one simulated table of arms."""
    rng = np.random.default_rng([13, 6, seed])
    truth = rng.normal(_EFFECT, _TAU, _WEEKS.size)
    truth[-1] += _OUTLIER
    arms = {}
    for name, mean in (("treatment", truth), ("control", np.zeros(_WEEKS.size))):
        values = rng.normal(mean[:, np.newaxis], 1.0, (_WEEKS.size, _SIZE))
        arms[f"mean_{name}"] = values.mean(axis=1)
        arms[f"sd_{name}"] = values.std(axis=1, ddof=1)
        arms[f"n_{name}"] = np.full(_WEEKS.size, _SIZE)
    return pd.DataFrame({"study": list("abcdef"), "duration_weeks": _WEEKS, **arms})


def answers(seed: int, asked: dict[str, object]) -> dict[str, tuple[float, float, float]]:
    """Return P(longer is better) by effects: averaged, given a change, of the line alone."""
    effects = bm.effect_sizes(bm.read_studies(table(seed)), measure="SMD")
    found = {}
    for kind in ("normal", "student-t"):
        one = bm.duration(effects, benefit="higher", heterogeneity=kind, **asked)
        change = one.changes.iloc[0]
        given = float(change["p_better"] / (change["p_better"] + change["p_worse"]))
        line = float(one.leave_one_out["p_better"].iloc[0])
        found[kind] = one.p_longer_is_better, given, line
    return found


def main(count: int = 60, first: int = 0, sd: float = 0.0) -> None:
    """Write one row a distribution of effects, as Markdown."""
    wide = {"priors": {"change": f"Normal(mu=0, sigma={sd})"}, "shapes": ["constant", "linear"]}
    every = []
    for seed in range(first, first + count):
        every.append(answers(seed, wide if sd else {}))
        sys.stderr.write(f"{seed} {every[-1]}\n")
    sys.stdout.write(
        "| effects | answer | mean P(longer) | > 0.9 | > 0.95 |\n|---|---|---|---|---|\n"
    )
    for kind in every[0]:
        said = zip(_ANSWERS, np.array([one[kind] for one in every]).T, strict=True)
        for answer, p in said:
            cells = f"{p.mean():.2f} | {(p > 0.9).mean():.2f} | {(p > 0.95).mean():.2f}"
            sys.stdout.write(f"| {kind} | {answer} | {cells} |\n")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]), *(float(word) for word in sys.argv[3:4]))
