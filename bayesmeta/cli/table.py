"""The table that a command is given, as effect sizes."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayesmeta.cli.door import READING, ROLES, chosen
from bayesmeta.cli.options import pairs

if TYPE_CHECKING:
    from bayesmeta.measures.effects import Effects
    from bayesmeta.spec import ModelSpec
    from bayesmeta.studies import Studies


_SIZING = (
    "comparison", "subgroup", "values", "errors", "confidence", "p_values", "combine",
    "variance", "unit", "outcome", "missing",
)  # fmt: skip


def read_model(model: str | None, moderators: str | None) -> "str | ModelSpec | None":
    """Return the model that a command was given, with what the options name for its roles."""
    named = {role: chosen()[role] for role in ROLES if chosen()[role] is not None}
    if not named:
        return model
    from bayesmeta.assembly import named_roles, usual_model, with_choices
    from bayesmeta.catalogue import load_model

    return with_choices(load_model(model or usual_model(moderators)), named_roles(named))


def read_effects(
    studies: Path, measure: str, model: "str | ModelSpec | None" = None, **told: str | None
) -> "Effects":
    """Return the effect sizes of a table of studies, as the command's options have it.

    Parameters
    ----------
    model
        The command's, which may take several rows of a study.
    told
        What stands for an option of that name.

    Raises
    ------
    BayesmetaError
        If the table cannot be used, or not with these options.
    """
    from bayesmeta.measures import effect_sizes

    options: dict[str, Any] = {name: chosen()[name] for name in _SIZING} | told
    repeated = model is not None and _takes_repeated(model)
    table = read_table(studies)
    outcome = _outcomes(options["outcome"], table) if repeated else options["outcome"]
    return effect_sizes(table, measure, repeated=repeated, **options | {"outcome": outcome})


def _outcomes(said: str | None, table: "Studies") -> str | tuple[str, ...] | None:
    """Return the outcomes named, several parted by commas unless one is called so."""
    names = set(table["outcome"].tolist()) if "outcome" in table else set()
    if said is None or said in names or "," not in said:
        return said
    return tuple(part.strip() for part in said.split(",") if part.strip())


def _takes_repeated(model: "str | ModelSpec") -> bool:
    from bayesmeta.assembly import takes_repeated
    from bayesmeta.catalogue import load_model

    return takes_repeated(load_model(model))


def read_table(file: Path) -> "Studies":
    """Return a table of studies, as the command's options have it.

    Raises
    ------
    StudiesError
        If it cannot be read, or not with these options.
    """
    from bayesmeta.studies import read_studies

    return read_studies(file, columns=_columns(), **{name: chosen()[name] for name in READING})


def _columns() -> dict[str, str] | None:
    """Return the columns chosen by hand: our name to the table's, "" for a refused role."""
    from bayesmeta.errors import AnalysisError

    found = pairs(chosen()["column"], option="--column", empty=True)
    study = chosen()["study"]
    if study is not None and "study" in found:
        raise AnalysisError("--study and --column study=... both name the study; keep one.")
    return (found if study is None else {**found, "study": study}) or None
