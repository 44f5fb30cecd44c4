"""Studies whose duration is a range or not told: each is integrated over its own weeks."""

from bayesmeta.duration_response.gaps.across import integrate_gaps
from bayesmeta.duration_response.gaps.table import OpenStudies

__all__ = ["OpenStudies", "integrate_gaps"]
