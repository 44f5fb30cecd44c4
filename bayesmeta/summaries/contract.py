"""The stable JSON contract of one fit."""

import math
from typing import Any

from bayesmeta.plain import plain, records
from bayesmeta.summaries.diagnostics import diagnostics
from bayesmeta.summaries.groups import group_tables
from bayesmeta.summaries.statements import claims, together
from bayesmeta.summaries.studies import APPROXIMATE, study_effects
from bayesmeta.summaries.summary import summary
from bayesmeta.summaries.view import Posterior, View, view_of

type Json = dict[str, Any]  # what `json.dumps` takes

_PARAMETER = ("mean", "sd", "median", "lower", "upper", "p_below_0", "error")
_STUDY = ("study", "estimate", "standard_error", APPROXIMATE, "mean", "sd", "median", "lower",
          "upper", "weight", "error")  # fmt: skip


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
        "measure": view.word("measure"),
        "unit": dict(view.follows.units) or view.word("unit"),
        "outcome": view.word("outcome"),
        "k": len(studies),
        **{name: view.word(name) for name in ("model", "formula", "engine")},
        "interval": interval,
        "shortest": shortest,
        "priors": view.record("priors"),
        "parameters": plain(parameters.to_dict("index")),
        **_exact(view, interval=interval, shortest=shortest),
        **_statements(view),
        "studies": records(studies[[name for name in _STUDY if name in studies]]),
        **_groups(view, interval=interval, shortest=shortest),
        "log_marginal_likelihood": log_marginal_likelihood(view),
        "diagnostics": {
            **{name: plain(said) for name, said in view.record("diagnostics").items()},
            "ok": verdict.ok,
            "messages": list(verdict.messages),
        },
        "prior_weight": plain(view.prior_weight),
        "dropped": view.listing("dropped"),
        "notes": view.listing("notes"),
        "provenance": view.listing("provenance"),
        "settings": view.record("settings"),
        "versions": view.record("versions"),
        "data_sha256": view.word("data_sha256"),
    }


def _groups(view: View, *, interval: float, shortest: bool) -> Json:
    """Return the effects of groups of rows, under their name, of models that have any."""
    role = view.follows.grouped
    if not role:
        return {}
    return {f"{role}s": records(group_tables(view, interval=interval, shortest=shortest).effects)}


def _statements(view: View) -> Json:
    """Return how probable statements on several parameters are, of models that make any."""
    found = [*claims(view), *together(view, None)]
    return {"statements": plain([one._asdict() for one in found])} if found else {}


def _exact(view: View, *, interval: float, shortest: bool) -> Json:
    """Return the exact numbers beside those of the draws, where there are both."""
    if not (view.has_chains and view.is_exact):
        return {}
    table = summary(view, interval=interval, shortest=shortest)
    return {"exact": plain(table[list(_PARAMETER)].to_dict("index"))}


def log_marginal_likelihood(posterior: Posterior) -> float | None:
    """Return the log marginal likelihood, or None where it is unknown or arbitrary."""
    view = view_of(posterior)
    value = view.tree.attrs.get("log_marginal_likelihood")
    return float(value) if value is not None and math.isfinite(value) else None
