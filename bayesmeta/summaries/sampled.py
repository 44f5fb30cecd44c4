"""A quantity known by its draws."""

from dataclasses import dataclass

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.summaries.monte_carlo import mcse_mean, mcse_quantile, mcse_sd
from bayesmeta.summaries.quantity import Statistics, statistics_of


@dataclass(frozen=True, eq=False)
class Draws:
    """A quantity, or a batch of quantities, known by draws.

    Parameters
    ----------
    values
        Shape (..., chain, draw).
    support
        Smallest and largest possible value; the density is folded back at them.

    Examples
    --------
    >>> Draws(np.array([[1.0, 2.0, 3.0, 4.0]])).median()
    array(2.5)
    """

    values: FloatArray
    support: tuple[float, float] = (-np.inf, np.inf)

    @property
    def pooled(self) -> FloatArray:
        """All chains in a row, shape (..., chain * draw)."""
        return self.values.reshape(*self.values.shape[:-2], -1)

    def mean(self) -> FloatArray:
        """Return the mean of the draws, shape (...,)."""
        return np.asarray(self.pooled.mean(axis=-1))

    def sd(self) -> FloatArray:
        """Return the standard deviation of the draws (n - 1), shape (...,)."""
        pooled = self.pooled
        few = pooled.shape[-1] < 2  # noqa: PLR2004 - one draw has no spread
        return np.zeros(pooled.shape[:-1]) if few else np.asarray(pooled.std(axis=-1, ddof=1))

    def median(self) -> FloatArray:
        """Return the median of the draws, shape (...,)."""
        return np.asarray(np.median(self.pooled, axis=-1))

    def quantile(self, p: FloatArray) -> FloatArray:
        """Return quantiles of the draws; p of shape (q,) gives (..., q)."""
        found = np.quantile(self.pooled, np.asarray(p, dtype=float), axis=-1)
        return np.asarray(np.moveaxis(found, 0, -1) if np.ndim(p) else found)

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return the share of draws at or below x; x of shape (q,) gives (..., q)."""
        pooled = self.pooled
        shares = [np.mean(pooled <= point, axis=-1) for point in np.ravel(x)]
        return np.asarray(np.stack(shares, axis=-1) if np.ndim(x) else shares[0])

    def density(self, x: FloatArray) -> FloatArray:
        """Return a Gaussian kernel density of one quantity, folded back at the support's ends.

        The bandwidth is Silverman's (1986, equation 3.31): 0.9 min(sd, IQR / 1.34) n^(-1/5).
        """
        points = np.ravel(np.asarray(x, dtype=float))
        lower, upper = self.support
        images = [points]
        images += [2 * end - points for end in (lower, upper) if np.isfinite(end)]
        total = np.sum([_kernel_sum(image, self.pooled.ravel()) for image in images], axis=0)
        inside = (points >= lower) & (points <= upper)
        return np.asarray(np.where(inside, total, 0.0).reshape(np.shape(x)))

    def interval(self, level: float, *, shortest: bool = False) -> FloatArray:
        """Return the central or the shortest interval, shape (..., 2)."""
        if shortest:
            return _shortest(np.sort(self.pooled, axis=-1), level)
        return self.quantile(np.array([(1 - level) / 2, (1 + level) / 2]))

    def cdf_error(self, x: FloatArray) -> FloatArray:
        """Return the Monte Carlo standard error of `cdf`."""
        below = [mcse_mean((self.values <= point).astype(float)) for point in np.ravel(x)]
        return np.asarray(np.stack(below, axis=-1) if np.ndim(x) else below[0])

    def draw(self, size: int, seed: int) -> FloatArray:
        """Return draws picked at random, with replacement, shape (..., size)."""
        pooled = self.pooled
        picked = np.random.default_rng(seed).integers(pooled.shape[-1], size=size)
        return np.asarray(pooled[..., picked])

    def statistics(self, level: float, *, shortest: bool = False) -> Statistics:
        """Return the five numbers, each of shape (...,)."""
        return statistics_of(self, level=level, shortest=shortest)

    def errors(self, level: float, *, shortest: bool = False) -> Statistics:
        """Return the Monte Carlo standard error of each of the five numbers."""
        lower = _probability(self, self.interval(level, shortest=shortest)[..., 0])
        return Statistics(
            mcse_mean(self.values),
            mcse_sd(self.values),
            mcse_quantile(self.values, np.full(lower.shape, 0.5)),
            mcse_quantile(self.values, lower),
            mcse_quantile(self.values, lower + level),
        )

    def centre_error(self, centre: str) -> FloatArray:
        """Return the Monte Carlo standard error of the ``"mean"`` or the ``"median"`` alone."""
        if centre == "mean":
            return mcse_mean(self.values)
        return mcse_quantile(self.values, np.full(self.values.shape[:-2], 0.5))


def _probability(draws: Draws, point: FloatArray) -> FloatArray:
    """Return the share of draws below each quantity's own point, shape (...,)."""
    return np.asarray(np.mean(draws.pooled < point[..., None], axis=-1))


def _shortest(ordered: FloatArray, level: float) -> FloatArray:
    """Return the narrowest window over sorted draws that holds the level, shape (..., 2)."""
    size = ordered.shape[-1]
    inside = min(max(int(np.floor(level * size)), 1), size - 1) if size > 1 else 0
    width = ordered[..., inside:] - ordered[..., : size - inside]
    first = np.argmin(width, axis=-1)[..., None]
    ends = np.concatenate([first, first + inside], axis=-1)
    return np.asarray(np.take_along_axis(ordered, ends, axis=-1))


def _kernel_sum(points: FloatArray, sample: FloatArray) -> FloatArray:
    quartiles = np.quantile(sample, [0.25, 0.75])
    spread = min(sample.std(), (quartiles[1] - quartiles[0]) / 1.34) or sample.std() or 1.0
    width = 0.9 * spread * sample.size**-0.2
    standard = [np.mean(np.exp(-0.5 * ((point - sample) / width) ** 2)) for point in points]
    return np.asarray(standard, dtype=float) / float(width * np.sqrt(2 * np.pi))
