"""Put the named parts together: a model's statement and a table's effects."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from bayesmeta.assembly.assembled import Assembly
from bayesmeta.assembly.choices import SPREADS, with_choices
from bayesmeta.assembly.kinds import (
    is_conjugate,
    is_known,
    is_line,
    is_one_spread,
    require_conjugate,
    require_integrable,
    require_one_spread,
    takes_repeated,
)
from bayesmeta.assembly.layout import cohorts
from bayesmeta.assembly.new_studies import NewDraws, new_covariance, new_deviates
from bayesmeta.assembly.parts import Parts, parts_of
from bayesmeta.assembly.resolution import PriorLike, assemble, usual_model
from bayesmeta.assembly.roles import ROLES, Choices, FurtherRoles, Roles, named_roles, roles_said
from bayesmeta.assembly.units import is_of_one_unit, units
from bayesmeta.keywords import require_taken
from bayesmeta.measures.effects import Effects
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pymc

__all__ = [
    "ROLES",
    "SPREADS",
    "Assembly",
    "Choices",
    "FurtherRoles",
    "NewDraws",
    "Parts",
    "PriorLike",
    "Roles",
    "assemble",
    "build_model",
    "cohorts",
    "is_conjugate",
    "is_known",
    "is_line",
    "is_of_one_unit",
    "is_one_spread",
    "named_roles",
    "new_covariance",
    "new_deviates",
    "parts_of",
    "require_conjugate",
    "require_integrable",
    "require_one_spread",
    "roles_said",
    "takes_repeated",
    "units",
    "usual_model",
    "with_choices",
]


def build_model(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    moderators: str | None = None,
    priors: Mapping[str, PriorLike] | None = None,
    form: str = "marginal",
    missing: str = "error",
    **roles: Unpack[Roles],
) -> "pymc.Model":
    """Return the model as a plain ``pm.Model``, to read, draw or extend.

    Parameters
    ----------
    effects, model, moderators, priors, missing
        As in `fit`.
    form
        ``"marginal"``: study effects integrated out. ``"hierarchical"``: ``theta[study]`` explicit.
    roles
        As `fit`.

    Raises
    ------
    ModelError, PriorError, StudiesError
        If the parts do not fit each other or the table, the form is unknown, or a prior improper.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> model = bm.build_model(effects)
    >>> sorted(variable.name for variable in model.free_RVs)
    ['mu', 'tau']
    """
    from bayesmeta.assembly.graph import build

    require_taken(build_model, roles)
    assembly = assemble(
        effects,
        model,
        moderators=moderators,
        priors=priors,
        missing=missing,
        roles=named_roles(roles),
    )
    return build(assembly, form=form)
