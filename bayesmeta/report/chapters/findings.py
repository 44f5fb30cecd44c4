"""What was found: in words, the numbers of every parameter, the forest plot."""

from bayesmeta.report.asked import Asked
from bayesmeta.report.chapters.figures import figure
from bayesmeta.report.document import Block, Chapter, Words, table
from bayesmeta.studies.wording import number_of
from bayesmeta.summaries import wording
from bayesmeta.summaries.text import findings as found_of
from bayesmeta.summaries.text import joint_statements
from bayesmeta.summaries.text_tables import parameter_caption, parameter_grid


def findings(asked: Asked) -> Chapter:
    """Return the main findings, the table of parameters and the forest plot."""
    page = asked.page
    blocks: list[Block] = []
    if not page.verdict.ok:
        said = " ".join(page.verdict.messages) or "see the diagnostics"
        blocks.append(Words(f"Diagnostics failed: do not rely on these numbers. {said}", loud=True))
    pairs = [*found_of(page), *joint_statements(page, asked.benefit)]
    rows = [[label, value.strip()] for label, value in pairs]
    blocks.append(
        table(
            "findings",
            f"Findings: medians, {page.interval}s",
            ["quantity", "median [interval]"],
            rows,
        )
    )
    grid = parameter_grid(page)
    caption, *notes = parameter_caption(page)
    shown = wording.with_unit("Posterior of every parameter", wording.unit(page.view))
    blocks.append(table("parameters", shown, grid.head, grid.rows, [caption, *notes]))
    blocks += figure(asked.folder, "forest", "Forest plot.", _alt(asked))
    return Chapter("findings_chapter", "Findings", tuple(blocks))


def _alt(asked: Asked) -> str:
    view, page = asked.view, asked.page
    k = len(view.studies.labels)
    name = view.means[0]
    pooled = wording.with_unit(wording.pooled_title(view), wording.unit(view))
    return (
        f"Forest plot of {number_of(k)} with reported and shrunken effects; "
        f"{pooled}: {page.span(name).bracketed()}, {page.interval}."
    )
