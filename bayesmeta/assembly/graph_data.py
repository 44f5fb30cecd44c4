"""The table of a model as ``pm.Data``: numbers, what parts look at, coordinates."""

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bayesmeta import schema
from bayesmeta.assembly.assembled import Assembly
from bayesmeta.covariance import Layout, Rows

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable


OBSERVED = "observed_estimate"
"""Name of the ``pm.Data`` that holds the estimates; ``estimate`` is the node it is observed at."""


TAU_FORMULA, TAU_DESIGN = "tau_formula", "tau_design"
"""The role of the formula that tau depends on, and the name of the ``pm.Data`` of its columns."""


class Numbers(NamedTuple):
    """The table's numbers as ``pm.Data``, dims (study,) and, for the design, (study, term)."""

    estimate: "TensorVariable"
    standard_error: "TensorVariable"
    design: "TensorVariable | None"
    layout: Layout


def coordinates(assembly: Assembly) -> dict[str, list[str]]:
    """Return the labels of the model's dimensions, by dimension."""
    found = {schema.STUDY: list(assembly.effects.labels)}
    found |= {role: list(groups.labels) for role, groups in assembly.layout.groups.items()}
    if TAU_FORMULA in assembly.layout.tables:
        terms = assembly.layout.tables[TAU_FORMULA].labels
        found[schema.term(TAU_FORMULA)] = list(terms)
    return found | ({schema.TERM: list(assembly.terms)} if assembly.terms else {})


def numbers_of(assembly: Assembly) -> Numbers:
    """Return the table's numbers as data of the ``pm.Model`` at hand."""
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


def rows_of(assembly: Assembly, numbers: Numbers) -> Rows:
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
