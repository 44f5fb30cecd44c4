"""Phrases: what a sentence has where a table has a symbol."""

import re

from bayesmeta.summaries.own_scale import is_moved, symbol


def chance(shown: str) -> str:
    """Return a printed probability as a sentence has it.

    Examples
    --------
    >>> chance(">0.999"), chance("<0.001"), chance("0.43")
    ('above 0.999', 'below 0.001', '0.43')
    """
    return shown.replace(">", "above ").replace("<", "below ")


def threshold(measure: str, unit: str, size: float) -> str:
    """Return the minimal important difference with its unit; a ratio or a correlation as such.

    Examples
    --------
    >>> threshold("MD", "days", 3.0), threshold("ZCOR", "", 0.1), threshold("OR", "", 0.8)
    ('3 days', 'r = 0.1', 'OR = 0.8')
    """
    if is_moved(measure):
        return f"{symbol(measure)} = {size:g}"
    return f"{size:g} {unit}".rstrip()


def beside_signs(title: str) -> str:
    """Return a quantity's title where its numbers carry their own per cent sign.

    Examples
    --------
    >>> beside_signs("I², share of heterogeneity, per cent")
    'I², share of heterogeneity'
    """
    return title.removesuffix(", per cent")


def moderators(formula: str) -> str:
    """Return the moderators of a formula behind what they are, one of them in the singular.

    Examples
    --------
    >>> moderators("duration_weeks"), moderators("year + C(design)"), moderators("`mean/age`")
    ('moderator duration_weeks', 'moderators year + C(design)', 'moderator `mean/age`')
    """
    if not formula:
        return ""
    bare = re.sub(r"`[^`]*`|\([^()]*\)", "", formula.strip().removeprefix("~"))
    return f"moderator{'s' if re.search(r'[-+*:/^|]', bare) else ''} {formula}"
