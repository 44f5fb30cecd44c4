"""Zip archives: the Cochrane Library's data package, or a table packed alone."""

import csv
import io
import zipfile
from collections.abc import Iterator

from bayesmeta.errors import StudiesError
from bayesmeta.studies.encodings import decoded
from bayesmeta.studies.limits import MOST_UNPACKED, require_no_bomb
from bayesmeta.studies.rows import Grid

title = "zip archive"

_MARK = b"PK\x03\x04"
_DEPTH = 2
_SHEET = "content.xml"
_ROWS = "data-rows.csv"
_SETTINGS = "overall-estimates-and-settings.csv"
_GROUPS = "subgroup-estimates.csv"
_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".rm5")

type _Files = dict[str, bytes]


def recognises(content: bytes) -> bool:
    """Return whether it is a zip archive."""
    return content.startswith((_MARK, b"PK\x05\x06"))


def grids(content: bytes, *, source: str) -> tuple[Grid, ...]:
    """Return the data rows of a Cochrane data package, or every table of another archive.

    Raises
    ------
    StudiesError
        If it cannot be opened safely, or holds no table.
    """
    from bayesmeta.studies.formats.register import format_of

    files: _Files = {}
    for name, inside in _files(content, source=source, depth=0):
        files[name] = inside
        if sum(map(len, files.values())) > MOST_UNPACKED:
            more = "archives inside it unpack to more than a table of studies"
            raise StudiesError(f"{source}: {more}; keep the table of studies alone.")
    rows = [name for name in files if name.endswith(_ROWS)]
    if rows:
        return tuple(_data_rows(files, name, source=source) for name in rows)
    tables = [name for name in files if name.lower().endswith(_TABLES)]
    if not tables:
        if b"word/document.xml" in content:
            raise StudiesError(f"{source}: a Word document; copy its table into a CSV file.")
        held = ", ".join(files) or "nothing"
        raise StudiesError(f"{source}: a zip archive without a table in it; it holds: {held}.")
    found = []
    for name in tables:
        inner = format_of(files[name]).grids(files[name], source=f"{source}, {name}")
        found += [grid._replace(name=f"{name}: {grid.name}" if len(inner) > 1 else name)
                  for grid in inner]  # fmt: skip
    return tuple(found)


def _files(content: bytes, *, source: str, depth: int) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive, and of archives inside it, by their names alone."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            require_no_bomb(archive, source=source)
            if _SHEET in archive.namelist() and "mimetype" in archive.namelist():
                raise StudiesError(
                    f"{source}: an OpenDocument sheet (.ods); save it as .xlsx or CSV."
                )
            for member in archive.infolist():
                name = member.filename.rpartition("/")[2]
                if member.is_dir() or not name or name.startswith("."):
                    continue
                if name.lower().endswith(".zip") and depth < _DEPTH:
                    inner = archive.read(member)
                    yield from _files(inner, source=f"{source}, {name}", depth=depth + 1)
                elif name.lower().endswith(_TABLES):
                    yield name, archive.read(member)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise StudiesError(
            f"{source}: not a text file but a damaged zip archive ({error})."
        ) from error


def _data_rows(files: _Files, name: str, *, source: str) -> Grid:
    """Return the data rows with the type and measure that the settings beside them state."""
    stem = name.removesuffix(_ROWS)
    text, notes = decoded(files[name], source=f"{source}, {name}")
    header, *body = list(csv.reader(io.StringIO(text))) or [[]]
    settings = _settings(files.get(stem + _SETTINGS, b""), source=source)
    numbers = _groups(files.get(stem + _GROUPS, b""), source=source)
    extra = ("Data type", "Effect measure", "Analysis group name", "Subgroup number")
    rows = [(1, (*header, *extra))]
    for line, row in enumerate(body, start=2):
        key = tuple(row[:2])
        group = row[3] if len(row) > 3 else ""  # noqa: PLR2004  (its place in the header)
        own = settings.get(key, ("", "", ""))
        rows.append((line, (*(cell.strip() for cell in row), *own, numbers.get((*key, group), ""))))
    return Grid("", tuple(rows), notes)


def _settings(content: bytes, *, source: str) -> dict[tuple[str, ...], tuple[str, str, str]]:
    text, _ = decoded(content, source=source)
    return {
        (row["Analysis group"], row["Analysis number"]): (
            row["Data type"], row["Effect measure"], row["Analysis group name"],
        )
        for row in csv.DictReader(io.StringIO(text))
        if {"Analysis group", "Analysis number", "Data type", "Effect measure",
            "Analysis group name"} <= set(row)
    }  # fmt: skip


def _groups(content: bytes, *, source: str) -> dict[tuple[str, ...], str]:
    text, _ = decoded(content, source=source)
    return {
        (row["Analysis group"], row["Analysis number"], row["Subgroup"]): row["Subgroup number"]
        for row in csv.DictReader(io.StringIO(text))
        if {"Analysis group", "Analysis number", "Subgroup", "Subgroup number"} <= set(row)
    }
