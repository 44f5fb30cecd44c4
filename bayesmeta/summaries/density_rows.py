"""The density of each effect of a forest plot, over its own range."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from bayesmeta.summaries.view import Posterior, view_of

_POINTS, _TAIL = 121, 0.002


def density_rows(posterior: Posterior, quantities: Iterable[str]) -> pd.DataFrame:
    """Return the posterior density of quantities, each over all but 0.4 % of its probability.

    Exact where the posterior stores what it is exactly; else smoothed from draws.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    quantities
        Such as ``mu``, ``theta[Umea]``, ``theta_new``.

    Returns
    -------
    DataFrame
        121 rows a quantity: ``quantity, x, density``, x rising.

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), "MD")
    >>> found = bm.density_rows(bm.fit(effects, engine="exact"), ["mu"])
    >>> bool(abs(np.trapezoid(found["density"], found["x"]) - 0.996) < 1e-4)
    True
    """
    view, parts = view_of(posterior), []
    for name in quantities:
        found = view.quantity(name)
        low, high = (float(end) for end in found.quantile(np.array([_TAIL, 1 - _TAIL])))
        x = np.linspace(low, high, _POINTS)
        parts.append(pd.DataFrame({"quantity": name, "x": x, "density": found.density(x)}))
    empty = pd.DataFrame({"quantity": [], "x": [], "density": []})
    return pd.concat(parts, ignore_index=True) if parts else empty
