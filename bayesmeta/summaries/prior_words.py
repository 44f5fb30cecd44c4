"""A prior in words, as every page says it."""

import re

from bayesmeta.summaries.view import View

_NUMBER = re.compile(r"(?<![\w.])(\d+\.?\d*(?:e[+-]?\d+)?)(?![\w.])")


def prior_lines(view: View, *, explained: bool = False) -> tuple[str, ...]:
    """Return one phrase a prior, resolved to the outcome's unit.

    Parameters
    ----------
    explained
        Whether what stands once a study is followed by what it is: it is no effect.
    """
    said = {item.name: f" ({item.says})" for item in view.nuisance} if explained else {}
    return tuple(
        f"{prior_phrase(name, str(prior))}{said.get(name, '')}"
        for name, prior in view.record("priors").items()
    )


def prior_phrase(name: str, prior: str) -> str:
    """Return what a parameter's prior is, numbers to four digits; of what is fixed its number.

    Examples
    --------
    >>> prior_phrase("tau", "HalfNormal(sigma=4.71238898)")
    'tau ~ HalfNormal(sigma=4.712)'
    >>> prior_phrase("nu", "4")
    'nu = 4, fixed'
    """
    return f"{name} = {rounded(prior)}, fixed" if is_fixed(prior) else f"{name} ~ {rounded(prior)}"


def is_fixed(prior: str) -> bool:
    """Return whether a number stands in a prior's place.

    Examples
    --------
    >>> is_fixed("4"), is_fixed("HalfNormal(sigma=4)")
    (True, False)
    """
    try:
        float(prior)
    except ValueError:
        return False
    return True


def rounded(text: str) -> str:
    """Return a prior's text with its numbers to four digits.

    Examples
    --------
    >>> rounded("Normal(mu=0, sigma=14.05228239994374)")
    'Normal(mu=0, sigma=14.05)'
    """
    return _NUMBER.sub(lambda found: f"{float(found.group(1)):.4g}", text)
