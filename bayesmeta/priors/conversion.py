"""Carry a prior from the scale it was estimated on to that of an analysis."""

import math
from collections.abc import Sequence

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.priors.densities import rescale
from bayesmeta.priors.register import FAMILIES
from bayesmeta.spec import Prior

LOGISTIC_SD = math.pi / math.sqrt(3)
"""SD of the standard logistic distribution: log odds ratios per standardised mean difference."""

_STANDARDISED = ("SMD", "SMDH", "SMD1")
_NODES = 9  # of Gauss-Hermite; exact for a spread that is a polynomial of degree 17
_ARMS = ("n_treatment", "sd_treatment", "n_control", "sd_control")


def converted(prior: Prior, source: str, target: str) -> Prior:
    """Return a prior for another measure, where that is legitimate.

    A log odds ratio is pi / sqrt(3) times a standardised mean difference, if a logistic
    outcome was cut in two (Chinn 2000). No other two measures are multiples of each other.

    Parameters
    ----------
    prior
        For mu, a slope or tau, in units of the source measure.
    source, target
        Codes of measures, such as "SMD" and "OR".

    Raises
    ------
    PriorError
        If the measures have no fixed ratio.

    References
    ----------
    Chinn S (2000). A simple method for converting an odds ratio to effect size for use in
    meta-analysis. Stat Med 19:3127-3131.

    Examples
    --------
    >>> print(converted(Prior("HalfNormal", {"sigma": 1}), "SMD", "OR"))
    HalfNormal(sigma=1.8137993642342178)
    """
    same = source == target or {source, target} <= set(_STANDARDISED)
    if same:
        return prior
    if source in _STANDARDISED and target == "OR":
        return rescale(prior, LOGISTIC_SD)
    if source == "OR" and target in _STANDARDISED:
        return rescale(prior, 1 / LOGISTIC_SD)
    raise PriorError(f"A prior for {source} does not tell about {target}: {_reason(target)}.")


def _reason(target: str) -> str:
    if target == "MD":
        return "a raw mean difference has the outcome's unit; see times_outcome_sd"
    return "the two are no multiples of each other; only OR and SMD convert"


def times_outcome_sd(prior: Prior, sd: float | Sequence[float] | FloatArray) -> Prior:
    """Return a prior for raw mean differences from one for standardised mean differences.

    The outcome's SD differs between studies, so the product of prior and SD is taken over a
    log-normal distribution of SDs, with the mean and SD of the studies' log SDs: a mixture over
    nine Gauss-Hermite nodes, which both engines take as it is. One SD gives a plain multiple.

    Parameters
    ----------
    prior
        In units of one SD.
    sd
        The outcome's SD in each study, in its unit; see `outcome_sds`.

    Raises
    ------
    PriorError
        If an SD is not above 0, or the prior has no total mass.

    Examples
    --------
    >>> print(times_outcome_sd(Prior("HalfNormal", {"sigma": 0.5}), 20))
    HalfNormal(sigma=10)
    """
    values = np.atleast_1d(np.asarray(sd, dtype=np.float64))
    if values.size == 0 or not (np.isfinite(values) & (values > 0)).all():
        raise PriorError(f"The outcome's SDs are {values.tolist()}; each must be above 0.")
    if np.all(values == values[0]):
        return rescale(prior, float(values[0]))
    logs = np.log(values)
    return _spread(prior, float(logs.mean()), float(np.std(logs, ddof=1)))


def _spread(prior: Prior, centre: float, spread: float) -> Prior:
    family = FAMILIES.get(prior.distribution)
    if family is not None and (not family.proper or family.contextual):
        raise PriorError(f"{prior} has no scale that an SD could multiply.")
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    shares = weights / weights.sum()
    members = [rescale(prior, float(np.exp(centre + spread * node))) for node in nodes]
    plain = tuple(Prior(member.distribution, member.parameters) for member in members)
    parameters = {"w": tuple(shares.tolist()), "comp_dists": plain}
    return Prior("Mixture", parameters, unit=prior.unit, on=prior.on)


def outcome_sds(effects: Effects) -> FloatArray:
    """Return the outcome's SD in each study, pooled over its arms, shape (study,).

    Parameters
    ----------
    effects
        Of mean differences, whose table of studies has the arms' SDs.

    Returns
    -------
    ndarray
        Shape (study,), in the outcome's unit.

    Raises
    ------
    PriorError
        If the table of studies does not have the arms' SDs.

    Examples
    --------
    What makes a standardised prior one of days (Normand 1999):

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> bm.outcome_sds(effects).round(1)[:4].tolist()
    [56.2, 5.7, 23.6, 36.8]
    """
    missing = [column for column in _ARMS if column not in effects.studies]
    if missing:
        raise PriorError(f"The table of studies has no column {', '.join(missing)}.")
    n1, s1, n2, s2 = (np.asarray(effects.studies[column], dtype=float) for column in _ARMS)
    variance: FloatArray = ((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2)
    return np.sqrt(variance)
