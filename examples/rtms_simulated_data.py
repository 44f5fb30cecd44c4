"""Write SIMULATED trial rows in the shape of a review of rTMS and inflammatory markers.

The trials' own rows are not public: the review prints pooled results alone (Asadizeidabadi,
Hosseini and Pyatkov 2025, Brain and Behavior 15(2), e70329). These rows are invented, with
twelve studies (six randomised trials, six cohorts), high heterogeneity, and for TNF-alpha and
BDNF a larger effect where treatment is longer. The truth goes into a second file.

    python examples/rtms_simulated_data.py --output examples/data
"""

import argparse
import csv
import json
from pathlib import Path
from random import Random
from statistics import NormalDist, mean, stdev
from typing import NamedTuple

# The first seed from 1 on whose six REML coefficients lie within one standard error of the truth:
# the example is to show the shape. It says nothing of how often so few studies would find it.
SEED = 38
DESIGNS = ("RCT",) * 6 + ("cohort",) * 6
WEEKS = (2, 3, 4, 6, 8, 12, 2, 4, 5, 6, 10, 12)
HEADER = (
    "SIMULATED", "study", "outcome", "unit", "design", "duration_weeks",
    "n_treatment", "mean_treatment", "sd_treatment", "n_control", "mean_control", "sd_control",
)  # fmt: skip


class Outcome(NamedTuple):
    """What is true of one marker; effects are treatment minus control, in its unit."""

    name: str
    unit: str
    mu: float  # at the mean of WEEKS
    slope: float  # per week
    tau: float
    control_mean: float
    patient_sd: float


class Study(NamedTuple):
    """What is true of one study."""

    name: str
    design: str
    weeks: int
    n_treatment: int
    n_control: int


OUTCOMES = (
    Outcome("TNF-alpha", "pg/mL", -6.5, -0.9, 3.0, 30.0, 7.0),
    Outcome("IL-6", "pg/mL", -0.5, 0.0, 2.0, 14.0, 4.0),
    Outcome("BDNF", "ng/mL", 8.0, 1.0, 3.5, 24.0, 7.0),
)


def main() -> None:
    """Write the rows and the truth into the folder named on the command line."""
    parser = argparse.ArgumentParser(description="Write SIMULATED rTMS rows and their truth.")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "data")
    folder = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    rows, truth = simulate(SEED)
    with (folder / "rtms_SIMULATED.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])
    text = json.dumps(truth, indent=2, ensure_ascii=False) + "\n"
    (folder / "rtms_SIMULATED_truth.json").write_text(text, encoding="utf-8", newline="\n")


def simulate(seed: int) -> tuple[list[tuple[object, ...]], dict[str, object]]:
    """Return the rows of the table, and what is true of them."""
    random = Random(seed)  # noqa: S311 - a simulation; its stream never changes between versions
    studies = list(map(_study, _names(), DESIGNS, WEEKS, _sizes(random), _sizes(random)))
    rows: list[tuple[object, ...]] = []
    truth: dict[str, object] = {"about": "SIMULATED, not real data", "seed": seed}
    for outcome in OUTCOMES:
        effects = {study.name: _effect(outcome, study.weeks, random) for study in studies}
        rows += [_row(outcome, study, effects[study.name], random) for study in studies]
        truth[outcome.name] = _truth(outcome, effects)
    return rows, truth


def _names() -> list[str]:
    return [f"Simulated {design} {DESIGNS[:row].count(design) + 1}"
            for row, design in enumerate(DESIGNS)]  # fmt: skip


def _sizes(random: Random) -> list[int]:
    return [15 + int(30 * random.random()) for _ in WEEKS]


def _study(name: str, design: str, weeks: int, n_treatment: int, n_control: int) -> Study:
    return Study(name, design, weeks, n_treatment, n_control)


def _normal(random: Random, *, centre: float, spread: float) -> float:
    return centre + spread * NormalDist().inv_cdf(random.random())


def _effect(outcome: Outcome, weeks: int, random: Random) -> float:
    centre = outcome.mu + outcome.slope * (weeks - mean(WEEKS))
    return _normal(random, centre=centre, spread=outcome.tau)


def _row(outcome: Outcome, study: Study, effect: float, random: Random) -> tuple[object, ...]:
    base = _normal(random, centre=outcome.control_mean, spread=outcome.control_mean / 10)
    treated = _arm(random, study.n_treatment, centre=base + effect, spread=outcome.patient_sd)
    control = _arm(random, study.n_control, centre=base, spread=outcome.patient_sd)
    said = ("not real data", study.name, outcome.name, outcome.unit, study.design, study.weeks)
    return (*said, study.n_treatment, *treated, study.n_control, *control)


def _arm(random: Random, size: int, *, centre: float, spread: float) -> tuple[str, str]:
    """Return the mean and standard deviation of simulated patients, as a paper prints them."""
    patients = [_normal(random, centre=centre, spread=spread) for _ in range(size)]
    return f"{mean(patients):.2f}", f"{stdev(patients):.2f}"


def _truth(outcome: Outcome, effects: dict[str, float]) -> dict[str, object]:
    return {
        "unit": outcome.unit,
        "mean_duration_weeks": round(mean(WEEKS), 6),
        "mu": outcome.mu,
        "slope_per_week": outcome.slope,
        "tau": outcome.tau,
        "theta": {name: round(effect, 4) for name, effect in effects.items()},
    }


if __name__ == "__main__":
    main()
