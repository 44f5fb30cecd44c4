"""The range of a forest plot's axis."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from bayesmeta.plots.scale import Range, effect_range
from bayesmeta.summaries.forest import POOLED, STUDY

_MOST = 0.75
"""Share of the studies whose intervals are shown whole; those of the others may be cut."""


def range_of(table: pd.DataFrame, further: Iterable[float]) -> Range:
    """Return the range that shows estimates, the pooled effect, and three of four intervals whole.

    Parameters
    ----------
    table
        As `forest_table` gives it.
    further
        What else is to be seen, such as no effect and the zone of unimportant ones.
    """
    pooled, studies = table[table["kind"] == POOLED], table[table["kind"] == STUDY]
    core = [*table["estimate"], *table["median"], *pooled["lower"], *pooled["upper"]]
    core += [*further, *_most(studies)]
    ends = table[["observed_lower", "observed_upper", "lower", "upper"]].to_numpy().ravel()
    return effect_range(core, ends)


def _most(studies: pd.DataFrame) -> list[float]:
    """Return the outer ends of the narrowest intervals, of so many studies."""
    width = (studies["observed_upper"] - studies["observed_lower"]).to_numpy()
    kept = np.argsort(width, kind="stable")[: int(np.ceil(_MOST * width.size))]
    whole = studies.iloc[kept]
    return [*whole["observed_lower"], *whole["observed_upper"]]
