"""Study effects that are not normal: what each row says of its centre, and shapes under it."""

from bayesmeta.duration_response.lines.across import centred_road, integrate_shape, integrate_tables
from bayesmeta.duration_response.lines.law import Law, law_of
from bayesmeta.duration_response.lines.road import Road, road_of

__all__ = [
    "Law",
    "Road",
    "centred_road",
    "integrate_shape",
    "integrate_tables",
    "law_of",
    "road_of",
]
