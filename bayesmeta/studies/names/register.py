"""Every program whose names of columns are known."""

from collections.abc import Iterator, Mapping
from types import ModuleType

from bayesmeta.studies.names import arms, labels, metadat, metafor, ours, ready, revman

PROGRAMS: tuple[ModuleType, ...] = (ours, metafor, metadat, revman, arms, ready, labels)


class _Names(Mapping[str, str]):
    """What the programs' tables of one kind say together, the first program first."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._of: tuple[ModuleType, ...] = ()
        self._known: dict[str, str] = {}

    @property
    def _table(self) -> dict[str, str]:
        if self._of is not PROGRAMS:
            every = (getattr(program, self._kind) for program in reversed(PROGRAMS))
            self._known = {key: role for own in every for key, role in own.items()}
            self._of = PROGRAMS
        return self._known

    def __getitem__(self, key: str) -> str:
        return self._table[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


STRONG: Mapping[str, str] = _Names("STRONG")
"""Our name by key, for names that mean one thing."""

WEAK: Mapping[str, str] = _Names("WEAK")
"""Our name by key, for short names and common words: where no stronger name has the role."""
