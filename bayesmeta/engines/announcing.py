"""What is said before a fit: integrals that take long, known covariances that nobody named."""

import numpy as np

from bayesmeta.assembly import Assembly
from bayesmeta.assembly.matrix import correlations
from bayesmeta.covariance import Use
from bayesmeta.engines.answering import goes_by_row
from bayesmeta.engines.further import MOST
from bayesmeta.engines.posed import further_axes
from bayesmeta.errors import StudiesError
from bayesmeta.studies.wording import choice

_TRIAL = "trial"


def announced(assembly: Assembly, engine: str) -> tuple[str, ...]:
    """Return lines for who waits, or does not know what the table has; none for most fits.

    Parameters
    ----------
    engine
        That is going to fit it.
    """
    lines = (_waiting(assembly, engine), _unused(assembly))
    return tuple(line for line in lines if line)


def _waiting(assembly: Assembly, engine: str) -> str:
    """Return what is integrated, where it is as much as a product rule serves."""
    if engine != "exact" or goes_by_row(assembly) or len(further_axes(assembly)) != MOST:
        return ""
    names = ", ".join(item.name for item in assembly.hyperparameters)
    return (
        f"Integrating {names} together, which takes seconds to minutes, the longer the heavier "
        "the tails of their priors. A number as the prior of one is faster; "
        f"{choice('engine', 'nuts')} samples."
    )


def _unused(assembly: Assembly) -> str:
    """Return that covariances stand in columns as metafor names them, and nobody asked for them."""
    layout = assembly.layout
    asked = [role.name for role in assembly.parts.sampling.ROLES if role.use is Use.MATRIX]
    if not asked or _TRIAL not in layout.groups or layout.tables:
        return ""
    columns = [f"v{place + 1}i" for place in range(int(layout.groups[_TRIAL].sizes.max()))]
    if len(columns) == 1 or not _are_covariances(columns, assembly):
        return ""
    return (
        f"Columns {', '.join(columns)} hold the covariances of the rows of each {_TRIAL} and are "
        f"not used; to take them as known: {choice(asked[0], ' '.join(columns))}."
    )


def _are_covariances(columns: list[str], assembly: Assembly) -> bool:
    """Return whether columns are there, with the estimates' own variances among them."""
    effects, studies = assembly.effects, assembly.effects.studies
    if not all(name in studies and np.asarray(studies[name]).dtype.kind == "f" for name in columns):
        return False
    try:
        correlations(" ".join(columns), effects, assembly.layout.groups)
    except StudiesError:
        return False
    return True
