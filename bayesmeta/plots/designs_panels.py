"""The columns of the dials' figure: where points stand, and what is said of them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from bayesmeta.arrays import FloatArray
from bayesmeta.cohorts.result import Designs
from bayesmeta.cohorts.tipping import Crossing
from bayesmeta.cohorts.words import chosen, plain
from bayesmeta.plots.scale import Ticks
from bayesmeta.summaries.own_scale import kind_of
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.wording import with_unit


class Panel(NamedTuple):
    """One dial as a column of the figure: where its points stand, and what is said of them."""

    table: pd.DataFrame
    x: FloatArray
    name: str
    ticks: Ticks
    marks: tuple[tuple[float, float], ...] = ()
    """Crossings: where, and the threshold."""
    beside: pd.DataFrame | None = None
    """The same points under a common spread, where the analysis has another."""
    tails: tuple[FloatArray, pd.DataFrame] | None = None
    """The dial with t effects: where its points stand, and what they say."""
    of_tails: bool = False
    """Whether all of the panel is of t effects."""


def panels_of(found: Designs) -> list[Panel]:
    """Return the columns, from left to right."""
    own = _bias_panel(found)
    return [own, *_tails_panel(found, own), _power_panel(found, found.over_power),
            _share_panel(own.table)]  # fmt: skip


def _bias_panel(found: Designs) -> Panel:
    table, beside = _and_common(found, found.over_bias)
    between = np.log10(table["u"].to_numpy()[1:-1])
    step = (between[-1] - between[0]) / 8
    line = np.concatenate([[between[0] - step], between, [between[-1] + step]])
    decades = np.arange(np.ceil(between[0]), np.floor(between[-1]) + 1)
    positions = (line[0], *decades.tolist(), line[-1])
    labels = ("0", *(f"{10.0**place:g}" for place in decades), "∞")
    name = with_unit("SD of the bias", _unit(found))
    if found.uisd and kind_of(found.measure) is Kind.NUMBER:
        name = f"{name} (1 uisd = {plain(found.uisd)})"
    marks = _marks(found.crossings, line)
    return Panel(
        table, line, name, Ticks(positions, labels), marks, beside, _with_tails(found, line)
    )


def _tails_panel(found: Designs, own: Panel) -> list[Panel]:
    """Return the dial over the bias with t effects, where there is one for each of two spreads."""
    if found.tails is None or own.tails is None or own.beside is None:
        return []
    _, beside = _and_common(found, found.tails.over_bias)
    line, table = own.tails
    marks = _marks(found.tails.crossings, line)
    name = with_unit("SD of the bias, t effects", _unit(found))
    return [Panel(table, line, name, own.ticks, marks, beside, of_tails=True)]


def _and_common(
    found: Designs, over_bias: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Return a dial under the spread of the analysis, and under a common one if that is another."""
    common = over_bias[over_bias["spread"] == "common"]
    same = found.question.spreads["design-bias"] == "common"
    return chosen(found, over_bias), None if same else common


def _marks(crossings: Sequence[Crossing], line: FloatArray) -> tuple[tuple[float, float], ...]:
    """Return where a dial over the bias crosses thresholds, and which."""
    return tuple((float(np.clip(np.log10(item.at), line[0], line[-1])), item.threshold)
                 for item in crossings if item.dial == "u")  # fmt: skip


def _power_panel(found: Designs, table: pd.DataFrame) -> Panel:
    # Turned, so that cohorts count for less and less to the right, as in the other panels.
    places = (0.0, 0.25, 0.5, 0.75, 1.0)
    ticks = Ticks(tuple(-place for place in places), tuple(f"{place:g}" for place in places))
    marks = tuple((-item.at, item.threshold) for item in found.crossings if item.dial == "power")
    tails = None
    if found.tails is not None:
        tails = -found.tails.over_power["power"].to_numpy(), found.tails.over_power
    return Panel(
        table, -table["power"].to_numpy(), "Power of the cohorts' likelihood", ticks, marks,
        tails=tails,
    )  # fmt: skip


def _with_tails(found: Designs, line: FloatArray) -> tuple[FloatArray, pd.DataFrame] | None:
    """Return the dial over the bias with t effects, its ends where those of the other are."""
    if found.tails is None:
        return None
    table = chosen(found, found.tails.over_bias)
    between = np.log10(table["u"].to_numpy()[1:-1])
    return np.concatenate([line[:1], between, line[-1:]]), table


def _share_panel(table: pd.DataFrame) -> Panel:
    share = 100 * table["cohort_share"].to_numpy()
    most = float(np.ceil(share.max() / 10) * 10)
    places = np.linspace(0, most, 6)
    ticks = Ticks(tuple((-places).tolist()), tuple(f"{place:g}" for place in places))
    return Panel(table, -share, "Cohorts' share in mu, %", ticks)


def _unit(found: Designs) -> str:
    """Return what a bias is measured in."""
    own = {Kind.RATIO: f"log {found.measure}", Kind.CORRELATION: "Fisher's z"}
    return own.get(kind_of(found.measure), found.unit)
