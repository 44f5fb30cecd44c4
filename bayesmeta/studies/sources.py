"""Rows of text out of a CSV file or a pandas frame."""

import csv
import io
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bayesmeta.errors import StudiesError
from bayesmeta.studies.problems import SHOWN
from bayesmeta.studies.table import FRAME

if TYPE_CHECKING:
    import pandas as pd

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}


class Rows(NamedTuple):
    """A table as text: every cell stripped, every row as long as the header."""

    source: str
    header: tuple[str, ...]
    cells: list[list[str]]
    lines: tuple[int, ...]
    notes: tuple[str, ...] = ()


def rows_of_file(path: "str | os.PathLike[str]") -> Rows:
    """Return the rows of a CSV file (UTF-8; comma, semicolon or tab).

    The delimiter is the one most frequent in the header line, and is looked for nowhere else.
    Lines without any filled cell are left out.

    Raises
    ------
    StudiesError
        If the file cannot be read, is empty, is not text, or a row is ragged.
    """
    source = os.fspath(path)
    text = _text(Path(path), source=source)
    delimiter = _delimiter(text)
    records = _records(text, delimiter, source=source)
    filled = [(line, cells) for line, cells in records if any(cells)]
    if not filled:
        raise StudiesError(f"{source}: the file is empty.")
    (_, header), *body = filled
    _refuse_ragged(header, body, source=source)
    if not body:
        raise StudiesError(f"{source}: no studies; there is a header and no row below it.")
    lines, cells = zip(*body, strict=True)
    return Rows(source, tuple(header), list(cells), lines, _notes(delimiter))


def rows_of_frame(frame: "pd.DataFrame") -> Rows:
    """Return the rows of a pandas frame; its index is not read.

    Raises
    ------
    StudiesError
        If it is not a frame, or has no rows.
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        kind = type(frame).__name__
        raise StudiesError(f"A table of studies is a file's path or a DataFrame, not a {kind}.")
    if frame.empty:
        raise StudiesError(f"{FRAME}: no studies; the frame has no rows.")
    header = tuple(str(name).strip() for name in frame.columns)
    columns = [
        [
            _cell(value, missing=missing)
            for value, missing in zip(column, column.isna(), strict=True)
        ]
        for _, column in frame.items()
    ]
    cells = [list(row) for row in zip(*columns, strict=True)]
    return Rows(FRAME, header, cells, tuple(range(1, len(frame) + 1)))


def _cell(value: object, *, missing: bool) -> str:
    if missing:
        return ""
    # Labels 1.0, 2.0 ... come from integers that pandas widened.
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() else repr(float(value))
    return str(value).strip()


def _text(path: Path, *, source: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StudiesError(f"{source}: cannot be read ({error.strerror}).") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudiesError(
            f"{source}: not a text file in UTF-8 (byte {error.start}); "
            "save the table as CSV, encoding UTF-8."
        ) from error
    if "\0" in text:
        raise StudiesError(f"{source}: not a text file; save the table as CSV, encoding UTF-8.")
    return text


def _delimiter(text: str) -> str:
    header = next(filter(str.strip, io.StringIO(text, newline="")), "")
    return max(DELIMITERS, key=header.count)


def _records(text: str, delimiter: str, *, source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line on which it starts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for record in reader:
            yield start, [cell.strip() for cell in record]
            start = reader.line_num + 1
    except csv.Error as error:
        raise StudiesError(
            f"{source}, line {start}: not a row of a CSV table ({error})."
        ) from error


def _refuse_ragged(header: list[str], body: list[tuple[int, list[str]]], *, source: str) -> None:
    ragged = [(line, len(cells)) for line, cells in body if len(cells) != len(header)]
    if ragged:
        first = f"{source}: {len(header)} columns in the header, but"
        lines = [f"line {line} has {width} cells" for line, width in ragged[:SHOWN]]
        more = f" ... and {len(ragged) - SHOWN} more" if len(ragged) > SHOWN else ""
        raise StudiesError(f"{first} {'; '.join(lines)}{more}.")


def _notes(delimiter: str) -> tuple[str, ...]:
    return () if delimiter == "," else (f"Cells are separated by a {DELIMITERS[delimiter]}.",)
