"""Describe the asymmetry of the funnel, where small studies differ from large ones.

Asymmetry has many causes; publication bias is one. None of this corrects an estimate.
"""

from bayesmeta.frequentist.funnel.asymmetry import Asymmetry
from bayesmeta.frequentist.funnel.begg import begg
from bayesmeta.frequentist.funnel.egger import egger
from bayesmeta.frequentist.funnel.trim_and_fill import TrimAndFill, trim_and_fill

__all__ = ["Asymmetry", "TrimAndFill", "begg", "egger", "trim_and_fill"]
