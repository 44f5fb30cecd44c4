"""Open durations in random tables: printed errors against enumeration of all weeks."""

import sys
from typing import NamedTuple

import numpy as np
import pytest

from bayesmeta.duration_response import duration
from bayesmeta.location.shapes import SHAPES, Observed

SHAPE_NAMES = ("linear", "square_root", "logarithm", "categories", "natural_spline")
TABLES, ENDS = 80, {"lower": 0.025, "median": 0.5, "upper": 0.975}


class Table(NamedTuple):
    """A random table: estimates, errors, cells of durations; the shape, the change's prior SD."""

    estimate: np.ndarray
    error: np.ndarray
    cells: list
    shape: str
    change_sd: float
    reach: float


def draw(seed):
    """Return a table of 5 to 12 studies, one to three of them open, precise or not."""
    generator = np.random.default_rng([2026, seed])
    size = int(generator.integers(5, 13))
    weeks = np.clip(np.round(generator.lognormal(1.6, 0.6, size) * 2) / 2, 0.5, 40)
    cells = [(week, week) for week in weeks]
    for row in generator.choice(size, int(generator.integers(1, min(4, size - 3))), replace=False):
        wide = (max(0.5, 0.6 * weeks[row]), 1.7 * weeks[row] + 0.5)
        cells[row] = None if generator.random() < 0.6 else wide
    slope = generator.normal() * generator.choice([0.3, 1.0, 3.0])
    error = generator.uniform(0.2, 1.0, size) * generator.choice([0.3, 1.0])
    spread = np.hypot(error, 0.3 * np.abs(generator.normal()))
    estimate = generator.normal(slope * (weeks - weeks.mean()) / np.ptp(weeks), spread)
    shape = str(generator.choice(SHAPE_NAMES))
    return Table(estimate, error, cells, shape, float(generator.choice([1.0, 4.0])),
                 abs(slope) / error.min())  # fmt: skip


def enumerated(table, brute, open_weeks):
    """Return the brute-force posterior and the design of a week; None where it is too large."""
    middles = np.array([np.mean(cell) for cell in table.cells if cell])
    observed = Observed.of(np.array([end for cell in table.cells if cell for end in cell]))
    suits = len(observed.distinct) >= SHAPES[table.shape].MINIMUM and np.ptp(middles) > 0
    count = 12 + int(1.4 * table.reach)
    pieces = 1 + len(SHAPES[table.shape].breaks(observed, [])) if suits else 1
    opened = [cell for cell in table.cells if not cell or cell[0] < cell[1]]
    if not suits or (count * pieces) ** len(opened) > 9000:
        return None

    def columns(at):
        return np.column_stack(SHAPES[table.shape].columns(np.asarray(at), observed, []))

    def design(at):
        centred = columns(at) - columns(middles).mean(axis=0)
        return np.column_stack([np.ones(len(at)), centred])

    breaks, designs = [float(week) for week in SHAPES[table.shape].breaks(observed, [])], []
    for cell in table.cells:
        if cell and cell[0] == cell[1]:
            designs.append((design([cell[0]]), np.ones(1)))
        else:
            at, weight = open_weeks(cell, middles, count, breaks=breaks,
                                    ends=(observed.shortest, observed.longest))  # fmt: skip
            designs.append((design(at), weight))
    own = designs[0][0].shape[1] - 1
    known = brute(table.estimate, table.error, designs, [20.0, *[table.change_sd] * own],
                  nodes=150)  # fmt: skip
    return known, design, observed


def _word(cell):
    """Return a duration as a table has it."""
    if cell is None:
        return ""
    low, high = (repr(float(end)) for end in cell)
    return low if low == high else f"{low}-{high}"


def gaps(table, known, design, observed, effects_of):
    """Yield every printed number's distance from the enumeration, its error, and a unit."""
    words = [_word(cell) for cell in table.cells]
    priors = {"mu": "Normal(mu=0, sigma=20)", "tau": "HalfNormal(sigma=1)",
              "change": f"Normal(mu=0, sigma={table.change_sd})"}  # fmt: skip
    asked = effects_of(words, table.estimate, table.error, column="weeks")
    middle = (observed.shortest + observed.longest) / 2
    found = duration(asked, column="weeks", shapes=[table.shape], priors=priors, weeks=[middle])
    row, at = found.shapes.iloc[0], found.predictions.iloc[0]
    change = np.diff(design([observed.shortest, observed.longest]), axis=0)[0]
    level = design([middle])[0]
    yield (
        row["log_marginal_likelihood"] - known.log_evidence,
        row["log_marginal_likelihood_error"],
        1.0,
    )
    yield row["change_p_better"] - known.cdf(change, 0.0), row["change_p_error"], 1.0
    yield at["p_better"] - known.cdf(level, 0.0), at["p_error"], 1.0
    for end, p in ENDS.items():
        yield (
            row[f"change_{end}"] - known.quantile(change, p),
            row["change_error"],
            row["change_sd"],
        )
        yield at[end] - known.quantile(level, p), at["error"], at["sd"]
        yield (
            at[f"new_{end}"] - known.quantile(level, p, new_study=True),
            at["new_error"],
            at["new_sd"],
        )


@pytest.mark.slow
def test_printed_errors_are_honest_in_random_tables(brute, open_weeks, effects_of):
    """No number is further off than ten of its printed errors, and few by 2 % of an SD."""
    ratios, sizes, worst = [], [], (0.0, -1)
    for seed in range(TABLES):
        table = draw(seed)
        exact = enumerated(table, brute, open_weeks)
        if exact is None:
            continue
        own = [(abs(gap) / (error + 1e-5 * unit), abs(gap) / unit)
               for gap, error, unit in gaps(table, *exact, effects_of)]  # fmt: skip
        ratios.append(max(ratio for ratio, _ in own))
        sizes.append(max(size for _, size in own))
        worst = max(worst, (ratios[-1], seed))
    sys.stdout.write(
        f"{len(ratios)} tables: worst ratio {worst[0]:.2f} (table {worst[1]}), "
        f"largest error {max(sizes):.2g} SD, median {np.median(sizes):.1g}\n"
    )

    assert len(ratios) > TABLES / 2
    assert worst[0] < 10
    assert np.mean(np.array(sizes) > 0.02) < 0.1
