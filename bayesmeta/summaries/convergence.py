"""How well the chains of one quantity agree, by ArviZ's estimators."""

import numpy as np

from bayesmeta.measures.effects import FloatArray

_FEWEST = 4  # each half of a chain needs two draws


def r_hat(values: FloatArray) -> float:
    """Return the rank-normalised split R-hat of draws (chain, draw); nan for one chain.

    References
    ----------
    Vehtari A, Gelman A, Simpson D, Carpenter B, Bürkner PC (2021). Bayesian Analysis 16:667-718,
    section 4.1.
    """
    from arviz_stats.base import array_stats

    if values.shape[0] < 2 or not _usable(values):  # noqa: PLR2004 - one chain agrees with itself
        return np.nan
    return float(array_stats.rhat(values, chain_axis=0, draw_axis=1))


def ess(values: FloatArray, method: str) -> float:
    """Return the effective number of draws, ``"bulk"`` or ``"tail"`` (5 % and 95 %)."""
    from arviz_stats.base import array_stats

    if not _usable(values):
        return np.nan
    tails = {"prob": (0.05, 0.95)} if method == "tail" else {}
    return float(array_stats.ess(values, chain_axis=0, draw_axis=1, method=method, **tails))


def _usable(values: FloatArray) -> bool:
    varies = bool(np.all(np.ptp(values, axis=-1) > 0))
    return values.shape[-1] >= _FEWEST and varies and bool(np.isfinite(values).all())
