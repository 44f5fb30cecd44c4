"""Draws from a prior in PyTensor."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.priors.composed import MIXTURE
from bayesmeta.priors.family import Argument, Density
from bayesmeta.priors.graphs import members_of, parameters_of
from bayesmeta.priors.hyperparameters import numbers_of, of_pymc
from bayesmeta.priors.register import FAMILIES
from bayesmeta.priors.traits import Variable
from bayesmeta.spec import Prior

type Symbols = Mapping[str, Variable]


def draws(prior: Prior, name: str, symbols: Symbols, *, size: Variable) -> Variable:
    """Return draws from a prior, in PyTensor."""
    import pytensor.tensor as pt

    if prior.on == "tau2":
        return pt.sqrt(draws(replace(prior, on="tau"), name, symbols, size=size))
    if prior.distribution == "Mixture":
        return _mixture(prior, name, symbols, size=size)
    if prior.distribution == "Truncated" or numbers_of(prior) is not None:
        return _inverted(prior, name, symbols, size=size)
    graph, parameters = FAMILIES[prior.distribution].graph, parameters_of(prior, name, symbols)
    if graph is not None and graph.draws is not None:
        return graph.draws(size=size, **parameters)
    return of_pymc(prior.distribution).dist(size=size, **parameters)


def _mixture(prior: Prior, name: str, symbols: Symbols, *, size: Variable) -> Variable:
    import pymc as pm
    import pytensor.tensor as pt

    values = [draws(*member, size=size) for member in members_of(prior, name, symbols)]
    share = pt.cumsum(symbols[f"{name}_w"], axis=-1)
    rank, chosen = pm.Uniform.dist(size=size), values[-1]
    for index in reversed(range(len(values) - 1)):
        chosen = pt.switch(rank < share[..., index], values[index], chosen)
    return chosen


def _inverted(prior: Prior, name: str, symbols: Symbols, *, size: Variable) -> Variable:
    """Return draws by our own quantile function, outside the compiled graph."""
    import pymc as pm

    mine = {key: value for key, value in symbols.items() if key.startswith(f"{name}_")}

    def random(
        *numbers: FloatArray, rng: np.random.Generator, size: tuple[int, ...] | None = None
    ) -> FloatArray:
        member = rebind(prior, name, dict(zip(mine, numbers, strict=True)))
        return member.quantile(rng.integers(1, 2**53, size=size) / 2**53)

    signature = signature_of([value.ndim for value in mine.values()])
    return pm.CustomDist.dist(*mine.values(), random=random, signature=signature, size=size)


def signature_of(dimensions: Sequence[int]) -> str:
    """Return a distribution's signature: its parameters' dimensions, and a scalar."""
    axes = [
        ",".join(f"n{index}_{axis}" for axis in range(number))
        for index, number in enumerate(dimensions)
    ]
    return f"{','.join(f'({names})' for names in axes)}->()"


def rebind(prior: Prior, name: str, numbers: Mapping[str, Argument]) -> Density:
    """Return the member of a prior's family that has these numbers."""
    graph = FAMILIES[prior.distribution].graph
    if graph is not None and graph.restore is not None:
        return cast("Density", graph.restore(**parameters_of(prior, name, numbers)))
    if prior.distribution == "Mixture":
        members = tuple(rebind(*member) for member in members_of(prior, name, numbers))
        weights = tuple(np.asarray(numbers[f"{name}_w"]))
        return Density(MIXTURE, {"w": weights, "comp_dists": members}, on=prior.on)
    parameters: dict[str, Variable] = {
        parameter: rebind(value, f"{name}_{parameter}", numbers)
        if isinstance(value, Prior)
        else numbers.get(f"{name}_{parameter}", value)
        for parameter, value in prior.parameters.items()
    }
    return Density(FAMILIES[prior.distribution], parameters, on=prior.on)
