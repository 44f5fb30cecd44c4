"""Shares and chances where a posterior is integrated row by row."""

from collections.abc import Mapping

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.cohorts.sampled import Sampled
from bayesmeta.cohorts.tails.sides import Sides
from bayesmeta.cohorts.tails.tailed import Tailed
from bayesmeta.engines.lines import Conditional, Lines, drawing
from bayesmeta.priors import normal

_CASES, _SEED = 4000, 14
"""Cases drawn of who is biased: shares are averages over them, right to about 0.1 %."""


def chances(assembly: Assembly, lines: Lines) -> FloatArray:
    """Return how probable a bias of each study is at each point, shape (point, study)."""
    centre = lines.points.location @ assembly.design.T
    return Conditional.of(assembly).chances(centre, _values(assembly, lines))


def shares_by_row(assembly: Assembly, lines: Lines, row: FloatArray) -> FloatArray:
    """Return each study's share in the posterior mean of row @ coefficients, shape (study,).

    As `shares`, over cases drawn from the posterior, by a seed that stays: of who is biased, and of
    the normals that t effects are mixtures of. Nan where a coefficient's prior is not normal, and
    where a power of a mixture is none.
    """
    generator = np.random.default_rng(_SEED)
    weight = lines.points.weight / lines.points.weight.sum()
    at = generator.choice(weight.size, _CASES, p=weight)
    drawn = {name: value[at] for name, value in _values(assembly, lines).items()}
    centre = lines.points.location[at] @ assembly.design.T
    spread = drawing.effect_variances(lines, centre, drawn, generator)
    return _averaged(assembly, lines.taking / (assembly.effects.standard_error**2 + spread), row)


def shares_of_draws(assembly: Assembly, found: Sampled, row: FloatArray) -> FloatArray:
    """Return the same of a posterior that is known by draws."""
    generator = np.random.default_rng(_SEED)
    coefficients, scales = found.some(_CASES, generator)
    centre = coefficients @ assembly.design.T
    given = Conditional.of(assembly)
    spread = drawing.effect_variances(given, centre, scales, generator)
    return _averaged(assembly, 1 / (assembly.effects.standard_error**2 + spread), row)


def shares_of_tables(assembly: Assembly, found: Tailed, row: FloatArray) -> FloatArray:
    """Return the same of a posterior from the tables that members with t effects share."""
    cohort, power = found.tables.sides.cohort, found.way.power
    taking = float(found.way.trials) * (1 - cohort) + power * cohort
    if 0 < power < 1:
        return np.full(cohort.size, np.nan)
    generator = np.random.default_rng(_SEED)
    values, (slope, effect, other) = found.drawn(_CASES, generator)
    centre = np.where(cohort > 0, other[:, np.newaxis], effect[:, np.newaxis])
    centre = centre + slope[:, np.newaxis] * found.tables.sides.slope
    spread = _variances(found.tables.sides, centre, values, generator)
    return _averaged(assembly, taking / (assembly.effects.standard_error**2 + spread), row)


def _variances(
    sides: Sides, centre: FloatArray, values: Mapping[str, FloatArray],
    generator: np.random.Generator,
) -> FloatArray:  # fmt: skip
    """Return draws of the variances of t effects around their centres, (case, study).

    Of one of the kernel's normals each, by how likely it is of the row.
    """
    both = [sides.scales(values, cohorts=side) for side in (False, True)]
    found = np.empty(centre.shape)
    for row, (estimate, error) in enumerate(zip(sides.estimate, sides.error, strict=True)):
        own = both[int(sides.cohort[row] > 0)]
        # In two arrays: of so many cases each further one costs as much as its arithmetic.
        total = error**2 + own.variance
        share = (estimate - centre[:, row, np.newaxis]) ** 2 / total
        share += np.log(total, out=total)
        share *= -0.5
        share += own.log_weight
        share -= share.max(axis=1, keepdims=True)
        upto = np.cumsum(np.exp(share, out=share), axis=1, out=share)
        level = generator.random((len(centre), 1)) * upto[:, -1:]
        at = np.minimum((upto < level).sum(axis=1), total.shape[1] - 1)
        found[:, row] = own.variance[np.arange(len(centre)) % len(own.variance), at]
    return found


def _averaged(assembly: Assembly, precision: FloatArray, row: FloatArray) -> FloatArray:
    """Return shares averaged over cases, of rows' precisions in each, shape (case, study)."""
    found = [normal(prior) for prior in assembly.coefficient_priors.values()]
    powers = np.ones(len(assembly.design)) if assembly.powers is None else assembly.powers
    if any(prior is None for prior in found) or np.any((powers > 0) & (powers < 1)):
        return np.full(len(assembly.design), np.nan)
    design, precision = assembly.design, precision * powers
    information = np.einsum("nk,kp,kq->npq", precision, design, design, optimize=True)
    information += np.diag([prior.precision for prior in found if prior is not None])
    gain = np.linalg.solve(information, np.broadcast_to(row, (_CASES, row.size))[..., np.newaxis])
    return np.asarray(((gain[..., 0] @ design.T) * precision).mean(axis=0))


def _values(assembly: Assembly, lines: Lines) -> dict[str, FloatArray]:
    return {item.name: lines.at_points(item.name) for item in assembly.hyperparameters}
