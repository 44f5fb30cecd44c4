"""What a formula may say: columns, numbers and listed functions, nothing else.

A formula library evaluates Python; a formula from a file must not. So the formula is read as
a syntax tree first, and only then handed on.
"""

import ast
from collections.abc import Collection

from bayesmeta.errors import ModelError

FUNCTIONS = (
    "C",
    "bs",
    "center",
    "cr",
    "cs",
    "exp",
    "log",
    "log10",
    "log2",
    "poly",
    "scale",
    "sqrt",
)


def columns_of(formula: str, *, known: Collection[str]) -> tuple[str, ...]:
    """Return the columns that a formula reads, in order of appearance.

    Raises
    ------
    ModelError
        If the formula is not one, names an absent column, calls an unlisted function, or
        removes the intercept.

    Examples
    --------
    >>> columns_of("log(duration_weeks) * C(design)", known=["design", "duration_weeks"])
    ('duration_weeks', 'design')
    """
    tree = _parsed(formula)
    _require_intercept(tree, formula)
    found: list[str] = []
    for node in _ordered(tree):
        _require_allowed(node, formula)
        if isinstance(node, ast.Name):
            found.append(node.id)
    absent = [name for name in found if name not in known]
    if absent:
        raise ModelError(
            f"Moderators {formula!r}: no column {absent[0]!r} in the table of studies; "
            f"it has: {', '.join(known)}."
        )
    if not found:
        raise ModelError(f"Moderators {formula!r} name no column of the table of studies.")
    return tuple(dict.fromkeys(found))


def _parsed(formula: str) -> ast.expr:
    try:
        # `a:b` is no Python expression; for reading names it does what `a*b` does.
        return ast.parse(formula.strip().replace(":", "*"), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise ModelError(
            f"Moderators {formula!r} are not a formula; write such as duration_weeks + C(design)."
        ) from error


def _require_intercept(tree: ast.expr, formula: str) -> None:
    """Raise unless terms are added, crossed or nested with the intercept in place."""
    pending: list[ast.expr] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.BinOp):
            if isinstance(node.op, ast.Sub | ast.Div):
                raise ModelError(
                    f"Moderators {formula!r}: join terms by +, * or :, never by - or /."
                )
            pending += [node.left, node.right] if not isinstance(node.op, ast.Pow) else [node.left]
        elif isinstance(node, ast.Constant):
            raise ModelError(
                f"Moderators {formula!r}: the intercept is always there; leave numbers out."
            )


def _ordered(tree: ast.expr) -> list[ast.AST]:
    """Return the nodes from left to right, without the names of the functions called."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    nodes = [node for node in ast.walk(tree) if id(node) not in called]
    return sorted(nodes, key=lambda node: getattr(node, "col_offset", -1))


_ALLOWED = (ast.Name, ast.Constant, ast.BinOp, ast.operator, ast.Call, ast.keyword,
            ast.expr_context, ast.UnaryOp, ast.USub, ast.List, ast.Tuple)  # fmt: skip


def _require_allowed(node: ast.AST, formula: str) -> None:
    if not isinstance(node, _ALLOWED):
        raise ModelError(
            f"Moderators {formula!r}: {ast.unparse(node)!r} has no place in a formula; "
            f"use columns, numbers, +, *, : and the functions {', '.join(FUNCTIONS)}."
        )
    if isinstance(node, ast.Call) and not (
        isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS
    ):
        raise ModelError(
            f"Moderators {formula!r}: {ast.unparse(node.func)!r} is not among the functions "
            f"a formula may call: {', '.join(FUNCTIONS)}."
        )
