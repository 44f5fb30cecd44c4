"""What a layout is: the contract its files satisfy."""

from typing import Protocol

from bayesmeta.studies.rows import Rows


class Layout(Protocol):
    """A shape of table; every file of this folder but the machinery is one."""

    @property
    def title(self) -> str:
        """What it is called, for a list of what is inside."""

    def recognises(self, rows: Rows) -> bool:
        """Return whether a table has this shape."""

    def arranged(self, rows: Rows) -> Rows:
        """Return the table with one row a study."""
