"""Chapters put together: the part of one outcome, and the document of all."""

from collections.abc import Sequence

from bayesmeta.report.asked import Asked
from bayesmeta.report.chapters import AFTER, BEFORE
from bayesmeta.report.checklist import checklist
from bayesmeta.report.document import Chapter, Document, Part
from bayesmeta.report.overview import overview
from bayesmeta.summaries import wording


def part(asked: Asked, further: Sequence[Chapter] = ()) -> Part:
    """Return the chapters of one outcome.

    Parameters
    ----------
    further
        Chapters of further questions: comparison, sensitivity, duration.
    """
    before, after = (
        [chapter for made in each.values() if (chapter := made(asked)) is not None]
        for each in (BEFORE, AFTER)
    )
    chapters = [*before, *further, *after]
    return Part(wording.heading(asked.view, asked.title), (*chapters, checklist(chapters)))


def loud(asked: Asked) -> tuple[str, ...]:
    """Return what no reader of an outcome's chapters may overlook."""
    said = []
    if wording.is_simulated(asked.view, asked.title):
        said.append("SIMULATED data, not real: every number and figure of this report.")
    if not asked.page.verdict.ok:
        name = wording.heading(asked.view, asked.title)
        said.append(f"{name}: diagnostics failed. {' '.join(asked.page.verdict.messages)}")
    return tuple(said)


def document(
    outcomes: Sequence[Asked], further: Sequence[Sequence[Chapter]], *, title: str = ""
) -> Document:
    """Return the report of all outcomes: an overview first where there are several.

    Parameters
    ----------
    further
        The further chapters of each outcome.
    title
        Of the whole; that of the outcome where there is one.
    """
    parts = tuple(part(asked, more) for asked, more in zip(outcomes, further, strict=True))
    said = tuple(dict.fromkeys(line for asked in outcomes for line in loud(asked)))
    several = len(parts) > 1
    opening = (overview(outcomes),) if several else ()
    return Document(title if several and title else parts[0].title, parts, opening, loud=said)
