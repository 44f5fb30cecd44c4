"""Excel workbooks (.xlsx), read with openpyxl."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from bayesmeta.errors import StudiesError
from bayesmeta.studies.limits import MOST_CELLS, MOST_ROWS, require_no_bomb, require_plain_xml
from bayesmeta.studies.rows import Grid

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.cell_range import CellRange
    from openpyxl.worksheet.worksheet import Worksheet

title = "Excel workbook"

_MARK = b"PK\x03\x04"
_CONTENTS = "[Content_Types].xml"
_MOST_XML = 16 * 1024**2
_MOST_SHEET = 8 * 1024**2
_SHEET_CELLS = 100_000
"""Above these a sheet is no table of studies: it is not parsed, but may stand beside one."""

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_TOO_LARGE = "bayesmeta: too large a sheet"
_PLACEHOLDER = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    f'<row r="1"><c r="A1" t="inlineStr"><is><t>{_TOO_LARGE}</t></is></c></row></sheetData>'
    "</worksheet>"
)


def recognises(content: bytes) -> bool:
    """Return whether it is a zip with a workbook inside."""
    if not content.startswith(_MARK):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError):
        return False
    return _CONTENTS in names and any(name.startswith("xl/") for name in names)


def grids(content: bytes, *, source: str) -> tuple[Grid, ...]:
    """Return every sheet that holds something, cells as text.

    Raises
    ------
    StudiesError
        If it cannot be opened safely, or not at all.
    """
    _require_safe(content, source=source)
    content, formulas = _without_large(content)
    shown, written = _sheets(content, source=source, formulas=formulas)
    found = [_grid(*pair, source) for pair in zip(shown, written, strict=True)]
    return tuple(grid for grid in found if grid.rows)


def _require_safe(content: bytes, *, source: str) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        require_no_bomb(archive, source=source)
        parts = [one for one in archive.infolist() if one.filename.endswith((".xml", ".rels"))]
        others = [one.file_size for one in parts if not _SHEET.fullmatch(one.filename)]
        if sum(others) > _MOST_XML:
            raise StudiesError(
                f"{source}: its sheets are larger than a table of studies; keep the sheet with the "
                "studies, or save it as CSV."
            )
        try:
            for part in parts:
                with archive.open(part) as handle:
                    require_plain_xml(handle.read(65536), source=f"{source}, {part.filename}")
        except zipfile.BadZipFile as error:
            raise StudiesError(f"{source}: a damaged workbook ({error}).") from error


def _without_large(content: bytes) -> tuple[bytes, bool]:
    """Return the workbook with a word for each sheet that is too large; whether it has formulas."""
    large, formulas = set(), False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            if not _SHEET.fullmatch(part.filename):
                continue
            if part.file_size > _MOST_SHEET:
                large.add(part.filename)
                continue
            text = archive.read(part)
            formulas = formulas or b"<f" in text
            if text.count(b"<c ") > _SHEET_CELLS or text.count(b"<row ") > MOST_ROWS:
                large.add(part.filename)
        if not large:
            return content, formulas
        lighter = io.BytesIO()
        with zipfile.ZipFile(lighter, "w") as written:
            for name in archive.namelist():
                written.writestr(name, _PLACEHOLDER if name in large else archive.read(name))
    return lighter.getvalue(), formulas


def _sheets(
    content: bytes, *, source: str, formulas: bool
) -> tuple[list["Worksheet"], list["Worksheet"]]:
    """Return the sheets with the values that Excel stored, and with the formulas."""
    import warnings

    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles that it does not keep
            shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
            written = openpyxl.load_workbook(io.BytesIO(content)) if formulas else shown
    except Exception as error:  # what a damaged workbook makes openpyxl raise has no common root
        raise StudiesError(
            f"{source}: a workbook that cannot be read ({type(error).__name__}: {error}); open it "
            "in Excel and save it again, or save the sheet as CSV."
        ) from error
    return list(shown.worksheets), list(written.worksheets)


def _grid(sheet: "Worksheet", formulas: "Worksheet", source: str) -> Grid:
    """Return a sheet as text; only cells that exist are visited, however far apart."""
    name = str(sheet.title)
    where = f"{source}, sheet {name!r}"
    if sheet["A1"].value == _TOO_LARGE:
        larger = f"{where}: more than {MOST_ROWS} rows or {_SHEET_CELLS} cells"
        smaller = "a table of studies is far smaller. Copy it to a sheet of its own"
        return Grid(name, ((1, ("",)),), (), (f"{larger}; {smaller}.",))
    if sheet.max_row * sheet.max_column > MOST_CELLS or sheet.max_row > MOST_ROWS:
        reach = f"cells up to row {sheet.max_row} and column {sheet.max_column}"
        smaller = "a table of studies is far smaller. Copy it to a sheet of its own"
        return Grid(name, ((1, ("",)),), (), (f"{where}: {reach}; {smaller}.",))
    pairs = zip(sheet.iter_rows(), formulas.iter_rows(), strict=True)
    rows, problems = [], [*_merged(formulas, where)]
    for number, (values, sources) in enumerate(pairs, start=1):
        problems += _hollow(values, sources, where)
        rows.append((number, tuple(_text(cell) for cell in values)))
    filled = tuple((number, cells) for number, cells in rows if any(cells))
    return Grid(name, filled, (), tuple(problems) if filled or problems else ())


def _merged(sheet: "Worksheet", where: str) -> Iterator[str]:
    """Yield a sentence on merged cells that are no title in one row, nor the groups of a header."""
    first = _first_number(sheet)
    body = [
        area.coord
        for area in sheet.merged_cells.ranges
        if not (area.min_row == area.max_row and _alone(sheet, area.min_row))
        and not _is_group(sheet, area, first)
    ]
    if body:
        yield (
            f"{where}: merged cells {', '.join(sorted(body))}; only the first of each holds a "
            "value. Unmerge them and fill every cell."
        )


def _first_number(sheet: "Worksheet") -> int:
    """Return the first row that holds a number."""
    for row in sheet.iter_rows():
        if any(isinstance(cell.value, int | float) for cell in row):
            return int(row[0].row or 1)
    return 1


def _is_group(sheet: "Worksheet", area: "CellRange", first: int) -> bool:
    """Return whether merged cells stand over headings, or are one heading over two rows."""
    if area.min_col == area.max_col:
        return bool(area.max_row < first and area.max_row == area.min_row + 1)
    below = [sheet.cell(area.max_row + 1, column).value
             for column in range(area.min_col, area.max_col + 1)]  # fmt: skip
    alone = area.min_row == area.max_row < first - 1
    return bool(alone and all(value is not None for value in below))


def _alone(sheet: "Worksheet", row: int) -> bool:
    return sum(cell.value is not None for cell in sheet[row]) <= 1


def _hollow(values: "tuple[Cell, ...]", sources: "tuple[Cell, ...]", where: str) -> Iterator[str]:
    for value, formula in zip(values, sources, strict=True):
        if formula.data_type == "f" and value.value is None:
            yield (
                f"{where}, cell {formula.coordinate}: the formula {_shown(formula.value)} without "
                "a stored value; open the workbook in Excel and save it."
            )
        elif value.data_type == "e":
            yield f"{where}, cell {formula.coordinate}: Excel's error {value.value}."


def _shown(formula: object) -> str:
    text = str(getattr(formula, "text", formula))
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004  (a line)


def _text(cell: "Cell") -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return str(value).strip()
