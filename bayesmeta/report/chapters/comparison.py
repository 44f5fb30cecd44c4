"""Beside the classical rows, and why they differ."""

from pathlib import Path

from bayesmeta.comparison import wording
from bayesmeta.comparison.both import Comparison
from bayesmeta.comparison.gap_words import gap_sentences
from bayesmeta.comparison.text import comparison_grid, legend
from bayesmeta.report.chapters.figures import figure
from bayesmeta.report.document import Block, Chapter, Items, Words, table


def comparison(found: Comparison, folder: Path) -> Chapter:
    """Return the rows of every coefficient, and the gap in words and as a figure."""
    blocks: list[Block] = []
    for quantity in map(str, found.table["coefficient"].unique()):
        grid = comparison_grid(found.table, quantity)
        title = wording.quantity_title(found.table.attrs, quantity)
        key = "comparison" if not blocks else f"comparison_{quantity}"
        blocks.append(table(key, title, grid.head, grid.rows))
    notes = tuple(found.table.attrs["messages"])
    blocks += [Words(" ".join(legend(found.table))), *([Items(notes)] if notes else [])]
    rows = "Estimates and intervals of the Bayesian and the classical rows, as in the table."
    blocks += figure(folder, "comparison", "Bayesian and classical rows.", rows)
    if found.gap is not None:
        sentences = gap_sentences(found.gap)
        blocks.append(Words(" ".join(sentences)))
        blocks += figure(folder, "gap", "From a classical to the Bayesian row, step by step.",
                         " ".join(sentences))  # fmt: skip
    return Chapter("comparison_chapter", "Beside classical estimators", tuple(blocks))
