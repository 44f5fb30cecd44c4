"""Standard errors beside ratios or correlations: on which of two scales they are."""

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.errors import StudiesError
from bayesmeta.measures import ready_made
from bayesmeta.measures.contract import Table
from bayesmeta.measures.scale import RATIOS, Scale
from bayesmeta.studies import Studies
from bayesmeta.studies.wording import choice, column_choice

_SHOWN = 20
_NEAR = 0.1
"""How far, as a share, an interval's standard error may be from the one beside it."""

_NEARER = 2.0


def bare(table: Table) -> BoolArray:
    """Return the rows with a standard error or variance and no interval."""
    given = ready_made.stated_error(table)
    limits = np.full_like(given, np.nan)
    if {"ci_lower", "ci_upper"} <= set(table):
        limits = table["ci_upper"] / 2 - table["ci_lower"] / 2
    return np.asarray(~np.isnan(given) & np.isnan(limits) & ~np.isnan(table["estimate"]))


def moved(
    studies: Studies, table: Table, scale: Scale, errors: str | None, *, width: FloatArray,
    needed: BoolArray,
) -> tuple[FloatArray, str]:  # fmt: skip
    """Return the given standard errors on the scale that is pooled on, and how they got there.

    Parameters
    ----------
    errors
        The scale they are on, as was said; None to find out.
    width
        Standard errors of the intervals on the scale that is pooled on, nan where there is none.
    needed
        Where no interval gives the standard error.

    Raises
    ------
    StudiesError
        If the scale is needed and unclear, or the intervals beside contradict it.
    """
    given = ready_made.stated_error(table)
    if np.all(np.isnan(given)):
        return given, ""
    found = scale_of(studies, table, scale, errors, width=width)
    if not found:
        if np.any(needed):
            raise StudiesError(_question(studies, scale, needed))
        _refuse_apart(studies, given, _nearer(given, scale, table, width), width)
        return given, ""
    reported = found == scale.as_reported
    on_scale = np.asarray(given * scale.slope(table["estimate"])) if reported else given
    _refuse_apart(studies, given, on_scale, width)
    if not reported:
        return on_scale, ""
    how = "divided by the estimate" if scale is RATIOS else "divided by 1 - r squared"
    return on_scale, f"the standard error, one of {scale.words[0]}, is {how}"


def scale_of(
    studies: Studies, table: Table, scale: Scale, errors: str | None, *,
    width: FloatArray | None = None,
) -> str:  # fmt: skip
    """Return the scale of the given standard errors, or "" where nothing tells it.

    As was said, else as the name of the column says, else as the intervals beside some of them
    tell, if all of these tell the same.
    """
    if errors is not None:
        return errors
    if studies.error_scale and scale is RATIOS:
        return studies.error_scale
    if width is None:
        return ""
    given = ready_made.stated_error(table)
    both = ~np.isnan(given) & ~np.isnan(width)
    if not np.any(both):
        return ""
    apart = {
        scale.as_pooled: np.abs(np.log(given[both] / width[both])),
        scale.as_reported: np.abs(
            np.log(given[both] * scale.slope(table["estimate"][both]) / width[both])
        ),
    }
    worst = {name: float(np.max(distances)) for name, distances in apart.items()}
    nearest, other = sorted(worst, key=lambda name: worst[name])
    clear = worst[nearest] < _NEAR and worst[nearest] * _NEARER < worst[other]
    return nearest if clear else ""


def _nearer(given: FloatArray, scale: Scale, table: Table, width: FloatArray) -> FloatArray:
    """Return the standard errors on whichever scale is nearer to the intervals."""
    other = given * scale.slope(table["estimate"])
    near = np.abs(np.log(given / width)) < np.abs(np.log(np.abs(other / width)))
    return np.where(near, given, other)


def _question(studies: Studies, scale: Scale, needed: BoolArray) -> str:
    sentences = [
        f"{studies.place(row)}: a standard error without an interval."
        for row in np.flatnonzero(needed)[:_SHOWN].tolist()
    ]
    pooled, reported = choice("errors", scale.as_pooled), choice("errors", scale.as_reported)
    advice = (
        f"Beside {scale.words[0]} it may be on either scale: say {pooled} if standard errors are "
        f"those of {scale.words[1]}, {reported} if they are those of the {scale.words[0]}; or give "
        "ci_lower and ci_upper."
    )
    return "\n".join([*sentences, advice])


def _refuse_apart(
    studies: Studies, given: FloatArray, on_scale: FloatArray, width: FloatArray
) -> None:
    """Raise if a standard error is far from that of the interval beside it."""
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(np.log(on_scale / width)) > np.log(1.6)  # an interval by t with 3 df
    rows = np.flatnonzero(apart).tolist()
    if rows:
        sentences = [
            f"{studies.place(row)}: standard error {given[row]:g}, on the scale that is pooled on "
            f"{on_scale[row]:.4g}, is not that of its interval there, {width[row]:.4g}."
            for row in rows[:_SHOWN]
        ]
        advice = (
            f"Leave one out: {column_choice('standard_error', '')} or "
            f"{column_choice('ci_lower', '')}."
        )
        raise StudiesError("\n".join([*sentences, advice]))
