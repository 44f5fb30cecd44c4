"""The standing default priors: what is usual for a parameter on a measure's scale.

Heterogeneity of ratios does not grow as events become rare, but the unit-information SD does: of
log odds in trials of 1 % events it is near 19, against 4 at 50 %. So ratios have fixed defaults.

References
----------
Röver C, Bender R, Dias S, et al. (2021). Res Synth Methods 12:448-474 (unit information;
HalfNormal(0.5) for the heterogeneity of log ratios). Günhan BK, Röver C, Friede T (2020). Res Synth
Methods 11:74-90 (Normal(0, 2.82) for a mean log odds ratio).
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from bayesmeta.errors import PriorError, UnknownScaleError
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.register import MEASURES
from bayesmeta.measures.unit_information import PUBLISHED
from bayesmeta.parameters import Parameter, Usual
from bayesmeta.spec import OUTCOME, PER_SD, UISD, UISD_PER_SD, Prior


class Standing(NamedTuple):
    """The defaults of one kind of measure.

    Parameters
    ----------
    words
        The measures, for a reader.
    priors
        What is usual for each parameter; what is not there must be stated.
    half_normals
        Scales of half-normal priors on tau that are looked at beside it, in ``unit``.
    unit
        ``"outcome"`` or ``"uisd"``.
    """

    words: str
    priors: Mapping[Usual, Prior]
    half_normals: tuple[float, ...]
    unit: str

    def told(self, default: Prior | Usual | None) -> str:
        """Return what a parameter's default is here, for a reader."""
        found = self.priors.get(default) if isinstance(default, Usual) else default
        return "to be stated" if found is None else str(found)

    @property
    def spreads(self) -> dict[str, Prior]:
        """Half-normal priors on tau to look at beside the default, by name."""
        unit = f" {UISD}" if self.unit == UISD else ""
        return {f"half-normal {scale:g}{unit}": _half_normal(scale, self.unit)
                for scale in self.half_normals}  # fmt: skip


def _half_normal(scale: float, unit: str = OUTCOME) -> Prior:
    return Prior("HalfNormal", {"sigma": scale}, unit=unit)


def _normal(scale: float, unit: str = OUTCOME) -> Prior:
    return Prior("Normal", {"mu": 0.0, "sigma": scale}, unit=unit)


_RATIOS = Standing(
    "log ratios",
    {
        Usual.MEAN: _normal(2.82),
        Usual.SPREAD: _half_normal(0.5),
        Usual.SLOPE: _normal(0.5, PER_SD),
        Usual.BIAS: _normal(0.5),
        Usual.BIAS_SPREAD: _half_normal(0.25),
        Usual.OUTLIER: _half_normal(2.0),
    },
    half_normals=(0.25, 0.5, 1.0),
    unit=OUTCOME,
)
_LEVELS = Standing(
    "logits, log rates and log ratios of SDs",
    {
        Usual.SPREAD: _half_normal(1.0),
        Usual.SLOPE: _normal(1.0, PER_SD),
        Usual.BIAS: _normal(1.0),
        Usual.BIAS_SPREAD: _half_normal(0.5),
        Usual.OUTLIER: _half_normal(4.0),
    },
    half_normals=(0.5, 1.0, 2.0),
    unit=OUTCOME,
)
_OTHERS = Standing(
    "other measures",
    {
        Usual.MEAN: _normal(1.0, UISD),
        Usual.SPREAD: Prior("HalfCauchy", {"beta": 0.25}, unit=UISD),
        Usual.SLOPE: _normal(0.25, UISD_PER_SD),
        Usual.BIAS: _normal(0.25, UISD),
        Usual.BIAS_SPREAD: _half_normal(0.125, UISD),
        Usual.OUTLIER: _half_normal(1.0, UISD),
    },
    half_normals=(0.25, 0.5),
    unit=UISD,
)
STANDINGS = (_OTHERS, _RATIOS, _LEVELS)

_OF_LEVELS = ("PLO", "IRLN", "VR", "CVR")
"""Codes of measures that are logarithms of one arm's level, or of a ratio of SDs."""


def standing(measure: str) -> Standing:
    """Return the defaults of a measure, by its code.

    Examples
    --------
    >>> print(standing("OR").priors[Usual.SPREAD], standing("MD").priors[Usual.SPREAD])
    HalfNormal(sigma=0.5) HalfCauchy(beta=0.25, unit="uisd")
    """
    if measure in _OF_LEVELS:
        return _LEVELS
    return _RATIOS if measure in MEASURES and MEASURES[measure].ratio else _OTHERS


def default_prior(parameter: Parameter, effects: Effects) -> Prior:
    """Return the prior of a parameter for which nobody stated one.

    Raises
    ------
    PriorError
        If there is none for the parameter; `UnknownScaleError` if none on the measure's scale.
    """
    if isinstance(parameter.default, Prior):
        return parameter.default
    if parameter.default is None:
        raise PriorError(f"priors: no prior for {parameter.name}; the model needs one.")
    of_measure = standing(effects.measure).priors
    if parameter.default not in of_measure:
        raise UnknownScaleError(
            f"priors: {parameter.name} has no default for {effects.measure}, whose level depends "
            f'on what is counted; state one, such as {parameter.name} = "Normal(mu=-2, sigma=2)".'
        )
    return of_measure[parameter.default]


def knows_unit_information(effects: Effects) -> bool:
    """Return whether there is a unit-information SD: by participants, or as published."""
    return effects.n is not None or effects.measure in PUBLISHED


def unit_information_sd(effects: Effects) -> float:
    """Return the unit-information standard deviation, in the outcome's unit.

    With n the participants and s the standard error of each study (Röver et al. 2021,
    Res Synth Methods 12:448-474)::

        uisd = sqrt(sum(n) / sum(1 / s**2))

    Without participants that of a standardised mean difference is 2 and that of Fisher's z is 1,
    as published there.

    Raises
    ------
    UnknownScaleError
        If the studies do not say how many participants they had, and no value is published.
    """
    if effects.n is None and effects.measure in PUBLISHED:
        return PUBLISHED[effects.measure]
    if effects.n is None:
        raise UnknownScaleError(
            "The table of studies does not say how many participants each study had, so there is "
            "no unit-information SD; add a column n, or state priors in the outcome's unit, such "
            'as tau = "HalfNormal(sigma=5)".'
        )
    smallest = float(np.min(effects.standard_error))
    precision = np.sum((smallest / effects.standard_error) ** 2)
    return smallest * float(np.sqrt(np.sum(effects.n) / precision))


def typical_scale(effects: Effects) -> float | None:
    """Return the scale of which a quarter is the usual scale of tau, in the outcome's unit.

    The unit-information SD, or the fixed counterpart of it; None where it is not known.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> typical_scale(bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), "SMD"))
    2.0...
    """
    found = standing(effects.measure)
    if found.unit != UISD:
        return 4 * float(found.priors[Usual.SPREAD].parameters["sigma"])  # type: ignore[arg-type]
    return unit_information_sd(effects) if knows_unit_information(effects) else None
