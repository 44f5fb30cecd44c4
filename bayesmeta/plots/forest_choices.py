"""What a caller of a forest plot may choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bayesmeta.duration_response.subgroups import Subgroups
from bayesmeta.measures.effects import Effects
from bayesmeta.summaries.remembered import Matters
from bayesmeta.summaries.tails import Benefit


@dataclass(frozen=True, eq=False)
class Choices:
    """What the caller chose; as in `plot_forest`."""

    title: str = ""
    interval: float = 0.95
    shortest: bool = False
    benefit: Benefit | None = None
    difference: float | None = None
    effects: Effects | None = None
    order: str | None = None
    subgroups: str | Subgroups | None = None
    subgroups_tau: str = "common"
    classical: bool | str = False
    densities: bool = False
    raindrops: bool | None = None
    columns: Sequence[str] = ()
    rows_a_page: int | None = None

    def remembering(self, kept: Mapping[Any, Any]) -> "Choices":
        """Return the same, with what a posterior's attributes keep of direction and difference."""
        asked = Matters.of(kept, self.benefit, self.difference)
        return replace(self, benefit=asked.benefit, difference=asked.difference)

    def having(self, *, likelihoods: bool) -> "Choices":
        """Return the same; raindrops stand by themselves where likelihoods are no normal ones."""
        return replace(self, raindrops=likelihoods if self.raindrops is None else self.raindrops)
