"""What a check of the table of studies found, where one was made."""

from bayesmeta.report.asked import Asked
from bayesmeta.report.document import Chapter, Items


def doctor(asked: Asked) -> Chapter | None:
    """Return the findings, a sentence each; None where the table was not checked."""
    if asked.doctor is None:
        return None
    said = asked.doctor or ("The check of the table found nothing.",)
    return Chapter("doctor", "Check of the table of studies", (Items(said),))
