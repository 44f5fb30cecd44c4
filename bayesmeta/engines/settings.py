"""How to draw: sizes, seed, cores."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What an engine is told besides the model.

    Parameters
    ----------
    seed
        Same seed, same draws, on any number of cores.
    draws, tune, chains
        Kept draws and warm-up steps of each chain (the exact engine has no warm-up).
    cores
        Processor cores to use; None for as many as there are.
    target_accept
        NUTS' acceptance target. 0.9 gave no divergence in 180 small-k fits; PyMC's 0.8 gave some.
    form
        ``"marginal"`` or ``"hierarchical"``, NUTS only.
    progress
        Whether to show a progress bar on standard error.
    """

    seed: int = 1
    draws: int = 1000
    tune: int = 1000
    chains: int = 4
    cores: int | None = None
    target_accept: float = 0.9
    form: str = "marginal"
    progress: bool = False
