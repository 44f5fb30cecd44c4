"""Shares and chances where cohorts that may be biased are too many for every case of who is."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines.lines import Conditional, Lines
from bayesmeta.priors import normal

_CASES, _SEED = 4000, 14
"""Cases drawn of who is biased: shares are averages over them, right to about 0.1 %."""


def chances(assembly: Assembly, lines: Lines) -> FloatArray:
    """Return how probable a bias of each study is at each point, shape (point, study)."""
    centre = lines.points.location @ assembly.design.T
    return Conditional.of(assembly).chances(centre, _values(assembly, lines))


def shares_by_row(assembly: Assembly, lines: Lines, row: FloatArray) -> FloatArray:
    """Return each study's share in the posterior mean of row @ coefficients, shape (study,).

    As `shares`, over cases of who is biased that are drawn from the posterior, by a seed that
    stays; nan where a coefficient's prior is not normal.
    """
    found = [normal(prior) for prior in assembly.coefficient_priors.values()]
    if any(prior is None for prior in found):
        return np.full(len(assembly.design), np.nan)
    generator = np.random.default_rng(_SEED)
    weight = lines.points.weight / lines.points.weight.sum()
    at = generator.choice(weight.size, _CASES, p=weight)
    chance = chances(assembly, lines)[at]
    there = (generator.random(chance.shape) < chance).astype(float)
    drawn = {name: value[at, np.newaxis] for name, value in _values(assembly, lines).items()}
    drawn |= {f"biased[{study}]": each[:, np.newaxis] for study, each in enumerate(there.T)}
    precision = lines.taking / assembly.covariance(drawn).variance
    design = assembly.design
    information = np.einsum("nk,kp,kq->npq", precision, design, design, optimize=True)
    information += np.diag([prior.precision for prior in found if prior is not None])
    gain = np.linalg.solve(information, np.broadcast_to(row, (_CASES, row.size))[..., np.newaxis])
    return np.asarray(((gain[..., 0] @ design.T) * precision).mean(axis=0))


def _values(assembly: Assembly, lines: Lines) -> dict[str, FloatArray]:
    return {item.name: lines.at_points(item.name) for item in assembly.hyperparameters}
