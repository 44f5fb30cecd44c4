"""Which kind of new study is predicted, where study effects spread differently by kind."""

from collections.abc import Mapping

from bayesmeta.assembly import parts_of
from bayesmeta.covariance import Layout
from bayesmeta.covariance.designs import REFERENCE
from bayesmeta.errors import ModelError
from bayesmeta.spec import ModelSpec
from bayesmeta.studies.wording import choice


def kind_of(spec: ModelSpec, layout: Layout, at: Mapping[str, str | float]) -> str:
    """Return the kind of new study that is asked for; of designs the reference where none is.

    Raises
    ------
    ModelError
        If nobody says which it is, or there is none such.
    """
    part = parts_of(spec).heterogeneity
    kinds = part.kinds(layout)
    if kinds == ("",):
        return ""
    column = spec.roles.get(part.KIND, part.KIND)
    asked = str(at.get(column, spec.roles.get("reference", REFERENCE)))
    if asked in kinds:
        return asked
    setting = f"{column}={kinds[0]}"
    raise ModelError(
        f"Studies of different {column} spread differently, and a new one is of one of "
        f"{', '.join(kinds)}{f', not {asked!r}' if column in at else ''}: say which, such as "
        f"{choice('at', setting)}."
    )
