"""Quantities of a posterior that is known by its draws alone."""

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Parts
from bayesmeta.covariance import SharedEffects, Values
from bayesmeta.errors import PosteriorError
from bayesmeta.measures.typical_variance import typical_variance
from bayesmeta.random_effects import groups_of
from bayesmeta.summaries.sampled import Draws
from bayesmeta.summaries.view import View

_SCALAR = 2
"""Dimensions of a scalar's draws: chain and draw."""


def quantity(view: View, name: str) -> Draws:
    """Return the draws of one quantity; what is not stored follows from what is."""
    if name in (schema.TAU2, schema.I2, *view.hyperparameters):
        return _heterogeneity(view, name)
    if name in view.follows.derived:
        item = view.follows.derived[name]
        return Draws(item.value(values(view)), support=item.support)
    return Draws(_effect(view, name))


def _heterogeneity(view: View, name: str) -> Draws:
    if name == schema.I2:
        return Draws(_fraction(view), support=(0.0, 1.0))
    if name == schema.TAU2:
        return Draws(_stored(view, str(view.spread or schema.TAU)) ** 2, support=(0.0, np.inf))
    known = view.parameter(name)
    return Draws(_element(view, name), support=known.support if known else (0.0, np.inf))


def _effect(view: View, name: str) -> FloatArray:
    if name == schema.INTERCEPT:
        return _intercept(view)
    if name in view.follows.contrasts:
        return coefficients(view) @ view.follows.contrasts[name].row(view.coefficients)
    if name in view.news:
        return _centre(view, view.news[name]) + new_study_shift(view, view.news[name])
    if name in view.coefficients:
        return coefficients(view)[..., view.coefficients.index(name)]
    row = [schema.study_effect(label) for label in view.studies.labels].index(name)
    return np.asarray(study_effects(view).values[row])


def coefficients(view: View) -> FloatArray:
    """Return the draws of the coefficients in their order, shape (chain, draw, coefficient)."""
    columns = [_coefficient(view, name) for name in view.coefficients]
    return np.stack(columns, axis=-1)


def _coefficient(view: View, name: str) -> FloatArray:
    return _element(view, name)


def combinations(view: View, rows: FloatArray, *, new_study: bool = False, kind: str = "") -> Draws:
    """Return row @ coefficients for each row, as one batch; with the spread of a new study."""
    centre = np.moveaxis(coefficients(view) @ rows.T, -1, 0)
    return Draws(centre + new_study_shift(view, kind) if new_study else centre)


def study_effects(view: View) -> Draws:
    """Return all study effects as one batch: as stored, or drawn given all else."""
    if schema.THETA in view.sampled:
        return Draws(np.moveaxis(_stored(view, schema.THETA, schema.STUDY), -1, 0))
    if view.parts is None or not view.is_conjugate:
        raise PosteriorError("The posterior stores no study effects 'theta', and nobody else can.")
    known = view.parts.shrinkage(values(view, by_row=True), view.rows)
    centre = coefficients(view) @ view.studies.design.T
    drawn = centre + known.draw(view.studies.estimate - centre, _generator(view, 2))
    return Draws(np.moveaxis(drawn, -1, 0))


def group_effects(view: View) -> Draws:
    """Return all effects of groups of rows, such as clusters, as one batch, drawn given all."""
    parts, known = _parts(view), values(view, by_row=True)
    role, variance = groups_of(parts.heterogeneity, known)
    groups = view.layout.groups[role]
    shared = SharedEffects(parts.covariance(known, view.rows), variance, groups)
    drawn = coefficients(view)
    found = shared.gain(view.studies.estimate - drawn @ view.studies.design.T)
    noise = _generator(view, 3).standard_normal(found.shape)
    each = drawn[..., :1] + found + np.sqrt(shared.left()) * noise
    return Draws(np.moveaxis(each, -1, 0))


def _parts(view: View) -> Parts:
    if view.parts is None or not view.is_conjugate:
        raise PosteriorError("The posterior does not say what its model is, or none that is known.")
    return view.parts


def _centre(view: View, kind: str) -> FloatArray:
    """Return the draws of the mean that new studies of a kind spread around."""
    return _element(view, view.coefficients[view.centre(kind)])


def new_study_shift(view: View, kind: str = "") -> FloatArray:
    """Return draws of theta_new - mu, shape (chain, draw)."""
    mu = _centre(view, kind)
    if schema.THETA_NEW in view.sampled:
        return _element(view, schema.theta_new(kind)) - mu
    if view.parts is None:
        raise PosteriorError("The posterior stores no 'theta_new', and says nothing of its model.")
    part = view.parts.heterogeneity
    return part.new_study(mu, values(view), _generator(view, 1), kind) - mu


def values(view: View, *, by_row: bool = False) -> Values:
    """Return the hyperparameters, draws or numbers; to broadcast against rows, if asked."""
    drawn = {name: _element(view, name) for name in view.hyperparameters}
    shaped = {name: v[..., np.newaxis] if by_row else v for name, v in drawn.items()}
    return {**shaped, **view.fixed}


def _stored(view: View, name: str, last: str | None = None) -> FloatArray:
    order = (schema.CHAIN, schema.DRAW, *([last] if last else []))
    return np.asarray(view.sampled[name].transpose(*order).values, dtype=float)


def _element(view: View, name: str) -> FloatArray:
    """Return the draws of a scalar, or of the element of a vector that a name like tau[A] says."""
    variable, _, label = name.partition("[")
    if not label:
        return _stored(view, name)
    draws = view.sampled[variable].transpose(schema.CHAIN, schema.DRAW, ...)
    if draws.ndim == _SCALAR:
        return _stored(view, name)
    labels = [str(one) for one in draws[str(draws.dims[-1])].to_numpy()]
    return np.asarray(draws.values[..., labels.index(label[:-1])], dtype=float)


def _fraction(view: View) -> FloatArray:
    if schema.I2 in view.sampled:
        return _stored(view, schema.I2)
    data = view.studies
    typical = typical_variance(data.standard_error, data.design)
    variance = _stored(view, str(view.spread)) ** 2
    return np.asarray(variance / (variance + (typical or np.nan)))


def _intercept(view: View) -> FloatArray:
    if schema.INTERCEPT in view.sampled:
        return _stored(view, schema.INTERCEPT)
    drawn = coefficients(view)
    means = np.asarray(view.design_mean)
    return np.asarray(drawn[..., 0] - drawn[..., 1 : 1 + len(means)] @ means)


def _generator(view: View, stream: int) -> np.random.Generator:
    return np.random.default_rng([int(view.tree.attrs.get("seed", 1)), stream])
