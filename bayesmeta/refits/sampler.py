"""How NUTS is told to refit."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from os import cpu_count
from typing import cast

import numpy as np

from bayesmeta.engines.settings import SETTINGS, Chosen, Seeded, Settings, Unseeded
from bayesmeta.errors import AnalysisError, ModelError

EXACT, NUTS = "exact", "nuts"

type Progress = Callable[[int, int], None]
"""Told after each refit how many are done, and of how many."""


class Drawing(Unseeded, total=False):
    """The keywords that say which engine refits, and how NUTS draws."""

    engine: str
    progress: Progress | None


class Sampling(Drawing, Seeded, total=False):
    """Both."""


@dataclass(frozen=True)
class Sampler:
    """How NUTS refits.

    Parameters
    ----------
    settings
        Of every refit, but for the seed; each runs on one core.
    workers
        How many refits run at a time; the draws do not depend on it.
    progress
        Told after each refit.
    """

    settings: Settings
    workers: int
    progress: Progress | None = None

    def settings_of(self, place: int) -> Settings:
        """Return the settings of one refit; the first has the seed itself, as `fit` would."""
        if place == 0:
            return self.settings
        seed = np.random.SeedSequence([self.settings.seed, place]).generate_state(1)[0]
        return replace(self.settings, seed=int(seed))

    def attributes(self) -> dict[Hashable | None, str | float]:
        """Return what a table says of how it was drawn."""
        return {"engine": NUTS, **dict(self.settings.said().items())}


def sampler(asking: Sampling) -> Sampler | None:
    """Return how NUTS refits; None where the exact engine is asked for.

    Examples
    --------
    >>> sampler({}) is None, sampler({"engine": "nuts", "cores": 2}).workers
    (True, 2)
    """
    engine = asking.get("engine", EXACT)
    if engine == EXACT:
        return None
    if engine != NUTS:
        raise ModelError(
            f"No engine {engine!r} refits; known: {EXACT}, {NUTS}. A single posterior may be by "
            "another, with fit."
        )
    chosen = {name: value for name, value in asking.items() if name in SETTINGS}
    settings = Settings(**cast("Chosen", {**chosen, "cores": 1}))
    return Sampler(settings, _workers(asking.get("cores")), asking.get("progress"))


def _workers(cores: int | None) -> int:
    if cores is not None and cores < 1:
        raise AnalysisError(f"cores is {cores}; at least one is needed.")
    return (cpu_count() or 1) if cores is None else cores
