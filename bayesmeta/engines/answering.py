"""The exact posterior of an assembly, by the frame that its model stands in."""

from bayesmeta.assembly import Assembly, is_line
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.engines.lines import Lines, integrate_lines
from bayesmeta.engines.propriety import Moments, finite_moments
from bayesmeta.engines.quadrature import Integral
from bayesmeta.engines.telling import told
from bayesmeta.priors import density
from bayesmeta.random_effects import kernel_of

type Answer = Integral | Lines
"""A posterior that is known exactly: as a mixture of normals, or on lattices."""


def answered(assembly: Assembly) -> Answer:
    """Return the exact posterior.

    Raises
    ------
    ModelError
        If no engine integrates the model, naming the part.
    ImproperPosteriorError, PriorError, PosteriorError
        As `integrate_assembly`, or `integrate_lines`.
    """
    if is_line(assembly.model):
        return integrate_lines(assembly)
    return integrate_assembly(assembly)


def moments_of(assembly: Assembly) -> Moments:
    """Return how many moments of the coefficients and of the first hyperparameter exist."""
    found = finite_moments(
        assembly.design, assembly.priors, assembly.coefficients, context=assembly.context,
        told=told(assembly),
    )  # fmt: skip
    return with_deviation(assembly, found)


def with_deviation(assembly: Assembly, found: Moments) -> Moments:
    """Return the moments with how many a study effect's deviation from its centre has."""
    kernel = kernel_of(assembly.parts.heterogeneity)
    if kernel is None:
        return found
    lower = {item.name: density(assembly.priors[item.name], assembly.context).support()[0]
             for item in assembly.hyperparameters}  # fmt: skip
    return found._replace(deviation=kernel.moments(assembly.fixed, lower))
