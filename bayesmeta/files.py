"""Write a file whole or not at all, where nothing stands in the way."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from bayesmeta.errors import OutputError

UNFINISHED = ".unfinished-"
"""What the names of folders that a run is still writing in begin with."""

_LONGEST_NAME = 255


@contextmanager
def written(path: Path) -> Iterator[None]:
    """Turn what the machine says against writing a path into one message.

    Raises
    ------
    OutputError
        If the disk is full, a folder is read-only, a name is too long, or the like.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({reason(error)}).") from error


def reason(error: OSError) -> str:
    """Return why the machine refused, in its own words, without its codes.

    Examples
    --------
    >>> reason(OSError(28, "No space left on device", "posterior.nc"))
    'No space left on device'
    """
    return error.strerror or str(error) or type(error).__name__


def require_free(path: str | Path, *, force: bool) -> None:
    """Raise unless a file may be written here, before there is anything to write.

    Raises
    ------
    OutputError
        If a file exists and may not be replaced, a symbolic link or a folder stands there, or
        there is no folder that takes it.
    """
    target = Path(path)
    with written(target):
        require_place(target)
        if target.exists() and not force:
            raise OutputError(f"{path}: exists; choose another name, or replace it with --force.")
        require_writable(target.parent, target)


def require_place(target: Path) -> None:
    """Raise unless a file can stand here.

    A symbolic link is neither followed, which would replace a file elsewhere, nor replaced.

    Raises
    ------
    OutputError
        If there is no such folder, or what has this name is no ordinary file.
    OSError
        If the machine does not tell.
    """
    if target.is_symlink():
        raise OutputError(
            f"{target}: a symbolic link to {target.readlink()}; name a file, or remove the link."
        )
    if target.is_dir():
        raise OutputError(f"{target}: a folder; name a file in it.")
    if target.exists() and not target.is_file():
        raise OutputError(f"{target}: a device or the like; name a file.")
    if not target.parent.is_dir():
        raise OutputError(f"{target}: no folder {target.parent}.")


def require_writable(folder: Path, target: Path) -> None:
    """Raise unless something can be made in a folder, and a target's names fit.

    Raises
    ------
    OSError
        What the machine says.
    """
    pathconf = getattr(os, "pathconf", lambda *_: _LONGEST_NAME)  # Windows has none
    longest = pathconf(folder, "PC_NAME_MAX")
    if any(len(os.fsencode(part)) > longest for part in target.parts):
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
    with TemporaryDirectory(prefix=UNFINISHED, dir=folder):
        pass


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a path to write a file at; when it is whole, the file takes its place.

    What stood there before stays until then, and stays if writing fails.

    Raises
    ------
    OutputError
        If no file can stand there, or writing fails.

    Examples
    --------
    >>> with TemporaryDirectory() as folder:
    ...     with whole_file(Path(folder) / "table.csv") as partial:
    ...         _ = partial.write_text("study")
    ...     print(*(path.name for path in Path(folder).iterdir()))
    table.csv
    """
    with written(target):
        require_place(target)
        # In a folder of its own, so that the file has the usual permissions and any name fits.
        beside = Path(mkdtemp(prefix=UNFINISHED, dir=target.parent))
        try:
            partial = beside / f"file{target.suffix}"
            yield partial
            partial.replace(target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
