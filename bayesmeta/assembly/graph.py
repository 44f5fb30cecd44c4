"""A resolved model as a ``pm.Model``, with study effects integrated out or explicit."""

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from bayesmeta import schema
from bayesmeta.assembly.assembled import Assembly
from bayesmeta.assembly.graph_data import coordinates, numbers_of, rows_of
from bayesmeta.assembly.graph_variables import bias_of, centre_of, hyperparameters_of
from bayesmeta.assembly.kinds import is_line, require_conjugate
from bayesmeta.assembly.parts import Parts
from bayesmeta.covariance import Covariance, Rows, Values
from bayesmeta.errors import ModelError
from bayesmeta.random_effects import kernel_of
from bayesmeta.random_effects.towards import ESTIMATE

if TYPE_CHECKING:
    import pymc
    from pytensor.tensor import TensorVariable

FORMS = ("marginal", "hierarchical")


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
    parts = assembly.parts
    with pm.Model(coords=coordinates(assembly)) as model:
        numbers = numbers_of(assembly)
        centre = centre_of(assembly, numbers)
        values, rows = hyperparameters_of(assembly), rows_of(assembly, numbers)
        bias = bias_of(assembly)
        centre = parts.bias.moved(centre, bias, rows.marks.get(schema.IS_COHORT))
        if form == "marginal" and is_line(assembly.model):
            _observe_mixed(assembly, numbers.estimate - centre, values, rows)
            return model
        if form == "marginal":
            covariance = parts.covariance(values, rows)
            assembly.require_alone(covariance)
            _weighted(parts, numbers.estimate - centre, bias, covariance, (values, rows))
        elif assembly.data:
            near = replace(rows, data={**rows.data, ESTIMATE: numbers.estimate})
            theta = parts.heterogeneity.study_effects(centre, values, near, centred=centred)
            parts.likelihood.observe_rows(theta, rows)
            return model
        else:
            centre = parts.heterogeneity.study_effects(centre, values, rows, centred=centred)
            covariance = parts.sampling.covariance(values, rows)
            _weighted(parts, numbers.estimate - centre, bias, covariance, (values, rows))
        parts.likelihood.observe(centre, covariance, observed=numbers.estimate)
    return model


def _weighted(
    parts: Parts,
    residual: "TensorVariable",
    bias: "TensorVariable",
    covariance: Covariance,
    known: tuple[Values, Rows],
) -> None:
    """Add to the model what its log likelihood has beside that of normal estimates."""
    import pymc as pm

    values, rows = known
    correction = parts.bias.log_correction(residual, bias, covariance.variance, values, rows)
    if correction is not None:
        pm.Potential("log_bias_correction", correction)
    powers = parts.power.powers(values, rows)
    if powers is not None:
        # With the likelihood itself this is its power; nothing is divided by a power of 0.
        variance = covariance.variance
        log_density = -0.5 * (residual**2 / variance + np.log(2 * np.pi * variance))
        pm.Potential("log_power", ((powers - 1) * log_density).sum())


def _observe_mixed(
    assembly: Assembly, residual: "TensorVariable", values: Values, rows: Rows
) -> None:
    """Add the rows' likelihoods to their powers, effects a mixture of normals integrated out."""
    import pymc as pm
    import pytensor.tensor as pt

    kernel = kernel_of(assembly.parts.heterogeneity)
    assert kernel is not None  # noqa: S101  (asked where the model is of lines)
    log_weight, variance = kernel.variable_scales(values, assembly.fixed)
    if kernel.OUTSIDE is not None:
        mark = cast("TensorVariable", rows.marks[schema.IS_COHORT])[:, np.newaxis]
        other = kernel.OUTSIDE.variable_scales(values, assembly.fixed).variance
        variance = variance * (1 - mark) + other * mark
    own = cast("TensorVariable", rows.standard_error)[:, np.newaxis]
    total = own**2 + variance
    log_normal = -0.5 * (residual[:, np.newaxis] ** 2 / total + np.log(2 * np.pi * total))
    log_density = pt.logsumexp(log_weight + log_normal, axis=1)
    powers = assembly.parts.power.powers(values, rows)
    pm.Potential("log_power", (powers * log_density).sum())


def _require_form(assembly: Assembly, form: str) -> None:
    if form not in FORMS:
        raise ModelError(f"No form {form!r}; known: {', '.join(FORMS)}.")
    if form == "marginal":
        if assembly.powers is None or not is_line(assembly.model):
            require_conjugate(assembly.model)
        return
    unsure = not assembly.parts.bias.CERTAIN and not is_line(assembly.model)
    if unsure or assembly.powers is not None:
        slot = "bias" if unsure else "power"
        raise ModelError(
            f"The {slot} {assembly.model.parts[slot]!r} of model {assembly.model.name} is stated "
            'with study effects integrated out; use form="marginal".'
        )
