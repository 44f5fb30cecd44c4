"""The stable JSON contract of a comparison."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bayesmeta.comparison.gap_words import gap_sentences
from bayesmeta.comparison.row import CONTRACT

if TYPE_CHECKING:
    import pandas as pd

type Json = bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None

_STUDIES = ("measure", "unit", "outcome", "k", "model", "formula", "interval", "benefit",
            "messages", "notes", "dropped")  # fmt: skip


def contract(table: "pd.DataFrame", gap: "pd.DataFrame | None" = None) -> dict[str, Json]:
    """Return everything `compare --json` says; what is not a finite number is None.

    Parameters
    ----------
    table, gap
        From `compare` and `explain_gap`.

    Examples
    --------
    ``contract(compare(effects))["rows"][0]["estimate"]``
    """
    first = [*CONTRACT, *(name for name in table if name not in CONTRACT)]
    return {
        **{name: table.attrs[name] for name in _STUDIES},
        "rows": _records(table[first]),
        "gap": None if gap is None else _path(gap),
    }


def _path(gap: "pd.DataFrame") -> dict[str, Json]:
    return {
        "quantity": gap.attrs["quantity"], "priors": dict(gap.attrs["priors"]),
        "steps": _records(gap), "sentences": list(gap_sentences(gap)),
    }  # fmt: skip


def _records(table: "pd.DataFrame") -> list[dict[str, Json]]:
    return [
        {str(name): _finite(value) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _finite(value: float | str) -> float | str | None:
    return value if isinstance(value, str) or math.isfinite(value) else None
