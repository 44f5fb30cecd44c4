"""The tables of a document to take along: each as CSV, all on one page to paste into a paper."""

from collections.abc import Iterator
from csv import writer
from html import escape
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bayesmeta.report.document import Chapter, Document, Part, Table
from bayesmeta.report.rendering.html import named
from bayesmeta.sheets import escaped

_PLAIN = str.maketrans({"\N{MINUS SIGN}": "-", "\N{INFINITY}": "inf", "\N{NO-BREAK SPACE}": " "})
_CELL = "border: 1px solid #000; padding: 2px 6px; vertical-align: top; text-align:"
_PAGE = "tables.html"


def sheets(document: Document) -> bytes:
    """Return a ZIP file of every table as CSV, and of a page that word processors paste from.

    Numbers have the digits that are printed; minus signs are hyphens, so that programs read them.

    Examples
    --------
    >>> from bayesmeta.report.document import Chapter, Part, table
    >>> shown = table("n", "Patients", ["study", "n"], [["Umea", "110"]])
    >>> document = Document("", (Part("", (Chapter("studies", "Studies", (shown,)),)),))
    >>> ZipFile(BytesIO(sheets(document))).namelist()
    ['n.csv', 'tables.html']
    """
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as files:
        for name, found in _named(document):
            files.writestr(_entry(f"{name}.csv"), _csv(found))
        page = "".join(_pasteable(found) for _, found in _named(document))
        head = f'<!doctype html><meta charset="utf-8"><title>{escape(document.title)}</title>'
        files.writestr(_entry(_PAGE), f"{head}{page}\n")
    return packed.getvalue()


def _named(document: Document) -> Iterator[tuple[str, Table]]:
    """Yield every table with its name: several outcomes have a table of one key each."""
    several = len(document.parts) > 1
    chapters: list[tuple[Chapter, Part | None]] = [(chapter, None) for chapter in document.opening]
    chapters += [(chapter, part if several else None)
                 for part in document.parts for chapter in part.chapters]  # fmt: skip
    chapters += [(chapter, None) for chapter in document.closing]
    for chapter, part in chapters:
        for block in chapter.blocks:
            if isinstance(block, Table):
                yield named(block.key, part), block


def _entry(name: str) -> ZipInfo:
    """Return an entry without the time of day, so that the same tables are the same file."""
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    return entry


def _csv(found: Table) -> str:
    written = StringIO()
    rows = writer(written)
    for row in (found.head, *found.rows):
        rows.writerow([escaped(cell.translate(_PLAIN)) for cell in row])
    return f"\ufeff{written.getvalue()}"


def _pasteable(found: Table) -> str:
    sides = ["right" if numeric else "left" for numeric in found.numeric]

    def row(cells: tuple[str, ...], tag: str) -> str:
        shown = (f'<{tag} style="{_CELL} {side}">{escape(cell)}</{tag}>'
                 for cell, side in zip(cells, sides, strict=True))  # fmt: skip
        return f"<tr>{''.join(shown)}</tr>\n"

    body = "".join(row(each, "td") for each in found.rows)
    notes = "".join(f"<p>{escape(note)}</p>\n" for note in found.notes)
    return (
        f"<p><b>{escape(found.caption)}</b></p>\n"
        f'<table style="border-collapse: collapse">\n{row(found.head, "th")}{body}</table>\n{notes}'
    )
