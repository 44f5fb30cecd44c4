"""Densities known at the nodes of a sinc quadrature: of tau, tau squared, I squared."""

from bayesmeta.sinc.density import SincDensity
from bayesmeta.sinc.path import Path
from bayesmeta.sinc.storage import restored, stored
from bayesmeta.sinc.support import Support
from bayesmeta.sinc.transforms import IDENTITY, Fraction, Identity, Logarithm, Square, Transform

__all__ = [
    "IDENTITY",
    "Fraction",
    "Identity",
    "Logarithm",
    "Path",
    "SincDensity",
    "Square",
    "Support",
    "Transform",
    "restored",
    "stored",
]
