"""Does longer work better, and how long is enough."""

from pathlib import Path

from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.sentences import answers
from bayesmeta.duration_response.text import (
    WEEKS_TITLE,
    change_grid,
    prediction_grid,
    shape_grid,
    strip_grid,
    strip_title,
    week_grid,
)  # fmt: skip
from bayesmeta.duration_response.words import scale
from bayesmeta.report.chapters.figures import drawn
from bayesmeta.report.document import Block, Chapter, Items, table
from bayesmeta.summaries.prior_words import prior_phrase


def duration(found: Duration, folder: Path) -> Chapter:
    """Return the answers in sentences, the tables, the figures and the warnings."""
    about = f"{found.column}, {scale(found)}"
    tables = {
        "duration_shapes": ("Shapes", shape_grid(found)),
        "duration_effects": (f"Effect at chosen {about}, averaged over the shapes",
                             prediction_grid(found)),
        "duration_changes": (f"Changes between {about}", change_grid(found)),
        "duration_first_week": (WEEKS_TITLE, week_grid(found)),
        "duration_priors": (strip_title(found), strip_grid(found)),
    }  # fmt: skip
    blocks: list[Block] = [Items(answers(found))]
    blocks += [
        table(key, title, grid.head, grid.rows)
        for key, (title, grid) in tables.items()
        if grid is not None
    ]
    blocks.append(Items(tuple(prior_phrase(name, said) for name, said in found.priors.items())))
    blocks += drawn(folder, answers(found)[0])
    if found.warnings or found.notes:
        blocks.append(Items((*found.warnings, *found.notes)))
    return Chapter("duration", "Duration", tuple(blocks))
