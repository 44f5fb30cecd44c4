"""A centre for each outcome of a table, with or without moderators."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.derived import Contrast
from bayesmeta.errors import ModelError
from bayesmeta.location import formula, intercept
from bayesmeta.location.design import MU, Location, Values, slopes
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter
from bayesmeta.studies import Column

CENTRE = "mu[outcome[i]]"
_OUTCOME = "outcome"


def locate(effects: Effects, moderators: str | None, *, missing: str) -> tuple[Effects, Location]:
    """Return the effects with all their moderators, and a design with columns by outcome.

    Moderators are centred at their means over all rows, and have slopes of their own in each
    outcome.

    Raises
    ------
    ModelError
        If the table has no column ``outcome``, or a moderator cannot be used.
    StudiesError
        If a moderator's value is missing.
    """
    if _OUTCOME not in effects.studies:
        raise ModelError(
            "The model needs a column 'outcome' that says what each row is of; "
            f"columns of {effects.studies.source}: {', '.join(effects.studies.columns)}."
        )
    found = formula if moderators is not None else intercept
    effects, base = found.locate(effects, moderators, missing=missing)
    names = [str(name) for name in effects.studies[_OUTCOME]]
    labels = list(dict.fromkeys(names))
    own = np.array([[name == label for label in labels] for name in names], dtype=float)
    columns = own[:, np.newaxis, :] * base.design[:, :, np.newaxis]
    design = columns.reshape(len(names), -1)
    terms = tuple(f"{label}: {term}" for term in base.terms for label in labels)
    centres = tuple(replace(MU, dim=schema.OUTCOME, label=label, column=place, outcome=label)
                    for place, label in enumerate(labels))  # fmt: skip
    return effects, replace(
        base,
        design=design,
        terms=terms,
        column_means=np.repeat(base.column_means, len(labels)),
        coefficients=(*centres, *_slopes(terms, labels)),
    )


def _slopes(terms: Sequence[str], labels: Sequence[str]) -> list[Parameter]:
    """Return one slope a term and outcome, outcomes within terms."""
    first = len(labels)
    return [
        replace(slope, column=first + place, outcome=labels[place % len(labels)])
        for place, slope in enumerate(slopes(terms))
    ]


def contrasts(coefficients: Sequence[str]) -> tuple[Contrast, ...]:
    """Return the difference of the means of each pair of outcomes."""
    labels = [name.partition("[")[2].removesuffix("]")
              for name in coefficients if name.startswith(f"{schema.MU}[")]  # fmt: skip
    return tuple(_difference(*pair) for pair in combinations(labels, 2))


def _difference(outcome: str, other: str) -> Contrast:
    one, less = (f"{schema.MU}[{label}]" for label in (outcome, other))
    return Contrast(
        f"{schema.MU_DIFFERENCE}[{outcome} vs {other}]",
        {one: 1.0, less: -1.0},
        outcomes=(outcome, other),
        says=f"{one} less {less}",
    )


def rows(location: Location, values: Values) -> tuple[FloatArray, dict[str, Column]]:
    """Return design rows at chosen values: those of the first outcome.

    Raises
    ------
    ModelError
        If there is no moderator for a value.
    """
    first, count = location.coefficients[0].label, location.means
    if not location.formula:
        base, used = intercept.rows(location, values)
    else:
        base, used = formula.rows(_base(location, count), values)
    found = np.zeros((len(base), len(location.coefficients)))
    found[:, 0] = base[:, 0]
    for place, item in enumerate(location.coefficients[count:]):
        if item.outcome == first:
            found[:, count + place] = base[:, 1 + place // count]
    return found, used


def _base(location: Location, count: int) -> Location:
    """Return the location of the first outcome alone."""
    return replace(
        location,
        design=location.design[:, ::count],
        terms=tuple(term.partition(": ")[2] for term in location.terms[::count]),
        column_means=location.column_means[::count],
        coefficients=(),
    )
