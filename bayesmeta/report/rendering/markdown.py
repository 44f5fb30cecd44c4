"""A document as Markdown: for a repository, a notebook, a converter."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from bayesmeta.report.document import (
    Chapter,
    Check,
    Checklist,
    Command,
    Document,
    Figure,
    Formula,
    Items,
    Play,
    Quote,
    Table,
    Words,
)  # fmt: skip

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~])")


def markdown(document: Document) -> bytes:
    r"""Return a document as Markdown with pipe tables; figures by what they show, in words.

    Examples
    --------
    >>> from bayesmeta.report.document import Part
    >>> chapter = Chapter("question", "Question", (Words("Does a_b help?"),))
    >>> print(markdown(Document("Stroke care", (Part("", (chapter,)),))).decode())
    # Stroke care
    <BLANKLINE>
    ## Question
    <BLANKLINE>
    Does a\_b help?
    <BLANKLINE>
    """
    return ("\n\n".join(_parts(document.on_paper())) + "\n").encode()


def _parts(document: Document) -> Iterator[str]:
    yield f"# {escaped(document.title)}"
    for sentence in document.loud:
        yield f"**{escaped(sentence)}**"
    several = len(document.parts) > 1
    for chapter in document.opening:
        yield from _chapter(chapter, "##")
    for part in document.parts:
        if several:
            yield f"## {escaped(part.title)}"
        for chapter in part.chapters:
            yield from _chapter(chapter, "###" if several else "##")
    for chapter in document.closing:
        yield from _chapter(chapter, "##")


def _chapter(chapter: Chapter, heading: str) -> Iterator[str]:
    yield f"{heading} {escaped(chapter.title)}"
    for block in chapter.blocks:
        if said := _BLOCKS[type(block)](block):
            yield said


def _words(block: Words) -> str:
    return f"**{escaped(block.text)}**" if block.loud else escaped(block.text)


def _items(block: Items) -> str:
    return "\n".join(f"- {escaped(sentence)}" for sentence in block.sentences)


def _table(block: Table) -> str:
    dashes = ["---:" if numeric else ":---" for numeric in block.numeric]
    cells = [[escaped(cell) or " " for cell in row] for row in (block.head, *block.rows)]
    lines = [_row(cells[0]), _row(dashes), *(_row(row) for row in cells[1:])]
    notes = "".join(f"\n\n{escaped(note)}" for note in block.notes)
    return f"**{escaped(block.caption)}**\n\n" + "\n".join(lines) + notes


def _checklist(block: Checklist) -> str:
    head = ["item", "asks for", "answered in", "the author adds"]
    rows = [
        [escaped(text) for text in (check.item, check.asks, _titles(check), check.add)]
        for check in block.checks
    ]
    lines = [_row(head), _row([":---"] * len(head)), *(_row(row) for row in rows)]
    return f"**{escaped(block.name)}**\n\n" + "\n".join(lines) + f"\n\n{escaped(block.source)}."


def _titles(check: Check) -> str:
    return "; ".join(title for _, title in check.answers)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _figure(block: Figure) -> str:
    return f"*Figure: {escaped(block.caption)}* {escaped(block.alt)}"


def _formula(block: Formula) -> str:
    return f"    {block.plain}"


def _quote(block: Quote) -> str:
    return f"**{escaped(block.title)}**\n\n> {escaped(block.text)}"


def _command(block: Command) -> str:
    return f"```\n{block.text}\n```"


def _play(block: Play) -> str:
    return ""


_BLOCKS: dict[type, Callable[[Any], str]] = {
    Words: _words, Items: _items, Table: _table, Checklist: _checklist, Figure: _figure,
    Formula: _formula,
    Quote: _quote, Command: _command, Play: _play,
}  # fmt: skip


def escaped(text: str) -> str:
    r"""Return a text that Markdown shows as it is.

    Examples
    --------
    >>> escaped("a|b *c*")
    'a\\|b \\*c\\*'
    """
    return _SPECIAL.sub(r"\\\1", text.replace("\n", " "))
