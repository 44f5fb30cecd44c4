"""The table that a forest plot draws: studies, then the pooled effect, then a new study."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.caption import ratio_text
from bayesmeta.summaries.contents import study_data
from bayesmeta.summaries.studies import study_tables
from bayesmeta.summaries.summary import errors, summary

if TYPE_CHECKING:
    import xarray as xr

STUDY, REST, POOLED, NEW = "study", "rest", "pooled", "new study"
MOST_STUDIES = 200
"""Studies that get a row of their own: beyond it, those of the largest weight."""

_THREE = ["median", "lower", "upper"]


def forest_table(
    posterior: "xr.DataTree", *, interval: float = 0.95, shortest: bool = False
) -> pd.DataFrame:
    """Return every number and every word of a forest plot's rows.

    Returns
    -------
    DataFrame
        One row a line of the plot, ``kind`` study, rest (how many studies are not shown), pooled
        or new study; ``label``; ``estimate, observed_lower, observed_upper`` as reported;
        ``median, lower, upper`` of the posterior; ``weight``, a fraction; and the same as text:
        ``observed_text, effect_text, weight_text``. Ratios are logarithms in the numbers and
        ratios in the text.

    Raises
    ------
    PosteriorError
        If the posterior does not hold the studies' estimates and standard errors.
    """
    if not study_data(posterior).known or not study_data(posterior).labels:
        raise PosteriorError(
            "A forest plot needs 'estimate' in observed_data and 'standard_error' in "
            "constant_data, each with the dimension 'study'; the posterior lacks them."
        )
    studies = _studies(posterior, interval=interval, shortest=shortest)
    pooled = _pooled(
        posterior,
        digits.column_places(studies["standard_error"]),
        interval=interval,
        shortest=shortest,
    )
    parts = [studies.drop(columns=["standard_error"]), *_rest(posterior, studies), pooled]
    return pd.concat(parts, ignore_index=True)


def _studies(posterior: "xr.DataTree", *, interval: float, shortest: bool) -> pd.DataFrame:
    table, problems = study_tables(posterior, interval=interval, shortest=shortest)
    shown = _largest(table)
    columns = ["estimate", "standard_error", "observed_lower", "observed_upper", *_THREE, "weight"]
    chosen = table.loc[shown, columns].assign(kind=STUDY, label=table.loc[shown, "study"])
    ratio, decimals = wording.is_ratio(posterior), digits.column_places(chosen["standard_error"])
    return chosen.assign(
        observed_text=_observed_texts(chosen, decimals, ratio=ratio),
        effect_text=_effect_texts(chosen, problems.loc[shown], decimals, ratio=ratio),
        weight_text=["" if np.isnan(w) else digits.per_cent(w) for w in chosen["weight"]],
    )


def _largest(table: pd.DataFrame) -> pd.Index:
    """Return the rows shown, in file order: all, or those of the largest weight."""
    if len(table) <= MOST_STUDIES:
        return table.index
    order = np.argsort(-table["weight"].fillna(0).to_numpy(), kind="stable")
    return table.index[np.sort(order[:MOST_STUDIES])]


def _rest(posterior: "xr.DataTree", shown: pd.DataFrame) -> list[pd.DataFrame]:
    count = len(study_data(posterior).labels) - len(shown)
    label = f"... and {count} more studies of smaller weight"
    texts = {"observed_text": "", "effect_text": "", "weight_text": ""}
    return [pd.DataFrame([{"kind": REST, "label": label, **texts}])] if count else []


def _pooled(
    posterior: "xr.DataTree", decimals: int, *, interval: float, shortest: bool
) -> pd.DataFrame:
    names = [schema.MU, schema.THETA_NEW]
    table = summary(posterior, interval=interval, shortest=shortest).loc[names, _THREE]
    problems = errors(posterior, interval=interval, shortest=shortest).loc[names]
    texts = _effect_texts(table, problems, decimals, ratio=wording.is_ratio(posterior))
    labels = [f"Pooled {_pooled_code(posterior)}", "New study (prediction)"]
    words = table.assign(kind=[POOLED, NEW], label=labels, effect_text=texts)
    return words.assign(observed_text="", weight_text="")


def _pooled_code(posterior: "xr.DataTree") -> str:
    code = wording.measure_code(posterior)
    return {"MD": "WMD", "Estimate": "effect"}.get(code, code)


def _observed_texts(table: pd.DataFrame, decimals: int, *, ratio: bool) -> list[str]:
    rows = table[["estimate", "observed_lower", "observed_upper"]].to_numpy()
    if ratio:
        return [_bracketed(digits.ratio(value) for value in np.exp(row)) for row in rows]
    return [_bracketed(digits.fixed(value, decimals) for value in row) for row in rows]


def _effect_texts(
    table: pd.DataFrame, problems: pd.DataFrame, decimals: int, *, ratio: bool
) -> list[str]:
    rows, errors = table[_THREE].to_numpy().tolist(), problems[_THREE].to_numpy().tolist()
    pairs = list(zip(rows, errors, strict=True))
    if ratio:
        return [_bracketed(map(ratio_text, row, error)) for row, error in pairs]
    return [_bracketed(digits.span(row, error, most=decimals)) for row, error in pairs]


def _bracketed(three: Iterable[str]) -> str:
    return digits.Span(*three).bracketed(", ")
