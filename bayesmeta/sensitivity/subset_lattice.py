"""The posteriors of subsets of studies, over nodes of tau that they share."""

from dataclasses import dataclass, replace

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.engines.propriety import finite_moments
from bayesmeta.engines.quadrature import Problem, masked
from bayesmeta.priors import density
from bayesmeta.refits.normals import normals
from bayesmeta.sensitivity.cells import Answer, Cells
from bayesmeta.sensitivity.given import Given, given, scales_of
from bayesmeta.sensitivity.lattice import Lattice, lattice
from bayesmeta.sensitivity.numbers import Columns
from bayesmeta.sensitivity.question import Question
from bayesmeta.sinc import Path, SincDensity

_CHECKED = 64
_VARIANCE = 2


@dataclass(frozen=True, eq=False)
class SubsetLattice:
    """One lattice of tau that serves every subset.

    Parameters
    ----------
    nodes
        The lattice; None for a common effect.
    log_prior
        Log prior times node weight, shape (node,).
    """

    question: Question
    problem: Problem
    nodes: Lattice | None
    log_prior: FloatArray

    @classmethod
    def of(cls, question: Question, members: FloatArray) -> "SubsetLattice":
        """Return the lattice on which small, large and chance subsets are all known."""
        assembly = question.assembly
        effects = assembly.effects
        coefficients = normals(assembly.priors, assembly.coefficients)
        problem = Problem.of(
            effects.estimate, effects.standard_error**2, assembly.design,
            prior_mean=coefficients.mean, prior_precision=coefficients.precision, log_prior=None,
        )  # fmt: skip
        bare = cls(question, problem, None, np.zeros(1))
        if not assembly.hyperparameters:
            return bare
        prior = density(assembly.priors[schema.TAU], assembly.context)
        cases = _cases(members)

        def log_integrand(tau: FloatArray) -> FloatArray:
            return bare.known(tau[0], cases).log_evidence[np.newaxis] + prior.log_density(tau)

        smallest, largest = scales_of(problem)
        nodes = lattice(
            log_integrand, upper=np.array([prior.support()[1]]), smallest=smallest, largest=largest
        )
        return replace(
            bare, nodes=nodes, log_prior=prior.log_density(nodes.tau[0]) + nodes.log_weight[0]
        )

    @property
    def tau(self) -> FloatArray:
        """Shape (node,)."""
        return np.zeros(1) if self.nodes is None else self.nodes.tau[0]

    def known(self, tau: FloatArray, members: FloatArray) -> Given:
        """Return the closed forms, shape (subset, node)."""
        return given(masked(self.problem, members), tau, self.question.row)

    def columns(self, members: FloatArray) -> Columns:
        """Return the numbers of subsets."""
        question = self.question
        known = self.known(self.tau, members)
        variance = known.variance + (self.tau**2 if question.new_study else 0.0)
        arrays = (known.log_evidence + self.log_prior, known.location, variance)
        cells = Cells.of(*(array[:, np.newaxis] for array in arrays))
        half = question.interval / 2
        found = {
            "estimate": cells.quantile(0.5), "sd": cells.sd(), "lower": cells.quantile(0.5 - half),
            "upper": cells.quantile(0.5 + half),
            "p_benefit": cells.probability(question.null, above=question.benefit == "higher"),
            "tau": self._tau_median(arrays[0]),
        }  # fmt: skip
        exist = _second_moments(question, members)[:, np.newaxis]
        found["sd"] = Answer(*(np.where(exist, array, np.inf) for array in found["sd"]))
        values = {name: answer.value[:, 0] for name, answer in found.items()}
        return values | {f"{name}_error": answer.error[:, 0] for name, answer in found.items()}

    def _tau_median(self, log_value: FloatArray) -> Answer:
        if self.nodes is None:
            return Answer(np.zeros((len(log_value), 1)), np.zeros((len(log_value), 1)))
        size = np.ones(len(log_value))
        path = Path(
            self.nodes.path.support,
            *(np.broadcast_to(a, (size.size, 1)) for a in self.nodes.path[1:]),
        )
        total = np.logaddexp.reduce(log_value, axis=-1, keepdims=True)
        found = SincDensity(
            path, self.nodes.first * size, self.nodes.step * size, log_value - total
        )
        median = found.median()
        missed = np.abs(found.coarse().cdf(median[:, np.newaxis]) - 0.5)
        return Answer(median[:, np.newaxis], missed / found.density(median[:, np.newaxis]))


def _second_moments(question: Question, members: FloatArray) -> BoolArray:
    """Return for which subsets the quantity has a variance: their sizes decide, shape (subset,)."""
    assembly = question.assembly
    sizes = members.sum(axis=1).astype(int)
    exist = {}
    for size in set(sizes.tolist()):
        moments = finite_moments(
            assembly.design[:size], assembly.priors, assembly.coefficients,
            context=assembly.context,
        )  # fmt: skip
        exist[size] = moments.combination(question.row, new_study=question.new_study) >= _VARIANCE
    return np.array([exist[size] for size in sizes.tolist()])


def _cases(members: FloatArray) -> FloatArray:
    """Return subsets to settle the lattice on: the smallest, the largest, and some between."""
    order = np.argsort(members.sum(axis=1), kind="stable")
    places = np.linspace(0, len(order) - 1, _CHECKED).astype(int)
    chosen: FloatArray = members[order[np.unique(places)]]
    return chosen
