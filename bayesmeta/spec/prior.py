"""A prior distribution as data, printed as PyMC writes it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from types import MappingProxyType

from bayesmeta.errors import PriorError

OUTCOME = "outcome"
UISD = "uisd"
UISD_PER_SD = "uisd per SD"
PER_SD = "per SD"
UNITS = (OUTCOME, UISD, UISD_PER_SD, PER_SD)
PER_COLUMN = (UISD_PER_SD, PER_SD)
"""Units that are for slopes: per sample SD of a design column."""
SCALES = ("tau", "tau2")
FIXED = "Fixed"
"""What stands for a distribution where a number fixes the parameter."""
DEFAULT = "default"
"""What stands for the distribution that is usual for the parameter and the measure."""

type Value = float | tuple[float, ...] | Prior | tuple[Prior, ...]


@dataclass(frozen=True)
class Prior:
    """A prior distribution, written as PyMC writes it, with its unit.

    Parameters
    ----------
    distribution
        Name of the family: ``"HalfNormal"``, ``"Normal"``, ``"flat"`` ...
    parameters
        Parameters by name, as PyMC names them: numbers, lists of numbers, or priors where the
        family is made of others.
    unit
        ``"outcome"``: the outcome's own unit. ``"uisd"``: multiples of the unit-information
        standard deviation. ``"uisd per SD"``: the same, per sample SD of a design column;
        ``"per SD"``: the outcome's own unit per sample SD.
    on
        ``"tau"``, or ``"tau2"`` where the density is on the variance.

    Raises
    ------
    PriorError
        If the unit or the scale is unknown.

    Examples
    --------
    >>> print(Prior("HalfCauchy", {"beta": 0.25}, unit="uisd"))
    HalfCauchy(beta=0.25, unit="uisd")
    """

    distribution: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    unit: str = OUTCOME
    on: str = "tau"

    def __post_init__(self) -> None:
        """Freeze the parameters; refuse an unknown unit or scale."""
        frozen = {name: _frozen(value) for name, value in self.parameters.items()}
        object.__setattr__(self, "parameters", MappingProxyType(frozen))
        if self.unit not in UNITS:
            raise PriorError(
                f"{self.distribution}: unknown unit {self.unit!r}; known: {', '.join(UNITS)}."
            )
        if self.on not in SCALES:
            raise PriorError(
                f"{self.distribution}: unknown on={self.on!r}; known: {', '.join(SCALES)}."
            )

    @classmethod
    def fixed(cls, value: float) -> "Prior":
        """Return what fixes a parameter at a number, written as the number alone.

        Examples
        --------
        >>> print(Prior.fixed(4))
        4
        """
        return cls(FIXED, {"value": float(value)})

    @property
    def value(self) -> float | None:
        """The number that a parameter is fixed at; None for a distribution."""
        value = self.parameters.get("value")
        return float(value) if self.distribution == FIXED and isinstance(value, float) else None

    @property
    def is_default(self) -> bool:
        """Whether it is the word that stands for what is usual for the measure.

        Examples
        --------
        >>> Prior("default").is_default
        True
        """
        return self.distribution == DEFAULT

    def __str__(self) -> str:
        """Return the text that `parse_prior` reads."""
        if self.value is not None:
            return _written(self.value)
        extras = [f'unit="{self.unit}"'] if self.unit != OUTCOME else []
        extras += ['on="tau2"'] if self.on == "tau2" else []
        inside = [f"{name}={_written(value)}" for name, value in self.parameters.items()] + extras
        return f"{self.distribution}({', '.join(inside)})" if inside else self.distribution

    def __repr__(self) -> str:
        """Return the prior as it is written."""
        return f"Prior({str(self)!r})"

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"

    def __hash__(self) -> int:
        """Return the hash of the text, which says all there is."""
        return hash(str(self))


def number(value: float) -> float:
    """Return a number as such; one too large for any is infinite, which checks refuse."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _frozen(value: Value) -> Value:
    """Return a list or an array as a tuple, a whole number as any other."""
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return tuple(value)  # type: ignore[return-value]  # a list, where a caller passed one
    return value


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_written(item) for item in value)}]"
    if isinstance(value, Prior | str):
        return str(value)
    number = float(value)  # type: ignore[arg-type]  # what is left are numbers
    short = f"{number:.12g}"
    return short if float(short) == number else repr(number)
