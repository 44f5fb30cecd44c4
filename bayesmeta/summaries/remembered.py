"""Which direction is benefit, and what difference matters: said once, and kept with a posterior."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bayesmeta.studies.wording import choice
from bayesmeta.summaries.tails import Benefit

if TYPE_CHECKING:
    import xarray as xr

BENEFIT, DIFFERENCE = "benefit", "minimal_important_difference"


class Matters(NamedTuple):
    """What is asked of an effect: the direction that helps, and the least that matters."""

    benefit: Benefit | None
    difference: float | None

    @classmethod
    def of(
        cls, kept: Mapping[Any, Any], benefit: Benefit | None, difference: float | None
    ) -> "Matters":
        """Return what is asked; what is not said is as a posterior's attributes keep it."""
        known = kept.get(DIFFERENCE)
        return cls(
            _told(str(kept.get(BENEFIT, ""))) if benefit is None else benefit,
            float(known) if difference is None and known is not None else difference,
        )

    @property
    def remarks(self) -> list[str]:
        """What a reader must be told: a difference without a direction says nothing."""
        if self.difference is None or self.benefit is not None:
            return []
        ways = f"{choice(BENEFIT, 'lower')} or {choice(BENEFIT, 'higher')}"
        sentence = (
            f"The minimal important difference, {self.difference:g}, is not used: it is not said "
            f"which direction is benefit. Say {ways}."
        )
        return [sentence]


def remember(
    posterior: "xr.DataTree", benefit: Benefit | None, difference: float | None
) -> "xr.DataTree":
    """Return a posterior that knows direction and difference, where they were said.

    Examples
    --------
    >>> import xarray as xr
    >>> dict(remember(xr.DataTree(), "lower", 3.0).attrs)
    {'benefit': 'lower', 'minimal_important_difference': 3.0}
    """
    told = json.dumps(dict(benefit)) if isinstance(benefit, Mapping) else benefit
    said = {BENEFIT: told, DIFFERENCE: difference}
    found = posterior.copy(deep=False)
    found.attrs = {**posterior.attrs, **{key: value for key, value in said.items() if value}}
    return found


def _told(said: str) -> Benefit | None:
    """Return the direction that attributes keep, of several outcomes by name."""
    if not said.startswith("{"):
        return said or None
    return {str(name): str(side) for name, side in json.loads(said).items()}
