"""Tables as files."""

import io
import zipfile
from pathlib import Path

import pytest


@pytest.fixture
def file(tmp_path):
    """Return a file named trials.csv with the given text or bytes."""

    def make(content: str | bytes, *, name: str = "trials.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


@pytest.fixture
def workbook():
    """Return the bytes of a workbook with the given rows by sheet."""

    def make(sheets, *, merged=()):
        import openpyxl

        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
            for area in merged:
                sheet.merge_cells(area)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    return make


@pytest.fixture
def packed():
    """Return the bytes of a zip archive with the given contents by name."""

    def make(members):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, inner in members.items():
                archive.writestr(name, inner)
        return content.getvalue()

    return make
