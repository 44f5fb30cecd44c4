"""Chapters put together: the part of one outcome, and the document of all."""

from collections.abc import Sequence

from bayesmeta import schema
from bayesmeta.report.asked import Asked
from bayesmeta.report.chapters import AFTER, BEFORE
from bayesmeta.report.checklist import checklist
from bayesmeta.report.document import Chapter, Document, Part, Words, table
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.tails import tail

_NONE = "\N{EN DASH}"


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
    opening = (_overview(outcomes),) if several else ()
    return Document(title if several and title else parts[0].title, parts, opening, loud=said)


def _overview(outcomes: Sequence[Asked]) -> Chapter:
    rows = [row for asked in outcomes for row in _rows(asked)]
    head = ["outcome", "measure", "studies", "mean effect, median [interval]", "new study", "tau",
            "P(benefit)"]  # fmt: skip
    notes = ["Effects in each outcome's unit; tau of ratio measures on the log scale."]
    return Chapter(
        "overview",
        "All outcomes",
        (
            Words("Each outcome was analysed on its own unless its chapter says otherwise."),
            table("overview_table", "Outcomes side by side", head, rows, notes),
        ),
    )


def _rows(asked: Asked) -> list[list[str]]:
    view, page = asked.view, asked.page
    measure = wording.with_unit(wording.measure_code(view), wording.unit(view))
    spread = page.span(schema.TAU).bracketed() if schema.TAU in page else _NONE
    fresh = next((page.span(name).bracketed() for name in view.news if name in page), _NONE)
    return [
        [
            view.word("outcome") or wording.heading(view, asked.title), measure,
            str(len(view.studies.labels)), page.span(name).bracketed(), fresh, spread,
            _chance(asked, name),
        ]
        for name in view.means
    ]  # fmt: skip


def _chance(asked: Asked, name: str) -> str:
    if asked.benefit is None:
        return "direction not stated"
    side = asked.side(name)
    found = tail(asked.view, name, benefit=side, beyond=None)
    return f"{digits.probability(found.benefit, found.benefit_error)} ({side})"
