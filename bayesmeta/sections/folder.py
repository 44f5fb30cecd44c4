"""Fill a folder: all of its files, or none."""

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from bayesmeta.errors import OutputError
from bayesmeta.files import UNFINISHED, require_writable, written

_FORMER = ".former-"


def require_usable(folder: Path, *, force: bool) -> None:
    """Raise unless a folder may be filled.

    Raises
    ------
    OutputError
        If something else stands there, or files that may not be replaced, or the folder cannot
        be looked into.
    """
    with written(folder):
        require_folder(folder)
        if not force and folder.is_dir() and any(folder.iterdir()):
            raise OutputError(
                f"{folder}: not empty; choose another folder, or replace its results with --force."
            )


def require_folder(folder: Path) -> None:
    """Raise unless a folder stands at a path, or can be made there, and can be written in.

    Raises
    ------
    OutputError
        If it is a file, or a link that leads nowhere.
    OSError
        If nothing can be made there.
    """
    if folder.is_symlink() and not folder.exists():
        raise OutputError(f"{folder}: a symbolic link to {folder.readlink()}, which is not there.")
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: a file stands where the folder of results should be.")
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    require_writable(nearest, folder)


def require_replaceable(folder: Path, names: Collection[str]) -> list[str]:
    """Return which names stand in a folder; raise if one is a symbolic link.

    A link is neither followed, which would change files elsewhere, nor replaced.

    Raises
    ------
    OutputError
        If one of them is a link.
    """
    links = [name for name in names if (folder / name).is_symlink()]
    if links:
        raise OutputError(
            f"{folder / links[0]}: a symbolic link to {(folder / links[0]).readlink()}; "
            "remove the link, or choose another folder."
        )
    return [name for name in names if (folder / name).exists()]


@contextmanager
def filled(folder: Path, *, former: Collection[str] = ()) -> Iterator[Path]:
    """Give an empty folder to write in; what it then holds appears in the real one, together.

    Of what was there before, only what has the same name is replaced. A run that fails leaves
    everything as it was; one that is killed leaves nothing that looks finished, and nothing lost.

    Parameters
    ----------
    former
        Names of an earlier run's results, which go even where nothing new has their name.

    Raises
    ------
    OutputError
        If the folder cannot be written, or a symbolic link stands where a result should be.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     with filled(Path(place) / "results") as partial:
    ...         _ = (partial / "summary.txt").write_text("done")
    ...     print(*(path.name for path in (Path(place) / "results").iterdir()))
    summary.txt
    """
    with written(folder):
        require_folder(folder)
        folder.mkdir(parents=True, exist_ok=True)
        partial = Path(mkdtemp(prefix=UNFINISHED, dir=folder))
        try:
            yield partial
            _publish(partial, folder, former)
        except OutputError as error:
            raise OutputError(str(error).replace(str(partial), str(folder))) from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _publish(partial: Path, folder: Path, former: Collection[str]) -> None:
    """Put the new in the place of the old; if that fails, put the old back."""
    names = [path.name for path in partial.iterdir()]
    standing = require_replaceable(folder, dict.fromkeys([*names, *former]))
    kept = Path(mkdtemp(prefix=_FORMER, dir=folder))
    moved, done = list[tuple[Path, Path]](), False
    try:
        for source, target, taken in ((folder, kept, standing), (partial, folder, names)):
            for name in taken:
                (source / name).rename(target / name)
                moved.append((source / name, target / name))
        done = True
    finally:
        if not done:
            for origin, place in reversed(moved):
                place.rename(origin)
        shutil.rmtree(kept, ignore_errors=True)


def files_in(folder: Path) -> list[Path]:
    """Return every file below a folder, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
