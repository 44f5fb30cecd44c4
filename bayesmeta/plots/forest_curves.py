"""Curves over the rows of a forest plot: densities of effects, likelihoods of studies."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from bayesmeta.arrays import FloatArray
from bayesmeta.plots.forest_layout import Style
from bayesmeta.summaries.density_rows import density_rows
from bayesmeta.summaries.forest import NEW, POOLED, STUDY
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.raindrops import raindrops
from bayesmeta.summaries.wording import label_of


class Curve(NamedTuple):
    """Heights over an axis, the highest 1."""

    x: FloatArray
    height: FloatArray


class Curves(NamedTuple):
    """The curves by the quantity of their row."""

    densities: dict[str, Curve]
    likelihoods: dict[str, Curve]


def curves_of(page: Page, table: pd.DataFrame, style: Style) -> Curves:
    """Return the curves of a panel's rows that a style has room for."""
    densities: dict[str, Curve] = {}
    likelihoods: dict[str, Curve] = {}
    if style.eye:
        shown = table["kind"].isin([STUDY, POOLED, NEW]) & table["median"].notna()
        found = density_rows(page.view, map(str, table.loc[shown, "quantity"]))
        densities = {str(name): _curve(part["x"], part["density"])
                     for name, part in found.groupby("quantity", sort=False)}  # fmt: skip
    if style.drop:
        found = raindrops(page.view)
        parts = {str(name): _curve(part["theta"], part["likelihood"])
                 for name, part in found.groupby("study", sort=False)}  # fmt: skip
        own = map(str, table.loc[table["kind"] == STUDY, "quantity"])
        likelihoods = {name: parts[label_of(name)] for name in own}
    return Curves(densities, likelihoods)


def _curve(x: pd.Series, height: pd.Series) -> Curve:
    values = height.to_numpy(dtype=float)
    return Curve(x.to_numpy(dtype=float), np.asarray(values / values.max()))
