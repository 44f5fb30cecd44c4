"""A formula turned into columns."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import ModelError
from bayesmeta.location.columns import named, without_quotes
from bayesmeta.location.grammar import read_formula
from bayesmeta.studies import Column

if TYPE_CHECKING:
    import pandas as pd

_CONTEXT = {"sqrt": np.sqrt}


def evaluate(
    formula: str, values: Mapping[str, Column], *, at: Mapping[str, Column] | None = None
) -> tuple[FloatArray, tuple[str, ...]]:
    """Return a formula's columns, an intercept first, and their names.

    Whoever wrote the formula, only what `grammar.read_formula` lets through is evaluated.

    Parameters
    ----------
    formula
        Moderators, as a user or a saved posterior gives them.
    values
        The moderators of the studies, each of shape (study,): they set levels and knots.
    at
        Where to evaluate instead, each of shape (row,).

    Raises
    ------
    ModelError
        If the formula is none, does not suit the values, gives numbers that are not finite, or
        one of its terms gives no column.

    Examples
    --------
    >>> weeks = np.array([2.0, 4.0, 8.0])
    >>> evaluate("log2(duration_weeks)", {"duration_weeks": weeks})[0][:, 1]
    array([1., 2., 3.])
    """
    from formulaic import Formula
    from formulaic.errors import FormulaicError

    # The formula library cannot hold every name within a function.
    canonical, aliases = without_quotes(read_formula(formula, known=tuple(values)).canonical)
    values, at = _renamed(values, aliases), None if at is None else _renamed(at, aliases)
    try:
        with np.errstate(all="ignore"):  # what is not finite is refused below
            matrix = Formula(canonical).get_model_matrix(
                _frame(values), na_action="ignore", context=_CONTEXT
            )
            if at is not None:
                matrix = matrix.model_spec.get_model_matrix(_frame(at), context=_CONTEXT)
            columns = np.array(matrix, dtype=float)
    except (FormulaicError, ArithmeticError, ValueError, TypeError) as error:
        raise ModelError(f"Moderators {formula!r} cannot be used: {error}") from error
    if not np.isfinite(columns).all():
        raise ModelError(
            f"Moderators {formula!r} give values that are not finite; check logs and roots."
        )
    for term, found in matrix.model_spec.term_indices.items():
        if not found:
            raise ModelError(
                f"Moderators {formula!r}: {named(str(term), aliases)} gives no column."
            )
    return columns, tuple(named(name, aliases) for name in matrix.model_spec.column_names)


def _renamed(values: Mapping[str, Column], aliases: Mapping[str, str]) -> dict[str, Column]:
    plain = {name: alias for alias, name in aliases.items()}
    return {plain.get(name, name): column for name, column in values.items()}


def _frame(values: Mapping[str, Column]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame({name: pd.Series(list(column)) for name, column in values.items()})
