"""The conclusion's stability, in one line."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import AnalysisError
from bayesmeta.sensitivity.conclusion import concluded, conclusion, require_threshold
from bayesmeta.summaries.digits import THRESHOLDS, probability, stated
from bayesmeta.summaries.own_scale import no_null
from bayesmeta.summaries.phrases import chance

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def stability(
    table: "pd.DataFrame", prior_map: "xr.Dataset | None" = None, *, threshold: float = 0.975
) -> str:
    """Return how far a conclusion holds across named priors and across the prior map.

    Parameters
    ----------
    table
        From `prior_sensitivity`; its first row is the analysis' own.
    prior_map
        From `prior_map.prior_map`, of the same question.
    threshold
        P(benefit) from which on benefit is concluded; harm is at the mirror image.

    Raises
    ------
    AnalysisError
        If the threshold is not between 0.5 and 1.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> from bayesmeta.sensitivity import prior_sensitivity, stability
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    >>> stability(prior_sensitivity(effects))
    'Own priors: P(mu < 0) = 0.939, no conclusion at 0.975; 2 of 3 other named priors agree \
(P 0.937 to 0.986).'
    """
    require_threshold(threshold)
    if not {"p_benefit", "p_benefit_error"} <= set(getattr(table, "columns", ())):
        raise AnalysisError(
            "The stability is that of a table from prior_sensitivity, not of a "
            f"{type(table).__name__}."
        )
    known = table["p_benefit"].to_numpy()
    if np.isnan(table.attrs["null"]):
        return f"No conclusion is drawn. {no_null(str(table.attrs['measure']))}"
    error = np.nan_to_num(table["p_benefit_error"].to_numpy())
    own = int(conclusion(known[:1], threshold)[0])
    thresholds = (*THRESHOLDS, threshold)
    shown = probability(float(known[0]), float(error[0]), thresholds=thresholds)
    word = concluded(table.attrs)[own]
    parts = [f"Own priors: P({table.attrs['event']}) {stated(shown)}, {word} at {threshold:g}"]
    others = np.flatnonzero(np.isfinite(known[1:])) + 1
    if others.size:
        same = int((conclusion(known[others], threshold) == own).sum())
        span = _span(known[others], error[others], thresholds)
        parts.append(f"{same} of {others.size} other named priors agree (P {span})")
    if prior_map is not None:
        cells = prior_map["p_benefit"].to_numpy().ravel()
        share = float((conclusion(cells, threshold) == own).mean())
        span = _span(cells, np.zeros_like(cells), thresholds)
        limits = _limits(prior_map)
        parts.append(
            f"{100 * share:.0f} % of the map's {cells.size} priors{limits} agree (P {span})"
        )
    return "; ".join(parts) + "."


def _limits(prior_map: "xr.Dataset") -> str:
    """Return over which scales a map goes, each from the narrowest to the widest."""
    said = []
    for name, what in (("tau_scale", "tau's scale"), ("mu_sd", "sd of the mean's prior")):
        ends = prior_map[name].to_numpy() if name in prior_map.coords else np.empty(0)
        known = ends[np.isfinite(ends)]
        if known.size > 1:
            flat = ", and flat" if known.size < ends.size else ""
            unit = f" {prior_map.attrs['unit']}" if prior_map.attrs.get("unit") else ""
            said.append(f"{what} {known.min():.3g} to {known.max():.3g}{unit}{flat}")
    return f" (a grid, however plausible: {', '.join(said)})" if said else ""


def _span(values: FloatArray, errors: FloatArray, thresholds: tuple[float, ...]) -> str:
    """Return the smallest and the largest probability as text."""
    low, high = (
        chance(probability(float(values[place]), float(errors[place]), thresholds=thresholds))
        for place in (values.argmin(), values.argmax())
    )
    return low if low == high else f"{low} to {high}"
