"""Every program whose names of columns are known."""

from collections.abc import Mapping
from types import ModuleType

from bayesmeta.studies.names import arms, labels, metadat, metafor, ours, ready, revman

PROGRAMS: tuple[ModuleType, ...] = (ours, metafor, metadat, revman, arms, ready, labels)

STRONG: Mapping[str, str] = {
    key: role for program in reversed(PROGRAMS) for key, role in program.STRONG.items()
}
"""Our name by key, for names that mean one thing."""

WEAK: Mapping[str, str] = {
    key: role for program in reversed(PROGRAMS) for key, role in program.WEAK.items()
}
"""Our name by key, for short names and common words: where no stronger name has the role."""
