"""A toy family of priors: Rayleigh, which is Weibull's of shape two; PyMC has none of that name."""

import numpy as np

from bayesmeta.priors.family import Family
from bayesmeta.priors.traits import LIGHT, Functions, Graph, Kind


def _log_density(x, log_x, *, s):
    return log_x - 2 * np.log(s) - (x / s) ** 2 / 2


def _graph_log_density(x, s):
    import pytensor.tensor as pt

    return pt.log(x) - 2 * pt.log(s) - (x / s) ** 2 / 2


def _draws(size, s):
    import pymc as pm

    return pm.Weibull.dist(alpha=2, beta=s * 2**0.5, size=size)


RAYLEIGH = Family(
    name="Rayleigh",
    kinds={"s": Kind.SCALE},
    forms=(("s",),),
    suits=frozenset({"tau"}),
    functions=Functions(
        log_density=_log_density,
        cdf=lambda x, *, s: -np.expm1(-((x / s) ** 2) / 2),
        survival=lambda x, *, s: np.exp(-((x / s) ** 2) / 2),
        quantile=lambda p, *, s: s * np.sqrt(-2 * np.log1p(-p)),
    ),
    support=lambda **_: (0.0, np.inf),
    tail=lambda **_: LIGHT,
    graph=Graph(log_density=_graph_log_density, draws=_draws, start=lambda s: s),
)
