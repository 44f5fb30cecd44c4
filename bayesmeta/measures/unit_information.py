"""Unit-information standard deviations that are known without participants."""

from collections.abc import Mapping
from types import MappingProxyType

PUBLISHED: Mapping[str, float] = MappingProxyType({"SMD": 2.0, "SMDH": 2.0, "ZCOR": 1.0})
"""By measure, in its own unit: the root of n times the variance of an estimate.

Of a standardised mean difference d between arms of n / 2 that is (4 + d**2 / 2)**0.5, so 2 where
effects are small; of Fisher's z it is (n / (n - 3))**0.5, so 1 (Röver et al. 2021, Res Synth
Methods 12:448-474, section 2.6).
"""


def words(measure: str) -> tuple[str, ...]:
    """Return what a reader is told where no study says how many took part; () for nothing.

    Examples
    --------
    >>> words("ZCOR")[0].partition(";")[0]
    'The number of participants is not known'
    """
    if measure not in PUBLISHED:
        return ()
    sd = f"the published one of {measure}, {PUBLISHED[measure]:g} (Röver et al. 2021)"
    return (f"The number of participants is not known; the unit-information SD of priors is {sd}.",)
