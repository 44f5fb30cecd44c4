"""The studies: what each reported, what was made of it, what was left out."""

from collections.abc import Iterator, Mapping

import numpy as np

from bayesmeta.report.asked import Asked
from bayesmeta.report.document import Block, Chapter, Items, Words, table
from bayesmeta.summaries import wording
from bayesmeta.summaries.remarks import APPROXIMATE
from bayesmeta.summaries.studies import weights
from bayesmeta.summaries.text_tables import group_grid, study_grid

_MOST = 1000


def studies(asked: Asked) -> Chapter:
    """Return the table of studies, the conversions and what was dropped."""
    found = study_grid(asked.page, most=_MOST, logged=False)
    said = wording.unit(asked.view)
    unit = f", {said}" if said else ""
    blocks: list[Block] = []
    if found is None:
        blocks.append(Words("The posterior does not say what its studies reported."))
    else:
        what = "estimate from its counts" if asked.view.is_approximate else "reported estimate"
        caption = f"Studies{unit}: {what}, and the study's effect given all"
        blocks.append(table("studies", caption, found.head, found.rows, _notes(asked)))
    groups = group_grid(asked.page, most=_MOST, logged=False)
    if groups is not None:
        role = asked.view.follows.grouped
        blocks.append(table("groups", f"Effects of {role}s{unit}", groups.head, groups.rows))
    blocks += [*_conversions(asked), *_dropped(asked)]
    return Chapter("studies_chapter", "Studies", tuple(blocks))


def _notes(asked: Asked) -> list[str]:
    rest = len(asked.view.studies.labels) - _MOST
    more = [f"{rest} more studies are in the table of study effects."] if rest > 0 else []
    said = [APPROXIMATE] if asked.view.is_approximate else []
    weight = " Weight: its share in the mean effect." if _weighed(asked) else ""
    return [f"CI: the study's own interval.{weight}", *said, *more]


def _weighed(asked: Asked) -> bool:
    return not np.isnan(weights(asked.view, asked.view.studies)).all()


def _conversions(asked: Asked) -> Iterator[Block]:
    """Yield a table of what was done to the reported numbers, or the sentence that nothing was."""
    rows = [row for row in asked.view.listing("provenance") if isinstance(row, Mapping)]
    if not rows:
        yield Words("What the estimates were computed from is not stored with this posterior.")
        return
    kinds: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        said = (_listed(row.get("columns")), _listed(row.get("conversions")) or "none")
        kinds.setdefault(said, []).append(str(row.get("study")))
    total = len(rows)
    yield table(
        "conversions",
        "What each estimate was computed from, and what was done to it",
        ["studies", "computed from", "conversions"],
        [
            [f"all {total}" if len(names) == total else ", ".join(names), columns, done]
            for (columns, done), names in kinds.items()
        ],
    )


def _listed(names: object) -> str:
    return "; ".join(map(str, names)) if isinstance(names, list) else ""


def _dropped(asked: Asked) -> Iterator[Block]:
    said = [
        f"Dropped: {row.get('study')}: {row.get('reason')}."
        for row in asked.view.listing("dropped")
        if isinstance(row, Mapping)
    ]
    said += [f"{note}" for note in asked.view.listing("notes")]
    yield Items(tuple(said)) if said else Words("No study was dropped.")
