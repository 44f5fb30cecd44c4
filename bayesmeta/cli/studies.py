"""`bayesmeta studies`: what a file of studies holds."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bayesmeta.cli import options
from bayesmeta.cli.answer import print_json
from bayesmeta.cli.door import chosen
from bayesmeta.cli.table import read_table
from bayesmeta.studies.wording import number_of

if TYPE_CHECKING:
    from bayesmeta.studies.table import Studies


def studies(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Table: text, Excel, RevMan, Cochrane, zip.")
    ],
    *,
    as_json: options.Json = False,
) -> None:
    """List what is inside a file: tables, columns, analyses, measures, and the words to choose."""
    from bayesmeta.errors import StudiesError
    from bayesmeta.studies.contents import contents

    held = contents(file)
    door = chosen()
    several = len(held.sheets) > 1 and door["sheet"] is None
    content: dict[str, Any] = {
        "file": str(file), "format": held.format, "sheets": [one._asdict() for one in held.sheets],
    }  # fmt: skip
    if not several:
        try:
            table = read_table(file)
        except StudiesError as error:
            if as_json:
                raise
            typer.echo(_head(content))
            raise StudiesError(f"It cannot be read yet.\n{error}") from error
        content |= _inside(table)
    if as_json:
        print_json(content)
    else:
        typer.echo("\n".join([_head(content), *([] if several else _lines(table, content))]))


def _head(content: dict[str, Any]) -> str:
    from bayesmeta.studies.wording import choice

    head = f"{content['file']}: {content['format']}"
    if len(content["sheets"]) == 1:
        return head
    listed = [f"  {choice('sheet', one['name'])}  ({one['rows']} filled rows)"
              for one in content["sheets"]]  # fmt: skip
    return "\n".join([f"{head}, {len(listed)} tables:", *listed])


def _inside(table: "Studies") -> dict[str, Any]:
    return {
        "rows": len(table), "studies": len(set(table["study"].tolist())),
        "columns": list(table.columns), "measures": _measures(table),
        "analyses": _analyses(table), "notes": list(table.notes),
    }  # fmt: skip


def _measures(table: "Studies") -> list[str]:
    """Return the measures that some row has the cells for."""
    import numpy as np

    from bayesmeta.errors import BayesmetaError
    from bayesmeta.measures.inputs import gaps, inputs
    from bayesmeta.measures.register import MEASURES

    found = []
    for code, measure in MEASURES.items():
        try:
            lacking = np.any(list(gaps(inputs(table, measure)).values()), axis=0)
        except BayesmetaError:
            continue
        if not np.all(lacking):
            found.append(code)
    return found


def _analyses(table: "Studies") -> list[dict[str, Any]]:
    """Return the analyses of a review, or the outcomes of another table."""
    names = ["comparison", "outcome_number", "outcome"]
    names = names if "outcome_number" in table else ["outcome"]
    shown = [name for name in names if name in table]
    if not shown:
        return []
    keys = list(zip(*(table[name].tolist() for name in shown), strict=True))
    return [
        dict(zip(shown, key, strict=True)) | {"rows": keys.count(key), **_stated(table, keys, key)}
        for key in dict.fromkeys(keys)
    ]


def _stated(table: "Studies", keys: list[tuple[str, ...]], key: tuple[str, ...]) -> dict[str, Any]:
    rows = [row for row, own in enumerate(keys) if own == key]
    found: dict[str, Any] = {
        name: str(table[name][rows[0]]) for name in ("data_type", "effect_measure") if name in table
    }
    if "subgroup_number" in table:
        found["subgroups"] = list(dict.fromkeys(
            f"{table['subgroup_number'][row]} {table['subgroup'][row]}".strip()
            for row in rows if table["subgroup"][row]
        ))  # fmt: skip
    return found


def _lines(table: "Studies", content: dict[str, Any]) -> list[str]:
    from bayesmeta.measures.outcomes import analyses
    from bayesmeta.studies.wording import choice

    lines = [f"{number_of(content['rows'], 'row')}, {number_of(content['studies'])}",
             f"Columns: {', '.join(content['columns'])}"]  # fmt: skip
    if content["measures"]:
        lines.append(f"Measures: {', '.join(content['measures'])}")
    if "outcome_number" in table:
        lines += ["Analyses:", analyses(table)]
        lines += [f"  {one['comparison']}.{one['outcome_number']} subgroups: "
                  f"{'; '.join(one['subgroups'])}"
                  for one in content["analyses"] if one.get("subgroups")]  # fmt: skip
    elif len(content["analyses"]) > 1:
        lines += ["Outcomes:", *(f"  {choice('outcome', one['outcome'])}  ({one['rows']} rows)"
                                 for one in content["analyses"])]  # fmt: skip
    return [*lines, *content["notes"]]
