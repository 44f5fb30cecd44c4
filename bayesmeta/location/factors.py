"""One factor of a formula: a column, or a listed function of columns, checked on its syntax tree.

Nothing here evaluates: what a factor may hold is listed, and all else is refused.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bayesmeta.within import is_number

_HIGHEST_POWER = 10
_LARGEST = 1e15

type Rule = tuple[str, Callable[[object], bool]]


class Unfit(ValueError):  # noqa: N818  (never leaves this room: `grammar` says it in a ModelError)
    """What has no place in a factor, as the end of a sentence."""


@dataclass(frozen=True)
class Factor:
    """A factor of a term.

    Parameters
    ----------
    text
        As the columns of the design are called: ``"duration_weeks"``, ``"poly(x, degree=2)"``.
    reads
        The columns it reads, in order of appearance.
    function
        The function called; empty for a column as it stands.
    levels
        Those that ``C`` lists; none for those that the column has.
    """

    text: str
    reads: tuple[str, ...]
    function: str = ""
    levels: tuple[str | float, ...] = ()


def _is_number(value: object) -> bool:
    return is_number(value) and -_LARGEST <= value <= _LARGEST


def _whole(least: int, most: int) -> Rule:
    def fits(value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return f"a whole number from {least} to {most}", fits


def _listed(kind: Callable[[object], bool], said: str) -> Rule:
    def fits(value: object) -> bool:
        items = value if isinstance(value, list) else []
        return all(map(kind, items)) and len(set(items)) == len(items) > 0

    return f"a list of different {said}", fits


def _one_of(*words: str) -> Rule:
    return f"one of: {', '.join(map(repr, words))}", lambda value: value in words


_NUMBER: Rule = ("a number", _is_number)
_FLAG: Rule = ("True or False", lambda value: isinstance(value, bool))
_LEVELS = _listed(lambda value: isinstance(value, str) or _is_number(value), "levels")
_KNOTS = {
    "df": _whole(1, 30), "knots": _listed(_is_number, "numbers"),
    "lower_bound": _NUMBER, "upper_bound": _NUMBER,
    "extrapolation": _one_of("raise", "clip", "zero", "extend"),
}  # fmt: skip
_NATURAL = {**_KNOTS, "constraints": _one_of("center")}

_OF_NUMBERS: Mapping[str, Mapping[str, Rule]] = {
    "center": {},
    "exp": {},
    "log": {},
    "log10": {},
    "log2": {},
    "scale": {"center": _FLAG, "scale": _FLAG, "ddof": _whole(0, 1)},
    "sqrt": {},
}
_OF_SEVERAL: Mapping[str, Mapping[str, Rule]] = {
    "C": {"levels": _LEVELS},
    "bs": {**_KNOTS, "degree": _whole(0, _HIGHEST_POWER), "include_intercept": _FLAG},
    "cr": _NATURAL,
    "cs": _NATURAL,
    "poly": {"degree": _whole(1, _HIGHEST_POWER), "raw": _FLAG},
}
_ARGUMENTS = MappingProxyType({**_OF_NUMBERS, **_OF_SEVERAL})
_SECOND = {"bs": "df", "cr": "df", "cs": "df", "poly": "degree"}
"""What a second argument without a name is."""

FUNCTIONS = tuple(sorted(_ARGUMENTS, key=lambda name: (name != "C", name)))


def factor(node: ast.expr) -> Factor:
    """Return the factor that a syntax tree states.

    Raises
    ------
    Unfit
        If it holds anything but columns, numbers and listed functions within their limits.

    Examples
    --------
    >>> factor(ast.parse("bs(log(weeks),df = 3)", mode="eval").body)
    Factor(text='bs(log(weeks), df=3)', reads=('weeks',), function='bs', levels=())
    """
    if isinstance(node, ast.Name):
        return Factor(node.id, (node.id,))
    if not isinstance(node, ast.Call):
        raise Unfit(_no_place(node))
    name = _name(node)
    _check_arguments(node, name)
    if name != "C":
        _check(node.args[0])
        return Factor(ast.unparse(node), _reads(node.args[0]), name)
    if not isinstance(node.args[0], ast.Name):
        raise Unfit(f"{ast.unparse(node.args[0])!r}: C takes a column as it stands")
    listed = [ast.literal_eval(keyword.value) for keyword in node.keywords]
    return Factor(ast.unparse(node), _reads(node.args[0]), name, tuple(*listed))


def _name(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name) and node.func.id in _ARGUMENTS:
        return node.func.id
    raise Unfit(
        f"{ast.unparse(node.func)!r} is not among the functions a formula may call: "
        f"{', '.join(FUNCTIONS)}"
    )


def _check_arguments(node: ast.Call, name: str) -> None:
    if not node.args:
        raise Unfit(f"{name}() says of no column what it is of")
    given = [(keyword.arg or "**", keyword.value) for keyword in node.keywords]
    given = [(_SECOND.get(name, ""), value) for value in node.args[1:2]] + given
    known = _ARGUMENTS[name]
    allowed = ", ".join(known) or "nothing else"
    if len(node.args) > 2 or any(word not in known for word, _ in given):  # noqa: PLR2004
        raise Unfit(f"{ast.unparse(node)!r}: {name} takes a column and by name: {allowed}")
    words = [word for word, _ in given]
    for word, value in given:
        if words.count(word) > 1:
            raise Unfit(f"{ast.unparse(node)!r}: {word} is given twice")
        said, fits = known[word]
        if not fits(_literal(value)):
            raise Unfit(f"{ast.unparse(value)!r}: {word} of {name} must be {said}")


def _literal(node: ast.expr) -> object:
    """Return a constant, a signed one or a list of such; None for what is none."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_literal(item) for item in items]
    return None


def _check(node: ast.expr) -> None:
    """Raise unless this is arithmetic of columns, numbers and functions that give one column."""
    match node:
        case ast.Name():
            return
        case ast.Constant(value=value) if _is_number(value):
            return
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=inner):
            _check(inner)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            _check(left)
            _check(right)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            _check_power(left, right)
        case ast.Call():
            _check_inner(node)
        case _:
            raise Unfit(_no_place(node))


def _check_power(base: ast.expr, exponent: ast.expr) -> None:
    power = _literal(exponent)
    if not isinstance(power, int | float) or not -_HIGHEST_POWER <= power <= _HIGHEST_POWER:
        raise Unfit(
            f"{ast.unparse(exponent)!r}: an exponent is a number of at most {_HIGHEST_POWER}"
        )
    if not _reads(base):
        raise Unfit(f"{ast.unparse(base)!r}: a power is of a column; write the number out")
    _check(base)


def _check_inner(node: ast.Call) -> None:
    name = _name(node)
    if name not in _OF_NUMBERS:
        raise Unfit(f"{ast.unparse(node)!r}: {name} gives several columns; it stands alone")
    _check_arguments(node, name)
    _check(node.args[0])


def _reads(node: ast.expr) -> tuple[str, ...]:
    called = {id(inner.func) for inner in ast.walk(node) if isinstance(inner, ast.Call)}
    names = [
        inner for inner in ast.walk(node) if isinstance(inner, ast.Name) and id(inner) not in called
    ]
    names.sort(key=lambda name: (name.lineno, name.col_offset))
    return tuple(dict.fromkeys(name.id for name in names))


def _no_place(node: ast.expr) -> str:
    return (
        f"{ast.unparse(node)!r} has no place in a formula; use columns, numbers, +, *, : and the "
        f"functions {', '.join(FUNCTIONS)}"
    )
