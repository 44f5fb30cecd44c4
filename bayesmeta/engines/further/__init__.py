"""Integrate over hyperparameters beside tau: an outer product rule around the core."""

from bayesmeta.engines.further.axis import Axis
from bayesmeta.engines.further.joint import Joint
from bayesmeta.engines.further.refining import MOST
from bayesmeta.engines.further.rotated import turned
from bayesmeta.engines.further.rule import integrate_further, integrate_like

__all__ = ["MOST", "Axis", "Joint", "integrate_further", "integrate_like", "turned"]
