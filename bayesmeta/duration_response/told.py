"""What is said of study effects that are not normal."""

from typing import Any

from bayesmeta.covariance import NO_LAYOUT
from bayesmeta.duration_response.scales import Scales


def effects_said(scales: Scales) -> str:
    """Return a sentence on study effects that are not normal; nothing where they are."""
    if scales.law is None:
        return ""
    part = scales.beside.parts.heterogeneity
    names = [item.name for item in part.parameters(NO_LAYOUT) if item.name in scales.law.fixed]
    numbers = ", ".join(f"{name} = {scales.law.fixed[name]:g}" for name in names)
    return f"Study effects are {scales.beside.spec.parts['heterogeneity']} ({numbers}), not normal."


def tau_is(scales: Scales) -> dict[str, Any]:
    """Return what tau is where it is not the SD of study effects, and that SD over tau."""
    if scales.law is None:
        return {}
    said, ratio = scales.law.kernel.deviation(scales.law.fixed)
    return {"tau_is": said, "sd_over_tau": ratio}
