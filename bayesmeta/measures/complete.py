"""The rows that can be analysed: no gap, one row of each study unless more are allowed."""

from collections.abc import Mapping, Sequence

import numpy as np

from bayesmeta.errors import StudiesError
from bayesmeta.measures.effects import Dropped
from bayesmeta.measures.inputs import Inputs, gaps
from bayesmeta.measures.repeats import repeats
from bayesmeta.measures.significance import offer
from bayesmeta.studies import Studies
from bayesmeta.studies.wording import choice

_SHOWN = 20


def complete_rows(
    studies: Studies, chosen: Inputs, *, missing: str, repeated: bool
) -> tuple[Studies, Inputs, tuple[Dropped, ...]]:
    """Return the rows without gaps, and what was dropped.

    Raises
    ------
    StudiesError
        If rows have gaps and dropping is not allowed, none is left, or a study stands in several
        and that is not allowed.
    """
    lacking = gaps(chosen)
    holes = {
        row: [name for name, gap in lacking.items() if gap[row]] for row in range(len(studies))
    }
    reasons = {row: ", ".join(names) for row, names in holes.items() if names}
    sentences = []
    if reasons and missing == "error":
        offered = "" if chosen.tested else offer(studies)
        sentences = _gap_sentences(studies, reasons, offered=offered)
        reasons = {}
    if len(reasons) == len(studies):
        raise StudiesError(f"{studies.source}: no study is left; each lacks a needed cell.")
    kept = np.array([row not in reasons for row in range(len(studies))])
    rows = studies.take(kept)
    sentences += [] if repeated else repeats(rows)
    if sentences:
        raise StudiesError("\n".join(sentences))
    labels = studies.labels
    dropped = tuple(Dropped(labels[row], f"no {names}") for row, names in reasons.items())
    return rows, chosen.take(kept), dropped


def _gap_sentences(studies: Studies, reasons: Mapping[int, str], *, offered: str) -> list[str]:
    lines = [f"{studies.place(row)}: no {names}." for row, names in reasons.items()]
    advice = f"Fill the cells, or leave the rows out with {choice('missing', 'drop')}."
    return shortened(lines, " ".join(filter(None, [advice, offered])))


def shortened(lines: Sequence[str], advice: str) -> list[str]:
    """Return the first lines of many, how many more there are, and what would do."""
    more = [f"... and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return [*lines[:_SHOWN], *more, advice]
