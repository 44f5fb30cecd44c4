"""Numbers and tables as JSON has them: what is not a finite number is null."""

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

type Json = str | float | int | bool | list[Json] | dict[str, Json] | None


def plain(value: object) -> Json:
    """Return a value as plain dicts, lists, texts, numbers and None.

    Parameters
    ----------
    value
        Of such, of arrays and NumPy's numbers, nested in any way.

    Raises
    ------
    TypeError
        If something in it is none of these.

    Examples
    --------
    >>> plain({"mean": np.float64(1.5), "sd": float("inf"), "ok": np.True_, "at": (1, 2)})
    {'mean': 1.5, 'sd': None, 'ok': True, 'at': [1, 2]}
    """
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    raise TypeError(f"{value!r} is no plain value.")


def records(table: "pd.DataFrame") -> list[Json]:
    """Return the rows of a table, each as a dict by column.

    Examples
    --------
    >>> import pandas as pd
    >>> records(pd.DataFrame({"study": ["a"], "estimate": [float("nan")]}))
    [{'study': 'a', 'estimate': None}]
    """
    return [plain(row) for row in table.to_dict("records")]
