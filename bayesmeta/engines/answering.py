"""The exact posterior of an assembly, by the frame that its model stands in."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, is_line
from bayesmeta.biases import MOST_COHORTS
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.engines.lines import Lines, integrate_lines
from bayesmeta.engines.propriety import Moments, finite_moments
from bayesmeta.engines.quadrature import Integral
from bayesmeta.engines.telling import told
from bayesmeta.priors import density
from bayesmeta.random_effects import kernel_of
from bayesmeta.schema import IS_COHORT

type Answer = Integral | Lines
"""A posterior that is known exactly: as a mixture of normals, or on lattices."""


def answered(assembly: Assembly, members: FloatArray | None = None) -> Answer:
    """Return the exact posterior.

    Parameters
    ----------
    members
        As `integrate_assembly`.

    Raises
    ------
    ModelError
        If no engine integrates the model, naming the part.
    ImproperPosteriorError, PriorError, PosteriorError
        As `integrate_assembly`, or `integrate_lines`.
    """
    if goes_by_row(assembly):
        return integrate_lines(assembly, members)
    return integrate_assembly(assembly, members=members)


def goes_by_row(assembly: Assembly) -> bool:
    """Return whether a posterior is integrated row by row.

    Where no closed form takes its study effects; and where so many cohorts may each be biased that
    nobody sums over all cases of who is: a row has two terms of its own.
    """
    if is_line(assembly.model):
        return True
    bias, marks = assembly.parts.bias, assembly.layout.marks.get(IS_COHORT)
    if bias.CERTAIN or bias.COEFFICIENTS or marks is None:
        return False
    known = kernel_of(assembly.parts.heterogeneity) is not None
    return known and int(np.sum(marks)) > MOST_COHORTS


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
