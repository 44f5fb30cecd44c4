"""Compiled models, kept for refits.

A model is compiled without its numbers. Another table, another prior of the same family: the
same callbacks with other blocks of numbers.
"""

import hashlib
import math
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines.callback import (
    Callback,
    Shapes,
    copy_callback,
    log_density_callback,
    parameters,
    slices,
)
from bayesmeta.engines.packing import Blocks, Layout, inputs, layout, pack, unpacked
from bayesmeta.priors import structure

if TYPE_CHECKING:
    import pymc
    from nutpie.sample import CompiledModel
    from pytensor.tensor import TensorVariable

POINT = "point"
"""Name of the one variable that nutpie stores: the unconstrained parameters, joined."""

type Start = Callable[[int], FloatArray]
"""From a chain's seed to the point where it starts."""

type Values = dict[str, FloatArray]


@dataclass(frozen=True, eq=False)
class Compiled:
    """A model in machine code, without its numbers.

    Parameters
    ----------
    shapes
        Shape of each unconstrained parameter, in the order in which they are joined.
    log_density, copy
        What nutpie calls.
    centre
        From blocks to a typical value of each unconstrained parameter under its prior.
    constrain
        From draws of the unconstrained parameters, each of shape (draw, *shape), with the blocks,
        to draws of the model's `wanted` variables.
    """

    shapes: Shapes
    log_density: Callback
    copy: Callback
    centre: Callable[[Blocks], Values]
    constrain: Callable[[Values, Blocks], Values]

    @property
    def size(self) -> int:
        """The number of unconstrained parameters."""
        return sum(map(math.prod, self.shapes.values()))

    def bind(self, blocks: Blocks, start: Start) -> "CompiledModel":
        """Return what ``nutpie.sample`` takes: these callbacks with numbers and starting points."""
        from nutpie.compile_pymc import CompiledPyMCModel

        return CompiledPyMCModel(
            dims={},
            compiled_logp_func=self.log_density,
            compiled_expand_func=self.copy,
            initial_point_func=start,
            shared_data=blocks._asdict(),  # keeps alive what the pointers point to
            shared_var_keys={},
            user_data=np.array([block.ctypes.data for block in blocks], dtype=np.uintp),
            n_expanded=self.size,
            shape_info=([POINT], [slice(0, self.size)], [(self.size,)]),
            logp_func=None,
            expand_func=None,
            _n_dim=self.size,
            _shapes={POINT: (self.size,)},
            _coords={},
        )

    def draws(self, points: FloatArray, blocks: Blocks) -> Values:
        """Return draws of the model's variables, shapes (chain, draw, ...).

        Parameters
        ----------
        points
            Shape (chain, draw, point), as nutpie stores them.
        """
        chains, count, size = points.shape
        joined = points.reshape(chains * count, size)
        parts = {
            name: joined[:, place].reshape(-1, *self.shapes[name])
            for name, place in slices(self.shapes).items()
        }
        found = self.constrain(parts, blocks)
        return {
            name: value.reshape(chains, count, *value.shape[1:]) for name, value in found.items()
        }


type Key = tuple[str, tuple[str, ...], tuple[str, ...], tuple[int, ...], str, Layout]

_COMPILED: dict[Key, Compiled] = {}

_COMPILING = "Compiling the model, once for all tables and priors of its kind.\n"

PYTENSOR = threading.RLock()
"""Held while PyTensor builds, compiles or runs: threads upset one another's graphs."""


def compiled(assembly: Assembly, model: "pymc.Model", *, progress: bool = False) -> Compiled:
    """Return the compiled model, from memory where one of the same structure is there.

    Parameters
    ----------
    assembly
        What the model was built of.
    model
        From `bayesmeta.assembly.graph.build`, in either form.
    progress
        Whether to say on standard error that it compiles, which takes seconds.
    """
    key = _key(assembly, model)
    with PYTENSOR:
        if key not in _COMPILED:
            if progress:
                sys.stderr.write(_COMPILING)
            _COMPILED[key] = _compile(model, wanted(assembly, model))
        return _COMPILED[key]


def clear_compiled() -> None:
    """Forget the compiled models, and free their memory."""
    with PYTENSOR:
        _COMPILED.clear()


def _key(assembly: Assembly, model: "pymc.Model") -> Key:
    spec = assembly.model
    priors = sorted(assembly.priors)  # their order has no meaning
    return (
        ", ".join(spec.parts.values()),
        tuple(f"{name} ~ {structure(assembly.priors[name])}" for name in priors),
        tuple(str(parameter.name) for parameter in parameters(model)),  # tells forms apart
        (len(assembly.effects),) if _has_study_parameters(model) else (),
        _hanging_together(assembly),
        layout(model),
    )


def _hanging_together(assembly: Assembly) -> str:
    """Return a digest of how the rows hang together: that is built into the graph."""
    digest = hashlib.sha256()
    if not assembly.parts.likelihood.CONJUGATE:  # of counts, the scale and levels' priors too
        digest.update(f"{sorted(assembly.layout.words.items())} {assembly.rows.priors}".encode())
    for role, groups in assembly.layout.groups.items():
        digest.update(f"{role} {groups.code.tolist()}".encode())
    if assembly.location.means > 1:
        digest.update(f"{assembly.design[:, : assembly.location.means].tolist()}".encode())
    for role, table in assembly.layout.tables.items():
        digest.update(f"{role} {table.values.tolist()}".encode())
    return digest.hexdigest()


def _has_study_parameters(model: "pymc.Model") -> bool:
    dims = model.named_vars_to_dims
    unobserved = (*model.free_RVs, *model.deterministics)
    return any(schema.STUDY in dims.get(variable.name, ()) for variable in unobserved)


def wanted(assembly: Assembly, model: "pymc.Model") -> list[str]:
    """Return the names of the variables whose draws are wanted."""
    every = [*assembly.location.coefficients, *assembly.hyperparameters]
    names = dict.fromkeys([*(item.name for item in every), schema.BETA, schema.THETA])
    return [name for name in names if name in model.named_vars]


def _compile(model: "pymc.Model", names: list[str]) -> Compiled:
    centre = _centre(model)
    shapes = {name: np.shape(value) for name, value in centre(pack(model)).items()}
    return Compiled(
        shapes=shapes,
        log_density=log_density_callback(model, shapes),
        copy=copy_callback(),
        centre=centre,
        constrain=_constrain(model, names),
    )


def _centre(model: "pymc.Model") -> Callable[[Blocks], Values]:
    from pymc.initial_point import make_initial_point_expression

    variables = [model.values_to_rvs[parameter] for parameter in parameters(model)]
    expressions = make_initial_point_expression(
        free_rvs=variables,
        rvs_to_transforms=model.rvs_to_transforms,
        initval_strategies=model.rvs_to_initial_values,
        return_transformed=True,
    )
    function = _plain_function(model, [], expressions)
    names = [parameter.name for parameter in parameters(model)]
    return lambda blocks: dict(zip(names, function(*blocks), strict=True))


def _constrain(model: "pymc.Model", names: list[str]) -> Callable[[Values, Blocks], Values]:
    import pytensor.tensor as pt
    from pytensor.graph.replace import vectorize_graph

    values = parameters(model)
    batches = [pt.TensorType("float64", shape=(None, *value.type.shape))() for value in values]
    expressions = model.replace_rvs_by_values([model[name] for name in names])
    expressions = vectorize_graph(expressions, dict(zip(values, batches, strict=True)))
    function = _plain_function(model, batches, expressions)

    def constrain(parts: Values, blocks: Blocks) -> Values:
        found = function(*(parts[value.name] for value in values), *blocks)
        return dict(zip(names, found, strict=True))

    return constrain


def _plain_function(
    model: "pymc.Model", arguments: list["TensorVariable"], expressions: list["TensorVariable"]
) -> Callable[..., list[FloatArray]]:
    """Return a function of the arguments and the blocks that runs without machine code."""
    import pytensor
    from pytensor.compile.mode import Mode
    from pytensor.graph.replace import clone_replace

    # As "FAST_COMPILE" has it, but for a linker that asks for a compiler, and setuptools with it.
    mode = Mode(linker="py", optimizer="fast_compile")
    blocks = inputs(model)
    expressions = clone_replace(expressions, unpacked(model, *blocks))
    function = pytensor.function(
        [*arguments, *blocks], expressions, mode=mode, on_unused_input="ignore"
    )

    def call(*values: FloatArray) -> list[FloatArray]:
        with PYTENSOR:  # a function keeps its inputs in shared storage
            return [np.asarray(value) for value in function(*values)]

    return call
