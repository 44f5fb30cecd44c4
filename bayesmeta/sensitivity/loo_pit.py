"""Whether studies lie where the others expect them: leave-one-out PIT values in order."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.errors import AnalysisError

if TYPE_CHECKING:
    import pandas as pd

BAND = 0.95


def loo_pit(table: "pd.DataFrame") -> "pd.DataFrame":
    """Return the leave-one-out PIT values in order, with a band for values of a good model.

    A study's PIT value is the probability of a lower estimate under the posterior of all other
    studies. Of a good model, and were they independent, they would be uniform, and their
    distribution function would leave the band with probability 0.05 (the exact distribution of
    Kolmogorov's distance). They are nearly independent where no study dominates.

    Parameters
    ----------
    table
        From `bayesmeta.leave_one_out`.

    Returns
    -------
    DataFrame
        A row a study, from the lowest PIT value: ``pit``; ``ecdf``, the share of values up to it;
        ``lower``, ``upper``, the ends of the band there. ``attrs``: ``distance``, the largest
        distance between the values' distribution function and a uniform one, and ``p``, its
        p-value.

    Raises
    ------
    AnalysisError
        If the table is another, or has no PIT values: several rows were left out together.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> found = bm.loo_pit(bm.leave_one_out(effects))
    >>> found["pit"].round(3).iloc[[0, -1]].to_dict()
    {'Orpington-Severe': 0.011, 'Newcastle': 0.823}
    """
    import pandas as pd
    from scipy.stats import kstwo  # most of a second, so only where it is needed

    if not hasattr(table, "columns") or "pit" not in table:
        raise AnalysisError("PIT values are of an answer of bayesmeta.leave_one_out.")
    known = table["pit"].dropna().sort_values(kind="stable")
    if known.empty:
        raise AnalysisError("There are no PIT values: several rows were left out together.")
    k, pit = len(known), known.to_numpy()
    ecdf = np.arange(1, k + 1) / k
    half = float(kstwo.ppf(BAND, k))
    found = pd.DataFrame({
        "pit": known, "ecdf": ecdf, "lower": np.clip(pit - half, 0, 1),
        "upper": np.clip(pit + half, 0, 1),
    })  # fmt: skip
    away = float(max(np.max(ecdf - pit), np.max(pit - ecdf + 1 / k)))
    found.attrs = {"distance": away, "half": half, "p": float(kstwo.sf(away, k)),
                   "title": str(table.attrs.get("outcome", ""))}  # fmt: skip
    return found
