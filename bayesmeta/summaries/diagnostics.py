"""Whether a posterior can be trusted: what its engine said, or what its draws show."""

from bayesmeta.engines.diagnostics import Verdict, check
from bayesmeta.summaries.view import Posterior, View, view_of


def diagnostics(posterior: Posterior) -> Verdict:
    """Return the engine's verdict; for a model written by hand, that of its draws."""
    return verdict_of(view_of(posterior))


def verdict_of(view: View) -> Verdict:
    """Return the same of a view."""
    said = view.record("diagnostics")
    if not said:
        return check(view.tree)
    messages = said.get("messages")
    listed = messages if isinstance(messages, list) else []
    return Verdict(bool(said.get("ok", True)), tuple(str(message) for message in listed))
