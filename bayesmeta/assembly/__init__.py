"""Put the named parts together: a model's statement and a table's effects."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bayesmeta.assembly.parts import (
    Parts,
    is_conjugate,
    is_known,
    is_one_spread,
    parts_of,
    require_conjugate,
    require_one_spread,
)
from bayesmeta.assembly.resolution import Assembly, PriorLike, assemble
from bayesmeta.measures.effects import Effects
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pymc

__all__ = [
    "Assembly",
    "Parts",
    "PriorLike",
    "assemble",
    "build_model",
    "is_conjugate",
    "is_known",
    "is_one_spread",
    "parts_of",
    "require_conjugate",
    "require_one_spread",
]


def build_model(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    moderators: str | None = None,
    priors: Mapping[str, PriorLike] | None = None,
    form: str = "marginal",
    missing: str = "error",
    **roles: str,
) -> "pymc.Model":
    """Return the model as a plain ``pm.Model``, to read, draw or extend.

    Parameters
    ----------
    form
        ``"marginal"``: study effects integrated out. ``"hierarchical"``: ``theta[study]`` explicit.
    roles
        As `fit`.

    Raises
    ------
    ModelError, PriorError, StudiesError
        As `assemble`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> studies = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(studies, measure="MD")
    >>> sorted(bm.build_model(effects, "random-effects").named_vars)[:3]
    ['estimate', 'mu', 'mu_mu']
    """
    from bayesmeta.assembly.graph import build

    assembly = assemble(
        effects, model, moderators=moderators, priors=priors, missing=missing, roles=roles
    )
    return build(assembly, form=form)
