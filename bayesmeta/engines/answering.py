"""The exact posterior of an assembly, by the frame that its model stands in."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, is_line
from bayesmeta.biases import MOST_COHORTS
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.engines.lines import Lines, integrate_lines
from bayesmeta.engines.moments import Moments, finite_moments, scale_moments
from bayesmeta.engines.quadrature import Integral
from bayesmeta.engines.telling import told, told_of
from bayesmeta.priors import density, is_flat
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


def moments_of(assembly: Assembly, members: FloatArray | None = None) -> Moments:
    """Return how many moments of the coefficients and of the scales exist.

    Parameters
    ----------
    members
        Above 0 for studies that take part, shape (study,); None for all.
    """
    design = assembly.design if members is None else assembly.design[members > 0]
    found = finite_moments(
        design, assembly.priors, assembly.coefficients, context=assembly.context,
        told=told(assembly, members),
    )  # fmt: skip
    return _with_deviation(assembly, found._replace(further=_further(assembly, members)))


def _further(assembly: Assembly, members: FloatArray | None) -> dict[str, float]:
    """Return how many moments scales beside the first have, of those that do not have all."""
    flat = [name for name in assembly.coefficients if is_flat(assembly.priors[name])]
    found = {}
    for item in assembly.hyperparameters[1:]:
        known = told_of(assembly, item.name, members)
        if known is not None:
            found[item.name] = scale_moments(
                known, assembly.priors[item.name], flat, assembly.coefficients,
                context=assembly.context,
            )  # fmt: skip
    return {name: count for name, count in found.items() if np.isfinite(count)}


def _with_deviation(assembly: Assembly, found: Moments) -> Moments:
    """Return the moments with how many a study effect's deviation from its centre has."""
    kernel = kernel_of(assembly.parts.heterogeneity)
    if kernel is None:
        return found
    lower = {item.name: density(assembly.priors[item.name], assembly.context).support()[0]
             for item in assembly.hyperparameters}  # fmt: skip
    return found._replace(deviation=kernel.moments(assembly.fixed, lower))
