"""The posteriors of a grid of priors, over nodes of tau that they share."""

from dataclasses import dataclass

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.quadrature import Problem
from bayesmeta.sensitivity.cells import Cells
from bayesmeta.sensitivity.families import ScaleFamily
from bayesmeta.sensitivity.given import Given, given, scales_of
from bayesmeta.sensitivity.lattice import Lattice, lattice

_CORNERS = 5
_TOLERANCE = 1e-2  # of the integrand between nodes: its square in the sums
_TOLERANCE_BELOW_END = 1e-4  # bounded tau: an integrand cut off is known less well
_NEGLIGIBLE = 20.0  # nodes below exp(-20) = 2e-9 of every cell's maximum are left out


@dataclass(frozen=True, eq=False)
class PriorGrid:
    """The priors of a map.

    Parameters
    ----------
    problem
        The studies under each SD, a batch of shape (sd,), tau's prior left open.
    row
        The combination of the coefficients that is asked for.
    scales
        Shape (scale,).
    """

    problem: Problem
    row: FloatArray
    scales: FloatArray

    def known(self, tau: FloatArray, cases: slice | list[int] = slice(None)) -> Given:
        """Return the closed forms at tau (row, node) under the SDs, shape (row, sd, node)."""
        chosen = self.problem.take(np.arange(self.problem.size)[cases])
        each = [given(chosen, one, self.row) for one in tau]
        return Given(*(np.stack(arrays) for arrays in zip(*each, strict=True)))

    def lattice(self, family: ScaleFamily) -> Lattice:
        """Return nodes for all scales together, or, where tau is bounded, for each of them."""
        corner = _corners(self.problem.size)
        smallest, largest = scales_of(self.problem)
        upper = family.upper(self.scales)
        bounded = bool(np.isfinite(upper).all())
        scales = self.scales if bounded else self.scales[_corners(self.scales.size)]

        def log_integrand(tau: FloatArray) -> FloatArray:
            evidence = self.known(tau, corner).log_evidence
            prior = family.log_density(tau, scales[:, np.newaxis])
            if bounded:
                return evidence + prior[:, np.newaxis]
            pairs: FloatArray = evidence[0][:, np.newaxis] + prior
            return pairs.reshape(1, -1, tau.shape[1])

        return lattice(
            log_integrand,
            upper=upper if bounded else np.array([np.inf]),
            smallest=smallest,
            largest=largest,
            tolerance=_TOLERANCE_BELOW_END if bounded else _TOLERANCE,
            negligible=_NEGLIGIBLE,
        )

    def cells(self, family: ScaleFamily, *, new_study: bool) -> Cells:
        """Return the posteriors, shape (scale, sd)."""
        nodes = self.lattice(family)
        known = self.known(nodes.tau)
        prior = family.log_density(nodes.tau, self.scales[:, np.newaxis]) + nodes.log_weight
        variance = known.variance + (nodes.tau[:, np.newaxis] ** 2 if new_study else 0.0)
        return Cells.of(known.log_evidence + prior[:, np.newaxis], known.location, variance)


def _corners(size: int) -> list[int]:
    places: list[int] = np.unique(np.linspace(0, size - 1, _CORNERS).astype(int)).tolist()
    return places
