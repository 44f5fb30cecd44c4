"""Finite normal mixtures: distribution, quantiles, modes, intervals, draws."""

from bayesmeta.mixtures.distribution import Distribution
from bayesmeta.mixtures.normal import NormalMixture

__all__ = ["Distribution", "NormalMixture"]
