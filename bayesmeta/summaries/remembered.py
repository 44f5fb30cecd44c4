"""Which direction is benefit, and what difference matters: said once, and kept with a posterior."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from bayesmeta.studies.wording import choice
from bayesmeta.summaries.tails import Benefit
from bayesmeta.summaries.view import View

if TYPE_CHECKING:
    import xarray as xr

BENEFIT, DIFFERENCE = "benefit", "minimal_important_difference"


class Matters(NamedTuple):
    """What is asked of an effect: the direction that helps, and the least that matters."""

    benefit: Benefit | None
    difference: float | None

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


def matters(view: View, benefit: Benefit | None, difference: float | None) -> Matters:
    """Return what is asked; what is not said is what the posterior remembers."""
    kept = view.tree.attrs.get(DIFFERENCE)
    return Matters(
        _kept(view) if benefit is None else benefit,
        float(kept) if difference is None and kept is not None else difference,
    )


def _kept(view: View) -> Benefit | None:
    """Return the direction that a posterior remembers, of several outcomes by name."""
    said = view.word(BENEFIT)
    if not said.startswith("{"):
        return said or None
    return {str(name): str(side) for name, side in json.loads(said).items()}
