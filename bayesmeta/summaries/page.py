"""What every part of the plain-text summary looks at."""

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.engines.diagnostics import Verdict
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.caption import ratio_text

if TYPE_CHECKING:
    import xarray as xr

WIDTH = 88
_THREE = ("median", "lower", "upper")


@dataclass(frozen=True, eq=False)
class Page:
    """A posterior with its main table, the errors of that table, and its diagnostics.

    Parameters
    ----------
    table, error
        `summary` and `errors` at the same level.
    level, shortest
        Probability of the intervals; whether they are the shortest ones.
    """

    posterior: "xr.DataTree"
    table: pd.DataFrame
    error: pd.DataFrame
    level: float
    shortest: bool
    verdict: Verdict

    @property
    def interval(self) -> str:
        """The interval's name, such as ``"95 % interval"``."""
        return f"{100 * self.level:g} %{' shortest' if self.shortest else ''} interval"

    def pair(self, name: str, column: str) -> tuple[float, float]:
        """Return one number of the table with its error."""
        return float(self.table[column][name]), float(self.error[column][name])

    def shown(self, name: str, column: str) -> str:
        """Return one number of the table as text."""
        value, error = self.pair(name, column)
        if column == "p_below_0":
            return "" if np.isnan(value) else digits.probability(value, error)
        if column == "mean" and np.isnan(value):
            return "none"
        return digits.per_cent(value, error) if name == schema.I2 else digits.number(value, error)

    def span(self, name: str) -> str:
        """Return median and interval as text; ratios as ratios, I² in per cent."""
        pairs = [self.pair(name, column) for column in _THREE]
        if name == schema.I2:
            return digits.Span(*(digits.per_cent(*pair) for pair in pairs)).bracketed()
        if wording.as_ratio(self.posterior, name):
            return digits.Span(*(ratio_text(*pair) for pair in pairs)).bracketed()
        return digits.span([pair[0] for pair in pairs], [pair[1] for pair in pairs]).bracketed()

    def flag(self) -> list[str]:
        """Return the line that stands by a table where diagnostics failed."""
        return [] if self.verdict.ok else ["DIAGNOSTICS FAILED for the table below."]


def wrapped(sentences: list[str]) -> list[str]:
    """Return sentences as lines that fit the page."""
    return [
        line
        for each in sentences
        for line in wrap(each, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    ]
