"""The terms that a formula's sums, crossings and powers come to."""

import ast
from collections.abc import Iterable, Sequence
from itertools import product

from bayesmeta.location.factors import Factor, Unfit, factor

_DEEPEST = 40
_MOST_TERMS = 100
_MOST_FACTORS = 5
_POWERS = range(2, _MOST_FACTORS + 1)
_SQUARE = "for a square write poly(x, degree=2)"

type Term = tuple[Factor, ...]
"""Factors whose product it is, in order of appearance, each once."""


def named(term: Term) -> str:
    """Return a term as the formula library names it, such as ``"weeks:C(design)"``."""
    return ":".join(part.text for part in term)


def terms_of(tree: ast.expr) -> list[Term]:
    """Return what a formula adds up beside the intercept, crossings and powers written out.

    Parameters
    ----------
    tree
        The formula's syntax tree, ``:`` as ``@``.

    Raises
    ------
    Unfit
        If it holds what has no place there, comes to more terms than `_MOST_TERMS`, or a term
        says the same thing twice.

    Examples
    --------
    >>> [named(term) for term in terms_of(ast.parse("(a + b)**2 + c @ a", mode="eval").body)]
    ['a', 'b', 'a:b', 'c:a']
    """
    sums = [_terms(operand) for operand in _summed(tree) if not _too_deep(operand)]
    _refuse_repeats(sums)
    terms = _limited(_once(term for added in sums for term in added))
    if not all(part.reads for term in terms for part in term):
        raise Unfit("numbers alone name no column of the table of studies")
    return terms


def _summed(node: ast.expr) -> list[ast.expr]:
    """Return what is added up, from left to right; a long sum is deep, so no recursion."""
    found: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def _too_deep(tree: ast.expr) -> bool:
    pending: list[tuple[ast.AST, int]] = [(tree, 0)]
    while pending:
        node, depth = pending.pop()
        if depth > _DEEPEST:
            raise Unfit(f"nested more than {_DEEPEST} deep; write it out")
        pending += [(child, depth + 1) for child in ast.iter_child_nodes(node)]
    return False


def _terms(node: ast.expr) -> list[Term]:
    match node:
        case ast.BinOp(op=ast.Add()):
            return [term for operand in _summed(node) for term in _terms(operand)]
        case ast.BinOp(op=ast.Mult() | ast.MatMult()):
            return _limited(_starred(*_chain(node)))
        case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
            return _limited(_powered(_terms(base), exponent))
        case ast.BinOp(op=ast.Sub() | ast.Div()) | ast.UnaryOp(op=ast.USub()):
            raise Unfit("join terms by +, * or :, never by - or /")
        case ast.Constant():
            raise Unfit(
                "the intercept is always there; leave numbers out, and with the intercept "
                "alone the moderators"
            )
        case ast.Tuple():
            raise Unfit("join terms by +, never by a comma")
    return [(factor(node),)]


def _limited(terms: Iterable[Term]) -> list[Term]:
    found = list(terms)
    longest = max(map(len, found))
    if len(found) > _MOST_TERMS or longest > _MOST_FACTORS:
        raise Unfit(
            f"it comes to {len(found)} terms, the largest of {longest} factors; "
            f"{_MOST_TERMS} terms of {_MOST_FACTORS} factors are the most there may be"
        )
    return found


def _chain(node: ast.expr) -> tuple[list[ast.expr], list[bool]]:
    """Return the operands of a chain of * and :, and whether each but the first follows a *."""
    operands, stars = list[ast.expr](), list[bool]()
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.MatMult):
        operands.append(node.right)
        stars.append(isinstance(node.op, ast.Mult))
        parenthesised = _place(node.left) != _place(node)
        node = node.left
        if parenthesised:
            break
    return [node, *reversed(operands)], stars[::-1]


def _place(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _starred(operands: Sequence[ast.expr], stars: Sequence[bool]) -> list[Term]:
    """Return the terms of a chain; ``:`` binds closer than ``*``."""
    groups = [_terms(operands[0])]
    for operand, star in zip(operands[1:], stars, strict=True):
        if star:
            groups.append(_terms(operand))
        else:
            groups[-1] = _limited(_crossed(groups[-1], _terms(operand)))
    found = groups[0]
    for group in groups[1:]:
        found = _limited([*found, *group, *_crossed(found, group)])
    return found


def _crossed(left: Sequence[Term], right: Sequence[Term]) -> list[Term]:
    for one, other in product(left, right):
        twice = [part.text for part in one if part in other]
        if twice:
            raise Unfit(f"{twice[0]} is crossed with itself; {_SQUARE}")
    return [one + other for one, other in product(left, right)]


def _powered(terms: Sequence[Term], exponent: ast.expr) -> list[Term]:
    """Return all products of up to `exponent` terms, each factor once."""
    if len(terms) == 1:
        raise Unfit(f"a power is for sums, such as (a + b)**2, which adds a:b; {_SQUARE}")
    power = exponent.value if isinstance(exponent, ast.Constant) else None
    if not isinstance(power, int) or power not in _POWERS:
        raise Unfit(
            f"{ast.unparse(exponent)!r}: the power of a sum is a whole number from "
            f"{_POWERS[0]} to {_POWERS[-1]}"
        )
    found = list(terms)
    for _ in range(power - 1):
        both = (tuple(dict.fromkeys(one + other)) for one, other in product(found, terms))
        found = _limited(_once([*found, *both]))
    return found


def _once(terms: Iterable[Term]) -> list[Term]:
    """Return the terms without repeats; a:b is b:a."""
    found: dict[frozenset[Factor], Term] = {}
    for term in terms:
        found.setdefault(frozenset(term), term)
    return list(found.values())


def _refuse_repeats(sums: Sequence[Sequence[Term]]) -> None:
    seen = set[tuple[frozenset[Factor], ...]]()
    for added in sums:
        key = tuple(frozenset(term) for term in added)
        if key in seen:
            raise Unfit(f"{named(added[-1])} stands twice; leave one out")
        seen.add(key)
