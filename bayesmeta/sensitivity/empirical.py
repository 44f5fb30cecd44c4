"""Published distributions of tau that speak of this outcome's measure."""

from collections.abc import Mapping

from bayesmeta.errors import PriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import cochrane, outcome_sds, rhodes, times_outcome_sd, turner
from bayesmeta.spec import Prior

_COCHRANE = ("RR", "RD")


def empirical_taus(effects: Effects) -> Mapping[str, Prior]:
    """Return published distributions of tau for any outcome, in the outcome's unit, by name.

    Turner et al. (2015) for odds ratios; Rhodes et al. (2015) for standardised mean differences
    and, times the spread of the outcome's SDs between studies, for raw ones whose SDs are known;
    Bartoš et al. (2023) for risk ratios and differences. None for other measures: there is no
    legitimate way there.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="SMD")
    >>> {name: str(prior) for name, prior in empirical_taus(effects).items()}
    {'Rhodes 2015': 'LogStudentT(nu=5, mu=-3.44, sigma=2.59, on="tau2")'}
    """
    measure = effects.measure
    if measure in _COCHRANE:
        return {"Bartoš 2023": cochrane(measure=measure)}
    if measure == "OR":
        return {"Turner 2015": turner()}
    if measure == "MD":
        return _raw(effects)
    try:
        return {"Rhodes 2015": rhodes(measure=measure)}
    except PriorError:
        return {}


def _raw(effects: Effects) -> Mapping[str, Prior]:
    try:
        sds = outcome_sds(effects)
    except PriorError:
        return {}
    return {"Rhodes 2015 x SD": times_outcome_sd(rhodes(), sds)}
