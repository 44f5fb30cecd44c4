"""One posterior, one file: written whole, and checked when it is read."""

from bayesmeta.archive.reading import read_posterior
from bayesmeta.archive.saving import save_posterior

__all__ = ["read_posterior", "save_posterior"]
