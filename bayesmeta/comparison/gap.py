"""The exact path from a classical analysis to the Bayesian one, a step at a time."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, Roles, named_roles
from bayesmeta.comparison.bayesian import Posterior, short, triple
from bayesmeta.comparison.gap_steps import (
    Step,
    coefficients_first,
    others,
    path,
    plugged_in,
    require_steps,
    spreads,
)
from bayesmeta.comparison.prior_sets import PriorSet
from bayesmeta.comparison.row import Row
from bayesmeta.comparison.setting import require_choices, set_up, stated
from bayesmeta.comparison.table import attributes
from bayesmeta.errors import AnalysisError, ImproperPosteriorError, PriorError
from bayesmeta.keywords import require_taken
from bayesmeta.measures.effects import Effects
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd

PLUG_IN = "plug-in"
_ENDS = ("estimate", "se", "lower", "upper", "pi_lower", "pi_upper", "tau")
_MEASURED = ("estimate", "width", "pi_width")
_COLUMNS = (
    "step", "what", "estimate", "lower", "upper", "width", "pi_lower", "pi_upper", "pi_width",
    "tau", "estimate_change", "width_change", "pi_width_change", "skipped", "se", "pi_sd",
    "estimate_error", "lower_error", "upper_error", "width_error", "pi_width_error",
)  # fmt: skip
_TEXTS = ("step", "what", "skipped")
_NO_TAU = "The model has one common effect, and so no tau."


def explain_gap(  # noqa: PLR0913  (a model's parts and a table's choices, each by its name)
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    priors: PriorSet | None = None,
    moderators: str | None = None,
    missing: str = "error",
    quantity: str = schema.MU,
    interval: float = 0.95,
    minimal_important_difference: float | None = None,
    **roles: Unpack[Roles],
) -> "pd.DataFrame":
    """Return what takes a classical analysis to the Bayesian one, exactly, a row a step.

    The steps: tau at its REML estimate with a normal interval; the same likelihood with tau
    integrated under a flat (uniform) prior; under the chosen prior on tau; under all chosen
    priors. Until the last step mu and the slopes have flat priors, and so has a bias of cohorts
    (with spread ``"common"``). Where a model has several standard deviations, such as ``tau`` and
    ``tau_within``, a step takes all of them, and that of flat priors is skipped: nothing says that
    there is a posterior. A correlation that is not known is at its working value in the first step
    and has its own prior in all others. Estimates are medians and intervals central.

    Parameters
    ----------
    effects, model, moderators, missing
        As in `bayesmeta.fit`; or in the place of effects a posterior, with its own priors.
    priors
        The analysis' own, by parameter, ``{"tau": "HalfNormal(sigma=5)"}``; the model's default
        priors stand for the others.
    quantity
        ``mu``, ``beta[term]``, ``bias`` or ``Intercept``.
    interval
        Level of the intervals.
    minimal_important_difference, **roles
        As in `compare`.

    Returns
    -------
    DataFrame
        Four rows, in the outcome's unit, ratios on the log scale: ``step``, ``what`` in words;
        ``estimate``, ``lower``, ``upper``, ``width``; ``pi_lower``, ``pi_upper``, ``pi_width`` of
        the effect in a new study (mu only); ``tau``; each one's change from the step before
        (``estimate_change``, ``width_change``, ``pi_width_change``) and numerical error; ``se``
        (a posterior's sd) and ``pi_sd``. A step
        that cannot be made is empty, ``skipped`` says why, and the next one's change is from the
        last that was made. What a step changes depends on the order of the steps:
        ``attrs["reversed"]`` has the same path with the prior on mu before that on tau, as records.

    Raises
    ------
    BayesmetaError
        If the parts do not fit each other or the table, or default priors cannot be resolved.

    Examples
    --------
    Length of stay after specialist stroke care, in days (Normand 1999): uncertainty of tau widens
    the interval, and the priors narrow it.

    >>> import bayesmeta as bm
    >>> from bayesmeta.comparison import explain_gap
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    >>> explain_gap(effects)[["step", "estimate", "width", "width_change"]].round(2)
             step  estimate  width  width_change
    0     plug-in    -15.11  35.07           NaN
    1    flat tau    -15.11  45.59         10.52
    2   tau prior    -14.92  38.00         -7.59
    3  all priors    -13.41  34.77         -3.23
    """
    import pandas as pd

    require_taken(explain_gap, roles)
    require_choices(interval, None, minimal_important_difference)
    effects, model, moderators, priors = stated(effects, model, moderators, priors)
    setting = set_up(
        effects, model, moderators=moderators, missing=missing, roles=named_roles(roles)
    )
    own = setting.under(priors or {}, where="priors")
    require_steps(own)
    if quantity not in setting.combinations:
        known = ", ".join(setting.combinations)
        raise AnalysisError(f"No quantity {quantity!r} here; known: {known}.")
    row = setting.combinations[quantity]
    found = [_plug_in(own, quantity, row, level=interval)]
    found += [_taken(step, row, level=interval) for step in path(own)]
    reverse = _reversed(own, found, row, level=interval)
    table = pd.DataFrame(_with_changes(found), columns=list(_COLUMNS))
    table = table.astype({name: float for name in _COLUMNS if name not in _TEXTS})
    table.attrs = {**attributes(own), "interval": interval, "quantity": quantity,
                   "minimal_important_difference": minimal_important_difference,
                   "priors": {key: short(prior) for key, prior in own.priors.items()},
                   "spreads": spreads(own), "kept": others(own),
                   "reversed": reverse}  # fmt: skip
    return table


def _reversed(own: Assembly, found: list[Row], row: FloatArray, *, level: float) -> list[Row]:
    """Return the path with the prior on mu first; nothing where there is no tau."""
    if not own.hyperparameters:
        return []
    step = _taken(coefficients_first(own), row, level=level)
    way = [found[0], found[1], step, found[-1]]
    empty: Row = {name: np.nan for name in _COLUMNS if name not in _TEXTS}
    return _with_changes([empty | each for each in way])


def _plug_in(assembly: Assembly, quantity: str, row: FloatArray, *, level: float) -> Row:
    what, found = plugged_in(assembly, quantity, row, level=level)
    words: Row = {"step": PLUG_IN, "what": f"{what}, normal interval", "skipped": ""}
    numbers: Row = {name: found.get(name, np.nan) for name in _ENDS}
    if np.isnan(_number(numbers, "lower")):
        return words | {"skipped": "tau cannot be estimated: there are as many coefficients as "
                                   "studies."}  # fmt: skip
    return words | numbers


def _taken(step: Step, row: FloatArray, *, level: float) -> Row:
    """Return the numbers of one step, or why it cannot be made."""
    assembly = step.assembly
    words: Row = {"step": step.name, "what": step.what, "skipped": ""}
    if assembly is None:
        return words | {"skipped": _NO_TAU}
    try:
        posterior = Posterior.of(assembly, level=level)
    except (ImproperPosteriorError, PriorError) as error:
        return words | {"skipped": str(error)}
    found = words | posterior.effect(row)
    if row[0] == 1 and not row[1:].any():
        found |= posterior.prediction(row)
    if schema.TAU in [item.name for item in assembly.hyperparameters[:1]]:
        found["tau"] = triple(posterior.tau, level)["median"]
    return found


def _with_changes(steps: list[Row]) -> list[Row]:
    """Return the steps with widths, and changes from the last step that was made."""
    found: list[Row] = []
    before: Row = {}
    for step in steps:
        if step["skipped"]:
            found.append(step)
            continue
        now = step | _widths(step)
        found.append(now | {f"{name}_change": _number(now, name) - _number(before, name)
                            for name in _MEASURED})  # fmt: skip
        before = now
    return found


def _widths(step: Row) -> Row:
    found: Row = {}
    for name, prefix in (("width", ""), ("pi_width", "pi_")):
        found[name] = _number(step, f"{prefix}upper") - _number(step, f"{prefix}lower")
        errors = (step.get(f"{prefix}{end}_error", 0.0) for end in ("lower", "upper"))
        found[f"{name}_error"] = sum(float(error) for error in errors)
    return found


def _number(step: Row, name: str) -> float:
    return float(step.get(name, np.nan))
