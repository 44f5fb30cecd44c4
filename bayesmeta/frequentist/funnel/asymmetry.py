"""What a test of funnel asymmetry gives."""

import math
from html import escape
from typing import NamedTuple

from bayesmeta.studies.wording import number_of

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

    def __repr__(self) -> str:
        """Return the test as it is read."""
        known = not math.isnan(self.limit)
        limit = f"; limit at a standard error of 0: {self.limit:.4g} (SE {self.limit_se:.4g})"
        said = f"{self.test}: statistic {self.statistic:.4g}, p {self.p:.2g}"
        return f"{said}{limit if known else ''}{f'. {self.warning}' if self.warning else ''}"

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"


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
        f"{number_of(studies)}: with fewer than {ENOUGH} the tests for funnel asymmetry cannot "
        "tell chance from asymmetry."
    )
