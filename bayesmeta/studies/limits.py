"""How large and how deep a file may be before it is opened."""

import re
import zipfile
from typing import IO

from bayesmeta.errors import StudiesError

MOST_BYTES = 64 * 1024**2
"""Of a file as it lies on the disk."""

MOST_TEXT = 16 * 1024**2
"""Of a table that is text."""

MOST_UNPACKED = 64 * 1024**2
"""Of what an archive says it unpacks to, in all."""

MOST_PACKING = 200
"""Bytes unpacked for a byte packed, of one member; sheets pack 5 to 50 times."""

MOST_ROWS = 20_000
MOST_CELLS = 500_000
"""No table of studies is longer, or larger."""

_SMALL = 1024**2
_HEAD = 65536
_DECLARED = re.compile(rb"<\s*!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def bounded(handle: IO[bytes], *, source: str) -> bytes:
    """Return the bytes of a file, unless there are more than a table of studies has.

    Raises
    ------
    StudiesError
        If there are more than 64 MiB.
    """
    content = handle.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise StudiesError(
            f"{source}: more than {MOST_BYTES // 1024**2} MiB; a table of studies has one row a "
            "study or an arm and is far smaller. Keep the rows and columns of the studies."
        )
    return content


def require_small_text(text: bytes, *, source: str) -> None:
    """Raise if a text is larger, or has more lines, than any table of studies."""
    if len(text) > MOST_TEXT:
        raise StudiesError(
            f"{source}: {len(text) / 1024**2:.0f} MiB of text; a table of studies has one row a "
            f"study or an arm, and less than {MOST_TEXT // 1024**2} MiB. Keep the rows of studies."
        )
    lines = max(text.count(b"\n"), text.count(b"\r"))
    if lines > MOST_ROWS:
        raise StudiesError(
            f"{source}: {lines} lines; a table of studies has one row a study or an arm, at most "
            f"{MOST_ROWS}. Keep the rows of the studies."
        )


def require_no_bomb(archive: zipfile.ZipFile, *, source: str) -> None:
    """Raise if an archive says that it unpacks to far more than a table; nothing is unpacked."""
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED:
        raise StudiesError(
            f"{source}: unpacks to {unpacked / 1024**2:.0f} MiB, more than "
            f"{MOST_UNPACKED // 1024**2}; it is not opened. Keep the table of studies alone."
        )
    for member in members:
        if member.file_size > max(_SMALL, MOST_PACKING * member.compress_size):
            raise StudiesError(
                f"{source}: {member.filename} unpacks {member.compress_size} bytes to "
                f"{member.file_size}, as a zip bomb does; it is not opened."
            )
        if member.flag_bits & 1:
            raise StudiesError(f"{source}: it is locked with a password; save it without one.")


def require_plain_xml(content: bytes, *, source: str) -> None:
    """Raise if XML declares a document type or entities: no table of studies needs any.

    Examples
    --------
    >>> require_plain_xml(b'<?xml version="1.0"?><COCHRANE_REVIEW/>', source="review.rm5")
    """
    # Declarations stand before the root; UTF-16 has zero bytes between its letters.
    if _DECLARED.search(content[:_HEAD].replace(b"\0", b"")):
        raise StudiesError(
            f"{source}: the XML declares a document type or entities, which can unfold without "
            "end; it is not opened. Export the review again."
        )
