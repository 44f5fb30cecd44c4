"""A resolved model as a ``pm.Model``, with study effects integrated out or explicit."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

import numpy as np

from bayesmeta import schema
from bayesmeta.assembly.kinds import is_line, require_conjugate
from bayesmeta.assembly.parts import Parts
from bayesmeta.assembly.resolution import Assembly
from bayesmeta.covariance import Covariance, Layout, Rows, Values
from bayesmeta.errors import ModelError
from bayesmeta.parameters import Parameter
from bayesmeta.priors import pymc_coefficients, pymc_variable
from bayesmeta.random_effects import kernel_of
from bayesmeta.random_effects.towards import ESTIMATE
from bayesmeta.spec import Prior

if TYPE_CHECKING:
    import pymc
    from pytensor.tensor import TensorVariable

FORMS = ("marginal", "hierarchical")

OBSERVED = "observed_estimate"
"""Name of the ``pm.Data`` that holds the estimates; ``estimate`` is the node it is observed at."""

TAU_FORMULA, TAU_DESIGN = "tau_formula", "tau_design"
"""The role of the formula that tau depends on, and the name of the ``pm.Data`` of its columns."""


class Jointly(Protocol):
    """A part with parameters that are restricted together."""

    def joint_variables(self, layout: Layout, prior: Prior) -> Values:
        """Return their variables under the prior of all of them, inside a ``pm.Model``."""
        ...


class Numbers(NamedTuple):
    """The table's numbers as ``pm.Data``, dims (study,) and, for the design, (study, term)."""

    estimate: "TensorVariable"
    standard_error: "TensorVariable"
    design: "TensorVariable | None"
    layout: Layout


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
    with pm.Model(coords=_coordinates(assembly)) as model:
        numbers = _numbers(assembly)
        centre = _centre(assembly, numbers)
        values, rows = _hyperparameters(assembly), _rows(assembly, numbers)
        bias = _bias(assembly)
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


def _bias(assembly: Assembly) -> Any:  # noqa: ANN401  (PyTensor)
    """Return the bias as a variable; 0 where there is no such coefficient."""
    own = assembly.parts.bias.COEFFICIENTS
    return _variable(assembly, own[0]) if own else 0.0


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


def _coordinates(assembly: Assembly) -> dict[str, list[str]]:
    coordinates = {schema.STUDY: list(assembly.effects.labels)}
    coordinates |= {role: list(groups.labels) for role, groups in assembly.layout.groups.items()}
    if TAU_FORMULA in assembly.layout.tables:
        terms = assembly.layout.tables[TAU_FORMULA].labels
        coordinates[schema.term(TAU_FORMULA)] = list(terms)
    return coordinates | ({schema.TERM: list(assembly.terms)} if assembly.terms else {})


def _numbers(assembly: Assembly) -> Numbers:
    import pymc as pm

    effects, study = assembly.effects, schema.STUDY
    design = None  # data that no node uses would stop a refit
    if assembly.terms:
        slopes = assembly.design[:, assembly.location.slopes]
        design = pm.Data(schema.DESIGN, slopes, dims=(study, schema.TERM))
    return Numbers(
        pm.Data(OBSERVED, effects.estimate, dims=study),
        pm.Data(schema.STANDARD_ERROR, effects.standard_error, dims=study),
        design,
        _layout(assembly),
    )


def _rows(assembly: Assembly, numbers: Numbers) -> Rows:
    """Return what parts look at, data that are no estimates among it."""
    import pymc as pm

    data = {name: pm.Data(f"observed_{name}", column, dims=schema.STUDY)
            for name, column in assembly.data.items()}  # fmt: skip
    return Rows(numbers.standard_error, numbers.layout, data, assembly.rows.priors)


def _layout(assembly: Assembly) -> Layout:
    """Return how the rows hang together, with the columns of tau's formula as data."""
    import pymc as pm

    tables = dict(assembly.layout.tables)
    if TAU_FORMULA in tables:
        table, dims = tables[TAU_FORMULA], (schema.STUDY, schema.term(TAU_FORMULA))
        tables[TAU_FORMULA] = table._replace(values=pm.Data(TAU_DESIGN, table.values, dims=dims))
    marks = {name: pm.Data(name, mark, dims=schema.STUDY)
             for name, mark in assembly.layout.marks.items()}  # fmt: skip
    return replace(assembly.layout, tables=tables, marks=marks)


def _centre(assembly: Assembly, numbers: Numbers) -> "TensorVariable":
    """Return mu plus the slopes times their centred columns; scalar without moderators."""
    count = assembly.location.means
    slopes = assembly.location.coefficients[assembly.location.slopes]
    centre = _mean(assembly, assembly.location.coefficients[:count])
    terms = [slope.label for slope in slopes if slope.variable == schema.BETA]
    beta, design = _slopes(assembly, terms), cast("TensorVariable", numbers.design)
    # Not design @ beta: with data in the graph that takes four times as long to compile.
    for place, slope in enumerate(slopes):
        own = slope.variable == schema.BETA
        value = beta[terms.index(slope.label)] if own else _variable(assembly, slope)
        centre = centre + value * design[:, place]
    return centre


def _mean(assembly: Assembly, means: Sequence[Parameter]) -> "TensorVariable":
    """Return mu, a scalar; or the mu of each row's outcome."""
    if len(means) == 1:
        return _variable(assembly, means[0])
    columns = assembly.design[:, : len(means)].T
    return sum(_variable(assembly, mu) * own for mu, own in zip(means, columns, strict=True))


def _slopes(assembly: Assembly, terms: Sequence[str]) -> Any:  # noqa: ANN401  (PyTensor)
    return pymc_coefficients(assembly.priors, terms) if terms else ()


def _hyperparameters(assembly: Assembly) -> Values:
    """Return the free hyperparameters as variables, the fixed ones as data."""
    import pymc as pm

    own = [item for item in assembly.hyperparameters if not item.joint]
    free = {item.name: _variable(assembly, item) for item in own}
    fixed = {name: pm.Data(name, value) for name, value in assembly.constants.items()}
    return {**free, **_joint(assembly), **fixed}


def _joint(assembly: Assembly) -> Values:
    """Return the variables that their part makes together, none where all are fixed.

    Raises
    ------
    ModelError
        If some of them are fixed, or have priors of their own.
    """
    every = assembly.parts.heterogeneity.parameters(assembly.layout)
    free = [item for item in assembly.hyperparameters if item.joint]
    if not free:
        return {}
    fixed = [item.name for item in every if item.joint and item.name in assembly.fixed]
    usual = cast("Prior", free[0].default)
    alike = [item.name for item in free if _is_like(assembly.priors[item.name], usual)]
    stated = {str(assembly.priors[name]) for name in alike}
    other = [item.name for item in free if item.name not in alike or len(stated) > 1]
    if fixed or other:
        raise ModelError(
            f"{', '.join(item.name for item in every if item.joint)} are restricted together: "
            f"either all are fixed, or all have one prior such as {usual}; change "
            f"{', '.join([*fixed, *other])}."
        )
    part = cast("Jointly", assembly.parts.heterogeneity)
    return dict(part.joint_variables(assembly.layout, assembly.priors[free[0].name]))


def _is_like(prior: Prior, usual: Prior) -> bool:
    """Return whether a prior is of the usual one's family, for as many parameters."""
    sizes = [{**one.parameters, "eta": None} for one in (prior, usual)]
    return prior.distribution == usual.distribution and sizes[0] == sizes[1]


def _variable(assembly: Assembly, parameter: Parameter) -> "TensorVariable":
    name = parameter.name
    return pymc_variable(assembly.priors[name], name, context=assembly.context)
