"""What a report is made of, before it is a page: plain data that any page is made from.

Every table and figure has a key. The checklist points at keys, so that an item whose evidence is
not in the document says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

_NUMBERS = "0123456789[<>\N{MINUS SIGN}\N{INFINITY}\N{EN DASH}"


@dataclass(frozen=True)
class Words:
    """A paragraph of plain text.

    Parameters
    ----------
    loud
        Whether it must not be overlooked: a failed diagnostic, simulated data.
    """

    text: str
    loud: bool = False


@dataclass(frozen=True)
class Items:
    """A list of sentences."""

    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of texts, every number at the digits that its error supports.

    Parameters
    ----------
    key
        What the checklist calls it.
    caption
        What it shows, with units.
    head, rows
        Texts; the first column names the row.
    notes
        What the columns mean.
    """

    key: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Whether a column is of numbers, which stand to the right; words stand to the left."""
        columns = zip(*self.rows, strict=True) if self.rows else (() for _ in self.head)
        return tuple(all(not cell or cell[0] in _NUMBERS for cell in column) for column in columns)


@dataclass(frozen=True)
class Check:
    """What a guideline asks, and where it is answered.

    Parameters
    ----------
    answers
        Key and title of each chapter, table or figure that answers it; empty where nothing does.
    add
        What the author must add; empty where nothing is lacking.
    """

    item: str
    asks: str
    answers: tuple[tuple[str, str], ...]
    add: str


@dataclass(frozen=True)
class Checklist:
    """A guideline held against the document.

    Parameters
    ----------
    source
        Where the guideline is published.
    """

    key: str
    name: str
    source: str
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Figure:
    """A figure as SVG text.

    Parameters
    ----------
    alt
        What it shows, for those who do not see it: as much as a caption says.
    png
        The same as an image, for pages that take no SVG.
    """

    key: str
    caption: str
    alt: str
    svg: str
    png: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Formula:
    """A line of mathematics.

    Parameters
    ----------
    mathml
        A ``math`` element.
    plain
        The same as text.
    """

    mathml: str
    plain: str


@dataclass(frozen=True)
class Quote:
    """A paragraph to paste into a paper."""

    title: str
    text: str


@dataclass(frozen=True)
class Command:
    """What to type.

    Parameters
    ----------
    key
        What the checklist calls it.
    """

    text: str
    key: str = "command"


@dataclass(frozen=True)
class Play:
    """Numbers to play with: what the page's own arithmetic starts from.

    Parameters
    ----------
    data
        As JSON has it: estimates, standard errors, priors, unit, what each must come out as.
    """

    key: str
    data: dict[str, object]


type Block = Words | Items | Table | Checklist | Figure | Formula | Quote | Command | Play


@dataclass(frozen=True)
class Chapter:
    """Blocks under a heading.

    Parameters
    ----------
    key
        Its anchor.
    is_live
        Whether it is about what only a page in a browser does.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
    is_live: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """What of it a checklist can point at: itself, its tables and its figures."""
        return frozenset({self.key, *(block.key for block in self.blocks if hasattr(block, "key"))})


@dataclass(frozen=True)
class Part:
    """The chapters of one outcome."""

    title: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class Document:
    """A report.

    Parameters
    ----------
    parts
        One an outcome.
    opening
        Chapters before them: what all outcomes say, side by side.
    loud
        What stands at its head whatever is read of it: failed diagnostics, simulated data.
    """

    title: str
    parts: tuple[Part, ...]
    opening: tuple[Chapter, ...] = ()
    closing: tuple[Chapter, ...] = ()
    loud: tuple[str, ...] = ()

    def tables(self) -> Iterator[Table]:
        """Yield every table, in order."""
        for chapter in self.chapters():
            yield from (block for block in chapter.blocks if isinstance(block, Table))

    def on_paper(self) -> "Document":
        """Return it without what only a page in a browser does."""
        parts = (
            replace(part, chapters=tuple(each for each in part.chapters if not each.is_live))
            for part in self.parts
        )
        return replace(self, parts=tuple(parts))

    def chapters(self) -> Iterator[Chapter]:
        """Yield every chapter, in order."""
        yield from self.opening
        for part in self.parts:
            yield from part.chapters
        yield from self.closing


def table(
    key: str,
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    notes: Sequence[str] = (),
) -> Table:
    """Return a table of what sequences hold.

    Raises
    ------
    ValueError
        If a row is not as long as the head: a programmer's slip.

    Examples
    --------
    >>> table("studies", "Studies", ["study", "n"], [["Umea", "110"]]).rows
    (('Umea', '110'),)
    """
    if any(len(row) != len(head) for row in rows):
        raise ValueError(f"Table {key}: a row is not as long as its head, {list(head)}.")
    return Table(key, caption, tuple(head), tuple(tuple(row) for row in rows), tuple(notes))
