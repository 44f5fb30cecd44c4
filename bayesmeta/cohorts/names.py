"""What both sides are called: trials and cohorts, or by the reference where the column is another.

A column of designs has randomised trials beside cohorts. One of allocation has studies that were
allocated at random beside others, which are no cohorts.
"""

from collections.abc import Sequence
from typing import NamedTuple

_TRIALS = ("rct", "trial", "randomis", "randomiz")


class Names(NamedTuple):
    """Plural nouns without articles."""

    trials: str = "trials"
    cohorts: str = "cohorts"

    @property
    def first(self) -> str:
        """The trials at the beginning of a sentence."""
        return self.trials[:1].upper() + self.trials[1:]

    @property
    def second(self) -> str:
        """The cohorts at the beginning of a sentence."""
        return self.cohorts[:1].upper() + self.cohorts[1:]


def names_of(reference: str, others: Sequence[str]) -> Names:
    """Return what the studies of the reference, and those of other levels, are called.

    Examples
    --------
    >>> names_of("RCT", ["register"]), names_of("random", ["alternate"]).cohorts
    (Names(trials='trials', cohorts='cohorts'), 'others')
    """
    own = reference.casefold()
    if any(word in own for word in _TRIALS) or any("cohort" in each.casefold() for each in others):
        return Names()
    return Names(f"{reference} studies", "others")
