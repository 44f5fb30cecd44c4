"""A call that does not fit a function, in a sentence that says what the function takes."""

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any, get_args

from bayesmeta.errors import CallError
from bayesmeta.near import asked_back, near

_MEANT = {
    "ci": "interval", "level": "interval", "conf_level": "interval", "hdi_prob": "interval",
    "ci_prob": "interval", "prob": "interval", "random_seed": "seed", "rng": "seed",
    "mods": "moderators", "formula": "moderators", "mid": "minimal_important_difference",
    "prior": "priors", "samples": "draws", "method": "estimator", "by": "column",
    "standard_error": "variance", "se": "variance",
}  # fmt: skip
"""Keywords as other programs have them."""
_ELSEWHERE = {
    "interval": "summary, text and the plots", "benefit": "text, compare and the plots",
    "minimal_important_difference": "text, compare and the plots", "measure": "effect_sizes",
    "unit": "effect_sizes", "quantity": "quantile, interval, draws and the sensitivity verbs",
}  # fmt: skip
"""Who takes a keyword that is often given to another."""


def refusal(verb: str, unknown: str, known: Collection[str]) -> CallError:
    """Return the error of a keyword that a function does not take.

    Examples
    --------
    >>> str(refusal("summary()", "ci", ["posterior", "interval"]))
    "summary() takes no 'ci'; it takes: posterior, interval. Did you mean 'interval'?"
    """
    meant = _MEANT.get(unknown, "")
    found = meant if meant in known else near(unknown, known)
    hint = asked_back(found)
    if not found and unknown in _ELSEWHERE:
        hint = f" {unknown!r} goes with {_ELSEWHERE[unknown]}."
    return CallError(f"{verb} takes no {unknown!r}; it takes: {', '.join(known)}.{hint}")


def require_known(verb: str, given: Collection[str], known: Collection[str]) -> None:
    """Raise unless a function takes every keyword given.

    Raises
    ------
    CallError
        If it takes one of them not.
    """
    if unknown := [name for name in given if name not in known]:
        raise refusal(verb, unknown[0], known)


def require_taken(function: Callable[..., object], given: Collection[str]) -> None:
    """Raise unless a function takes every keyword given, or those after ``**`` have it.

    Raises
    ------
    CallError
        If it takes one of them not.
    """
    require_known(f"{function.__name__}()", given, _names(inspect.signature(function)))


def _names(signature: inspect.Signature) -> list[str]:
    """Return every keyword of a signature, those of an unpacked typed dict among them."""
    names = []
    for one in signature.parameters.values():
        unpacked = get_args(one.annotation) if one.kind is one.VAR_KEYWORD else ()
        names += [*unpacked[0].__annotations__] if unpacked else [one.name]
    return names


def misfit(
    function: Callable[..., object], positional: tuple[object, ...], named: Mapping[str, object]
) -> CallError | None:
    """Return what is wrong with a call, or None where it fits the function's signature.

    Examples
    --------
    >>> def area(width, *, height): return width * height
    >>> str(misfit(area, (1, 2), {}))
    'area() takes width by its place; 1 value too many is given: name the others, height=...'
    >>> str(misfit(area, (1,), {}))
    'area() needs height: height=... is missing.'
    >>> misfit(area, (1,), {"height": 2}) is None
    True
    """
    signature, verb = inspect.signature(function), f"{function.__name__}()"
    try:
        signature.bind(*positional, **named)
    except TypeError as error:
        return _said(verb, signature, positional, named) or CallError(f"{verb}: {error}.")
    return None


def _said(
    verb: str, signature: inspect.Signature, positional: tuple[object, ...],
    named: Mapping[str, Any],
) -> CallError | None:  # fmt: skip
    parameters = signature.parameters.values()
    ordered = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    only_named = [one.name for one in parameters if one.kind is one.KEYWORD_ONLY]
    if all(one.kind is not one.VAR_KEYWORD for one in parameters):
        require_known(verb, named, _names(signature))
    if (more := len(positional) - len(ordered)) > 0:
        names = f": name the others, {', '.join(f'{one}=...' for one in only_named)}"
        return CallError(
            f"{verb} takes {', '.join(ordered) or 'nothing'} by its place; {more} "
            f"value{'s' * (more > 1)} too many {'are' if more > 1 else 'is'} given"
            f"{names if only_named else '.'}"
        )
    given = {*ordered[: len(positional)], *named}
    lacking = [one.name for one in parameters
               if one.default is one.empty and one.name not in given and one.kind in
               (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]  # fmt: skip
    if not lacking:
        return None
    ways = ", ".join(f"{name}=..." for name in lacking)
    return CallError(
        f"{verb} needs {', '.join(lacking)}: {ways} {'are' if len(lacking) > 1 else 'is'} missing."
    )
