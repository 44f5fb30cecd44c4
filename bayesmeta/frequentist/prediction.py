"""Where the effect of a new study lies: prediction intervals."""

import math

import numpy as np
from numpy.typing import ArrayLike

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import ModelError
from bayesmeta.frequentist.chi_squares import survival
from bayesmeta.frequentist.distributions import two_sided_quantile
from bayesmeta.frequentist.entry import as_data
from bayesmeta.frequentist.fit import HOMOGENEOUS, Fit
from bayesmeta.frequentist.inference import infer
from bayesmeta.frequentist.variance_intervals.generalised_q import spectrum
from bayesmeta.frequentist.weighting import Data, q, weigh
from bayesmeta.measures.effects import Effects
from bayesmeta.roots import grown

GRID = 400  # between-study variances at which Q's distribution is computed
REST = 1e-6  # probability left beyond the grid


def higgins(fit: Fit) -> tuple[float, float]:
    """Return mu -+ t sqrt(se^2 + tau2) with t on k - p - 1 degrees of freedom.

    Always with the Wald standard error; not numbers where k <= p + 1, or for a common effect.

    References
    ----------
    Higgins JPT, Thompson SG, Spiegelhalter DJ (2009). J R Stat Soc A 172:137-159.

    Examples
    --------
    >>> from bayesmeta.frequentist.pooling import pool
    >>> lower, upper = higgins(pool([1.0, 2.0, 6.0, 3.0], [1.0, 1.0, 1.0, 1.0], method="DL"))
    >>> round(lower, 3), round(upper, 3)
    (-6.459, 12.459)
    """
    if fit.method in HOMOGENEOUS:
        return math.nan, math.nan
    quantile = two_sided_quantile(fit.interval, float(fit.Q_df - 1))
    half = quantile * math.sqrt(fit.mu_unscaled + fit.tau2)
    return fit.mu - half, fit.mu + half


def bootstrap(
    effects: Effects | ArrayLike,
    variance: ArrayLike | None = None,
    design: ArrayLike | None = None,
    *,
    seed: int,
    interval: float = 0.95,
    draws: int = 25_000,
) -> tuple[float, float]:
    """Return Nagashima's parametric bootstrap prediction interval, for few studies.

    tau2 is drawn from its confidence distribution, given by the exact distribution of Cochran's
    Q; mu given tau2 from t on k - p degrees of freedom with the Knapp-Hartung standard error; the
    new study from Normal(mu, tau). The limits are quantiles of the draws.

    Parameters
    ----------
    effects, variance, design
        As for `pool`; the interval is at the mean row of the design. More
        studies than coefficients.
    seed
        Of the random numbers.
    interval
        A fraction.
    draws
        Number of draws; 25 000 as the authors have it.

    Raises
    ------
    ModelError
        Without more studies than coefficients.

    References
    ----------
    Nagashima K, Noma H, Furukawa TA (2019). Stat Methods Med Res 28:1689-1702.
    """
    data = as_data(effects, variance, design)
    if not data.spare:
        raise ModelError(
            f"{data.k} studies and {data.p} coefficients; the bootstrap needs more "
            "studies than coefficients."
        )
    random = np.random.default_rng(seed)
    tau2 = _tau2_draws(data, random.random(draws))
    new = _mu_draws(data, tau2, random) + np.sqrt(tau2) * random.standard_normal(draws)
    lower, upper = np.quantile(new, [0.5 - 0.5 * interval, 0.5 + 0.5 * interval])
    return float(lower), float(upper)


def _tau2_draws(data: Data, uniform: FloatArray) -> FloatArray:
    """Return draws from the confidence distribution, whose cdf at tau2 is P(Q > observed).

    Draws beyond the grid, about one in a million, are at its end.
    """
    weight = 1.0 / data.variance
    observed = q(weigh(data, 0.0))
    floor = float(data.variance.min())

    def tail(fold: FloatArray) -> FloatArray:
        forms = spectrum(data, weight, floor * np.expm1(fold))
        return survival(np.broadcast_to(observed, fold.shape), forms)

    end = grown(lambda fold: tail(fold) >= 1.0 - REST, np.ones(1), 1.5)
    fold = np.linspace(0.0, float(end[0]), GRID)
    return floor * np.expm1(np.interp(uniform, np.maximum.accumulate(tail(fold)), fold))


def _mu_draws(data: Data, tau2: FloatArray, random: np.random.Generator) -> FloatArray:
    """Return draws of the effect at the mean row given each tau2."""
    batch = Data(data.estimate[None], data.variance[None], data.design)
    inference = infer(batch, tau2, "knha")
    error = np.sqrt(inference.reference.scale * inference.mu_variance)
    deviate = random.standard_t(data.spare, tau2.size)
    draws: FloatArray = inference.mu - deviate * error
    return draws
