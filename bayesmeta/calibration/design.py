"""The studies of a design: effects, standard errors, or how many there are."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import AnalysisError
from bayesmeta.measures import effect_sizes
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.given import require_effects
from bayesmeta.studies import read_studies

type Design = Effects | ArrayLike | int


def design_of(design: Design, n: ArrayLike | None = None) -> Effects:
    """Return the studies of a design.

    Parameters
    ----------
    design
        `Effects`; standard errors, shape (study,); or a number of studies, whose standard errors
        are then all 1.
    n
        Participants of each study, or one number for all; absent with `Effects`.

    Raises
    ------
    AnalysisError
        If there are no two studies, or standard errors are not positive.

    Examples
    --------
    >>> design_of(3).standard_error
    array([1., 1., 1.])
    """
    if isinstance(design, Effects):
        _check(design.standard_error)
        return design
    if not isinstance(design, int | float | np.number | list | tuple | np.ndarray):
        require_effects(design)
    errors = np.asarray(design, dtype=float)
    errors = np.ones(int(errors)) if errors.ndim == 0 else errors
    _check(errors)
    columns: dict[str, ArrayLike] = {
        "study": [str(number + 1) for number in range(errors.size)],
        "estimate": np.zeros(errors.size),
        "standard_error": errors,
    }
    if n is not None:
        columns["n"] = np.broadcast_to(np.asarray(n, dtype=float), errors.shape)
    return effect_sizes(read_studies(pd.DataFrame(columns)), measure="generic")


def _check(errors: FloatArray) -> None:
    if errors.ndim != 1 or errors.size < 2 or not (np.isfinite(errors) & (errors > 0)).all():  # noqa: PLR2004 - two studies
        raise AnalysisError(
            "A design is at least two studies, each with a positive standard error; "
            f"this one has standard errors {np.array2string(errors, threshold=5)}."
        )
