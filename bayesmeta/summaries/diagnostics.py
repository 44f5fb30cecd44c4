"""Whether a posterior can be trusted: what its engine said, or what its draws show."""

from bayesmeta.engines.diagnostics import Verdict, check
from bayesmeta.summaries.view import Posterior, view_of


def diagnostics(posterior: Posterior) -> Verdict:
    """Return the engine's verdict; for a model written by hand, that of its draws."""
    view = view_of(posterior)
    said = view.record("diagnostics")
    if not said:
        return check(view.tree)
    messages = said.get("messages")
    listed = messages if isinstance(messages, list) else []
    return Verdict(bool(said.get("ok", True)), tuple(str(message) for message in listed))
