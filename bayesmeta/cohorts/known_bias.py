"""Biases of single studies that are known from elsewhere, taken off their estimates."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import StudiesError
from bayesmeta.measures.effects import Effects

MEAN, SD = "bias_mean", "bias_sd"

type Judged = Mapping[str, Mapping[str, tuple[float, float]]]
"""By a column of judgements, such as ``rob_overall``: mean and SD of the bias of each level."""


def less_known_biases(effects: Effects, judged: Judged | None = None) -> Effects:
    """Return effects whose known biases are taken off, their uncertainty added.

    With m and v the mean and SD of a study's bias, its estimate becomes ``y - m`` with standard
    error ``sqrt(s**2 + v**2)``. They stand in the columns ``bias_mean`` and ``bias_sd``, where a
    study without both has none; or follow from a column of judgements. Both add up.

    Parameters
    ----------
    effects
        Effect sizes, from `effect_sizes`, with the columns in their table.
    judged
        The biases of a column's levels: ``{"rob_overall": {"high": (-0.2, 0.1)}}``. A level that
        it does not name is an error.

    Raises
    ------
    StudiesError
        If a column or a level is not there, a number is none, or an SD is below 0.

    References
    ----------
    Turner RM, Spiegelhalter DJ, Smith GCS, Thompson SG (2009). Bias modelling in evidence
    synthesis. J R Stat Soc A 172:21-47. doi:10.1111/j.1467-985X.2008.00547.x

    Examples
    --------
    >>> import pandas as pd
    >>> import bayesmeta as bm
    >>> table = pd.DataFrame({"study": ["a", "b"], "estimate": [1.0, 2.0],
    ...                       "standard_error": [3.0, 1.0], "rob_all": ["high", "low"]})
    >>> effects = bm.effect_sizes(bm.read_studies(table), "generic")
    >>> found = less_known_biases(effects, {"rob_all": {"high": (0.5, 4.0), "low": (0.0, 0.0)}})
    >>> found.estimate.tolist(), found.standard_error.tolist()
    ([0.5, 2.0], [5.0, 1.0])
    """
    mean, variance = np.zeros(len(effects)), np.zeros(len(effects))
    sources = []
    for column, found in (*_columns(effects), *_judgements(effects, judged or {})):
        mean, variance = mean + found[0], variance + found[1] ** 2
        sources.append(column)
    if not sources:
        return effects
    touched = int(np.count_nonzero((mean != 0) | (variance != 0)))
    note = (
        f"Known biases of {touched} studies ({' and '.join(sources)}) are taken off their "
        "estimates, and their variances added."
    )
    return replace(
        effects,
        estimate=effects.estimate - mean,
        standard_error=np.sqrt(effects.standard_error**2 + variance),
        notes=(*effects.notes, note),
    )


type _Found = list[tuple[str, tuple[FloatArray, FloatArray]]]


def _columns(effects: Effects) -> _Found:
    studies = effects.studies
    there = [name for name in (MEAN, SD) if name in studies]
    if not there:
        return []
    if len(there) == 1:
        other = SD if there == [MEAN] else MEAN
        raise StudiesError(f"{studies.source}: a column {there[0]!r}, and no {other!r} beside it.")
    mean, sd = (studies[name] for name in (MEAN, SD))
    for name, column in ((MEAN, mean), (SD, sd)):
        if column.dtype.kind != "f":
            raise StudiesError(f"{studies.source}: the column {name!r} holds no numbers.")
    half = np.flatnonzero(np.isnan(mean) != np.isnan(sd))
    if half.size:
        raise StudiesError(
            f"{studies.place(int(half[0]))}: one of {MEAN} and {SD} is empty; "
            "fill in both, or neither where no bias is known."
        )
    below = np.flatnonzero(sd < 0)
    if below.size:
        raise StudiesError(f"{studies.place(int(below[0]))}: {SD} is {sd[below[0]]:g}, below 0.")
    return [(f"columns {MEAN} and {SD}", (np.nan_to_num(mean), np.nan_to_num(sd)))]


def _judgements(effects: Effects, judged: Judged) -> _Found:
    studies, found = effects.studies, []
    for column, table in judged.items():
        if column not in studies:
            raise StudiesError(
                f"{studies.source}: no column {column!r} of judgements; "
                f"columns: {', '.join(studies.columns)}."
            )
        for level, (mean, sd) in table.items():
            if not (np.isfinite(mean) and np.isfinite(sd) and sd >= 0):
                raise StudiesError(
                    f"The bias of {column} {level!r} is {mean:g} with SD {sd:g}; "
                    "finite numbers, and an SD of at least 0, are needed."
                )
        words = [str(word) for word in studies[column]]
        for row, word in enumerate(words):
            if word not in table:
                raise StudiesError(
                    f"{studies.place(row)}: {column} is {word!r}, and no bias is stated for it; "
                    f"stated: {', '.join(table)}."
                )
        pairs = np.array([table[word] for word in words], dtype=float)
        found.append((f"judgements {column}", (pairs[:, 0], pairs[:, 1])))
    return found
