"""How to draw: sizes, seed, cores."""

from dataclasses import dataclass

from bayesmeta.errors import ModelError


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

    def __post_init__(self) -> None:
        """Refuse what no engine can do."""
        for name, least in _LEAST.items():
            value = getattr(self, name)
            if value is not None and not (isinstance(value, int) and value >= least):
                raise ModelError(
                    f"{name} is {value!r}; it must be a whole number, at least {least}."
                )
        if self.seed >= _SEEDS:
            raise ModelError(f"seed is {self.seed}; it must be below 2**63.")
        if not 0 < self.target_accept < 1:
            raise ModelError(f"target_accept is {self.target_accept}; it must be between 0 and 1.")


_LEAST = {"seed": 0, "draws": 1, "tune": 1, "chains": 1, "cores": 1}
_SEEDS = 2**63
