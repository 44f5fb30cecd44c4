"""Pool tables of counts without weighing single studies by their own variance."""

from bayesmeta.frequentist.binary.mantel_haenszel import mantel_haenszel
from bayesmeta.frequentist.binary.peto import peto

__all__ = ["mantel_haenszel", "peto"]
