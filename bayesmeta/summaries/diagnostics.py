"""Whether a posterior can be trusted: what its engine said, or what its draws show."""

from typing import TYPE_CHECKING

from bayesmeta.engines.diagnostics import Verdict, check
from bayesmeta.summaries.contents import record

if TYPE_CHECKING:
    import xarray as xr


def diagnostics(posterior: "xr.DataTree") -> Verdict:
    """Return the engine's verdict; for a model written by hand, that of its draws."""
    said = record(posterior, "diagnostics")
    if not said:
        return check(posterior)
    messages = said.get("messages")
    listed = messages if isinstance(messages, list) else []
    return Verdict(bool(said.get("ok", True)), tuple(str(message) for message in listed))
