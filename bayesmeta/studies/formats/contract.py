"""What a format is: the contract its files satisfy."""

from typing import Protocol

from bayesmeta.studies.rows import Grid


class Format(Protocol):
    """A kind of file; every file of this folder but the machinery is one."""

    @property
    def title(self) -> str:
        """What it is called, for a list of what is inside."""

    def recognises(self, content: bytes) -> bool:
        """Return whether the bytes of a file are of this kind."""

    def grids(self, content: bytes, *, source: str) -> tuple[Grid, ...]:
        """Return every table inside; raise StudiesError where it cannot be opened."""
