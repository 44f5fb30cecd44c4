"""The participants of each study."""

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.measures.contract import Table
from bayesmeta.studies import Studies
from bayesmeta.studies.ending import ended


def labels_of(studies: Studies, mask: BoolArray) -> list[str]:
    """Return the labels of some rows."""
    return [label for label, chosen in zip(studies.labels, mask, strict=True) if chosen]


def participants(studies: Studies, table: Table) -> tuple[FloatArray | None, tuple[str, ...]]:
    """Return the participants of each study, from both arms or from the column n."""
    arms = ("n_treatment", "n_control")
    columns = {**{name: studies[name] for name in arms if name in studies}, **table}
    n = np.full(len(studies), np.nan)
    notes: tuple[str, ...] = ()
    if all(name in columns for name in arms):
        n = columns["n_treatment"] + columns["n_control"]
    if "n" in studies:
        notes = _differing(studies, n)
        n = np.where(np.isnan(n), studies["n"], n)
    if not np.any(np.isnan(n)):
        return n, notes
    if np.all(np.isnan(n)):
        return None, notes
    absent = ", ".join(labels_of(studies, np.isnan(n)))
    unused = ended(f"The number of participants is not used, because some lack it: {absent}")
    return None, (*notes, unused)


def _differing(studies: Studies, both: FloatArray) -> tuple[str, ...]:
    """Return a note on studies whose column n is not the sum of their arms."""
    apart = ~np.isnan(both) & ~np.isnan(studies["n"]) & (studies["n"] != both)
    if not np.any(apart):
        return ()
    who = ", ".join(labels_of(studies, apart))
    return (ended(f"n is not n_treatment + n_control, which are used: {who}"),)
