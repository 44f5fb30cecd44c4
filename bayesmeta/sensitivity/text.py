"""An examination as plain text."""

import math
from collections.abc import Callable, Mapping
from textwrap import wrap
from typing import TYPE_CHECKING

from bayesmeta.refits.sampled import OK, alarms
from bayesmeta.sensitivity.examination import CUMULATIVE, Examination
from bayesmeta.sensitivity.printing import Printing, printing
from bayesmeta.summaries import digits
from bayesmeta.summaries.grid import Grid

if TYPE_CHECKING:
    import pandas as pd

_WIDTH = 88
_EFFECT = ("estimate", "sd", "lower", "upper", "p_benefit")
_COLUMNS = {
    "prior_sensitivity": (*_EFFECT, "p_benefit_new", "tau", "hellinger", "hellinger_tau"),
    "power_scaling": ("prior", "likelihood"),
    "informativeness": ("hellinger",),
    "prior_data_conflict": ("observed", "tail_probability"),
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
    "sd": lambda printed: printed.effect.number,
    "lower": lambda printed: printed.effect.limit,
    "upper": lambda printed: printed.effect.limit,
    "shift": lambda printed: printed.effect.finer().number,
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
        sentences = [
            line
            for sentence in found.tables["tipping_points"]["sentence"]
            for line in _wrapped(f"- {sentence}")
        ]
        parts.insert(2, ["Tipping points", *sentences])
    parts += [_wrapped(note) for note in found.notes]
    return "\n\n".join("\n".join(part) for part in parts)


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
    columns = [column for column in _COLUMNS[name] if column in table]
    rows = [
        [str(label), *(_shown(row, column, printed) for column in columns)]
        for label, row in table.iterrows()
    ]
    return Grid([str(table.index.name or ""), *columns], rows)


def legend(name: str, table: "pd.DataFrame") -> str:
    """Return what a table's columns are, under it."""
    unit = table.attrs.get("unit") or "the outcome's unit"
    said = {
        "prior_sensitivity": "hellinger: distance from prior to posterior of the quantity, "
        "hellinger_tau of tau (0: the same, 1: apart).",
        "prior_data_conflict": "observed: of mu and slopes the common-effect estimate, of tau "
        "Cochran's Q; tail_probability: how often the priors would give data further out.",
        "leave_one_out": "elpd: log predictive density of the study given the others; pit: "
        f"probability of a lower estimate given the others; shift: of the estimate, in {unit}, "
        "without the study; influence: Hellinger distance between the posteriors with it and "
        "without (0: none).",
    }  # fmt: skip
    return said.get(name, "")


def headline(name: str, table: "pd.DataFrame") -> str:
    """Return what one table of an examination is, with its unit."""
    about = table.attrs
    drawn = f"; NUTS, {about['chains']} x {about['draws']} draws" if OK in table else ""
    return f"{_head(name, table)}{drawn}"


def _head(name: str, table: "pd.DataFrame") -> str:
    about = table.attrs
    unit = f", {about['unit']}" if about.get("unit") else ""
    if name == "leave_one_out":
        total = f"elpd {digits.fixed(about['elpd'], 2)} (SE {digits.fixed(about['elpd_se'], 2)})"
        return f"{_HEADS[name]}, {about['quantity']}{unit}: {total}"
    if name in ("prior_sensitivity", CUMULATIVE):
        level = f"{100 * about['interval']:g} % intervals"
        return f"{_HEADS[name]}, {about['quantity']}{unit}; benefit: {about['event']}; {level}"
    return _HEADS[name]


def _shown(row: "pd.Series[float]", column: str, printed: Printing) -> str:
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
