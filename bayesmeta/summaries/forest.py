"""The table that a forest plot draws: studies, then the pooled effect, then a new study."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.arrays import BoolArray
from bayesmeta.errors import PosteriorError
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.groups import group_tables
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.printing import THREE
from bayesmeta.summaries.studies import study_tables
from bayesmeta.summaries.view import Posterior, view_of

STUDY, REST, GROUP, POOLED, NEW = "study", "rest", "group", "pooled", "new study"
HEAD, SUBTOTAL, CLASSICAL = "head", "subtotal", "classical"
"""Further kinds of rows, which a figure adds: above and below a group of studies, and last."""

MARK = "mark_text"
MOST_STUDIES = 200
"""Studies that get a row of their own: beyond it, those of the largest weight."""

_THREE = list(THREE)


def forest_table(
    posterior: Posterior,
    *,
    interval: float = 0.95,
    shortest: bool = False,
    difference: float | None = None,
) -> pd.DataFrame:
    """Return every number and every word of a forest plot's rows.

    Parameters
    ----------
    difference
        Minimal important difference, that limits are told apart from.

    Returns
    -------
    DataFrame
        One row a line of the plot, ``kind`` study, rest (how many studies are not shown), group
        (a cluster, where those have effects of their own), pooled or new study (where the
        posterior has one); ``label``; ``outcome``, where there are several; ``quantity``, by the
        posterior's name, empty of clusters;
        ``estimate, observed_lower, observed_upper`` as reported; ``median, lower, upper`` of the
        posterior; ``weight``, a fraction; and the same as text: ``observed_text, effect_text,
        weight_text``, and of effects that may be outliers ``mark_text``, what says so. Ratios are
        logarithms in the numbers and ratios in the text.

    Raises
    ------
    PosteriorError
        If the posterior does not hold the studies' estimates and standard errors.
    """
    view = view_of(posterior)
    return forest_rows(Page.of(view, interval=interval, shortest=shortest, difference=difference))


def forest_rows(page: Page) -> pd.DataFrame:
    """Return the same of a page; errors as `forest_table`."""
    data = page.view.studies
    if not data.known or not data.labels:
        raise PosteriorError(
            "A forest plot needs 'estimate' in observed_data and 'standard_error' in "
            "constant_data, each with the dimension 'study'; the posterior lacks them."
        )
    studies = _studies(page)
    parts = [studies, *_rest(len(data.labels) - len(studies)), *_groups(page), _pooled(page)]
    found = pd.concat(parts, ignore_index=True)
    return found.fillna({MARK: ""}) if MARK in found else found


def _studies(page: Page) -> pd.DataFrame:
    """Return the studies' rows: of several outcomes each with its own decimals."""
    view = page.view
    outcomes = list(dict.fromkeys(view.follows.outcomes)) or [""]
    if len(outcomes) == 1:
        return _of_outcome(page, "", np.ones(len(view.studies.labels), dtype=bool))
    parts = [_of_outcome(page, name, view.follows.rows_of(name)) for name in outcomes]
    return pd.concat(parts)


def _of_outcome(page: Page, outcome: str, rows: BoolArray) -> pd.DataFrame:
    table, problems = study_tables(page.view, interval=page.level, shortest=page.shortest)
    shown = _largest(table[rows])
    printer = replace(page.printer, standard_error=page.printer.standard_error[rows])
    columns = ["estimate", "observed_lower", "observed_upper", *_THREE, "sd", "weight"]
    chosen = table.loc[shown, columns].assign(kind=STUDY, label=table.loc[shown, "study"])
    reported = printer.observed_spans(chosen)
    texts = printer.study_spans(chosen, problems.loc[shown])
    ending = f" [{outcome}]"
    return chosen.drop(columns="sd").assign(
        outcome=outcome,
        quantity=[schema.study_effect(str(label)) for label in chosen["label"]],
        label=[str(label).removesuffix(ending) if outcome else label for label in chosen["label"]],
        observed_text=[_bracketed(span) for span in reported],
        effect_text=[_bracketed(span) if known else ""
                     for span, known in zip(texts, chosen["median"].notna(), strict=True)],
        weight_text=["" if np.isnan(w) else digits.per_cent(w) for w in chosen["weight"]],
        **_marks(page, shown),
    )  # fmt: skip


def _marks(page: Page, shown: pd.Index) -> dict[str, list[str]]:
    """Return what says of studies that they are outliers, where anything does."""
    return {key: [digits.fixed(float(each), 2) for each in mark[shown]]
            for key, mark in zip([MARK], page.view.marks.values(), strict=False)}  # fmt: skip


def _largest(table: pd.DataFrame) -> pd.Index:
    """Return the rows shown, in file order: all, or those of the largest weight."""
    if len(table) <= MOST_STUDIES:
        return table.index
    order = np.argsort(-table["weight"].fillna(0).to_numpy(), kind="stable")
    return table.index[np.sort(order[:MOST_STUDIES])]


def _rest(count: int) -> list[pd.DataFrame]:
    label = f"... and {count} more studies of smaller weight"
    texts = {"observed_text": "", "effect_text": "", "weight_text": "", "outcome": "",
             "quantity": ""}  # fmt: skip
    return [pd.DataFrame([{"kind": REST, "label": label, **texts}])] if count else []


def _groups(page: Page) -> list[pd.DataFrame]:
    """Return the effects of groups of rows, such as clusters, where the model has them."""
    role = page.view.follows.grouped
    if not role:
        return []
    table, problems = group_tables(page.view, interval=page.level, shortest=page.shortest)
    shown, missed = table.head(MOST_STUDIES), problems.head(MOST_STUDIES)
    counts = [f"{size} {'estimate' if size == 1 else 'estimates'}" for size in shown["estimates"]]
    labels = [f"{role.capitalize()} {name} ({count})"
              for name, count in zip(shown[role], counts, strict=True)]  # fmt: skip
    spans = page.printer.study_spans(shown, missed)
    texts = {"observed_text": "", "weight_text": "", "outcome": "", "quantity": "",
             "effect_text": [_bracketed(span) for span in spans]}  # fmt: skip
    return [shown[list(_THREE)].assign(kind=GROUP, label=labels, **texts)]


def _pooled(page: Page) -> pd.DataFrame:
    view = page.view
    labels = {name: _of(f"Pooled {_pooled_code(page)}", name) for name in view.means}
    labels |= {name: _of("New study (prediction)", name) for name in view.news}
    names = [name for name in labels if name in page]
    return page.table.loc[names, _THREE].assign(
        kind=[POOLED if name in view.means else NEW for name in names],
        quantity=names,
        outcome=[wording.label_of(name) if len(view.means) > 1 else "" for name in names],
        label=[labels[name] for name in names],
        effect_text=[_bracketed(page.span(name)) for name in names],
        observed_text="",
        weight_text="",
    )


def _of(title: str, name: str) -> str:
    label = wording.label_of(name)
    return f"{title}: {label}" if label else title


def _pooled_code(page: Page) -> str:
    weighted = "WMD" if page.view.is_normal_normal else "MD"
    return {"MD": weighted, "Estimate": "effect"}.get(page.code, page.code)


def _bracketed(three: Iterable[str]) -> str:
    return digits.Span(*three).bracketed(", ")
