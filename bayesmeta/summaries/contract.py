"""The stable JSON contract of one fit."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bayesmeta.summaries.contents import has_chains, is_exact, listing, record, word
from bayesmeta.summaries.diagnostics import diagnostics
from bayesmeta.summaries.studies import prior_weight, study_effects
from bayesmeta.summaries.summary import summary

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

type Json = dict[str, Any]  # what `json.dumps` takes

_PARAMETER = ("mean", "sd", "median", "lower", "upper", "p_below_0", "error")
_STUDY = ("study", "estimate", "standard_error", "mean", "sd", "median", "lower", "upper", "weight",
          "error")  # fmt: skip


def contract(posterior: "xr.DataTree", *, interval: float = 0.95, shortest: bool = False) -> Json:
    """Return everything `fit --json` says, as plain dicts, lists, numbers and None.

    What is not a finite number is None: NaN has no place in JSON. After NUTS ``parameters`` are
    those of the draws; ``exact``, where the exact engine takes the priors, has the same parameters
    in the same shape from the integral, and all else is exact then.

    Examples
    --------
    ``contract(posterior)["parameters"]["mu"]["median"]``
    """
    parameters = summary(
        posterior, interval=interval, shortest=shortest, sampled=has_chains(posterior)
    )
    studies = study_effects(posterior, interval=interval, shortest=shortest)
    verdict = diagnostics(posterior)
    return {
        **{name: word(posterior, name) for name in ("measure", "unit", "outcome")},
        "k": len(studies),
        **{name: word(posterior, name) for name in ("model", "formula", "engine")},
        "interval": interval,
        "shortest": shortest,
        "priors": record(posterior, "priors"),
        "parameters": _finite(_rows(parameters)),
        **_exact(posterior, interval=interval, shortest=shortest),
        "studies": [_finite(row) for row in studies[list(_STUDY)].to_dict("records")],
        "log_marginal_likelihood": log_marginal_likelihood(posterior),
        "diagnostics": {
            **_finite(record(posterior, "diagnostics")),
            "ok": verdict.ok,
            "messages": list(verdict.messages),
        },
        "prior_weight": _number(prior_weight(posterior)),
        "dropped": listing(posterior, "dropped"),
        "notes": listing(posterior, "notes"),
        "versions": record(posterior, "versions"),
        "data_sha256": word(posterior, "data_sha256"),
    }


def _exact(posterior: "xr.DataTree", *, interval: float, shortest: bool) -> Json:
    """Return the exact numbers beside those of the draws, where there are both."""
    if not (has_chains(posterior) and is_exact(posterior)):
        return {}
    table = summary(posterior, interval=interval, shortest=shortest)
    return {"exact": _finite(_rows(table[list(_PARAMETER)]))}


def log_marginal_likelihood(posterior: "xr.DataTree") -> float | None:
    """Return the log marginal likelihood, or None where it is unknown or arbitrary."""
    value = posterior.attrs.get("log_marginal_likelihood")
    return None if value is None else _number(float(value))


def _rows(table: "pd.DataFrame") -> dict[Any, dict[Any, Any]]:
    return table.to_dict("index")


def _finite(value: Any) -> Any:  # noqa: ANN401 - JSON is what it is
    if isinstance(value, Mapping):
        return {str(name): _finite(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return _number(value) if isinstance(value, float) else value


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
