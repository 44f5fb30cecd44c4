"""Each study's share in the pooled effect, beside what it would be without heterogeneity."""

import numpy as np
import pandas as pd

from bayesmeta.errors import PosteriorError
from bayesmeta.summaries.predictive import require_data
from bayesmeta.summaries.studies import weights
from bayesmeta.summaries.view import Posterior, view_of


def weight_table(posterior: Posterior) -> pd.DataFrame:
    """Return each study's share in the pooled effect, and its share if all studies had one effect.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.

    Returns
    -------
    DataFrame
        A row a study, in file order: ``study``; ``weight``, the posterior mean of its share;
        ``weight_common``, its share by inverse variance alone, without a prior. Fractions; with
        the prior's share, ``attrs["prior_weight"]`` (nan where the posterior does not say), the
        weights sum to 1.

    Raises
    ------
    PosteriorError
        If the posterior does not hold the studies' data, or nobody defines shares of its model.

    Examples
    --------
    Heterogeneity makes weights nearly equal (Normand 1999):

    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> found = bm.weight_table(bm.fit(effects, engine="exact"))
    >>> found[["weight", "weight_common"]].head(2).round(3).values.tolist()
    [[0.098, 0.014], [0.105, 0.281]]
    """
    view = view_of(posterior)
    require_data(view, use="A figure of weights")
    data = view.studies
    found = weights(view, data)
    if np.isnan(found).all():
        raise PosteriorError("The posterior stores no weights, and its model defines none.")
    weighted = data.design / data.standard_error[:, np.newaxis] ** 2
    common = np.linalg.solve(data.design.T @ weighted, weighted.T)[0]
    table = pd.DataFrame({"study": list(data.labels), "weight": found, "weight_common": common})
    table.attrs = {"prior_weight": view.prior_weight}
    return table
