"""The tables of the plain-text summary: parameters, then studies."""

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.summaries import digits
from bayesmeta.summaries.chains import DRAWN
from bayesmeta.summaries.grid import Grid
from bayesmeta.summaries.groups import group_tables
from bayesmeta.summaries.own_scale import kind_of, on_scale, symbol
from bayesmeta.summaries.page import Page, wrapped
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.studies import study_tables

APPROXIMATE = ", approximate"
"""Said of estimates that the model is not fitted to."""
_MOST_STUDIES = 200
_BELOW = "P(< 0)"
_FIVE = ("mean", "sd", "median", "lower", "upper")
_CHAINS = {
    "r_hat": "R-hat",
    "ess_bulk": "ESS",
    "ess_tail": "tail",
    "difference_from_exact": "vs exact",
}
_DECIMALS = {"r_hat": 3, "ess_bulk": 0, "ess_tail": 0, "difference_from_exact": 1}
_OF_DRAWS = (
    'Rows "draws": ArviZ\'s summary of the {chains} x {draws} draws beside the exact numbers; '
    "error: Monte Carlo, of the mean; vs exact: the difference in such errors."
)


def parameter_lines(page: Page) -> list[str]:
    """Return the table of parameters as lines under its caption."""
    return [*page.flag(), *wrapped(parameter_caption(page)), *parameter_grid(page).lines()]


def parameter_grid(page: Page) -> Grid:
    """Return the table of parameters; effects on the scale that is pooled on.

    Where the numbers are exact and there are draws of a sampler too, each parameter has a second
    row for what the draws say.
    """
    chains = [name for name in _CHAINS if name in page.table and page.table[name].notna().any()]
    beside = all(name in page.table for name in DRAWN)
    head = ["parameter", *_FIVE, _BELOW, "error", *(_CHAINS[name] for name in chains)]
    rows = []
    for name in map(str, page.table.index):
        numbers, said = _numbers(page, name), _convergence(page, name, chains)
        if beside:
            rows += [
                [name, *numbers, *([""] * len(chains))],
                ["  draws", *_drawn(page, name), *said],
            ]
        else:
            rows.append([name, *numbers, *said])
    kept = [place for place, name in enumerate(head)
            if name != _BELOW or any(row[place] for row in rows)]  # fmt: skip
    return Grid([head[place] for place in kept], [[row[place] for place in kept] for row in rows])


def parameter_caption(page: Page) -> list[str]:
    """Return what the columns of the table of parameters are, in sentences."""
    scale = on_scale(page.view.word("measure"))
    caption = f"Parameters{scale}. lower, upper: {page.interval}; error: numerical, of the mean"
    none = not np.isfinite(page.table["mean"]).all()
    caption += " (where there is none, of the median)." if none else "."
    if not all(name in page.table for name in DRAWN):
        return [caption]
    sizes = page.view.sampled.sizes
    drawn = _OF_DRAWS.format(chains=sizes[schema.CHAIN], draws=sizes[schema.DRAW])
    return [f"{caption} {drawn}"]


def _numbers(page: Page, name: str) -> list[str]:
    cells = [page.shown(name, column) for column in (*_FIVE, "p_below_0")]
    return [*cells, _error(float(page.table["error"][name]))]


def _drawn(page: Page, name: str) -> list[str]:
    """Return what the draws say, under the exact numbers: mean, sd, and the mean's error."""
    mean, sd, error = (float(page.table[column][name]) for column in DRAWN)
    precision = page.precision(name, logged=True)
    return [
        precision.number(mean, error),
        precision.number(sd, error),
        "",
        "",
        "",
        "",
        _error(error),
    ]


def _convergence(page: Page, name: str, chains: list[str]) -> list[str]:
    return [digits.fixed(float(page.table[each][name]), _DECIMALS[each]) for each in chains]


def _error(value: float) -> str:
    return f"{value:.1g}".replace("-", digits.MINUS)


def study_lines(page: Page) -> list[str]:
    """Return the table of studies as lines, or nothing where the posterior says nothing of them."""
    found = study_grid(page, most=_MOST_STUDIES)
    if found is None:
        return []
    rest = len(page.view.studies.labels) - len(found.rows)
    more = [f"... and {rest} more studies, in the table of study effects."] if rest else []
    scale = on_scale(page.view.word("measure"))
    return [*page.flag(), f"Studies{scale}.", *found.lines(), *more]


def study_grid(page: Page, *, most: int, logged: bool = True) -> Grid | None:
    """Return the table of studies, the first of them; None where nothing is known of them.

    Parameters
    ----------
    logged
        Whether effects stand on the scale that they are pooled on, not the one they are read on.
    """
    data = page.view.studies
    if not data.labels or not (data.known or schema.THETA in page.view.sampled):
        return None
    table, problems = study_tables(page.view, interval=page.level, shortest=page.shortest)
    shown, missed = table.head(most), problems.head(most)
    columns = {
        **_observed(page, shown, logged=logged),
        **_effects(page, shown, missed, logged=logged),
        **_weights(shown),
        **_marks(page, shown),
    }
    return Grid(list(columns), [list(row) for row in zip(*columns.values(), strict=True)])


def group_lines(page: Page) -> list[str]:
    """Return the table of groups as lines, or nothing where the model has none."""
    role, found = page.view.follows.grouped, group_grid(page, most=_MOST_STUDIES)
    if found is None:
        return []
    rest = len(page.view.layout.groups[role]) - len(found.rows)
    more = [f"... and {rest} more {role}s, in the table of their effects."] if rest else []
    scale = on_scale(page.view.word("measure"))
    return [*page.flag(), f"{role.capitalize()}s{scale}.", *found.lines(), *more]


def group_grid(page: Page, *, most: int, logged: bool = True) -> Grid | None:
    """Return the table of groups, such as clusters, the first of them; None without groups.

    Parameters
    ----------
    logged
        As of the studies' table.
    """
    role = page.view.follows.grouped
    if not role:
        return None
    table, problems = group_tables(page.view, interval=page.level, shortest=page.shortest)
    shown, missed = table.head(most), problems.head(most)
    spans = page.printer.study_spans(shown, missed, logged=logged)
    names = zip(shown[role], shown["estimates"], spans, strict=True)
    rows = [[str(label), str(size), span.point, f"[{span.lower}, {span.upper}]"]
            for label, size, span in names]  # fmt: skip
    return Grid([role, "estimates", f"{role} effect", page.interval], rows)


def _observed(page: Page, table: pd.DataFrame, *, logged: bool) -> dict[str, list[str]]:
    """Return label, estimate and its interval by the heads of their columns."""
    measure = page.view.word("measure")
    pooled = {Kind.RATIO: f"log {page.code}", Kind.CORRELATION: "Fisher's z",
              Kind.PROPORTION: "logit", Kind.RATE: "log rate"}  # fmt: skip
    head = pooled.get(kind_of(measure), page.code) if logged else symbol(measure, page.code)
    head += APPROXIMATE if page.view.is_approximate else ""
    spans = page.printer.observed_spans(table, logged=logged)
    return {
        "study": [str(label) for label in table["study"]],
        head: [span.point for span in spans],
        f"{100 * page.level:g} % CI": [f"[{span.lower}, {span.upper}]" for span in spans],
    }


def _effects(
    page: Page, table: pd.DataFrame, problems: pd.DataFrame, *, logged: bool
) -> dict[str, list[str]]:
    """Return study effects, where the posterior has them."""
    if table["median"].isna().all():
        return {}
    spans = page.printer.study_spans(table, problems, logged=logged)
    return {
        "study effect": [span.point for span in spans],
        page.interval: [f"[{span.lower}, {span.upper}]" for span in spans],
    }


def _marks(page: Page, table: pd.DataFrame) -> dict[str, list[str]]:
    """Return what says that a study is an outlier, under its head."""
    kernel = page.view.kernel
    if kernel is None or kernel.MARK not in table:
        return {}
    return {kernel.MARK_HEAD: [digits.fixed(float(mark), 2) for mark in table[kernel.MARK]]}


def _weights(table: pd.DataFrame) -> dict[str, list[str]]:
    """Return shares in the pooled effect, where they are defined."""
    if table["weight"].isna().all():
        return {}
    return {"weight": [digits.per_cent(float(share)) for share in table["weight"]]}
