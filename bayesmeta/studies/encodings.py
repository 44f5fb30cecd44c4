"""Text out of the bytes of a file."""

import codecs

from bayesmeta.errors import StudiesError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", ""),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_HOW = "save the table as CSV, encoding UTF-8"
_HEAD = 4096
_BINARY = 0.02
_KINDS = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Excel workbook (.xls); save it as .xlsx or CSV",
    b"%PDF": "a PDF; copy its table into a CSV file",
    b"RDX": "data of R; write the table with write.csv(table, row.names = FALSE)",
    b"\x1f\x8b": "packed with gzip; unpack a table first, and write data of R (.rds, .rda) with "
    "write.csv(table, row.names = FALSE)",
    b"$FL2": "data of SPSS; save the table as CSV",
    b"<stata_dta>": "data of Stata; save the table with export delimited",
    b"r\x02": "data of Stata; save the table with export delimited",
    b"s\x02": "data of Stata; save the table with export delimited",
    b"PAR1": "a Parquet file; save the table as CSV",
    b"SAS     ": "data of SAS; save the table as CSV",
}
_MARKED = {
    **dict.fromkeys((b"[{", b"[\n", b"[\r", b"{"), "JSON; save the table as CSV"),
    **dict.fromkeys((b"<!doctype html", b"<html"), "a web page; copy its table into a CSV file"),
    b"<?xml": "XML, and no review of RevMan 5; save the table as CSV",
}
"""Text that is marked up: no header line begins so."""


def decoded(content: bytes, *, source: str) -> tuple[str, tuple[str, ...]]:
    r"""Return the text of a file, and what was decided: UTF-8, UTF-16, else Windows-1252.

    Raises
    ------
    StudiesError
        If it is not text.

    Examples
    --------
    >>> decoded("Umeå".encode("cp1252"), source="x.csv")[1]
    ('The file is not UTF-8; it is read as Windows-1252 (cp1252).',)
    """
    for start, kind in _KINDS.items():
        if content.startswith(start):
            raise StudiesError(f"{source}: not a text file but {kind}.")
    for start, kind in _MARKED.items():
        if content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(start):
            raise StudiesError(f"{source}: not a table but {kind}.")
    text, encoding = _text(content, source=source)
    odd = sum(text[:_HEAD].count(chr(code)) for code in (*range(9), *range(14, 32), 127))
    if "\0" in text or odd > _BINARY * min(len(text), _HEAD):
        raise StudiesError(f"{source}: not a text file; {_HOW}.")
    said = {"UTF-16": "The file is read as UTF-16.",
            "cp1252": "The file is not UTF-8; it is read as Windows-1252 (cp1252)."}  # fmt: skip
    return text, (said[encoding],) if encoding else ()


def _text(content: bytes, *, source: str) -> tuple[str, str]:
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            return _strictly(content, codec, source=source), name
    unmarked = _unmarked(content)
    if unmarked:
        return _strictly(content, unmarked, source=source), "UTF-16"
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _strictly(content, "cp1252", source=source), "cp1252"


def _strictly(content: bytes, codec: str, *, source: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        raise StudiesError(
            f"{source}: not a text file in UTF-8, UTF-16 or Windows-1252 "
            f"(byte {error.start}); {_HOW}."
        ) from error


def _unmarked(content: bytes) -> str:
    """Return UTF-16's codec if every second byte of the beginning is zero, as in English."""
    head = content[:_HEAD]
    even, odd = head[0::2], head[1::2]
    if not odd or 0 not in head:
        return ""
    if odd.count(0) > 0.9 * len(odd) and 0 not in even:
        return "utf-16-le"
    if even.count(0) > 0.9 * len(even) and 0 not in odd:
        return "utf-16-be"
    return ""
