"""The table that a command is given, as effect sizes."""

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from bayesmeta.cli.options import pairs

if TYPE_CHECKING:
    from bayesmeta.measures.effects import Effects


class Sizing(TypedDict):
    """The options that every command with a table has, as typed."""

    column: list[str] | None
    outcome: str | None
    unit: str | None
    variance: str
    missing: str


def read_effects(studies: Path, measure: str, **sizing: Unpack[Sizing]) -> "Effects":
    """Return the effect sizes of a table of studies.

    Raises
    ------
    BayesmetaError
        If the table cannot be used, or not with these options.
    """
    from bayesmeta.measures import effect_sizes
    from bayesmeta.studies import read_studies

    table = read_studies(studies, columns=pairs(sizing["column"], option="--column") or None)
    return effect_sizes(
        table,
        measure,
        variance=sizing["variance"],
        unit=sizing["unit"],
        outcome=sizing["outcome"],
        missing=sizing["missing"],
    )
