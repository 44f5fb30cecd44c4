"""A resolved model as a ``pm.Model``, with study effects integrated out or explicit."""

from typing import TYPE_CHECKING, NamedTuple

from bayesmeta import schema
from bayesmeta.assembly.resolution import Assembly
from bayesmeta.errors import ModelError
from bayesmeta.heterogeneity import HETEROGENEITY
from bayesmeta.likelihoods import LIKELIHOODS
from bayesmeta.priors import Context, pymc_coefficients, pymc_variable

if TYPE_CHECKING:
    import pymc
    from pytensor.tensor import TensorVariable

FORMS = ("marginal", "hierarchical")

OBSERVED = "observed_estimate"
"""Name of the ``pm.Data`` that holds the estimates; ``estimate`` is the node it is observed at."""


class Numbers(NamedTuple):
    """The table's numbers as ``pm.Data``, dims (study,) and, for the design, (study, term)."""

    estimate: "TensorVariable"
    standard_error: "TensorVariable"
    design: "TensorVariable | None"


def build(assembly: Assembly, *, form: str = "marginal", centred: bool = False) -> "pymc.Model":
    """Return the model as a plain ``pm.Model``.

    Variables have the names and dimensions of ``schema``. The table and the priors' parameters
    are ``pm.Data``. In the marginal form nothing but those data has a study dimension.

    Parameters
    ----------
    form
        ``"marginal"``: study effects integrated out. ``"hierarchical"``: ``theta[study]`` explicit.
    centred
        Hierarchical form only: whether ``theta`` itself is sampled, not its scaled deviations.

    Raises
    ------
    ModelError
        If the form is unknown, or study effects do not integrate out in closed form.
    PriorError
        If a prior is improper, so that PyMC has no distribution for it.
    """
    import pymc as pm

    _require_form(assembly, form)
    heterogeneity = HETEROGENEITY[assembly.model.heterogeneity]
    with pm.Model(coords=_coordinates(assembly)) as model:
        numbers = _numbers(assembly)
        centre = _centre(assembly, numbers)
        tau = _tau(assembly)
        if form == "marginal":
            variance = heterogeneity.marginal_variance(numbers.standard_error, tau)
        else:
            centre = heterogeneity.study_effects(centre, tau, centred=centred)
            variance = numbers.standard_error**2
        observe = LIKELIHOODS[assembly.model.likelihood].observe
        observe(centre, variance, observed=numbers.estimate)
    return model


def _require_form(assembly: Assembly, form: str) -> None:
    if form not in FORMS:
        raise ModelError(f"No form {form!r}; known: {', '.join(FORMS)}.")
    likelihood = assembly.model.likelihood
    if form == "marginal" and not LIKELIHOODS[likelihood].CONJUGATE:
        raise ModelError(
            f"Likelihood {likelihood!r} does not integrate out in closed form; "
            'use form="hierarchical".'
        )


def _coordinates(assembly: Assembly) -> dict[str, list[str]]:
    coordinates = {schema.STUDY: list(assembly.effects.labels)}
    return coordinates | ({schema.TERM: list(assembly.terms)} if assembly.terms else {})


def _numbers(assembly: Assembly) -> Numbers:
    import pymc as pm

    effects, study = assembly.effects, schema.STUDY
    design = None  # data that no node uses would stop a refit
    if assembly.terms:
        design = pm.Data(schema.DESIGN, assembly.design[:, 1:], dims=(study, schema.TERM))
    return Numbers(
        pm.Data(OBSERVED, effects.estimate, dims=study),
        pm.Data(schema.STANDARD_ERROR, effects.standard_error, dims=study),
        design,
    )


def _centre(assembly: Assembly, numbers: Numbers) -> "TensorVariable":
    """Return mu plus the slopes times their centred columns; scalar without moderators."""
    centre = pymc_variable(assembly.priors[schema.MU], schema.MU, context=_context(assembly))
    if numbers.design is None:
        return centre
    beta = pymc_coefficients(assembly.priors, assembly.terms)
    # Not design @ beta: with data in the graph that takes four times as long to compile.
    for term in range(len(assembly.terms)):
        centre = centre + beta[term] * numbers.design[:, term]
    return centre


def _tau(assembly: Assembly) -> "TensorVariable":
    if not assembly.has_tau:
        return 0.0
    return pymc_variable(assembly.priors[schema.TAU], schema.TAU, context=_context(assembly))


def _context(assembly: Assembly) -> Context:
    return Context(assembly.effects.standard_error, assembly.design)
