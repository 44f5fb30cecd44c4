"""Integrate models whose rows inform an effect through a likelihood on a line.

Each row i says L_i(theta); effects are scale mixtures of normals around x_i b::

    E_i(m) = sum_q w_q * integral of L_i(theta) Normal(theta; m, v_q) d theta
    p(b, hyperparameters | data) ~ prior * product of E_i(x_i b)
"""

from bayesmeta.engines.lines import drawing
from bayesmeta.engines.lines.conditional import Conditional
from bayesmeta.engines.lines.integrate import integrate_lines, require_all_proper
from bayesmeta.engines.lines.limits import most
from bayesmeta.engines.lines.posterior import Lines
from bayesmeta.engines.lines.storage import LATTICE, restored_lines, stored_lines

__all__ = [
    "LATTICE",
    "Conditional",
    "Lines",
    "drawing",
    "integrate_lines",
    "most",
    "require_all_proper",
    "restored_lines",
    "stored_lines",
]
