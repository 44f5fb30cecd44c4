"""Effect sizes out of a table of studies."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import BoolArray
from bayesmeta.errors import MeasureError
from bayesmeta.measures import unit_information
from bayesmeta.measures.combining import WAYS, combined
from bayesmeta.measures.complete import complete_rows
from bayesmeta.measures.computing import computed, refuse_unusable
from bayesmeta.measures.contract import USUAL, Measure, Remarks
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.given import as_studies
from bayesmeta.measures.inputs import Inputs, inputs
from bayesmeta.measures.outcomes import analysed, stated_units, units_of
from bayesmeta.measures.participants import labels_of, participants
from bayesmeta.measures.provenance import provenance
from bayesmeta.measures.redundancy import (
    refuse_opposites,
    refuse_other_intervals,
    refuse_other_roots,
)
from bayesmeta.measures.scales import Said, on_pooled_scale
from bayesmeta.measures.significance import LAWS
from bayesmeta.measures.synonyms import measure_of
from bayesmeta.studies import Studies
from bayesmeta.studies.ending import ended

if TYPE_CHECKING:
    import os

    import pandas as pd

_LEAST, _WHOLE = 50, 100
_COUNTS = frozenset({"events", "time", "events_treatment", "events_control", "time_treatment",
                     "time_control"})  # fmt: skip


def effect_sizes(  # noqa: PLR0913  (what a table leaves open)
    studies: "Studies | str | os.PathLike[str] | pd.DataFrame",
    measure: str,
    *,
    variance: str = USUAL,
    unit: str | Mapping[str, str] | None = None,
    outcome: str | Sequence[str] | None = None,
    comparison: str | None = None,
    subgroup: str | None = None,
    values: str | None = None,
    errors: str | None = None,
    confidence: float | None = None,
    p_values: str | None = None,
    combine: str | None = None,
    missing: str = "error",
    repeated: bool = False,
) -> Effects:
    """Return the effect sizes of a table, one a row, treatment minus control.

    Parameters
    ----------
    studies
        A checked table, from `read_studies`; or a file's path or a frame, which it reads.
    measure
        The field's code, one of `MEASURES`: ``"MD"``, ``"SMD"``, ``"ROM"``, ``"OR"`` ...,
        ``"generic"``. Rows without arms may hold ready-made estimates of any measure.
    variance
        ``"unpooled"``, each arm with its own variance, or ``"pooled"``, one for both arms of a
        study (MD only).
    unit
        Unit of the estimates; by default the table's column ``unit`` for measures in the
        outcome's unit, and the measure's own for others. Empty for outcomes in several units,
        which stand in ``units``; to state them give one each, ``{"TNF": "pg/mL"}``.
    outcome
        Which of several outcomes: a value of the column ``outcome``, in a review its number;
        with ``repeated`` also several of them, in a sequence.
    comparison, subgroup
        Which comparison and subgroup, in a review by number; without a subgroup the overall
        analysis.
    values
        Scale of ready-made estimates: of a ratio ``"natural"`` or ``"log"``, of a correlation
        ``"r"`` or ``"z"``. Needed where the table leaves it open.
    errors
        The same of the standard errors beside natural ratios or correlations. Needed where
        neither their name nor an interval tells.
    confidence
        Confidence level of ready-made intervals in per cent; by default the table's column
        ``confidence``, else 95.
    p_values
        What two-sided p-values beside estimates are of, ``"normal"`` or ``"t"`` (with the column
        ``df``, else n_treatment + n_control - 2), where they are to give the standard errors that
        the table lacks.
    combine
        One row of the rows of a study: ``"subgroups"``, separate groups of patients, each arm
        taken together, or ``"arms"``, treated arms against the same control.
    missing
        What to do with rows that lack a needed cell: ``"error"``, or ``"drop"``, which lists
        them in ``dropped``.
    repeated
        Whether a study may stand in several rows, for a model that knows how they depend on each
        other. Without an outcome the rows are then those of all outcomes. ``labels`` of the
        effects tell the rows apart, ``study [outcome]`` or ``study [row]``; ``studies["study"]``
        has the names as they are, and ``studies.groups(column)`` the groups of any column.

    Returns
    -------
    Effects
        Estimates and standard errors of shape (study,), in file order.

    Raises
    ------
    MeasureError
        If the measure is unknown, the table lacks its columns, or an option is none of its own.
    StudiesError
        If cells are missing, units are mixed, the outcome or the scale is unclear, columns
        contradict each other, a study stands in several rows, or a row has no such effect; the
        message names every row.

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

    Two outcomes of the same patients, for a model of both:

    >>> frame = pd.DataFrame({"study": ["Ash", "Ash"], "outcome": ["pain", "mood"],
    ...                       "yi": [0.5, 0.3], "vi": [0.04, 0.04]})
    >>> effects = effect_sizes(read_studies(frame), "SMD", repeated=True)
    >>> effects.labels, effects.studies.groups("study")
    (('Ash [pain]', 'Ash [mood]'), ('Ash', 'Ash'))
    """
    table, chosen = as_studies(studies), measure_of(measure)
    _known("missing", missing, ("error", "drop"))
    _known("variance", variance, (USUAL, *chosen.other_variances), of=f" of {measure}")
    _known("p_values", p_values, (None, *LAWS))
    _known("combine", combine, (None, *WAYS))
    level = None if confidence is None else _level(confidence)
    rows, name = analysed(
        table, outcome, comparison=comparison, subgroup=subgroup, repeated=repeated
    )
    rows = rows if combine is None else combined(rows, combine)
    read = inputs(rows, chosen, confidence=level, p_values=p_values)
    kept, read, dropped = complete_rows(rows, read, missing=missing, repeated=repeated)
    found = _scaled(kept, read, chosen, Said(values, errors))
    effect = computed(chosen, found, variance=variance)
    refuse_unusable(kept, effect, found, chosen)
    refuse_opposites(kept, effect, ~found.is_ready, ratio=chosen.ratio)
    n, n_notes = participants(kept, found.arms)
    n_notes = n_notes if n is not None else (*n_notes, *unit_information.words(chosen.code))
    units = units_of(kept, chosen) if unit is None else stated_units(kept, chosen, unit)
    whole = set(units.values())
    return Effects(
        measure=chosen.code,
        unit=whole.pop() if len(whole) == 1 else "",
        units=units if len(units) > 1 else {},
        estimate=np.asarray(effect.estimate, dtype=np.float64),
        standard_error=np.asarray(effect.standard_error, dtype=np.float64),
        n=n,
        studies=kept,
        outcome=name,
        dropped=dropped,
        notes=(
            *_renamed(kept.notes, chosen),
            *_analysis_notes(subgroup, values, found),
            *found.notes,
            *_unheard(found, variance),
            *_sentences(kept, {**effect.converted, **effect.remarks}),
            *n_notes,
        ),
        provenance=provenance(found, read.ready, (found.converted, effect.converted)),
    )


def _renamed(notes: Sequence[str], measure: Measure) -> list[str]:
    """Return the table's notes; a column of counts that the measure has no use for says so."""
    unused = {
        f" is read as {name}{end}"
        for name in _COUNTS - {*measure.columns}
        for end in (".", " (chosen by hand).")
    }
    return [
        f"{note[:-1]}; {measure.code} does not use it." if note.endswith(tuple(unused)) else note
        for note in notes
    ]


def _scaled(studies: Studies, found: Inputs, measure: Measure, said: Said) -> Inputs:
    """Return the inputs with ready-made estimates on the scale they are pooled on."""
    if not np.any(found.is_ready):
        return found
    own = {name: np.where(found.is_ready, column, np.nan) for name, column in found.ready.items()}
    refuse_other_roots(studies, own)
    scaled = on_pooled_scale(studies, own, measure, said)
    checked = refuse_other_intervals(studies, scaled.table)
    done = _sentences(studies, scaled.converted)[1:]  # the first is in the notes already
    return found._replace(
        ready=scaled.table,
        notes=(*found.notes, *scaled.notes, *done, *checked),
        converted={**found.converted, **scaled.converted},
    )


def _analysis_notes(subgroup: str | None, values: str | None, found: Inputs) -> list[str]:
    notes = [] if subgroup is None else [f"Rows are those of subgroup {subgroup}."]
    if values is not None and not np.any(found.is_ready):
        notes.append(f"values={values!r} is for ready-made estimates; these come from arms.")
    return notes


def _level(confidence: float) -> float:
    if not _LEAST <= confidence < _WHOLE:
        raise MeasureError(
            f"confidence={confidence:g} is no level of confidence in per cent; it must be at "
            f"least {_LEAST} and below {_WHOLE}, as 95 is."
        )
    return confidence / _WHOLE


def _known(option: str, value: str | None, choices: Sequence[str | None], *, of: str = "") -> None:
    if value not in choices:
        known = ", ".join(filter(None, choices))
        raise MeasureError(f"Unknown {option}={value!r}{of}; known: {known}.")


def _unheard(found: Inputs, variance: str) -> tuple[str, ...]:
    if not np.any(found.is_ready) or variance == USUAL:
        return ()
    return (f"Standard errors are the table's own; variance={variance!r} is for arms.",)


def _sentences(studies: Studies, remarks: Remarks) -> list[str]:
    return [
        ended(f"{why[0].upper()}{why[1:]}: {_whom(studies, mask)}")
        for why, mask in remarks.items()
        if np.any(mask)
    ]


def _whom(studies: Studies, mask: BoolArray) -> str:
    return "all studies" if np.all(mask) else ", ".join(labels_of(studies, mask))
