"""A PyMC model's log density and gradient as a machine-code callback.

PyMC derives the log density and its gradient, PyTensor and Numba compile them. What
``nutpie.compile_pymc_model`` wraps around them takes Numba longer to compile than the model
itself; the wrapper here reads the model's numbers through two pointers instead.
"""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bayesmeta.engines.callback_cache import kept_callback, key_of_graph
from bayesmeta.engines.packing import inputs, layout, unpacked

if TYPE_CHECKING:
    import pymc
    from pytensor.tensor import TensorVariable

type Shapes = Mapping[str, tuple[int, ...]]
type Callback = Any  # a numba CFunc, which has no types

# What nutpie is told: the trajectory diverged, the run goes on.
FAILED, GRADIENT_NOT_FINITE, NOT_FINITE = 1, 3, 4


def parameters(model: "pymc.Model") -> list["TensorVariable"]:
    """Return the unconstrained parameters of a model, in an order that never changes."""
    return sorted(model.value_vars, key=lambda variable: str(variable.name))


def slices(shapes: Shapes) -> dict[str, slice]:
    """Return where each parameter stands in a joined point.

    Examples
    --------
    >>> slices({"mu": (), "beta": (2,)})
    {'mu': slice(0, 1, None), 'beta': slice(1, 3, None)}
    """
    found, start = {}, 0
    for name, shape in shapes.items():
        found[name] = slice(start, start + math.prod(shape))
        start += math.prod(shape)
    return found


def log_density_callback(model: "pymc.Model", shapes: Shapes) -> Callback:
    """Return the callback: from a point and the blocks to the log density and its gradient.

    Parameters
    ----------
    model
        A model whose numbers are all ``pm.Data``.
    shapes
        Shape of each unconstrained parameter, in the order of `parameters`.
    """
    from numba import carray  # type: ignore[attr-defined]

    graph = _graph(model, shapes)
    numbers = {
        "size": sum(map(math.prod, shapes.values())),
        "length": layout(model).length,
        "height": layout(model).height,
        "carray": carray,
    }
    return kept_callback(
        _log_density,
        numbers,
        _signature(integers=1, pointers=3),
        key=key_of_graph(
            graph.of([model.logp()]),
            graph.inputs,
            beside=[numbers["height"], FAILED, GRADIENT_NOT_FINITE, NOT_FINITE],
        ),
        function=lambda: _function(model, graph),
    )


if TYPE_CHECKING:  # what `log_density_callback` puts beside the source of its callback
    size = length = height = 0
    carray: Any = None
    function: Any = None


def _log_density(dim, x, gradient_out, value_out, blocks):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Read the blocks and hand them to the graph's function: what Numba compiles."""
    try:
        vector = carray(blocks[0], (length,))
        columns = carray(blocks[1], (height, int(vector[0])))
        value, gradient = function(carray(x, (size,)), vector, columns)
        value_out[0] = value[()]
        if not math.isfinite(value_out[0]):
            return NOT_FINITE
        for i in range(size):
            gradient_out[i] = gradient[i]
            if not math.isfinite(gradient[i]):
                return GRADIENT_NOT_FINITE
    except Exception:  # noqa: BLE001  (an exception cannot cross into nutpie)
        return FAILED
    return 0


def copy_callback() -> Callback:
    """Return the callback that stores a point as it is: draws are transformed afterwards."""
    return kept_callback(
        _copy,
        {},
        _signature(integers=2, pointers=2),
        key=key_of_graph([], [], beside=[_copy.__name__]),
        function=lambda: None,
    )


def _copy(dim, expanded, x, out, blocks):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Store a point: what Numba compiles."""
    for i in range(expanded):
        out[i] = x[i]
    return 0


def _signature(*, integers: int, pointers: int) -> Any:  # noqa: ANN401  (numba has no types)
    """Return the C signature: sizes, numbers in and out, the pointers to the blocks."""
    from numba import types

    pointer: Any = types.CPointer
    numbers = pointer(types.double)
    return types.int64(*[types.uint64] * integers, *[numbers] * pointers, pointer(numbers))


class _Graph(NamedTuple):
    """Where a model's parameters and numbers stand in a joined point and the blocks."""

    point: "TensorVariable"
    blocks: tuple["TensorVariable", "TensorVariable"]
    replacements: dict[Any, "TensorVariable"]

    @property
    def inputs(self) -> list["TensorVariable"]:
        """What the compiled code is a function of, in order."""
        return [self.point, *self.blocks]

    def of(self, outputs: list["TensorVariable"]) -> list["TensorVariable"]:
        """Return a model's variables as functions of the inputs."""
        from pytensor.graph.replace import clone_replace

        return list(clone_replace(outputs, self.replacements))


def _graph(model: "pymc.Model", shapes: Shapes) -> _Graph:
    import pytensor.tensor as pt

    places = slices(shapes)
    size = sum(map(math.prod, shapes.values()))
    point = pt.TensorType("float64", shape=(size,))("point")
    blocks = inputs(model)
    replacements = unpacked(model, *blocks) | {
        variable: point[places[variable.name]].reshape(shapes[variable.name])
        for variable in parameters(model)
    }
    return _Graph(point, blocks, replacements)


def _function(model: "pymc.Model", graph: _Graph) -> Any:  # noqa: ANN401  (a numba dispatcher)
    """Return a numba function of point, vector and columns: log density and its gradient."""
    from pymc.pytensorf import compile as compile_graph

    outputs = graph.of(_log_density_and_gradient(model))
    return compile_graph(graph.inputs, outputs, mode="NUMBA").vm.jit_fn


def _log_density_and_gradient(model: "pymc.Model") -> list["TensorVariable"]:
    import pytensor.tensor as pt
    from pymc.pytensorf import rewrite_pregrad

    log_density = rewrite_pregrad(model.logp())
    gradients = pt.grad(log_density, parameters(model))
    return [log_density, pt.concatenate([gradient.ravel() for gradient in gradients])]
