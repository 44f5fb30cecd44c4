"""A heterogeneity that moves with a moderator, as a plain PyMC model."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.assembly import PriorLike, assemble
from bayesmeta.errors import ModelError
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import Context, pymc_coefficients, pymc_variable

if TYPE_CHECKING:
    import pymc

SCALE_SLOPE = "scale_slope"
_SPREAD = 0.5


def location_scale_model(
    effects: Effects,
    scale: str,
    *,
    moderators: str | None = None,
    priors: Mapping[str, PriorLike] | None = None,
    spread: float = _SPREAD,
) -> "pymc.Model":
    """Return a model in which tau moves with a column of the table.

    With z the column in sample SDs from its mean::

        log(tau[i]) = log(tau) + scale_slope * z[i]      scale_slope ~ Normal(0, spread)

    so that ``tau`` is the heterogeneity at the mean of the column. At the default spread tau
    differs a priori by a factor of 1.65 (a prior SD) over one SD of the column.

    Parameters
    ----------
    effects, priors
        As in `fit`.
    scale
        A column of numbers, such as ``"duration_weeks"``.
    moderators
        Of the mean effect, by formula.
    spread
        Prior SD of the slope of log tau, per sample SD of the column.

    Raises
    ------
    BayesmetaError
        If the column is no number in every study, or the model cannot be assembled.

    References
    ----------
    Viechtbauer W, López-López JA (2022). Location-scale models for meta-analysis. Res Synth
    Methods 13:697-715.

    Examples
    --------
    To be sampled with PyMC, as ``pm.sample(model=model)``:

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> model = bm.location_scale_model(effects, "duration_weeks")
    >>> sorted(variable.name for variable in model.free_RVs)
    ['mu', 'scale_slope', 'tau']
    """
    import pymc as pm

    assembly = assemble(effects, moderators=moderators, priors=priors)
    used = assembly.effects
    if scale not in used.studies or used.studies[scale].dtype.kind != "f":
        raise ModelError(f"Column {scale!r} is no column of numbers; tau cannot move with it.")
    column = used.studies[scale]
    if not np.isfinite(column).all() or np.ptp(column) == 0:
        raise ModelError(f"Column {scale!r}: a number in every study is needed, not all the same.")
    standard = (column - column.mean()) / column.std(ddof=1)
    coordinates = {schema.STUDY: list(used.labels)}
    coordinates |= {schema.TERM: list(assembly.terms)} if assembly.terms else {}
    context = Context(used.standard_error, assembly.design)
    with pm.Model(coords=coordinates) as model:
        centre = pymc_variable(assembly.priors[schema.MU], schema.MU, context=context)
        if assembly.terms:
            beta = pymc_coefficients(assembly.priors, assembly.terms)
            for place in range(len(assembly.terms)):
                centre = centre + beta[place] * assembly.design[:, 1 + place]
        tau = pymc_variable(assembly.priors[schema.TAU], schema.TAU, context=context)
        slope = pm.Normal(SCALE_SLOPE, 0.0, spread)
        variance = used.standard_error**2 + tau**2 * pm.math.exp(2 * slope * standard)
        pm.Normal(schema.ESTIMATE, centre, pm.math.sqrt(variance), observed=used.estimate,
                  dims=schema.STUDY)  # fmt: skip
    return model
