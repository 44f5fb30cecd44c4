"""An examination as plain text."""

import math
from collections.abc import Callable, Mapping
from textwrap import wrap
from typing import TYPE_CHECKING

from bayesmeta.refits.sampled import OK, alarms
from bayesmeta.sensitivity.asked_words import asked_name, asked_unit
from bayesmeta.sensitivity.examination import CUMULATIVE, Examination
from bayesmeta.sensitivity.legends import legend, shown_columns
from bayesmeta.sensitivity.printing import Printing, printing
from bayesmeta.sensitivity.tipping_words import tipping_sentences
from bayesmeta.summaries import digits
from bayesmeta.summaries.grid import Grid
from bayesmeta.summaries.wording import with_unit

if TYPE_CHECKING:
    import pandas as pd

_WIDTH = 88
_EFFECT = ("estimate", "sd", "lower", "upper", "p_benefit")
_COLUMNS = {
    "prior_sensitivity": (*_EFFECT, "p_benefit_new", "tau", "hellinger", "hellinger_tau"),
    "power_scaling": ("prior", "likelihood"),
    "informativeness": ("hellinger",),
    "prior_data_conflict": ("statistic", "observed", "tail_probability"),
    "leave_one_out": ("elpd", "pit", *_EFFECT[:1], "lower", "upper", "shift", "tau", "influence"),
    CUMULATIVE: ("estimate", "lower", "upper", "p_benefit", "pi_lower", "pi_upper", "tau"),
}
_HEADS = {
    "prior_sensitivity": "Named priors",
    "power_scaling": "Power-scaling: sensitivity to priors and likelihood (notable from 0.05)",
    "informativeness": "Hellinger distance from prior to posterior (0: nothing learnt)",
    "prior_data_conflict": "Prior predictive tail probability of the data",
    "leave_one_out": "Leave one out",
    CUMULATIVE: "Cumulative",
}
PRINTED_TABLES = tuple(_COLUMNS)
"""The tables of an examination that pages show, in their order."""

_PROBABILITIES = ("p_benefit", "p_benefit_new", "tail_probability", "pit")
_PRINTED: Mapping[str, Callable[[Printing], Callable[[float, float], str]]] = {
    "estimate": lambda printed: printed.effect.number,
    "sd": lambda printed: printed.spread.number,
    "lower": lambda printed: printed.effect.limit,
    "upper": lambda printed: printed.effect.limit,
    "shift": lambda printed: printed.spread.finer().number,
    "pi_lower": lambda printed: printed.prediction.limit,
    "pi_upper": lambda printed: printed.prediction.limit,
    "tau": lambda printed: printed.tau.number,
}
"""How each column is printed; differences between printed numbers have a digit more."""


def text(found: Examination, *, minimal_important_difference: float | None = None) -> str:
    """Return what was found, for a terminal.

    Parameters
    ----------
    minimal_important_difference
        In the unit (for ratio measures a ratio): limits are told apart from it.

    Examples
    --------
    ``print(text(examine(effects)))``
    """
    printed = printing(
        found.tables, threshold=found.threshold, difference=minimal_important_difference
    )
    parts = [_wrapped(found.stability)]
    parts += [
        _section(name, found.tables[name], printed) for name in _HEADS if name in found.tables
    ]
    if "tipping_points" in found.tables:
        told = tipping_sentences(found.tables["tipping_points"])
        sentences = [line for sentence in told for line in _wrapped(f"- {sentence}")]
        parts.insert(2, ["Tipping points", *sentences])
    parts += [[line for note in found.notes for line in _wrapped(f"Note: {note}")]]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _section(name: str, table: "pd.DataFrame", printed: Printing) -> list[str]:
    warnings = [line for said in alarms(table) for line in _wrapped(f"! {said}")]
    told = legend(name, table)
    below = _wrapped(f"  {told}") if told else []
    return [headline(name, table), *table_grid(name, table, printed).lines(), *warnings, *below]


def table_grid(name: str, table: "pd.DataFrame", printed: Printing) -> Grid:
    """Return one table of an examination as texts, its columns by their names.

    Parameters
    ----------
    name
        Of ``Examination.tables``.
    """
    columns = shown_columns(table, _COLUMNS[name])
    rows = [
        [str(label), *(_shown(row, column, printed) for column in columns)]
        for label, row in table.iterrows()
    ]
    return Grid([str(table.index.name or ""), *columns], rows)


def headline(name: str, table: "pd.DataFrame") -> str:
    """Return what one table of an examination is, with its unit."""
    about = table.attrs
    drawn = f"; NUTS, {about['chains']} x {about['draws']} draws" if OK in table else ""
    return f"{_head(name, table)}{drawn}"


def _head(name: str, table: "pd.DataFrame") -> str:
    about = table.attrs
    if name not in ("leave_one_out", "prior_sensitivity", CUMULATIVE):
        return _HEADS[name]
    name_of = asked_name(about)
    asked = with_unit(f"{name_of[:1].lower()}{name_of[1:]}", asked_unit(about))
    if name == "leave_one_out":
        total = f"elpd {digits.fixed(about['elpd'], 2)} (SE {digits.fixed(about['elpd_se'], 2)})"
        return f"{_HEADS[name]}, {asked}: {total}"
    level = f"{100 * about['interval']:g} % intervals"
    event = "" if math.isnan(about["null"]) else f"; benefit: {about['event']}"
    return f"{_HEADS[name]}, {asked}{event}; {level}"


def _shown(row: "pd.Series[float]", column: str, printed: Printing) -> str:
    if column == "statistic":
        return str(row[column])
    value, error = float(row[column]), float(row.get(f"{column}_error", 0.0))
    if math.isnan(value):
        return "n/a"
    if column in _PROBABILITIES:
        return digits.probability(value, error, thresholds=printed.thresholds)
    if column == "observed":
        precision = printed.coefficients.get(str(row.name))
        return precision.number(value) if precision else digits.number(value)
    if column in _PRINTED:
        return _PRINTED[column](printed)(value, error)
    return digits.number(value, error)


def _wrapped(sentence: str) -> list[str]:
    return wrap(sentence, _WIDTH, subsequent_indent="  ")
