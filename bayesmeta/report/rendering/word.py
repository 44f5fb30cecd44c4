"""A document as a Word file."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from bayesmeta.errors import OutputError
from bayesmeta.report.document import (
    Chapter,
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

_MANY, _SMALL = 6, 8  # from so many columns on, letters of so many points


def docx(document: Document) -> bytes:
    """Return a document as a Word file, tables as Word's own.

    Raises
    ------
    OutputError
        If python-docx is not installed.

    Examples
    --------
    >>> from bayesmeta.report.document import Part
    >>> chapter = Chapter("question", "Question", (Words("Does it help?"),))
    >>> docx(Document("Stroke care", (Part("", (chapter,)),)))[:2]
    b'PK'
    """
    try:
        from docx import Document as File
    except ImportError as error:
        raise OutputError(
            "A Word report needs python-docx, which is not installed; "
            'pip install "bayesmeta[report]" brings it, and .html and .md need nothing.'
        ) from error
    file = File()
    file.add_heading(document.title, 0)
    for sentence in document.loud:
        _loud(file, sentence)
    document = document.on_paper()
    several = len(document.parts) > 1
    for chapter in document.opening:
        _chapter(file, chapter, 1)
    for part in document.parts:
        if several:
            file.add_heading(part.title, 1)
        for chapter in part.chapters:
            _chapter(file, chapter, 2 if several else 1)
    for chapter in document.closing:
        _chapter(file, chapter, 1)
    written = BytesIO()
    file.save(written)
    return written.getvalue()


def _chapter(file: Any, chapter: Chapter, level: int) -> None:  # noqa: ANN401  (it ships no types)
    file.add_heading(chapter.title, level)
    for block in chapter.blocks:
        _BLOCKS[type(block)](file, block)


def _loud(file: Any, sentence: str) -> None:  # noqa: ANN401
    file.add_paragraph().add_run(sentence).bold = True


def _words(file: Any, block: Words) -> None:  # noqa: ANN401
    if block.loud:
        _loud(file, block.text)
    else:
        file.add_paragraph(block.text)


def _items(file: Any, block: Items) -> None:  # noqa: ANN401
    for sentence in block.sentences:
        file.add_paragraph(sentence, style="List Bullet")


def _table(file: Any, block: Table) -> None:  # noqa: ANN401
    _caption(file, block.caption)
    _grid(file, [block.head, *block.rows])
    for note in block.notes:
        file.add_paragraph(note)


def _checklist(file: Any, block: Checklist) -> None:  # noqa: ANN401
    _caption(file, block.name)
    rows = [
        (check.item, check.asks, "; ".join(title for _, title in check.answers), check.add)
        for check in block.checks
    ]
    _grid(file, [("item", "asks for", "answered in", "the author adds"), *rows])
    file.add_paragraph(f"{block.source}.")


def _caption(file: Any, text: str) -> None:  # noqa: ANN401
    """Write what stands above a table, on the same page as it."""
    file.add_paragraph(text, style="Caption").paragraph_format.keep_with_next = True


def _grid(file: Any, cells: Sequence[Sequence[str]]) -> None:  # noqa: ANN401
    """Write a table; its head comes again on every page, and no row is torn."""
    from docx.shared import Pt

    made = file.add_table(rows=len(cells), cols=len(cells[0]), style="Light List")
    for place, (row, texts) in enumerate(zip(made.rows, cells, strict=True)):
        _keep(row, is_head=place == 0)
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
            if len(texts) >= _MANY:
                for run in cell.paragraphs[0].runs:
                    run.font.size = Pt(_SMALL)


def _keep(row: Any, *, is_head: bool) -> None:  # noqa: ANN401
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()  # noqa: SLF001  (there is no call for it)
    for name in ("w:cantSplit", *(["w:tblHeader"] if is_head else [])):
        properties.append(OxmlElement(name))


def _figure(file: Any, block: Figure) -> None:  # noqa: ANN401
    if block.png:
        page = file.sections[0]
        room = page.page_width - page.left_margin - page.right_margin
        picture = file.add_picture(BytesIO(block.png), width=room)
        picture._inline.docPr.set("descr", block.alt)  # noqa: SLF001  (there is no call for it)
        file.paragraphs[-1].paragraph_format.keep_with_next = True
    file.add_paragraph(f"Figure: {block.caption}", style="Caption")


def _formula(file: Any, block: Formula) -> None:  # noqa: ANN401
    file.add_paragraph(block.plain)


def _quote(file: Any, block: Quote) -> None:  # noqa: ANN401
    _loud(file, block.title)
    file.add_paragraph(block.text, style="Quote")


def _command(file: Any, block: Command) -> None:  # noqa: ANN401
    file.add_paragraph(block.text, style="No Spacing")


def _play(file: Any, block: Play) -> None:  # noqa: ANN401
    """Leave out what paper has no use for."""


_BLOCKS: dict[type, Callable[[Any, Any], None]] = {
    Words: _words, Items: _items, Table: _table, Checklist: _checklist, Figure: _figure,
    Formula: _formula,
    Quote: _quote, Command: _command, Play: _play,
}  # fmt: skip
