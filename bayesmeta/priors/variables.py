"""Priors as PyMC variables, inside a model.

Numbers are data containers, so that a refit under another prior of the same structure needs no
compilation. What PyMC lacks is a custom distribution with the same log density as ours.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError
from bayesmeta.priors.binding import bind
from bayesmeta.priors.context import Context
from bayesmeta.priors.drawing import draws, signature_of
from bayesmeta.priors.graphs import (
    bounds,
    broadcast,
    log_density_graph,
    parameters_of,
    start,
)
from bayesmeta.priors.hyperparameters import (
    coefficient_hyperparameters,
    concrete,
    hyperparameter_values,
    is_native,
    of_pymc,
    share_variable,
)
from bayesmeta.priors.register import FAMILIES
from bayesmeta.priors.traits import Variable
from bayesmeta.schema import BETA, TERM, slope
from bayesmeta.spec import Prior


def pymc_variable(
    prior: Prior, name: str, *, dims: str | None = None, context: Context | None = None
) -> Variable:
    """Add a variable with this prior to the PyMC model at hand.

    Parameters
    ----------
    prior
        A checked prior in the outcome's unit.
    name
        The variable's name; its hyperparameters are data called name_parameter.
    dims
        The variable's dimension, if it has one.
    context
        What data-dependent priors look at.

    Raises
    ------
    PriorError
        If the prior is improper: nothing can be sampled from it.

    Examples
    --------
    >>> import pymc as pm
    >>> with pm.Model() as model:
    ...     tau = pymc_variable(Prior("HalfCauchy", {"beta": 0.5}), "tau")
    >>> sorted(model.named_vars)
    ['tau', 'tau_beta']
    """
    _check_proper(prior, name)
    values = hyperparameter_values(prior, name, context)
    return _variable(concrete(prior, context), name, values, dims=dims)


def pymc_coefficients(priors: Mapping[str, Prior], terms: Sequence[str]) -> Variable:
    """Add the slopes, "beta" with dimension "term", to the PyMC model at hand.

    Slopes whose priors differ in numbers only are one vector variable; otherwise each has a
    variable of its own, and "beta" stacks them.
    """
    import pymc as pm

    for term in terms:
        _check_proper(priors[slope(term)], slope(term))
    values = coefficient_hyperparameters(priors, terms)
    if share_variable(priors, terms):
        return _variable(priors[slope(terms[0])], BETA, values, dims=TERM)
    separate = [
        _variable(priors[slope(term)], f"{BETA}_{index}", values, dims=None)
        for index, term in enumerate(terms)
    ]
    return pm.Deterministic(BETA, pm.math.stack(separate), dims=TERM)


def _check_proper(prior: Prior, name: str) -> None:
    if not FAMILIES[prior.distribution].proper:
        raise PriorError(f'{name}: {prior} has no total mass; improper priors need engine="exact".')


def _variable(
    prior: Prior, name: str, values: Mapping[str, FloatArray], *, dims: str | None
) -> Variable:
    import pymc as pm

    mine = {key: value for key, value in values.items() if key.startswith(f"{name}_")}
    containers = {key: pm.Data(key, value) for key, value in mine.items()}
    if is_native(prior):
        distribution = of_pymc(prior.distribution)
        return distribution(name, **parameters_of(prior, name, containers), dims=dims)
    return _custom(prior, name, containers, dims=dims)


def _custom(
    prior: Prior, name: str, containers: Mapping[str, Variable], *, dims: str | None
) -> Variable:
    import pymc as pm

    def named(numbers: Sequence[Variable]) -> dict[str, Variable]:
        return dict(zip(containers, numbers, strict=True))

    def logp(x: Variable, *numbers: Variable) -> Variable:
        return log_density_graph(prior, x, name, named(numbers))

    def support_point(_: Variable, size: Variable, *numbers: Variable) -> Variable:
        return broadcast(start(prior, name, named(numbers)), size)

    def dist(*numbers: Variable) -> Variable:
        *known, size = numbers
        return draws(prior, name, named(known), size=size)

    return pm.CustomDist(
        name,
        *containers.values(),
        logp=logp,
        support_point=support_point,
        dist=dist,
        # With a dimension, the numbers are one a slope; without, vectors are weights or tables.
        signature=signature_of([0 if dims else value.ndim for value in containers.values()]),
        default_transform=_transform(prior, name, tuple(containers)),
        class_name=prior.distribution,
        dims=dims,
    )


def _transform(prior: Prior, name: str, keys: Sequence[str]) -> Variable:
    from pymc.distributions import transforms

    def bounds_fn(_size: Variable, *inputs: Variable) -> tuple[Variable, Variable]:
        # After the numbers come the random generators.
        return bounds(prior, name, dict(zip(keys, inputs, strict=False)))

    ends = bind(prior).support()
    if ends == (0.0, np.inf):
        return transforms.log
    if ends == (-np.inf, np.inf):
        return None
    return transforms.Interval(bounds_fn=bounds_fn)
