"""How much the cohorts of a table may count: where a report's controls start."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bayesmeta.cohorts.names import Names


@dataclass(frozen=True)
class Dial:
    """The weight of cohorts beside trials.

    Parameters
    ----------
    cohorts
        Whether a study is one, by its label.
    mean, sd
        Of the bias's usual prior, normal, in the unit of the estimates.
    names
        What both sides are called.
    """

    cohorts: Mapping[str, bool]
    mean: float
    sd: float
    names: Names = field(default_factory=Names)
