"""The posteriors under a grid of priors: a scale of tau's, a coefficient's precision."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bayesmeta.arrays import IntArray
from bayesmeta.engines.moments import Moments
from bayesmeta.engines.quadrature import Problem, shared, where_served
from bayesmeta.engines.quadrature.nodes import Nodes
from bayesmeta.engines.quadrature.rule import Rule
from bayesmeta.engines.quadrature.shared import Walk
from bayesmeta.engines.tau_priors import tau_priors
from bayesmeta.refits.batch import Part, Refits
from bayesmeta.spec import Prior

_CORNERS = 5
_SETTLED, _SERVED = 1e-2, 1e-1
"""Of integrands between the nodes; sums over them are known to the square, at worst."""


@dataclass(frozen=True, eq=False)
class PriorGrid:
    """The priors of a map.

    Parameters
    ----------
    problem
        The studies under each of the coefficients' priors, a batch of shape (sd,), tau's prior
        left open.
    priors
        Of tau, of one structure, shape (scale,).
    moments
        How many moments exist under each of the coefficients' priors, shape (sd,).
    """

    problem: Problem
    priors: Sequence[Prior]
    moments: Sequence[Moments]

    def refits(self) -> Refits:
        """Return the posteriors, by scale and then by SD, on nodes that they share."""
        every, size = self._every, self.problem.size
        walk = shared(every.take(self._corners), tolerance=_SETTLED)
        upper = np.ravel(np.asarray(every.support[1], dtype=float))
        rule = self._spread(walk) if np.isinf(upper).all() else walk.nodes(every)
        parts = where_served(every, rule, tolerance=_SERVED, powers=(0,))
        return Refits(
            tuple(
                Part(rows, integral, tuple(self.moments[row % size] for row in rows))
                for rows, integral in parts
            ),
            every.size,
        )

    @property
    def _every(self) -> Problem:
        """Return the problems of all pairs of priors."""
        scales, sds = np.divmod(np.arange(len(self.priors) * self.problem.size), self.problem.size)
        tau = tau_priors(self.priors)
        open_tau = replace(self.problem, log_prior=None, prior_parameters={})
        lower, upper = (np.asarray(end, dtype=float)[scales] for end in tau.support)
        return replace(
            open_tau.take(sds),
            log_prior=tau.log_prior,
            prior_parameters={"row": tau.prior_parameters["row"][scales]},
            support=(lower, upper),
            landmarks=tau.landmarks[scales] if len(tau.landmarks) > 1 else tau.landmarks,
        )

    @property
    def _corners(self) -> IntArray:
        """Return pairs that stand for all: both ends of both priors, and some between."""
        size = self.problem.size
        scales, sds = (
            np.unique(np.linspace(0, count - 1, _CORNERS).astype(int))
            for count in (len(self.priors), size)
        )
        return np.asarray((scales[:, np.newaxis] * size + sds).ravel())

    def _spread(self, walk: Walk) -> Rule:
        """Return the nodes of all pairs: what the studies say at a tau is summed once an SD."""
        size, every = self.problem.size, self._every
        sds = np.arange(every.size) % size
        one = replace(self.problem, log_prior=np.zeros_like, prior_parameters={})
        known = walk.nodes(one).nodes
        log_prior = every.take(np.arange(0, every.size, size)).log_prior_at(
            np.broadcast_to(known.log_tau[:1], (len(self.priors), walk.t.size))
        )
        both = Nodes(*(np.asarray(array)[sds] for array in known))
        value = both.log_value + np.repeat(log_prior, size, axis=0)
        return walk.rule(every, both._replace(log_value=value))
