"""Effect sizes out of a table of studies."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from bayesmeta.errors import MeasureError, StudiesError
from bayesmeta.measures import ready_made
from bayesmeta.measures.contract import Effect, Measure, Remarks, Table
from bayesmeta.measures.effects import Dropped, Effects, FloatArray
from bayesmeta.measures.inputs import Inputs, gaps, inputs
from bayesmeta.measures.outcomes import one_outcome, unit_of
from bayesmeta.measures.register import MEASURES
from bayesmeta.studies import Studies

_SHOWN = 20
_USUAL = "unpooled"


def effect_sizes(
    studies: Studies,
    measure: str,
    *,
    variance: str = _USUAL,
    unit: str | None = None,
    outcome: str | None = None,
    missing: str = "error",
) -> Effects:
    """Return the effect sizes of a table, one a row, treatment minus control.

    Parameters
    ----------
    studies
        A checked table, from `read_studies`.
    measure
        The field's code, one of `MEASURES`: ``"MD"``, ``"SMD"``, ``"ROM"``, ``"OR"`` ...,
        ``"generic"``. A table without arms may hold ready-made estimates of any measure, those
        of a ratio on the log scale.
    variance
        ``"unpooled"``, each arm with its own variance, or ``"pooled"``, one for both arms of a
        study (MD only).
    unit
        Unit of the estimates; by default the table's column ``unit`` for measures in the
        outcome's unit, and the measure's own for others.
    outcome
        Which of several outcomes in the column ``outcome``.
    missing
        What to do with rows that lack a needed cell: ``"error"``, or ``"drop"``, which lists
        them in ``dropped``.

    Returns
    -------
    Effects
        Estimates and standard errors of shape (study,), in file order.

    Raises
    ------
    MeasureError
        If the measure is unknown or the table lacks its columns.
    StudiesError
        If cells are missing, units are mixed, the outcome is unclear, or a row has no such
        effect; the message names every row.

    Examples
    --------
    Length of stay in two hospitals, days (Normand 1999):

    >>> import pandas as pd
    >>> from bayesmeta.studies import read_studies
    >>> frame = pd.DataFrame({"study": ["Edinburgh", "Umea"],
    ...     "n_treatment": [155, 110], "mean_treatment": [55, 21], "sd_treatment": [47, 16],
    ...     "n_control": [156, 183], "mean_control": [75, 31], "sd_control": [64, 27]})
    >>> effects = effect_sizes(read_studies(frame), "MD", unit="days")
    >>> effects.estimate, (effects.standard_error**2).round(3)
    (array([-20., -10.]), array([40.508,  6.311]))
    """
    chosen = _measure(measure)
    _known("missing", missing, ("error", "drop"))
    _known("variance", variance, (_USUAL, *chosen.other_variances), of=f" of {measure}")
    rows, name = one_outcome(studies, outcome)
    kept, found, dropped = _complete(rows, inputs(rows, chosen), missing=missing)
    effect = _computed(chosen, found, variance=variance)
    _refuse(kept, effect, found.table, chosen)
    n, n_notes = _participants(kept, found.table)
    return Effects(
        measure=chosen.code,
        unit=unit_of(kept, chosen) if unit is None else unit,
        estimate=np.asarray(effect.estimate, dtype=np.float64),
        standard_error=np.asarray(effect.standard_error, dtype=np.float64),
        n=n,
        studies=kept,
        outcome=name,
        dropped=dropped,
        notes=(
            *studies.notes,
            *found.notes,
            *_unheard(found, variance),
            *_sentences(kept, effect.remarks),
            *n_notes,
        ),
    )


def _measure(code: str) -> Measure:
    if code not in MEASURES:
        raise MeasureError(f"Unknown measure {code!r}; known: {', '.join(MEASURES)}.")
    return MEASURES[code]


def _known(option: str, value: str, choices: Sequence[str], *, of: str = "") -> None:
    if value not in choices:
        raise MeasureError(f"Unknown {option}={value!r}{of}; known: {', '.join(choices)}.")


def _complete(
    studies: Studies, chosen: Inputs, *, missing: str
) -> tuple[Studies, Inputs, tuple[Dropped, ...]]:
    """Return the rows without gaps, and what was dropped; raise unless dropping is allowed."""
    lacking = gaps(chosen)
    holes = {
        row: [name for name, gap in lacking.items() if gap[row]] for row in range(len(studies))
    }
    reasons = {row: ", ".join(names) for row, names in holes.items() if names}
    if reasons and missing == "error":
        _raise(
            (f"{studies.place(row)}: no {names}" for row, names in reasons.items()),
            'Fill the cells, or leave the rows out with missing="drop".',
        )
    if len(reasons) == len(studies):
        raise StudiesError(f"{studies.source}: no study is left; each lacks a needed cell.")
    kept = np.array([row not in reasons for row in range(len(studies))])
    table = {name: column[kept] for name, column in chosen.table.items()}
    labels = studies["study"]
    dropped = tuple(Dropped(str(labels[row]), f"no {names}") for row, names in reasons.items())
    return studies.take(kept), chosen._replace(table=table), dropped


def _raise(sentences: Iterable[str], advice: str) -> None:
    lines = list(sentences)
    more = [f"... and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    raise StudiesError("\n".join([f"{line}." for line in lines[:_SHOWN]] + more + [advice]))


def _computed(measure: Measure, found: Inputs, *, variance: str) -> Effect:
    formula = measure.other_variances.get(variance, measure.effect)
    if found.ready:
        formula = ready_made.effect
    # What overflows is refused by name just after.
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        return formula(found.table)


def _unheard(found: Inputs, variance: str) -> tuple[str, ...]:
    if not found.ready or variance == _USUAL:
        return ()
    return (f"Standard errors are the table's own; variance={variance!r} is for arms.",)


def _refuse(studies: Studies, effect: Effect, table: Table, measure: Measure) -> None:
    """Raise unless every row has a finite estimate and a positive, finite standard error."""
    reasons = {
        row: why for why, mask in effect.refused.items() for row in np.flatnonzero(mask).tolist()
    }
    usable = np.isfinite(effect.estimate) & np.isfinite(effect.standard_error)
    usable &= effect.standard_error > 0
    for row in np.flatnonzero(~usable).tolist():
        reasons.setdefault(
            row,
            f"{measure.code} is {effect.estimate[row]:g} with standard error "
            f"{effect.standard_error[row]:g}; both must be finite, the latter above 0",
        )
    if reasons:
        rows = sorted(reasons)
        _raise(
            (f"{studies.place(row)}: {reasons[row]}{_cells(table, row)}" for row in rows),
            "Mend the cells, or leave the rows out of the table.",
        )


def _cells(table: Table, row: int) -> str:
    """Return what a row was computed from, for a message."""
    filled = {name: column[row] for name, column in table.items() if not np.isnan(column[row])}
    return f" ({', '.join(f'{name} {value:.15g}' for name, value in filled.items())})"


def _sentences(studies: Studies, remarks: Remarks) -> list[str]:
    return [
        f"{why[0].upper()}{why[1:]}: {_whom(studies, mask)}."
        for why, mask in remarks.items()
        if np.any(mask)
    ]


def _whom(studies: Studies, mask: NDArray[np.bool_]) -> str:
    return "all studies" if np.all(mask) else ", ".join(_labels(studies, mask))


def _labels(studies: Studies, mask: NDArray[np.bool_]) -> list[str]:
    return [str(label) for label in studies["study"][mask]]


def _participants(studies: Studies, table: Table) -> tuple[FloatArray | None, tuple[str, ...]]:
    """Return the participants of each study, from both arms or from the column n."""
    arms = ("n_treatment", "n_control")
    columns = {**{name: studies[name] for name in arms if name in studies}, **table}
    n = np.full(len(studies), np.nan)
    if all(name in columns for name in arms):
        n = columns["n_treatment"] + columns["n_control"]
    if "n" in studies:
        n = np.where(np.isnan(n), studies["n"], n)
    if not np.any(np.isnan(n)):
        return n, ()
    if np.all(np.isnan(n)):
        return None, ()
    absent = ", ".join(_labels(studies, np.isnan(n)))
    return None, (f"The number of participants is not used, because some lack it: {absent}.",)
