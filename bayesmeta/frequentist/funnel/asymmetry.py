"""What a test of funnel asymmetry gives."""

from typing import NamedTuple

ENOUGH = 10


class Asymmetry(NamedTuple):
    """A test of funnel asymmetry.

    ``statistic`` is z or t (regression) or Kendall's tau (ranks); ``limit`` with its standard
    error is the effect that the regression reaches at a standard error of zero, nan for ranks.
    """

    test: str
    statistic: float
    p: float
    limit: float
    limit_se: float
    warning: str


def few_studies(studies: int) -> str:
    """Return the warning that fewer than ten studies deserve, or nothing.

    References
    ----------
    Sterne JAC et al. (2011). BMJ 343:d4002.

    Examples
    --------
    >>> few_studies(10)
    ''
    """
    if studies >= ENOUGH:
        return ""
    return (
        f"{studies} studies: with fewer than {ENOUGH} the tests for funnel asymmetry cannot tell "
        "chance from asymmetry."
    )
