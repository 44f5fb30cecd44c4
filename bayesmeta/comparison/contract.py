"""The stable JSON contract of a comparison."""

from typing import TYPE_CHECKING

from bayesmeta.comparison.gap_words import gap_sentences
from bayesmeta.comparison.row import CONTRACT
from bayesmeta.plain import Json, plain, records

if TYPE_CHECKING:
    import pandas as pd

_STUDIES = ("measure", "unit", "outcome", "k", "model", "formula", "interval", "benefit",
            "messages", "notes", "dropped", "legend")  # fmt: skip


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
        **{name: plain(table.attrs[name]) for name in _STUDIES},
        "rows": records(table[first]),
        "gap": None if gap is None else _path(gap),
    }


def _path(gap: "pd.DataFrame") -> dict[str, Json]:
    return {
        "quantity": gap.attrs["quantity"], "priors": plain(gap.attrs["priors"]),
        "steps": records(gap), "reversed": plain(gap.attrs["reversed"]),
        "sentences": list(gap_sentences(gap)),
    }  # fmt: skip
