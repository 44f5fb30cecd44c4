"""What is asked of the durations of a table, before shapes are weighed."""

from collections.abc import Sequence
from dataclasses import dataclass

from bayesmeta.duration_response.beside import Beside
from bayesmeta.duration_response.candidates import Skipped
from bayesmeta.duration_response.others import Others
from bayesmeta.duration_response.question import Question
from bayesmeta.duration_response.scales import Scales
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.measures.effects import Effects


@dataclass(frozen=True, eq=False)
class Posed:
    """One question, checked.

    Parameters
    ----------
    effects, column
        The table, and where it says how long studies took.
    durations
        What that column says.
    beside
        The model whose parts stand beside every shape.
    others, scales
        Moderators beside the duration; priors and spreads.
    question
        What is to be told.
    shapes, skipped
        Names of the shapes that are weighed; those that the durations do not suit.
    p_constant
        Prior probability of no change.
    """

    effects: Effects
    column: str
    durations: Durations
    beside: Beside
    others: Others
    scales: Scales
    question: Question
    shapes: Sequence[str]
    skipped: Sequence[Skipped]
    p_constant: float

    @property
    def read(self) -> tuple[str, ...]:
        """Columns that are looked at already."""
        location = self.others.location
        return (*(() if location is None else location.moderators), *self.beside.columns)
