"""What was reported of each arm, as columns of text of a forest plot."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.measures.effects import Effects
from bayesmeta.summaries import digits
from bayesmeta.summaries.forest import POOLED, STUDY

if TYPE_CHECKING:
    import pandas as pd

    from bayesmeta.studies import Column

type Heads = dict[str, tuple[str, ...]]

_ARMS = (("treatment", "Treated"), ("control", "Control"))


def with_arms(table: "pd.DataFrame", effects: Effects) -> "tuple[pd.DataFrame, Heads]":
    """Return a forest plot's table with a column of text for each of its heads.

    Events of participants, or participants beside their mean and standard deviation; a row that
    was not computed from arms has none. The pooled effect's row has the totals.

    Parameters
    ----------
    table
        As `forest_table` gives it.
    effects
        What the posterior was made of.
    """
    found: dict[str, dict[str, str]] = {}
    heads: Heads = {}
    for arm, name in _ARMS:
        for key, head, cells, total in _columns(effects, arm):
            if not any(cells):
                continue
            heads[f"{key}_{arm}_text"] = (name, head)
            found[f"{key}_{arm}_text"] = {
                **dict(zip(effects.labels, cells, strict=True)), POOLED: total,
            }  # fmt: skip
    first = table.index[table["kind"] == POOLED][:1]
    texts = {
        key: [cells.get(label, "") if kind == STUDY else cells[POOLED] if row in first else ""
              for row, kind, label in zip(table.index, table["kind"], table["label"], strict=True)]
        for key, cells in found.items()
    }  # fmt: skip
    return table.assign(**texts), heads


def _columns(effects: Effects, arm: str) -> list[tuple[str, str, list[str], str]]:
    """Return key, head, cells and total of each column of one arm."""
    n = _used(effects, f"n_{arm}")
    events, time = _used(effects, f"events_{arm}"), _used(effects, f"time_{arm}")
    if np.any(~np.isnan(events)):
        over, what = (time, "time") if np.all(np.isnan(n)) else (n, "n")
        cells = [_of(*pair) for pair in zip(events, over, strict=True)]
        return [("events", f"events/{what}", cells, _of(np.nansum(events), np.nansum(over)))]
    mean, deviation = _used(effects, f"mean_{arm}"), _used(effects, f"sd_{arm}")
    places = digits.column_places(deviation[np.isfinite(deviation)]) if mean.size else 0
    spread = ["" if np.isnan(m + s) else f"{digits.fixed(m, places)} ({digits.fixed(s, places)})"
              for m, s in zip(mean, deviation, strict=True)]  # fmt: skip
    counted = [_count(size) for size in n]
    return [("n", "n", counted, _count(float(np.nansum(n)))), ("mean", "mean (SD)", spread, "")]


def _used(effects: Effects, name: str) -> "Column":
    """Return a column of arms where the effect of a row was made of it, else nan."""
    if name not in effects.studies:
        return np.full(len(effects), np.nan)
    used = [name in made.columns for made in effects.provenance] or [True] * len(effects)
    return np.where(used, effects.studies[name], np.nan)


def _of(events: float, size: float) -> str:
    return "" if np.isnan(events + size) else f"{_count(events)}/{_count(size)}"


def _count(size: float) -> str:
    return "" if np.isnan(size) else f"{size:.15g}"
