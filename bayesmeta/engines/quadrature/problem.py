"""What is to be integrated: a batch of normal-normal problems that share their shapes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.quadrature.structure import NORMAL, Structure

type LogPrior = Callable[..., FloatArray]


@dataclass(frozen=True, eq=False)
class Problem:
    """A batch of random-effects problems: data, coefficient priors, a prior on tau.

    With w = mask / (s**2 + load * tau**2), a problem is::

        y ~ Normal(X b, w**-1/2)     b ~ sum_c weight_c Normal(m_c, P_c**-1/2)

    The first axis of every array is the batch; an axis of length 1 holds for all of it.

    Parameters
    ----------
    estimate, variance
        y and s**2, shape (batch, study), in the outcome's unit and its square.
    design
        X, shape (batch, study, coefficient).
    prior_mean, prior_precision
        m and P, shape (batch, component, coefficient). Zero precision is a flat prior of density
        one. One component is a normal prior; more are a finite mixture.
    log_prior
        Log density of tau at log(tau): called with shape (batch, node), and with
        `prior_parameters` by name. None for a common effect, tau = 0.
    prior_parameters
        Arrays whose first axis is the batch; a node axis is put after it.
    support
        Lower and upper end of tau, each a number or shape (batch,). The upper ends are all
        finite or all infinite.
    mask
        1 for studies used, 0 for studies left out, shape (batch, study); None uses all.
    log_component_weight
        Shape (batch, component); None for one component.
    coarse_component
        Where the components are themselves nodes of a rule: what multiplies their weights at
        twice its step, shape (1, component), zero where the coarse rule has no node.
    structure
        The parts that say how covariances follow from the hyperparameters.
    load
        What multiplies tau**2 in each row's variance, shape (batch, row); by default as the
        structure's parts say.
    log_constant
        What the log density of the data has beside that of these rows, shape (batch,).
    landmarks
        Logs of values of tau where the prior has its mass, in each of its parts, shape
        (batch, point): bulks of the posterior are looked for there too.

    Examples
    --------
    Eight schools (Rubin 1981) with flat priors:

    >>> y, s = np.array([28., 8, -3, 7, -1, 1, 18, 12]), np.array([15., 10, 16, 11, 9, 11, 10, 18])
    >>> flat = Problem.of(y, s**2, log_prior=np.zeros_like)
    >>> flat.size, flat.prior_precision.shape
    (1, (1, 1, 1))
    """

    estimate: FloatArray
    variance: FloatArray
    design: FloatArray
    prior_mean: FloatArray
    prior_precision: FloatArray
    log_prior: LogPrior | None
    prior_parameters: Mapping[str, FloatArray] = field(default_factory=dict)
    support: tuple[FloatArray | float, FloatArray | float] = (0.0, np.inf)
    mask: FloatArray | None = None
    log_component_weight: FloatArray | None = None
    coarse_component: FloatArray | None = None
    structure: Structure = NORMAL
    load: FloatArray | None = None
    log_constant: FloatArray | None = None
    landmarks: FloatArray | None = None

    @classmethod
    def of(  # noqa: PLR0913  (a problem's parts, each by its name)
        cls,
        estimate: FloatArray,
        variance: FloatArray,
        design: FloatArray | None = None,
        *,
        prior_mean: FloatArray | float = 0.0,
        prior_precision: FloatArray | float = 0.0,
        log_prior: LogPrior | None,
        support: tuple[float, float] = (0.0, np.inf),
    ) -> "Problem":
        """Return a batch of one; without a design, of an intercept alone.

        Parameters
        ----------
        estimate, variance
            Shape (study,).
        design
            Shape (study, coefficient).
        prior_mean, prior_precision
            Numbers or shape (coefficient,).
        """
        columns = np.ones((estimate.size, 1)) if design is None else design
        shape = (1, 1, columns.shape[1])
        return cls(
            estimate=estimate[np.newaxis],
            variance=variance[np.newaxis],
            design=columns[np.newaxis],
            prior_mean=np.broadcast_to(np.asarray(prior_mean, dtype=float), shape),
            prior_precision=np.broadcast_to(np.asarray(prior_precision, dtype=float), shape),
            log_prior=log_prior,
            support=support,
        )

    @cached_property
    def size(self) -> int:
        """Number of problems in the batch."""
        return max(int(array.shape[0]) for array in self._arrays())

    @property
    def components(self) -> int:
        """Number of components of the coefficient prior."""
        return int(max(self.prior_mean.shape[1], self.prior_precision.shape[1]))

    @cached_property
    def used(self) -> FloatArray:
        """The mask, ones where there is none, shape (batch, study)."""
        return np.ones((1, self.estimate.shape[1])) if self.mask is None else self.mask

    @cached_property
    def products(self) -> FloatArray:
        """What 1 / V sums to X' W X and X' W y, shape (batch, study, p * p + p)."""
        design = self.design
        moment = design * self.estimate[..., np.newaxis]
        squares = design[..., np.newaxis] * design[..., np.newaxis, :]
        squares = np.broadcast_to(squares, (*moment.shape, moment.shape[-1]))
        flat = squares.reshape(*moment.shape[:-1], moment.shape[-1] ** 2)
        both = np.concatenate([flat, moment], axis=-1)
        return both if self.mask is None else both * self.mask[..., np.newaxis]

    @cached_property
    def free(self) -> FloatArray:
        """Studies used less flat coefficients, (batch, component).

        A study raised to a power counts as that power.
        """
        flat = (self.prior_precision == 0).sum(axis=-1)
        return np.asarray(self.used.sum(axis=1)[:, np.newaxis] - flat)

    @cached_property
    def prior_information(self) -> FloatArray:
        """The coefficients' prior precisions as matrices, (batch, 1, component, p, p)."""
        each = self.prior_precision[:, np.newaxis, :, :, np.newaxis]
        return np.asarray(each * np.eye(each.shape[-2]))

    @cached_property
    def falls(self) -> FloatArray:
        """The power of 1 / tau that p(y | tau) falls by far out, (batch, component)."""
        still = 0.0 if self.load is None else (self.load == 0).sum(axis=1)[:, np.newaxis]
        return np.asarray(np.maximum(self.free - still, 0.0))

    @cached_property
    def constant(self) -> FloatArray:
        """The part (k - d) log(2 pi) - sum(log P) of -2 log p(y | tau), (batch, component)."""
        flat, free = self.prior_precision == 0, self.free
        known = np.log(np.where(flat, 1.0, self.prior_precision)).sum(axis=-1)
        return np.asarray(free * np.log(2 * np.pi) - known)

    def take(self, rows: IntArray | slice) -> "Problem":
        """Return some problems of the batch."""
        if self.size == 1:
            return self
        lower, upper = self.support
        weight, marks = self.log_component_weight, self.landmarks
        load, constant = self.load, self.log_constant
        return replace(
            self,
            estimate=_take(self.estimate, rows),
            variance=_take(self.variance, rows),
            design=_take(self.design, rows),
            prior_mean=_take(self.prior_mean, rows),
            prior_precision=_take(self.prior_precision, rows),
            prior_parameters={n: _take(v, rows) for n, v in self.prior_parameters.items()},
            support=(_end(lower, rows), _end(upper, rows)),
            mask=None if self.mask is None else _take(self.mask, rows),
            log_component_weight=None if weight is None else _take(weight, rows),
            load=None if load is None else _take(load, rows),
            log_constant=None if constant is None else _take(constant, rows),
            landmarks=None if marks is None else _take(marks, rows),
        )

    @cached_property
    def affine(self) -> tuple[FloatArray, FloatArray]:
        """Variances at tau = 0, and what multiplies tau**2, each of shape (batch, 1, row or 1)."""
        if self.load is not None:
            return self.variance[:, np.newaxis], self.load[:, np.newaxis]
        return self.structure.affine(self.variance)

    def marginal_variance(self, tau: FloatArray) -> FloatArray:
        """Return the variances of the estimates, a fresh array of shape (batch, node, study)."""
        fixed, load = self.affine
        with np.errstate(over="ignore"):  # an infinite variance says nothing, which is right
            total = fixed + load * tau[..., np.newaxis] ** 2
        if total.shape[2] == self.estimate.shape[1]:
            return total
        return np.repeat(total, self.estimate.shape[1], axis=2)

    def log_prior_at(self, log_tau: FloatArray) -> FloatArray:
        """Return the log prior density of tau, shape (batch, node)."""
        assert self.log_prior is not None  # noqa: S101  (asked of random effects only)
        expanded = {n: np.asarray(v)[:, np.newaxis] for n, v in self.prior_parameters.items()}
        return self.log_prior(log_tau, **expanded)

    def log_prior_of_log_at(self, log_tau: FloatArray) -> FloatArray:
        """Return the log prior density of log tau, shape (batch, node).

        By the prior's own ``of_log`` where it has one: far out, tau's density and its Jacobian
        cancel.
        """
        of_log = getattr(self.log_prior, "of_log", None)
        if of_log is None:
            return self.log_prior_at(log_tau) + log_tau
        expanded = {n: np.asarray(v)[:, np.newaxis] for n, v in self.prior_parameters.items()}
        return np.asarray(of_log(log_tau, **expanded))

    @property
    def knows_log_tau(self) -> bool:
        """Whether the prior states the density of log tau, right however far out that is."""
        return hasattr(self.log_prior, "of_log")

    def _arrays(self) -> list[FloatArray]:
        own = [getattr(self, item.name) for item in fields(self)]
        candidates = [*own, *self.support, *self.prior_parameters.values()]
        return [array for array in candidates if isinstance(array, np.ndarray) and array.ndim]


def _take(array: FloatArray, rows: IntArray | slice) -> FloatArray:
    return array if array.shape[0] == 1 else array[rows]


def _end(end: FloatArray | float, rows: IntArray | slice) -> FloatArray | float:
    return end if np.ndim(end) == 0 else _take(np.asarray(end), rows)
