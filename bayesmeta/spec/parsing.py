"""Read priors from text and from TOML tables; parsed, never evaluated."""

import ast
import math
import re
import warnings
from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from bayesmeta.errors import PriorError
from bayesmeta.spec.prior import Prior, Value, number
from bayesmeta.spec.toml import shown

_WORDS = ("unit", "on")
IN_ORDER = {
    "Normal": ("mu", "sigma"), "HalfNormal": ("sigma",), "HalfCauchy": ("beta",),
    "Cauchy": ("alpha", "beta"), "HalfStudentT": ("nu", "sigma"),
    "StudentT": ("nu", "mu", "sigma"), "Exponential": ("lam",), "Uniform": ("lower", "upper"),
    "Gamma": ("alpha", "beta"), "InverseGamma": ("alpha", "beta"), "LogNormal": ("mu", "sigma"),
    "Weibull": ("alpha", "beta"), "Laplace": ("mu", "b"),
}  # fmt: skip
"""The order in which PyMC takes parameters without names: what a message then writes out."""
_BOUNDS, _WITH_BOUNDS = ("lower", "upper"), ("Uniform", "Truncated", "Table")
"""Parameters that truncate any family, but those whose own they are."""
_DEEPEST = 40
_KEPT = 256
_NEARLY = re.compile(r"(?:\w+\.)*(?P<name>[A-Za-z][A-Za-z _-]*?)\s*[(\[](?P<inside>.*)[)\]]")


def prior_from_toml(value: object, *, where: str) -> Prior:
    """Return a prior written as text or as a TOML table.

    Parameters
    ----------
    value
        ``"HalfNormal(sigma=5)"``, a mapping with the key ``distribution``, or a number, which
        fixes the parameter.
    where
        What messages begin with.

    Raises
    ------
    PriorError
        If it is neither.

    Examples
    --------
    >>> print(prior_from_toml({"distribution": "HalfNormal", "sigma": 5}, where="priors.tau"))
    HalfNormal(sigma=5)
    """
    if isinstance(value, Prior):
        return value
    if isinstance(value, str):
        return parse_prior(value, where=where)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _fixed(number(value), where=where)
    if not isinstance(value, Mapping) or not isinstance(value.get("distribution"), str):
        raise PriorError(
            f"{where}: {shown(value)} is not a prior; write "
            f'"HalfNormal(sigma=5)" or {{distribution = "HalfNormal", sigma = 5}}.'
        )
    table = dict(value)
    known = {key: table.pop(key) for key in ("distribution", *_WORDS) if key in table}
    parameters = {key: _toml_value(item, where=f"{where}: {key}") for key, item in table.items()}
    return _bounded(Prior(parameters=parameters, **known))


def _fixed(value: float, *, where: str) -> Prior:
    if not math.isfinite(value):
        raise PriorError(f"{where} is {value}; a parameter can be fixed at a finite number only.")
    return Prior.fixed(value)


def _toml_value(value: object, *, where: str) -> Value:
    if isinstance(value, list | tuple):
        items = tuple(_toml_value(item, where=where) for item in value)
        return cast("tuple[float, ...]", items)  # or priors, which a check tells apart
    # A distribution inside another: as a table, or as text with parameters.
    if isinstance(value, Mapping) or (isinstance(value, str) and "(" in value):
        return prior_from_toml(value, where=where)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PriorError(f"{where} is {shown(value)}; a number is needed.")
    return number(value)


def parse_prior(text: str, *, where: str = "prior") -> Prior:
    """Return the prior that a text such as ``"HalfNormal(sigma=5)"`` states.

    The text is parsed, never evaluated. Parameters are named, so that nobody takes a variance
    for a standard deviation. ``unit="uisd"`` and ``on="tau2"`` may stand among them, and ``lower``
    and ``upper``, which truncate.

    Parameters
    ----------
    text
        A word, or a family with named parameters.
    where
        What messages begin with.

    Raises
    ------
    PriorError
        If the text is not a name, or a name with named numbers.

    Examples
    --------
    >>> print(parse_prior("HalfCauchy(beta=1/4, unit='uisd')"))
    HalfCauchy(beta=0.25, unit="uisd")
    >>> print(parse_prior("Gamma(alpha=2, beta=0.1, lower=1)"))
    Truncated(dist=Gamma(alpha=2, beta=0.1), lower=1)
    >>> parse_prior("HalfNormal(5)")
    Traceback (most recent call last):
    bayesmeta.errors.PriorError: prior: 'HalfNormal(5)': name the parameters: HalfNormal(sigma=5).
    """
    return _parsed(text, where) if isinstance(text, str) else prior_from_toml(text, where=where)


@lru_cache(_KEPT)
def _parsed(text: str, where: str) -> Prior:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise _unreadable(text, where) from error
    if _too_deep(node):
        raise PriorError(f"{where}: {shown(text)} is nested deeper than {_DEEPEST}.")
    return _prior(node, text=text, where=where)


def _too_deep(tree: ast.expr) -> bool:
    pending: list[tuple[ast.AST, int]] = [(tree, 0)]
    while pending:
        node, depth = pending.pop()
        if depth > _DEEPEST:
            return True
        pending += [(child, depth + 1) for child in ast.iter_child_nodes(node)]
    return False


def _unreadable(text: str, where: str) -> PriorError:
    meant = _meant(text)
    how = f"write {meant}" if meant else "write for example HalfNormal(sigma=5)"
    return PriorError(f"{where}: {shown(text)} is not a prior; {how}.")


def _meant(text: str) -> str:
    """Return what a text seems to mean: a family in other letters, of a package, with a comma."""
    found = _NEARLY.fullmatch(text.strip())
    if found is None:
        return ""
    name = re.sub(r"[\W_]+", "", found["name"]).lower()
    family = next((one for one in IN_ORDER if one.lower() == name), "")
    inside = re.sub(r"^\s*(['\"]).*?\1\s*,\s*", "", found["inside"])
    inside = re.sub(r"(?<==)\s*(\d+),(\d+)(?=\s*(?:,|$))", r"\1.\2", inside)
    values = [part.strip() for part in inside.split(",")]
    if family and len(values) == len(IN_ORDER[family]) and not any("=" in one for one in values):
        values = [f"{key}={value}" for key, value in zip(IN_ORDER[family], values, strict=True)]
    named = all(re.fullmatch(r"\w+=[-+.\w]+", one) for one in values)
    return f"{family}({', '.join(values)})" if family and named else ""


def _prior(node: ast.expr, *, text: str, where: str) -> Prior:
    if isinstance(node, ast.Name):
        return Prior(node.id)
    if (number := _number(node)) is not None:
        return _fixed(number, where=where)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise _unreadable(text, where)
    words: dict[str, str] = {}
    parameters: dict[str, Value] = {}
    for name, value in _keywords(node, text=text, where=where).items():
        if name in _WORDS:
            words[name] = _word(value, name=name, text=text, where=where)
        else:
            parameters[name] = _value(value, name=name, text=text, where=where)
    return _bounded(Prior(node.func.id, parameters, **words))


def _bounded(prior: Prior) -> Prior:
    """Return a distribution that is given bounds, but has none of its own, as a truncated one."""
    inside = dict(prior.parameters)
    bounds = {name: inside.pop(name) for name in _BOUNDS if name in inside}
    if not bounds or prior.distribution in _WITH_BOUNDS or not inside:
        return prior
    return Prior("Truncated", {"dist": Prior(prior.distribution, inside), **bounds},
                 unit=prior.unit, on=prior.on)  # fmt: skip


def _keywords(node: ast.Call, *, text: str, where: str) -> dict[str, ast.expr]:
    if node.args or any(keyword.arg is None for keyword in node.keywords):
        raise PriorError(f"{where}: {shown(text)}: name the parameters{_by_name(node)}.")
    names = [str(keyword.arg) for keyword in node.keywords]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PriorError(f"{where}: {shown(text)}: {', '.join(twice)} is given twice.")
    return {str(keyword.arg): keyword.value for keyword in node.keywords}


def _by_name(node: ast.Call) -> str:
    """Return a prior with its parameters named in the family's order; an example elsewhere."""
    if (meant := _meant(ast.unparse(node))) and not node.keywords:
        return f": {meant}"
    names = IN_ORDER.get(node.func.id, ()) if isinstance(node.func, ast.Name) else ()
    if not node.args or node.keywords or len(node.args) != len(names):
        return ", as in HalfNormal(sigma=5)"
    pairs = zip(names, node.args, strict=True)
    inside = ", ".join(f"{name}={ast.unparse(value)}" for name, value in pairs)
    return f": {ast.unparse(node.func)}({inside})"


def _word(node: ast.expr, *, name: str, text: str, where: str) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    example = "uisd" if name == "unit" else "tau2"
    raise PriorError(
        f'{where}: {shown(text)}: {name} is a word in quotes, such as {name}="{example}".'
    )


def _value(node: ast.expr, *, name: str, text: str, where: str) -> Value:
    if isinstance(node, ast.List | ast.Tuple):
        items = tuple(_value(item, name=name, text=text, where=where) for item in node.elts)
        return cast("tuple[float, ...]", items)  # or priors, which a check tells apart
    if isinstance(node, ast.Call):
        return _prior(node, text=text, where=where)
    number = _number(node)
    if number is None or math.isnan(number):
        raise PriorError(f"{where}: {shown(text)}: {name} is not a number.")
    return number


def _number(node: ast.expr) -> float | None:
    """Return a number, a signed number, ``inf`` or a fraction such as ``1/4``; None otherwise."""
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return number(value)
        case ast.Name(id="inf"):
            return math.inf
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inside = _number(operand)
            return None if inside is None else -inside
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            above, below = _number(left), _number(right)
            return None if above is None or not below else above / below
    return None
