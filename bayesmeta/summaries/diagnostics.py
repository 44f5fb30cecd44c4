"""Whether a posterior can be trusted: what its engine said, or what its draws show."""

from typing import TYPE_CHECKING, NamedTuple

from bayesmeta import schema
from bayesmeta.summaries import simulated
from bayesmeta.summaries.contents import group, record
from bayesmeta.summaries.convergence import ess, r_hat
from bayesmeta.summaries.quantities import parameter_names

if TYPE_CHECKING:
    import xarray as xr

LARGEST_R_HAT = 1.02
FEWEST_DRAWS = 400


class Diagnostics(NamedTuple):
    """Whether all checks passed, and what to say."""

    ok: bool
    messages: tuple[str, ...]


def diagnostics(posterior: "xr.DataTree") -> Diagnostics:
    """Return the engine's verdict; for a model written by hand, that of its draws."""
    said = record(posterior, "diagnostics")
    if said:
        messages = said.get("messages")
        listed = messages if isinstance(messages, list) else []
        return Diagnostics(bool(said.get("ok", True)), tuple(str(message) for message in listed))
    messages = _divergences(posterior) + _disagreements(posterior)
    return Diagnostics(not messages, tuple(messages))


def _divergences(posterior: "xr.DataTree") -> list[str]:
    stats = group(posterior, schema.SAMPLE_STATS)
    if stats is None or "diverging" not in stats:
        return []
    count = int(stats["diverging"].sum())
    return [f"{count} divergent transitions."] if count else []


def _disagreements(posterior: "xr.DataTree") -> list[str]:
    found = []
    for name in parameter_names(posterior):
        values = simulated.quantity(posterior, name).values
        if (worst := r_hat(values)) > LARGEST_R_HAT:
            found.append(f"R-hat of {name} is {worst:.3f}, above {LARGEST_R_HAT}.")
        if (fewest := min(ess(values, "bulk"), ess(values, "tail"))) < FEWEST_DRAWS:
            found.append(f"{name} has {fewest:.0f} effective draws, under {FEWEST_DRAWS}.")
    return found
