"""A formula turned into columns."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.errors import ModelError
from bayesmeta.measures.effects import FloatArray
from bayesmeta.studies import Column

if TYPE_CHECKING:
    import pandas as pd

_CONTEXT = {"sqrt": np.sqrt}


def evaluate(
    formula: str, values: Mapping[str, Column], *, at: Mapping[str, Column] | None = None
) -> tuple[FloatArray, tuple[str, ...]]:
    """Return a formula's columns, an intercept first, and their names.

    Parameters
    ----------
    formula
        A formula that `grammar.columns_of` has let through.
    values
        The moderators of the studies, each of shape (study,): they set levels and knots.
    at
        Where to evaluate instead, each of shape (row,).

    Raises
    ------
    ModelError
        If the formula does not suit the values, or gives numbers that are not finite.

    Examples
    --------
    >>> weeks = np.array([2.0, 4.0, 8.0])
    >>> evaluate("log2(duration_weeks)", {"duration_weeks": weeks})[0][:, 1]
    array([1., 2., 3.])
    """
    from formulaic import Formula
    from formulaic.errors import FormulaicError

    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            matrix = Formula(f"1 + {formula}").get_model_matrix(
                _frame(values), na_action="ignore", context=_CONTEXT
            )
            if at is not None:
                matrix = matrix.model_spec.get_model_matrix(_frame(at), context=_CONTEXT)
    except (FormulaicError, ValueError, TypeError) as error:
        raise ModelError(f"Moderators {formula!r} cannot be used: {error}") from error
    columns = np.array(matrix, dtype=float)
    if not np.isfinite(columns).all():
        raise ModelError(
            f"Moderators {formula!r} give values that are not finite; check logs and roots."
        )
    return columns, tuple(matrix.model_spec.column_names)


def _frame(values: Mapping[str, Column]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame({name: pd.Series(list(column)) for name, column in values.items()})
