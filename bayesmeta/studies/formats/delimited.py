"""Text tables: cells separated by a comma, a semicolon, a tab or blanks."""

import csv
import io
import re
from collections.abc import Iterator

from bayesmeta.errors import StudiesError
from bayesmeta.studies.encodings import decoded
from bayesmeta.studies.limits import MOST_CELLS, require_small_text
from bayesmeta.studies.rows import Grid

title = "text table"

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}

_BLANK = " "
_SAID = {mark: f"a {word}" for mark, word in DELIMITERS.items()} | {_BLANK: "blanks"}
_TOKEN = re.compile(r'"([^"]*)"|(\S+)')
_SEP = re.compile(r"\"?sep=([^\w\s\"']|\t)\"?[ \t,;]*(?:\r\n|\r|\n)", re.IGNORECASE)
_LOOKED_AT = 50


def recognises(content: bytes) -> bool:
    """Return True: what is nothing else is taken for text, and refused if it is none."""
    return True


def grids(content: bytes, *, source: str) -> tuple[Grid, ...]:
    """Return the one table of a text file.

    The first line ``sep=;`` that Excel writes decides the delimiter; else it is the one most
    frequent in the header line, and where several are there, the one that gives rows of equal
    length. Blanks separate where nothing else does and every row has as many words, words in
    quotes being one, as R's write.table has them.

    Raises
    ------
    StudiesError
        If it is not text, or too large for a table of studies.
    """
    require_small_text(content, source=source)
    text, notes = decoded(content, source=source)
    stated = _SEP.match(text)
    first, body = (2, text[stated.end() :]) if stated else (1, text)
    delimiter = stated.group(1) if stated else _delimiter(body, source=source)
    rows, problems = _records(body, delimiter, first=first, source=source)
    if stated:
        notes += (f"Line 1 says that cells are separated by {delimiter!r}.",)
    elif delimiter != ",":
        notes += (f"Cells are separated by {_SAID[delimiter]}.",)
    return (Grid(delimiter, rows, notes, problems),)


def _delimiter(text: str, *, source: str) -> str:
    lines = [line for line in io.StringIO(text[:65536], newline=None) if line.strip()]
    if not lines:
        return ","
    header = re.sub(r'"[^"]*"', "", lines[0])
    present = [mark for mark in DELIMITERS if mark in header]
    if set(present) <= {"\t"} and _is_blank(lines, present):
        return _BLANK
    if not present and len(header.split()) > 2 and len(lines) > 1:  # noqa: PLR2004  (columns)
        raise StudiesError(
            f"{source}: no comma, semicolon or tab in the header line {lines[0].strip()!r}; "
            "separate the cells by one of them."
        )
    if len(present) < 2:  # noqa: PLR2004  (nothing to choose)
        return present[0] if present else ","
    return max(present, key=lambda mark: (_even(lines[:_LOOKED_AT], mark), header.count(mark)))


def _is_blank(lines: list[str], present: list[str]) -> bool:
    """Return whether every line has as many words as the header, or one more: R's row names."""
    if len(lines) == 1 or (present and _even(lines[:_LOOKED_AT], present[0]) == 1):
        return False
    widths = [len(_words(line)) for line in lines]
    return widths[0] > 2 and set(widths[1:]) in ({widths[0]}, {widths[0] + 1})  # noqa: PLR2004


def _words(line: str) -> list[str]:
    return [quoted or bare for quoted, bare in _TOKEN.findall(line)]


def _even(lines: list[str], mark: str) -> float:
    """Return the share of lines with as many cells as the header."""
    widths = [len(row) for row in csv.reader(lines, delimiter=mark)]
    return sum(width == widths[0] for width in widths) / len(widths)


type _Lines = tuple[tuple[int, tuple[str, ...]], ...]
type _Said = tuple[str, ...]


def _records(text: str, delimiter: str, *, first: int, source: str) -> tuple[_Lines, _Said]:
    """Return each record with the line on which it starts, and what stopped the reading."""
    found: list[tuple[int, tuple[str, ...]]] = []
    cells = 0
    try:
        for line, record in _numbered(text, delimiter, first=first):
            found.append((line, tuple(cell.strip() for cell in record)))
            cells += len(record)
            if cells > MOST_CELLS:
                raise StudiesError(
                    f"{source}: more than {MOST_CELLS} cells; a table of studies has far fewer. "
                    "Keep the rows and columns of the studies."
                )
    except csv.Error as error:
        line = found[-1][0] + 1 if found else first
        return tuple(found), (f"{source}, line {line}: not a row of a CSV table ({error}).",)
    return tuple(found), ()


def _numbered(text: str, delimiter: str, *, first: int) -> Iterator[tuple[int, list[str]]]:
    if delimiter == _BLANK:
        yield from _blank_lines(text, first=first)
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = first
    for record in reader:
        yield start, record
        start = reader.line_num + first


def _blank_lines(text: str, *, first: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the words of each line; the column of R's row names gets a heading without a name."""
    lines = enumerate(map(_words, io.StringIO(text, newline=None)), start=first)
    filled = [(line, words) for line, words in lines if words]
    (line, header), *body = filled
    named = body and len(body[0][1]) == len(header) + 1
    yield line, ["", *header] if named else header
    yield from body
