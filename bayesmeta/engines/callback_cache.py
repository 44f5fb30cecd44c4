"""Callbacks kept on the disk: what one process compiled, the next one loads.

PyTensor keeps the parts of a compiled graph on the disk; the callback around them would be
compiled anew in every process, and the graph rewritten before. Both are skipped where a callback
of the same graph is there. What counts as the same is the whole of PyMC's log density before any
rewriting, with the versions of everything that turns it into machine code.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, Any

from bayesmeta.engines.versions import version_of

if TYPE_CHECKING:
    from pytensor.graph.basic import Variable

_SETTINGS = ("floatX", "optimizer", "optimizer_including", "optimizer_excluding",
             "numba__fastmath", "numba__vectorize_target")  # fmt: skip
"""Of PyTensor: those that change the code it makes of a graph."""

_MAKERS = ("bayesmeta", "pymc", "pytensor", "numba", "llvmlite", "numpy", "scipy")


def kept_callback(
    source: Callable[..., int],
    numbers: Mapping[str, object],
    signature: object,
    *,
    key: str,
    function: Callable[[], object],
) -> Any:  # noqa: ANN401  (numba's callbacks have no types)
    """Return a callback in machine code, from the disk where it is there.

    Parameters
    ----------
    source
        What is compiled; it calls ``function`` and reads ``numbers``, all by their global names.
    signature
        Of the callback, as numba has it.
    key
        What tells it from all others: `key_of_graph` of what ``function`` computes.
    function
        Makes what the source calls, if it has to be compiled.
    """
    import numba
    from numba.core.errors import NumbaError

    names: dict[str, object] = {**source.__globals__, **numbers}
    own = FunctionType(source.__code__, names, source.__name__)
    kept = bool(key) and _keep(own, key)
    if kept:
        try:
            return numba.cfunc(signature, cache=True)(own)
        except (NumbaError, NameError, OSError):  # nothing there: `function` means nothing yet
            pass
    names["function"] = function()
    try:
        return numba.cfunc(signature, cache=kept)(own)
    except OSError:  # no room for it on the disk
        return numba.cfunc(signature)(own)


def _keep(own: FunctionType, key: str) -> bool:
    """Let Numba look for a function in PyTensor's folder, under a key; whether there is one."""
    from pytensor import config

    try:
        from pytensor.link.numba.cache import CACHED_SRC_FUNCTIONS
    except ImportError:  # another PyTensor has it elsewhere, and compiles as ever
        return False
    CACHED_SRC_FUNCTIONS[own] = key
    return bool(getattr(config, "numba__cache", False))


def key_of_graph(
    outputs: Sequence["Variable"], inputs: Sequence["Variable"], *, beside: Sequence[object] = ()
) -> str:
    """Return the SHA-256 of a graph; "" where a part of it has no name that holds.

    Parameters
    ----------
    inputs
        The variables that the graph is a function of, in their order.
    beside
        What else tells the compiled code from others, such as shapes.
    """
    from pytensor.graph.traversal import toposort

    book = _Book()
    book.say(*_makers(), *map(repr, beside))
    for variable in inputs:
        book.enter(variable)
    for node in toposort(outputs, blockers=list(inputs)):
        name = _name(node.op)
        if not name:
            return ""
        for variable in node.inputs:
            if variable not in book.places:
                book.enter(variable, *_leaf(variable))
        book.say(name, *book.of(node.inputs))
        for variable in node.outputs:
            book.enter(variable)
    book.say(*book.of(outputs))
    return book.digest.hexdigest()


class _Book:
    """What was said of a graph, as a digest; its variables by the order in which they came."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.places: dict[Variable, int] = {}

    def say(self, *words: object) -> None:
        """Put words into the digest."""
        self.digest.update(repr(words).encode())

    def enter(self, variable: "Variable", *words: object) -> None:
        """Give a variable its place, and say its type with what else is known of it."""
        self.places[variable] = len(self.places)
        self.say(variable.type, *words)

    def of(self, variables: Iterable["Variable"]) -> list[int]:
        """Return the places of variables."""
        return [self.places[variable] for variable in variables]


def _makers() -> list[object]:
    """Return what makes machine code of a graph: versions, and PyTensor's settings."""
    from pytensor import config

    versions = [(name, version_of(name)) for name in _MAKERS]
    return [*versions, *(str(getattr(config, setting, "")) for setting in _SETTINGS)]


def _leaf(variable: "Variable") -> tuple[object, ...]:
    """Return what a variable is that nothing makes: a constant's numbers, or a name.

    What is shared is no constant of the code: `function` is called without it, so that it has to
    fall away before machine code is made.
    """
    from pytensor.graph.basic import Constant

    if isinstance(variable, Constant):
        return _bytes(variable.data)
    return ("shared", variable.name)


def _bytes(data: Any) -> tuple[object, ...]:  # noqa: ANN401  (a constant of any kind)
    import numpy as np

    if isinstance(data, np.ndarray):
        return data.dtype.str, data.shape, data.tobytes()
    return (repr(data),)


def _name(op: Any) -> str:  # noqa: ANN401  (an operation of any kind)
    """Return what an operation is, with all that sets it apart; "" where that cannot be said."""
    from pytensor.scalar.basic import ScalarOp

    if getattr(op, "fgraph", None) is not None:
        return ""  # a graph of its own
    if getattr(op, "__props__", None) is not None:
        state = {name: getattr(op, name) for name in op.__props__}
    elif isinstance(op, ScalarOp):
        state = vars(op)
    else:
        return ""
    words = {name: _word(value) for name, value in sorted(state.items())}
    said = ", ".join(f"{name}={word}" for name, word in words.items())
    return f"{_class(op)}({said})" if all(words.values()) else ""


def _word(value: object) -> str:
    """Return a property of an operation in words that hold in every process."""
    if hasattr(value, "make_node"):
        return _name(value)
    if isinstance(value, FunctionType | type):
        return f"{value.__module__}.{value.__qualname__}"
    word = repr(value)
    if " at 0x" not in word:
        return word
    inner = {name: _word(one) for name, one in sorted(vars(value).items())}
    return f"{_class(value)}{inner}" if all(inner.values()) else ""


def _class(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"
