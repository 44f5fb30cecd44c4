"""A prior's log density in PyTensor, with its bounds and a place to start from."""

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from typing import NamedTuple, cast

import numpy as np

from bayesmeta.priors.hyperparameters import LOG_MASS, are_alike, is_native, numbers_of, of_pymc
from bayesmeta.priors.register import FAMILIES
from bayesmeta.priors.traits import Graph, Kind, Variable
from bayesmeta.spec import Prior

type Symbols = Mapping[str, Variable]


def parameters_of(prior: Prior, name: str, symbols: Symbols) -> dict[str, Variable]:
    """Return a prior's numbers as symbols; what is no number, and infinite bounds, stay."""
    if numbers_of(prior) is not None:
        start_of = f"{name}_"
        mine = {key: symbols[key] for key in symbols if key.startswith(start_of)}
        numbers = {key.removeprefix(start_of): value for key, value in mine.items()}
        return {**numbers, "given": prior.parameters}
    return {
        parameter: symbols.get(f"{name}_{parameter}", value)
        for parameter, value in prior.parameters.items()
    }


def log_density_graph(prior: Prior, x: Variable, name: str, symbols: Symbols) -> Variable:
    """Return the log density of a prior at x, in PyTensor."""
    import pytensor.tensor as pt

    if prior.on == "tau2":
        inner = log_density_graph(replace(prior, on="tau"), x**2, name, symbols)
        return pt.switch(x >= 0, inner + pt.log(2 * pt.abs(x)), -np.inf)
    match prior.distribution:
        case "Truncated":
            return _truncated(prior, x, name, symbols)
        case "Mixture":
            return _mixture(prior, x, name, symbols)
    return _simple(prior, x, name, symbols)


def _simple(prior: Prior, x: Variable, name: str, symbols: Symbols) -> Variable:
    import pymc as pm
    import pytensor.tensor as pt

    parameters = parameters_of(prior, name, symbols)
    if is_native(prior):
        return pm.logp(of_pymc(prior.distribution).dist(**parameters), x)
    graph = cast("Graph", FAMILIES[prior.distribution].graph)
    if graph.ends is None:
        return pt.switch(x >= 0, graph.log_density(pt.abs(x), **parameters), -np.inf)
    return _inside(x, graph.ends(**parameters), graph.log_density(x, **parameters))


def _inside(x: Variable, ends: tuple[Variable, Variable], value: Variable) -> Variable:
    import pytensor.tensor as pt

    return pt.switch(pt.and_(pt.ge(x, ends[0]), pt.le(x, ends[1])), value, -np.inf)


def _truncated(prior: Prior, x: Variable, name: str, symbols: Symbols) -> Variable:
    inner = cast("Prior", prior.parameters["dist"])
    value = log_density_graph(inner, x, f"{name}_dist", symbols) - symbols[f"{name}_{LOG_MASS}"]
    return _inside(x, _ends(prior, name, symbols), value)


class Member(NamedTuple):
    """One member of a mixture: what its parameters' names begin with, and their symbols."""

    prior: Prior
    name: str
    symbols: Symbols


def members_of(prior: Prior, name: str, symbols: Symbols) -> list[Member]:
    """Return the members of a mixture."""
    priors = _members(prior)
    inner = f"{name}_comp_dists"
    if not are_alike(priors):
        return [Member(item, f"{inner}_{at}", symbols) for at, item in enumerate(priors)]
    mine = {key: symbol for key, symbol in symbols.items() if key.startswith(f"{inner}_")}
    return [
        Member(item, inner, {key: symbol[..., at] for key, symbol in mine.items()})
        for at, item in enumerate(priors)
    ]


def _members(prior: Prior) -> tuple[Prior, ...]:
    return cast("tuple[Prior, ...]", prior.parameters["comp_dists"])


def _mixture(prior: Prior, x: Variable, name: str, symbols: Symbols) -> Variable:
    import pytensor.tensor as pt

    log_weight, priors = pt.log(symbols[f"{name}_w"]), _members(prior)
    if are_alike(priors):  # one graph over vectors, which compiles faster than one a member
        wide = pt.as_tensor_variable(x)[..., None]
        parts = log_density_graph(priors[0], wide, f"{name}_comp_dists", symbols)
        return pt.logsumexp(log_weight + parts, axis=-1)
    members = members_of(prior, name, symbols)
    each = [log_density_graph(item, x, inner, known) for item, inner, known in members]
    return reduce(pt.logaddexp, [log_weight[..., at] + value for at, value in enumerate(each)])


def _ends(prior: Prior, name: str, symbols: Symbols) -> tuple[Variable, Variable]:
    given = {"lower": -np.inf, "upper": np.inf, **parameters_of(prior, name, symbols)}
    return given["lower"], given["upper"]


def bounds(prior: Prior, name: str, symbols: Symbols) -> tuple[Variable, Variable]:
    """Return the support's bounds; None where there is none."""
    lower, upper = _support(replace(prior, on="tau"), name, symbols)
    if prior.on == "tau2":
        lower, upper = lower**0.5, upper**0.5
    return _or_none(lower), _or_none(upper)


def _or_none(bound: Variable) -> Variable | None:
    return None if isinstance(bound, float) and np.isinf(bound) else bound


def _support(prior: Prior, name: str, symbols: Symbols) -> tuple[Variable, Variable]:
    match prior.distribution:
        case "Uniform":
            return _ends(prior, name, symbols)
        case "Truncated":
            return _both(prior, name, symbols)
        case "Mixture":
            parts = [_support(*member) for member in members_of(prior, name, symbols)]
            lower, upper = zip(*parts, strict=True)
            return reduce(_lesser, lower), reduce(_greater, upper)
    graph = FAMILIES[prior.distribution].graph
    if graph is not None and graph.ends is not None:
        return graph.ends(**parameters_of(prior, name, symbols))
    return FAMILIES[prior.distribution].support()


def _both(prior: Prior, name: str, symbols: Symbols) -> tuple[Variable, Variable]:
    inner = cast("Prior", prior.parameters["dist"])
    lower, upper = _ends(prior, name, symbols)
    inner_lower, inner_upper = _support(inner, f"{name}_dist", symbols)
    return _greater(lower, inner_lower), _lesser(upper, inner_upper)


def _lesser(first: Variable, second: Variable) -> Variable:
    """Return the lesser of two bounds; an infinite one stays a number, or leaves the graph."""
    import pytensor.tensor as pt

    if isinstance(first, float) and isinstance(second, float):
        return min(first, second)
    if first == np.inf or second == -np.inf:
        return second
    return first if second == np.inf or first == -np.inf else pt.minimum(first, second)


def _greater(first: Variable, second: Variable) -> Variable:
    return -_lesser(-first, -second)


def start(prior: Prior, name: str, symbols: Symbols) -> Variable:
    """Return a point within the support to start a chain from."""
    import pytensor.tensor as pt

    lower, upper = bounds(replace(prior, on="tau"), name, symbols)
    inside = _start(prior, name, symbols)
    if lower is not None and upper is not None:
        inside = (lower + upper) / 2
    elif lower is not None or upper is not None:
        inside = _near_bound(prior, name, symbols, lower=lower, upper=upper)
    return pt.sqrt(inside) if prior.on == "tau2" else pt.as_tensor_variable(inside)


def _near_bound(
    prior: Prior, name: str, symbols: Symbols, *, lower: Variable | None, upper: Variable | None
) -> Variable:
    if prior.distribution != "Truncated":
        return _start(prior, name, symbols)
    inner = cast("Prior", prior.parameters["dist"])
    scale = _scale(inner, f"{name}_dist", symbols)
    return lower + scale if upper is None else upper - scale


def _scale(prior: Prior, name: str, symbols: Symbols) -> Variable:
    kinds = FAMILIES[prior.distribution].kinds
    parameters = parameters_of(prior, name, symbols)
    return next((parameters[key] for key in parameters if kinds[key] == Kind.SCALE), 1.0)


def _start(prior: Prior, name: str, symbols: Symbols) -> Variable:
    from pymc.distributions.distribution import support_point

    if prior.distribution == "Mixture":
        return start(*members_of(prior, name, symbols)[0])
    if prior.distribution == "Truncated":
        return start(cast("Prior", prior.parameters["dist"]), f"{name}_dist", symbols)
    parameters = parameters_of(prior, name, symbols)
    graph = FAMILIES[prior.distribution].graph
    if graph is not None and graph.start is not None:
        return graph.start(**parameters)
    return support_point(of_pymc(prior.distribution).dist(**parameters))


def broadcast(point: Variable, size: Variable) -> Variable:
    """Return a point in the shape a variable asks for."""
    import pytensor.tensor as pt
    from pymc.distributions.shape_utils import rv_size_is_none

    return point if rv_size_is_none(size) else pt.broadcast_to(point, size)
