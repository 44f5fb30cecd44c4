"""Classical rows that are made from counts: no cell is corrected, and no tau estimated."""

from typing import NamedTuple

from bayesmeta import schema
from bayesmeta.assembly import Assembly
from bayesmeta.comparison.classical import fit_row
from bayesmeta.comparison.row import Row
from bayesmeta.errors import MeasureError, StudiesError
from bayesmeta.frequentist import mantel_haenszel, peto
from bayesmeta.measures.counted import counted

KIND = "Counts"
ADDED = "1/2 is added"
"""How a note begins on what estimates were made of counts with."""
_FITS = {"MH": (mantel_haenszel, ("OR", "RR", "RD", "IRR")), "Peto": (peto, ("OR",))}


class CountRows(NamedTuple):
    """Rows of mu, and why others are missing."""

    rows: list[Row]
    messages: list[str]


def count_rows(assembly: Assembly, *, level: float) -> CountRows:
    """Return Mantel-Haenszel's and Peto's common effects, where the table has counts.

    With moderators there are none: these methods know one effect.
    """
    effects, found = assembly.effects, CountRows([], [])
    fits = {name: fit for name, (fit, measures) in _FITS.items() if effects.measure in measures}
    if not fits or assembly.terms or not _has_counts(assembly):
        return found
    for name, fit in fits.items():
        try:
            row = fit_row(fit(effects, interval=level), schema.MU)
        except MeasureError as error:
            found.messages.append(f"Left out: {name}. {error}")
        else:
            found.rows.append(row | {"kind": KIND})
    return found


def count_methods(assembly: Assembly) -> list[str]:
    """Return which methods pool a table's counts as they are."""
    if assembly.terms or not _has_counts(assembly):
        return []
    return [name for name, (_, measures) in _FITS.items() if assembly.effects.measure in measures]


def _has_counts(assembly: Assembly) -> bool:
    try:
        counted(assembly.effects)
    except (MeasureError, StudiesError):
        return False
    return True
