"""The joint density of the pooled effect and tau, exact, with regions of highest density."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.quadrature import Integral
from bayesmeta.errors import PosteriorError
from bayesmeta.sinc import SincDensity
from bayesmeta.summaries.view import Posterior, View, view_of

if TYPE_CHECKING:
    import xarray as xr

LEVELS = (0.5, 0.8, 0.95)
_ACROSS, _UP = 161, 141
_FAR = 0.0015
_LOG_ROOT_TWO_PI = 0.9189385332046727


def joint_density(posterior: Posterior) -> "xr.DataArray":
    """Return the joint posterior density of mu and tau over a grid.

    Exact: tau's marginal density times the normal density of mu given tau, which is known where
    the model is conjugate. Never a kernel estimate of draws.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, of a model with one hyperparameter.

    Returns
    -------
    DataArray
        Dims ``(tau, mu)``, per unit of both; coordinates are the grid. ``attrs["p"]`` are
        probabilities, ``attrs["density"]`` the density above which the smallest region of each
        lies.

    Raises
    ------
    PosteriorError
        If the posterior does not store what it is exactly, or has none or several
        hyperparameters.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> found = bm.joint_density(bm.fit(effects, engine="exact"))
    >>> mass = found.integrate("mu").integrate("tau")
    >>> found.dims, bool(abs(mass - 1) < 0.01)
    (('tau', 'mu'), True)
    """
    import xarray as xr

    view = view_of(posterior)
    _require(view)
    ends = np.array([_FAR, 1 - _FAR])
    low, high = view.quantity(view.means[0]).quantile(ends).tolist()
    mu = np.linspace(low, high, _ACROSS)
    top = float(view.quantity(str(view.hyperparameters[0])).quantile(ends)[..., 1])
    tau = np.linspace(0.0, top, _UP)
    tau[0] = 1e-6 * top
    density = _density(view, mu, tau)
    found = xr.DataArray(density, coords={"tau": tau, "mu": mu}, dims=("tau", "mu"))
    heights = [_height(density, p, cell=(mu[1] - mu[0]) * (tau[2] - tau[1])) for p in LEVELS]
    return found.assign_attrs(p=list(LEVELS), density=heights)


def _require(view: View) -> None:
    if not view.is_exact or len(view.hyperparameters) != 1:
        raise PosteriorError(
            "The joint density needs a posterior that is stored exactly, with mu and one "
            f"hyperparameter; this one has {', '.join(view.hyperparameters) or 'none'}"
            f"{'' if view.is_exact else ', and draws alone'}."
        )
    if not isinstance(view.integral, Integral):
        raise PosteriorError(
            "The joint density is known where the mean is normal given tau; in the model "
            f"'{view.word('model')}' it is not. plot_posterior shows each alone."
        )


def _density(view: View, mu: FloatArray, tau: FloatArray) -> FloatArray:
    """Return p(tau) times the sum over components of their share and normal density of mu."""
    integral = view.integral
    assert isinstance(integral, Integral)  # noqa: S101  (_require has seen to it)
    spread = integral.heterogeneity(view.hyperparameters[0])
    place, nodes = view.centre(view.kinds[0]), spread.log_weight.shape[-1]
    # Components of a prior that is a mixture stand beside each other, at each node of tau.
    log_weight = integral.log_weight.reshape(nodes, -1)
    mean = integral.mean[..., place].reshape(nodes, -1)
    variance = integral.covariance[..., place, place].reshape(nodes, -1)
    share = log_weight - np.logaddexp.reduce(log_weight, axis=-1)[:, np.newaxis]
    given = np.zeros((len(tau), len(mu)))
    for columns in zip(share.T, mean.T, np.log(variance).T, strict=True):
        log_share, centre, log_variance = (_between(spread, column, tau) for column in columns)
        z = (mu - centre) * np.exp(-0.5 * log_variance)
        given += np.exp(log_share - 0.5 * (z**2 + log_variance) - _LOG_ROOT_TWO_PI)
    return spread.density(tau)[:, np.newaxis] * given


def _between(spread: SincDensity, values: FloatArray, tau: FloatArray) -> FloatArray:
    """Return what is known at tau's nodes at other tau, shape (tau, 1)."""
    return np.asarray(spread.interpolated(values, tau))[:, np.newaxis]


def _height(density: FloatArray, p: float, *, cell: float) -> float:
    """Return the density above which the region of probability p lies."""
    ordered = np.sort(density.ravel())[::-1]
    mass = np.cumsum(ordered) * cell
    return float(ordered[min(int(np.searchsorted(mass, p)), len(ordered) - 1)])
