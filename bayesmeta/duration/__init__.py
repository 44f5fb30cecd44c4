"""Does longer work better, and how long is enough."""

from bayesmeta.duration.answer import duration
from bayesmeta.duration.graph import duration_model
from bayesmeta.duration.location_scale import location_scale_model
from bayesmeta.duration.result import Duration
from bayesmeta.duration.selection import select_moderators
from bayesmeta.duration.subgroups import Subgroups, subgroups

__all__ = [
    "Duration",
    "Subgroups",
    "duration",
    "duration_model",
    "location_scale_model",
    "select_moderators",
    "subgroups",
]
