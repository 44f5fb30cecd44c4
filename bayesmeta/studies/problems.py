"""Everything that is wrong with a table, in one message."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bayesmeta.errors import StudiesError
from bayesmeta.studies.table import place

SHOWN = 20
"""Problems printed; the rest are counted."""


class Problem(NamedTuple):
    """One thing that is wrong: the row, the column as the message names it, and what it is."""

    row: int
    column: str
    complaint: str


class Place(NamedTuple):
    """What is needed to say where a row stands."""

    source: str
    lines: tuple[int, ...]
    labels: Sequence[str]

    def sentence(self, problem: Problem) -> str:
        """Return the line of the message for one problem."""
        line, label = self.lines[problem.row], self.labels[problem.row]
        where = place(self.source, line, study=label)
        column = f", column {problem.column}" if problem.column else ""
        return f"{where}{column}: {problem.complaint}"


def refuse(problems: Iterable[Problem], where: Place, *, first: Sequence[str] = ()) -> None:
    """Raise unless there is no problem; the message has one line each, in file order.

    Parameters
    ----------
    first
        Sentences on the table as a whole.

    Raises
    ------
    StudiesError
        With the first 20 problems and the number of the others.
    """
    ordered = sorted(problems, key=lambda problem: problem.row)
    sentences = [where.sentence(problem) for problem in ordered[:SHOWN]]
    if len(ordered) > SHOWN:
        sentences.append(f"... and {len(ordered) - SHOWN} more")
    sentences = [*first, *sentences]
    if sentences:
        raise StudiesError("\n".join(sentences))
