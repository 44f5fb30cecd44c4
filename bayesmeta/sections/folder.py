"""Fill a folder: all of its files, or none."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from bayesmeta.errors import OutputError


def require_usable(folder: Path, *, force: bool) -> None:
    """Raise unless a folder may be filled.

    Raises
    ------
    OutputError
        If a file stands there, or files that may not be replaced.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: a file stands where the folder of results should be.")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise OutputError(
            f"{folder}: not empty; choose another folder, or replace its results with --force."
        )


@contextmanager
def filled(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write in; what it then holds appears in the real one, together.

    Of what was there before, only what has the same name is replaced. A run that fails or is
    killed leaves nothing that looks finished.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     with filled(Path(place) / "results") as partial:
    ...         _ = (partial / "summary.txt").write_text("done")
    ...     print(*(path.name for path in (Path(place) / "results").iterdir()))
    summary.txt
    """
    folder.mkdir(parents=True, exist_ok=True)
    partial = Path(mkdtemp(prefix=".unfinished-", dir=folder))
    try:
        yield partial
        _publish(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _publish(partial: Path, folder: Path) -> None:
    names = [path.name for path in partial.iterdir()]
    for name in names:  # the old go first, so that two runs never mix
        remove(folder / name)
    for name in names:
        (partial / name).rename(folder / name)


def remove(path: Path) -> None:
    """Remove a file or a folder, where there is one."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def files_in(folder: Path) -> list[Path]:
    """Return every file below a folder, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
