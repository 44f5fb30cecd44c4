"""A coefficient that is there or not: two posteriors, weighed by their evidence.

Where it is not, points stand at 0 with a step that is as narrow as no bias is computed with.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.biases.parameter import SHARE
from bayesmeta.engines.lines.points import Points
from bayesmeta.engines.lines.posterior import Lines
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.sinc import SincDensity

_BEYOND = 24.0
"""How far, in its own coordinate, one density may reach beyond another."""
_NOTHING = 1e-300
_LEAST = 1e-18
"""Masses of less, relative to the largest, are left out at the ends."""


def either(assembly: Assembly, integrated: Callable[[Assembly], Lines], spike: float) -> Lines:
    """Return the posterior of a model whose last coefficient is 0, or has its prior.

    Parameters
    ----------
    integrated
        Integrates a model that is certain.
    spike
        Standard deviation of no bias.
    """
    share = assembly.fixed[SHARE.name]
    with np.errstate(divide="ignore"):
        prior = np.log([1 - share, share])
    cases = [integrated(_without(assembly)), integrated(_with(assembly))]
    evidence = prior + np.array([case.log_marginal_likelihood[0] for case in cases])
    total = log_sum(evidence[np.newaxis])
    chance = np.exp(evidence - total)
    return replace(
        cases[1],
        points=_joined([_padded(cases[0].points, spike), cases[1].points], chance),
        fixed=assembly.fixed,
        marginals={name: _mixed([case.marginals[name] for case in cases], chance)
                   for name in cases[1].marginals},
        log_marginal_likelihood=total,
        error=np.atleast_1d(chance @ np.array([case.error[0] for case in cases])),
        spike=spike,
    )  # fmt: skip


def _with(assembly: Assembly) -> Assembly:
    return replace(assembly, model=assembly.model.with_part("bias", "design"))


def _without(assembly: Assembly) -> Assembly:
    """Return the model without its last coefficient."""
    own = assembly.location
    *kept, last = own.coefficients
    location = replace(own, design=own.design[:, :-1], coefficients=tuple(kept))
    priors = {name: prior for name, prior in assembly.priors.items() if name != last.name}
    model = assembly.model.with_part("bias", "none")
    return replace(assembly, model=model, location=location, priors=priors)


def _padded(points: Points, spike: float) -> Points:
    """Return points with one more coefficient, which is 0."""
    location = np.column_stack([points.location, np.zeros(len(points.location))])
    covariance = np.pad(points.covariance, ((0, 0), (0, 1), (0, 1)))
    covariance[:, -1, -1] = spike**2
    return replace(points, location=location, covariance=covariance)


def _joined(cases: Sequence[Points], chance: FloatArray) -> Points:
    starts = np.cumsum([0, *(len(each.covariance) for each in cases)])
    names = cases[0].values
    return Points(
        np.concatenate([each.node + start for each, start in zip(cases, starts, strict=False)]),
        np.concatenate([each.location for each in cases]),
        np.concatenate([p * each.weight for p, each in zip(chance, cases, strict=True)]),
        np.concatenate([p * each.coarse_weight for p, each in zip(chance, cases, strict=True)]),
        {name: np.concatenate([each.values[name] for each in cases]) for name in names},
        np.concatenate([each.covariance for each in cases]),
        np.concatenate([each.mixing for each in cases]),
    )


def _mixed(cases: Sequence[SincDensity], chance: FloatArray) -> SincDensity:
    """Return a mixture of densities, on the line of the likelier one at half its step."""
    own = cases[int(chance.argmax())]
    step = float(own.step[0]) / 2
    count = 2 * (own.log_weight.shape[-1] - 1)
    more = int(_BEYOND / step / 8)
    t = float(own.first[0]) + step * np.arange(-more, count + more + 1)
    x = np.asarray(own.path.value(t)[0])
    with np.errstate(divide="ignore"):  # beyond all numbers, where nothing is
        slope = step * np.exp(np.asarray(own.path.log_slope(t)[0]))
    masses = []
    for both in (cases, [case.coarse() for case in cases]):
        each = [p * np.asarray(case.density(x))[0] for p, case in zip(chance, both, strict=True)]
        masses.append(np.nan_to_num(np.sum(each, axis=0) * slope))
    kept = np.flatnonzero(masses[0] > _LEAST * masses[0].max())
    chosen = slice(kept[0], kept[-1] + 1)
    logs = [np.log(np.maximum(mass[chosen] / mass[chosen].sum(), _NOTHING)) for mass in masses]
    first = np.array([t[chosen][0]])
    return SincDensity(own.path, first, np.array([step]), logs[0][np.newaxis],
                       rough=logs[1][np.newaxis])  # fmt: skip
