"""The table that a command is given, as effect sizes."""

from pathlib import Path
from typing import TYPE_CHECKING

from bayesmeta.cli.door import chosen
from bayesmeta.cli.options import pairs

if TYPE_CHECKING:
    from bayesmeta.measures.effects import Effects
    from bayesmeta.studies import Studies


def read_effects(studies: Path, measure: str) -> "Effects":
    """Return the effect sizes of a table of studies, as the command's options have it.

    Raises
    ------
    BayesmetaError
        If the table cannot be used, or not with these options.
    """
    from bayesmeta.measures import effect_sizes

    sizing = ("comparison", "subgroup", "values", "variance", "unit", "outcome", "missing")
    options = {name: chosen()[name] for name in sizing}
    return effect_sizes(read_table(studies), measure, **options)


def read_table(file: Path) -> "Studies":
    """Return a table of studies, as the command's options have it.

    Raises
    ------
    StudiesError
        If it cannot be read, or not with these options.
    """
    from bayesmeta.studies import read_studies

    options = {name: chosen()[name] for name in ("sheet", "decimal", "arm")}
    return read_studies(file, columns=_columns(), **options)


def _columns() -> dict[str, str] | None:
    """Return the columns chosen by hand: our name to the table's, "" for a refused role."""
    from bayesmeta.errors import AnalysisError

    found = pairs(chosen()["column"], option="--column", empty=True)
    study = chosen()["study"]
    if study is not None and "study" in found:
        raise AnalysisError("--study and --column study=... both name the study; keep one.")
    return (found if study is None else {**found, "study": study}) or None
