"""A resolved model as a ``pm.Model``, with study effects integrated out or explicit."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from bayesmeta import schema
from bayesmeta.assembly.parts import require_conjugate
from bayesmeta.assembly.resolution import Assembly
from bayesmeta.covariance import Layout, Rows, Values
from bayesmeta.errors import ModelError
from bayesmeta.parameters import Parameter
from bayesmeta.priors import pymc_coefficients, pymc_variable

if TYPE_CHECKING:
    import pymc
    from pytensor.tensor import TensorVariable

FORMS = ("marginal", "hierarchical")

OBSERVED = "observed_estimate"
"""Name of the ``pm.Data`` that holds the estimates; ``estimate`` is the node it is observed at."""

TAU_FORMULA, TAU_DESIGN = "tau_formula", "tau_design"
"""The role of the formula that tau depends on, and the name of the ``pm.Data`` of its columns."""


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
    parts = assembly.parts
    with pm.Model(coords=_coordinates(assembly)) as model:
        numbers = _numbers(assembly)
        centre = _centre(assembly, numbers)
        values, rows = _hyperparameters(assembly), _rows(assembly, numbers)
        if form == "marginal":
            covariance = parts.covariance(values, rows)
        elif assembly.data:
            theta = parts.heterogeneity.study_effects(centre, values, rows, centred=centred)
            parts.likelihood.observe_rows(theta, rows)
            return model
        else:
            centre = parts.heterogeneity.study_effects(centre, values, rows, centred=centred)
            covariance = parts.sampling.covariance(values, rows)
        parts.likelihood.observe(centre, covariance, observed=numbers.estimate)
    return model


def _require_form(assembly: Assembly, form: str) -> None:
    if form not in FORMS:
        raise ModelError(f"No form {form!r}; known: {', '.join(FORMS)}.")
    if form == "marginal":
        require_conjugate(assembly.model)


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
        slopes = assembly.design[:, assembly.location.means :]
        design = pm.Data(schema.DESIGN, slopes, dims=(study, schema.TERM))
    return Numbers(
        pm.Data(OBSERVED, effects.estimate, dims=study),
        pm.Data(schema.STANDARD_ERROR, effects.standard_error, dims=study),
        design,
    )


def _rows(assembly: Assembly, numbers: Numbers) -> Rows:
    """Return what parts look at, data that are no estimates among it."""
    import pymc as pm

    data = {name: pm.Data(f"observed_{name}", column, dims=schema.STUDY)
            for name, column in assembly.data.items()}  # fmt: skip
    return Rows(numbers.standard_error, _layout(assembly), data, assembly.rows.priors)


def _layout(assembly: Assembly) -> Layout:
    """Return how the rows hang together, with the columns of tau's formula as data."""
    import pymc as pm

    tables = dict(assembly.layout.tables)
    if TAU_FORMULA in tables:
        table, dims = tables[TAU_FORMULA], (schema.STUDY, schema.term(TAU_FORMULA))
        tables[TAU_FORMULA] = table._replace(values=pm.Data(TAU_DESIGN, table.values, dims=dims))
    return replace(assembly.layout, tables=tables)


def _centre(assembly: Assembly, numbers: Numbers) -> "TensorVariable":
    """Return mu plus the slopes times their centred columns; scalar without moderators."""
    count = assembly.location.means
    slopes = assembly.location.coefficients[count:]
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

    free = {item.name: _variable(assembly, item) for item in assembly.hyperparameters}
    fixed = {name: pm.Data(name, value) for name, value in assembly.fixed.items()}
    return {**free, **fixed}


def _variable(assembly: Assembly, parameter: Parameter) -> "TensorVariable":
    name = parameter.name
    return pymc_variable(assembly.priors[name], name, context=assembly.context)
