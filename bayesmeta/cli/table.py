"""The table that a command is given, as effect sizes."""

from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypedDict, Unpack

from bayesmeta.cli.door import READING, chosen
from bayesmeta.cli.options import pairs

if TYPE_CHECKING:
    from bayesmeta.measures.effects import Effects


class Sizing(TypedDict):
    """The options that every command with a table has, as typed.

    ``repeated`` is no option: a command says it whose model takes several rows of a study.
    """

    column: list[str] | None
    outcome: str | None
    unit: str | None
    variance: str
    missing: str
    repeated: NotRequired[bool]


def read_effects(studies: Path, measure: str, **sizing: Unpack[Sizing]) -> "Effects":
    """Return the effect sizes of a table of studies.

    Raises
    ------
    BayesmetaError
        If the table cannot be used, or not with these options.
    """
    from bayesmeta.measures import effect_sizes
    from bayesmeta.studies import read_studies

    door = chosen()
    table = read_studies(
        studies, columns=columns_of(sizing["column"]), **{name: door[name] for name in READING}
    )
    return effect_sizes(
        table,
        measure,
        comparison=door["comparison"],
        subgroup=door["subgroup"],
        values=door["values"],
        errors=door["errors"],
        confidence=door["confidence"],
        variance=sizing["variance"],
        unit=sizing["unit"],
        outcome=sizing["outcome"],
        missing=sizing["missing"],
        repeated=sizing.get("repeated", False),
    )


def columns_of(words: list[str] | None) -> dict[str, str] | None:
    """Return the columns chosen by hand: our name to the table's, "" for a refused role."""
    from bayesmeta.errors import AnalysisError

    found = pairs(words, option="--column", empty=True)
    study = chosen()["study"]
    if study is not None and "study" in found:
        raise AnalysisError("--study and --column study=... both name the study; keep one.")
    return (found if study is None else {**found, "study": study}) or None
