"""The stable JSON contract of one fit."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bayesmeta.summaries.diagnostics import diagnostics
from bayesmeta.summaries.studies import prior_weight, study_effects
from bayesmeta.summaries.summary import summary
from bayesmeta.summaries.view import Posterior, View, view_of

if TYPE_CHECKING:
    import pandas as pd

type Json = dict[str, Any]  # what `json.dumps` takes

_PARAMETER = ("mean", "sd", "median", "lower", "upper", "p_below_0", "error")
_STUDY = ("study", "estimate", "standard_error", "mean", "sd", "median", "lower", "upper", "weight",
          "error")  # fmt: skip


def contract(posterior: Posterior, *, interval: float = 0.95, shortest: bool = False) -> Json:
    """Return everything `fit --json` says, as plain dicts, lists, numbers and None.

    What is not a finite number is None: NaN has no place in JSON. After NUTS ``parameters`` are
    those of the draws; ``exact``, where the exact engine takes the priors, has the same parameters
    in the same shape from the integral, and all else is exact then.

    Examples
    --------
    ``contract(posterior)["parameters"]["mu"]["median"]``
    """
    view = view_of(posterior)
    parameters = summary(view, interval=interval, shortest=shortest, sampled=view.has_chains)
    studies = study_effects(view, interval=interval, shortest=shortest)
    verdict = diagnostics(view)
    return {
        **{name: view.word(name) for name in ("measure", "unit", "outcome")},
        "k": len(studies),
        **{name: view.word(name) for name in ("model", "formula", "engine")},
        "interval": interval,
        "shortest": shortest,
        "priors": view.record("priors"),
        "parameters": _finite(_rows(parameters)),
        **_exact(view, interval=interval, shortest=shortest),
        "studies": [_finite(row) for row in studies[list(_STUDY)].to_dict("records")],
        "log_marginal_likelihood": log_marginal_likelihood(view),
        "diagnostics": {
            **_finite(view.record("diagnostics")),
            "ok": verdict.ok,
            "messages": list(verdict.messages),
        },
        "prior_weight": _number(prior_weight(view)),
        "dropped": view.listing("dropped"),
        "notes": view.listing("notes"),
        "versions": view.record("versions"),
        "data_sha256": view.word("data_sha256"),
    }


def _exact(view: View, *, interval: float, shortest: bool) -> Json:
    """Return the exact numbers beside those of the draws, where there are both."""
    if not (view.has_chains and view.is_exact):
        return {}
    table = summary(view, interval=interval, shortest=shortest)
    return {"exact": _finite(_rows(table[list(_PARAMETER)]))}


def log_marginal_likelihood(posterior: Posterior) -> float | None:
    """Return the log marginal likelihood, or None where it is unknown or arbitrary."""
    view = view_of(posterior)
    value = view.tree.attrs.get("log_marginal_likelihood")
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
