"""The keywords that tables, texts and figures of a run share."""

from typing import TypedDict

from bayesmeta.summaries.tails import Benefit


class Intervals(TypedDict):
    """The keywords of every table and figure with intervals."""

    interval: float
    shortest: bool


class Heading(TypedDict):
    """The keywords of a text or figure around its numbers."""

    title: str
    benefit: Benefit | None
    minimal_important_difference: float | None
