"""A shape as a plain PyMC model, its own parameters and open durations sampled."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import PriorLike, named_roles
from bayesmeta.covariance import Rows
from bayesmeta.duration_response.beside import beside
from bayesmeta.duration_response.candidates import shape_named
from bayesmeta.duration_response.lines import Law
from bayesmeta.duration_response.others import Others, locate_others
from bayesmeta.duration_response.scales import CHANGE, Scales, resolve_scales
from bayesmeta.duration_response.weeks import MISSING, RANGE, Durations, read_durations
from bayesmeta.errors import ModelError
from bayesmeta.location.shapes import SHAPES, Shape
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import Context, pymc_variable

if TYPE_CHECKING:
    import pymc

type Variable = Any  # a PyTensor variable carries no type

COEFFICIENT = "coefficient"


def duration_model(
    effects: Effects,
    shape: str,
    *,
    column: str = "duration_weeks",
    moderators: str | None = None,
    priors: Mapping[str, PriorLike] | None = None,
    heterogeneity: str | None = None,
) -> "pymc.Model":
    """Return one shape's model as a ``pm.Model``, normal study effects integrated out.

    Variables: ``mu``, ``tau``, ``coefficient`` (the shape's columns, scaled so that each has
    the change's prior), ``beta[term]`` of further moderators, the shape's own parameters,
    ``week_missing`` and ``week_range`` of open durations, and ``change``, from the shortest to
    the longest observed duration. A cut is summed over, as a gradient sees none. Curves are
    centred at the studies that say anything of their duration, a range at its middle. Study
    effects that are not normal stand in the model, as ``theta``.

    Parameters
    ----------
    effects
        Effect sizes, from `effect_sizes`.
    shape
        A name in the register of shapes, such as ``"linear"`` or ``"emax"``.
    column, moderators, priors, heterogeneity
        As in `duration`.

    Raises
    ------
    BayesmetaError
        As `duration`; and if the shape has a cut, and some durations are open or study effects
        are not normal.

    Examples
    --------
    To be sampled with PyMC, as ``pm.sample(model=model)``:

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> model = bm.duration_model(effects, "linear")
    >>> sorted(variable.name for variable in model.free_RVs)
    ['mu', 'standardised', 'tau']
    """
    import pymc as pm

    durations = read_durations(effects, column)
    others = locate_others(effects, moderators, durations)
    asked = beside(effects, None, named_roles({"heterogeneity": heterogeneity}), {})
    scales = resolve_scales(effects, durations, others, priors, asked)
    part = _part(shape, durations, scales.law)
    coordinates = {
        schema.STUDY: list(effects.labels),
        "column": list(range(_size(part, durations))),
    }
    with pm.Model(coords=coordinates) as model:
        fixed = _fixed(effects, others, scales)
        context = Context(effects.standard_error)
        tau = pymc_variable(scales.priors[schema.TAU], schema.TAU, context=context)
        weeks = _weeks(durations)
        if part.DISCRETE:
            _mixed(effects, part, durations, scales, fixed=fixed, tau=tau)
        else:
            curve = _curve(part, durations, scales, weeks)
            centre, sd = _estimates(effects, fixed + curve, tau, scales.law)
            pm.Normal(schema.ESTIMATE, centre, sd, observed=effects.estimate,
                      dims=schema.STUDY)  # fmt: skip
    return model


def _estimates(
    effects: Effects, centre: Variable, tau: Variable, law: Law | None
) -> tuple[Variable, Variable]:
    """Return what estimates are normal around, and their SDs."""
    import pymc as pm

    if law is None:
        return centre, pm.math.sqrt(effects.standard_error**2 + tau**2)
    values, rows = {**law.fixed, schema.TAU: tau}, Rows(effects.standard_error)
    return law.kernel.study_effects(centre, values, rows), effects.standard_error


def _part(shape: str, durations: Durations, law: Law | None) -> Shape:
    part = SHAPES[shape_named(shape)]
    reason = part.obstacle(durations.observed)
    if reason:
        raise ModelError(f"Shape {shape}: {reason}.")
    if part.DISCRETE and law is not None:
        raise ModelError(
            f"Shape {shape} has a cut, which is summed over where study effects are normal: a "
            "sampler by gradients cannot move past it; the exact engine averages over both."
        )
    if part.DISCRETE and not durations.complete:
        raise ModelError(
            f"Shape {shape} has a cut, which a sampler by gradients cannot move past an open "
            "duration; the exact engine averages over both."
        )
    return part


def _ends(part: Shape, durations: Durations, parameter: Variable) -> list[Variable]:
    """Return each column's change from the shortest to the longest observed duration."""
    observed = durations.observed
    low, high = (
        part.columns(end, observed, parameter) for end in (observed.shortest, observed.longest)
    )
    return [above - below for below, above in zip(low, high, strict=True)]


def _size(part: Shape, durations: Durations) -> int:
    grid = part.grid(durations.observed)
    return len(part.columns(durations.observed.shortest, durations.observed, grid.values[0]))


def _fixed(effects: Effects, others: Others, scales: Scales) -> Variable:
    """Return mu plus the further moderators' part, shape (study,)."""
    context = Context(effects.standard_error)
    centre = pymc_variable(scales.priors[schema.MU], schema.MU, context=context)
    for place, name in enumerate(scales.others):
        slope = pymc_variable(scales.priors[name], name, context=context)
        centre = centre + slope * others.design[:, place]
    return centre


def _weeks(durations: Durations) -> Variable:
    """Return the durations, open ones as variables with their stated priors."""
    import pymc as pm
    import pytensor.tensor as pt

    kinds = np.array(durations.kinds)
    weeks = pt.as_tensor_variable(durations.middle)
    ranges, missing = (np.flatnonzero(kinds == kind) for kind in (RANGE, MISSING))
    if ranges.size:
        inside = pm.Uniform("week_range", durations.lower[ranges], durations.upper[ranges],
                            shape=ranges.size)  # fmt: skip
        weeks = pt.set_subtensor(weeks[ranges], inside)
    if missing.size:
        mean, sd = durations.unknown()
        low, high = durations.bounds()
        base = pm.Normal.dist(mean, sd)
        scaled = pm.Truncated("scaled_week_missing", base, lower=low, upper=high,
                              shape=missing.size)  # fmt: skip
        unknown = pm.math.exp(scaled) if durations.logs() else scaled
        weeks = pt.set_subtensor(weeks[missing], pm.Deterministic("week_missing", unknown))
    return weeks


def _curve(part: Shape, durations: Durations, scales: Scales, weeks: Variable) -> Variable:
    """Return the curve at the studies, centred over the known ones; 0 for the constant shape."""
    import pymc as pm

    parameter = part.variables(durations.observed)
    columns = part.columns(weeks, durations.observed, parameter)
    known = part.columns(durations.reference, durations.observed, parameter)
    ends = _ends(part, durations, parameter)
    if not columns:
        pm.Deterministic(CHANGE, pm.math.constant(0.0))
        return 0.0
    centre, sd = scales.change
    # A mean of the whole change is spread over the columns by their parts of it.
    standard = pm.Normal("standardised", 0.0, 1.0, dims="column")
    coefficients = [centre * end + sd * standard[place] for place, end in enumerate(ends)]
    pm.Deterministic(CHANGE, sum(b * end for b, end in zip(coefficients, ends, strict=True)))
    triples = zip(coefficients, columns, known, strict=True)
    return sum(b * (column - centre.mean()) for b, column, centre in triples)


def _mixed(
    effects: Effects, part: Shape, durations: Durations, scales: Scales, *, fixed: Variable,
    tau: Variable,
) -> None:  # fmt: skip
    """Add the likelihood summed over the cuts, and the cuts' probabilities given the rest."""
    import pymc as pm
    import pytensor.tensor as pt

    grid = part.grid(durations.observed)
    centre, sd = scales.change
    change = pm.Normal(CHANGE, centre, sd)
    columns = _centred(part, durations, grid.values)
    mean = fixed + change * pt.as_tensor_variable(columns)
    spread = pm.math.sqrt(effects.standard_error**2 + tau**2)
    each = pm.logp(pm.Normal.dist(mean, spread), effects.estimate).sum(axis=1)
    joint = each + np.log(grid.weight)
    pm.Potential("estimate_summed_over_cuts", pm.math.logsumexp(joint))
    pm.Deterministic("cut_probability", pt.special.softmax(joint))


def _centred(part: Shape, durations: Durations, values: FloatArray) -> FloatArray:
    """Return the column at each cut, centred over the studies, shape (cut, study)."""
    columns = [part.columns(durations.middle, durations.observed, value)[0] for value in values]
    found: FloatArray = np.array(columns)
    return found - found.mean(axis=1, keepdims=True)
