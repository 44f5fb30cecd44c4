"""What a file says it holds, before any of it is loaded."""

from pathlib import Path
from typing import TYPE_CHECKING

from bayesmeta.errors import PosteriorError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import h5py

_ALLOWANCE = 2**26
"""Bytes that a file may claim however small it is."""
_DENSEST = 50
"""How many times its size a file may claim: compressed draws do not come near."""
_MOST_OBJECTS = 10_000

DAMAGE = (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RuntimeError,
          OverflowError, MemoryError, EOFError, NotImplementedError, AssertionError)  # fmt: skip
"""What the libraries that read HDF5 raise on damaged files, each seen with files damaged at random.

They document none; a bug of theirs is not ours to hide, but a damaged file is.
"""


def require_bounded(path: Path) -> None:
    """Raise unless the sizes that a file declares fit the file, and all it holds is in it.

    Raises
    ------
    PosteriorError
        If a variable claims more memory than the file could fill, or points to another file.
    """
    import h5py

    size = path.stat().st_size
    most = _ALLOWANCE + _DENSEST * size
    with h5py.File(path, "r") as file:
        claimed = 0
        for count, (name, item) in enumerate(_objects(file)):
            if count > _MOST_OBJECTS:
                raise PosteriorError(f"{path}: more than {_MOST_OBJECTS} variables.")
            if isinstance(item, h5py.Dataset):
                claimed += _bytes(path, name, item)
            if claimed > most:
                raise PosteriorError(
                    f"{path}: {name} claims {claimed / 2**20:.0f} MiB, but the file has "
                    f"{size / 2**20:.3g} MiB; it was edited or damaged."
                )


def _objects(file: "h5py.File") -> "Iterator[tuple[str, h5py.Group | h5py.Dataset]]":
    """Yield every group and variable of a file with its path, each once."""
    import h5py

    pending: list[tuple[str, h5py.Group]] = [("", file)]
    seen = {h5py.h5o.get_info(file.id).addr}
    while pending:
        path, group = pending.pop()
        for name in group:
            place = f"{path}/{name}".removeprefix("/")
            hard = isinstance(group.get(name, getlink=True), h5py.HardLink)
            address = h5py.h5o.get_info(group.id, name.encode()).addr if hard else None
            if address is None or address in seen:  # a group inside itself has no end
                raise PosteriorError(f"{file.filename}: {place} is a link, where data should be.")
            seen.add(address)
            item = group[name]
            if isinstance(item, h5py.Group):
                pending.append((place, item))
            yield place, item


def _bytes(path: Path, name: str, item: "h5py.Dataset") -> int:
    if item.external or item.is_virtual:
        raise PosteriorError(f"{path}: {name} keeps its values in another file.")
    return int(item.dtype.itemsize) * int(item.size or 0)
