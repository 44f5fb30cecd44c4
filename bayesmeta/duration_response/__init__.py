"""Whether longer studies show the better effect, and how long is enough."""

from bayesmeta.duration_response.answer import duration
from bayesmeta.duration_response.graph import duration_model
from bayesmeta.duration_response.location_scale import location_scale_model
from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.selection import select_moderators
from bayesmeta.duration_response.subgroups import Subgroups, subgroups

__all__ = [
    "Duration",
    "Subgroups",
    "duration",
    "duration_model",
    "location_scale_model",
    "select_moderators",
    "subgroups",
]
