"""The tables of the plain-text summary: parameters, then studies."""

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.summaries import digits, grid, wording
from bayesmeta.summaries.contents import sampled_group, study_data
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.studies import study_tables

_MOST_STUDIES = 200
_FIVE = ("mean", "sd", "median", "lower", "upper")
_THREE = ["median", "lower", "upper"]
_SAMPLED = {
    "r_hat": "R-hat",
    "ess_bulk": "ESS",
    "ess_tail": "tail",
    "difference_from_exact": "vs exact",
}
_DECIMALS = {"r_hat": 3, "ess_bulk": 0, "ess_tail": 0, "difference_from_exact": 1}


def parameter_lines(page: Page) -> list[str]:
    """Return the table of parameters; effects of ratio measures on the log scale."""
    sampled = [name for name in _SAMPLED if name in page.table]
    head = ["parameter", *_FIVE, "P(< 0)", "error", *(_SAMPLED[name] for name in sampled)]
    rows = [_parameter(page, str(name), sampled) for name in page.table.index]
    scale = " on the log scale" if wording.is_ratio(page.posterior) else ""
    caption = f"Parameters{scale}. lower, upper: {page.interval}; error: numerical, of the mean"
    none = not np.isfinite(page.table["mean"]).all()
    caption += " (where there is none, of the median)." if none else "."
    return [*page.flag(), caption, *grid.lines(head, rows)]


def _parameter(page: Page, name: str, sampled: list[str]) -> list[str]:
    cells = [page.shown(name, column) for column in (*_FIVE, "p_below_0")]
    cells.append(f"{float(page.table['error'][name]):.1g}")
    shown = [digits.fixed(float(page.table[each][name]), _DECIMALS[each]) for each in sampled]
    return [name, *cells, *shown]


def study_lines(page: Page) -> list[str]:
    """Return the table of studies, or nothing where the posterior says nothing of them."""
    data = study_data(page.posterior)
    if not data.labels or not (data.known or schema.THETA in sampled_group(page.posterior)):
        return []
    table, problems = study_tables(page.posterior, interval=page.level, shortest=page.shortest)
    rows = _study_rows(table.head(_MOST_STUDIES), problems.head(_MOST_STUDIES))
    level = f"{100 * page.level:g} % CI"
    logged = wording.is_ratio(page.posterior)
    code = wording.measure_code(page.posterior)
    head = [
        "study",
        f"log {code}" if logged else code,
        level,
        "study effect",
        page.interval,
        "weight",
    ]
    rest = len(table) - len(rows)
    more = [f"... and {rest} more studies, in the table of study effects."] if rest else []
    scale = " on the log scale" if logged else ""
    return [*page.flag(), f"Studies{scale}.", *grid.lines(head, rows), *more]


def _study_rows(table: pd.DataFrame, problems: pd.DataFrame) -> list[list[str]]:
    decimals = digits.column_places(table["standard_error"])
    observed = table[["estimate", "observed_lower", "observed_upper"]].to_numpy()
    effects, errors = table[_THREE].to_numpy().tolist(), problems[_THREE].to_numpy().tolist()
    rows = []
    for number, label in enumerate(table["study"]):
        seen = [digits.fixed(float(value), decimals) for value in observed[number]]
        span = digits.span(effects[number], errors[number], most=decimals)
        share = float(table["weight"].to_numpy()[number])
        weight = "" if np.isnan(share) else digits.per_cent(share)
        ends = f"[{seen[1]}, {seen[2]}]", f"[{span.lower}, {span.upper}]"
        rows.append([str(label), seen[0], ends[0], span.point, ends[1], weight])
    return rows
