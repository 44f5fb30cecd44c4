"""Shares and chances where a posterior is integrated row by row."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
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
    found = [normal(prior) for prior in assembly.coefficient_priors.values()]
    powers = np.ones(len(assembly.design)) if assembly.powers is None else assembly.powers
    if any(prior is None for prior in found) or np.any((powers > 0) & (powers < 1)):
        return np.full(len(assembly.design), np.nan)
    generator = np.random.default_rng(_SEED)
    weight = lines.points.weight / lines.points.weight.sum()
    at = generator.choice(weight.size, _CASES, p=weight)
    design, error = assembly.design, assembly.effects.standard_error
    drawn = {name: value[at] for name, value in _values(assembly, lines).items()}
    centre = lines.points.location[at] @ design.T
    spread = drawing.effect_variances(lines, centre, drawn, generator)
    precision = lines.taking * powers / (error**2 + spread)
    information = np.einsum("nk,kp,kq->npq", precision, design, design, optimize=True)
    information += np.diag([prior.precision for prior in found if prior is not None])
    gain = np.linalg.solve(information, np.broadcast_to(row, (_CASES, row.size))[..., np.newaxis])
    return np.asarray(((gain[..., 0] @ design.T) * precision).mean(axis=0))


def _values(assembly: Assembly, lines: Lines) -> dict[str, FloatArray]:
    return {item.name: lines.at_points(item.name) for item in assembly.hyperparameters}
