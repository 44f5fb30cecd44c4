"""What a radial plot draws: estimates over their standard errors by precision."""

import numpy as np
import pandas as pd

from bayesmeta.summaries.predictive import require_data
from bayesmeta.summaries.view import Posterior, view_of


def radial_table(posterior: Posterior) -> pd.DataFrame:
    """Return each study's precision and its estimate in standard errors.

    A line from the origin through a study has the estimate as its slope. Where studies share one
    effect, 95 % of them lie within 1.96 of the line of that effect.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.

    Returns
    -------
    DataFrame
        A row a study, in file order: ``study``, ``precision`` (1 / standard error), ``z``
        (estimate / standard error), ``residual`` (z less precision times the pooled effect's
        median).

    Raises
    ------
    PosteriorError
        If the posterior does not hold the studies' data.

    References
    ----------
    Galbraith RF (1988). A note on graphical presentation of estimated odds ratios from several
    clinical trials. Stat Med 7(8):889-894.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> found = bm.radial_table(bm.fit(effects, engine="exact"))
    >>> found[["precision", "z"]].head(2).round(2).values.tolist()
    [[0.16, -3.14], [0.69, -1.39]]
    """
    view = view_of(posterior)
    require_data(view, use="A radial plot")
    data = view.studies
    precision, z = 1 / data.standard_error, data.estimate / data.standard_error
    pooled = float(view.quantity(view.means[0]).quantile(np.array([0.5]))[..., 0])
    return pd.DataFrame({"study": list(data.labels), "precision": precision, "z": z,
                         "residual": z - pooled * precision})  # fmt: skip
