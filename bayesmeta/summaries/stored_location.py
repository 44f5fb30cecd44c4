"""The design that a posterior stores, with what it was made of."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.location import MU, Location, slopes
from bayesmeta.parameters import Parameter
from bayesmeta.studies import Column

if TYPE_CHECKING:
    from bayesmeta.summaries.view import View


def stored_location(view: "View") -> Location:
    """Return a posterior's design with what it was made of.

    Raises
    ------
    PosteriorError
        If the posterior does not store its moderators.
    """
    stored, centre = view.group(schema.MODERATORS), view.design_mean
    if stored is None or centre is None or not (view.word("formula") or view.parts):
        raise PosteriorError(
            "The posterior does not say how its slopes come from moderators: it needs the "
            "group 'moderators', 'design' and 'design_mean' in constant_data, and an "
            "attribute 'formula'."
        )
    columns = {schema.column_name(str(name)): _typed(column.values)
               for name, column in stored.data_vars.items()}  # fmt: skip
    terms = tuple(str(term) for term in _terms_of_design(view))
    return Location(
        view.studies.design, terms, centre, view.word("formula"), columns, _parameters(view)
    )


def _parameters(view: "View") -> tuple[Parameter, ...]:
    """Return the coefficients where there is a mean effect an outcome."""
    if len(view.means) == 1:
        last = () if view.parts is None else view.parts.bias.COEFFICIENTS
        return (MU, *slopes(view.terms), *last) if last else ()
    labels = [name.partition("[")[2].removesuffix("]") for name in view.means]
    means = [replace(MU, dim=schema.OUTCOME, label=label, column=place, outcome=label)
             for place, label in enumerate(labels)]  # fmt: skip
    own = [replace(slope, column=slope.column + len(means) - 1,
                   outcome=slope.label.partition(": ")[0])
           for slope in slopes(view.terms)]  # fmt: skip
    return (*means, *own)


def _terms_of_design(view: "View") -> Column:
    constant = view.group(schema.CONSTANT_DATA)
    assert constant is not None  # noqa: S101  (asked after its design_mean)
    return np.asarray(constant.coords[schema.TERM].values)


def _typed(values: Column) -> Column:
    return values.astype(float) if values.dtype.kind in "fiu" else values.astype(object)
