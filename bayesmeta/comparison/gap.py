"""The exact path from a classical analysis to the Bayesian one, a step at a time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, Roles, named_roles, require_one_spread
from bayesmeta.comparison.bayesian import Posterior, short, triple, written
from bayesmeta.comparison.classical import classical_rows
from bayesmeta.comparison.prior_sets import PriorSet
from bayesmeta.comparison.row import Row
from bayesmeta.comparison.setting import FLAT, UNIFORM, require_choices, set_up, stated
from bayesmeta.comparison.table import attributes
from bayesmeta.errors import AnalysisError, ImproperPosteriorError, PriorError
from bayesmeta.keywords import require_taken
from bayesmeta.measures.effects import Effects
from bayesmeta.spec import ModelSpec, Prior

if TYPE_CHECKING:
    import pandas as pd

PLUG_IN, FLAT_TAU, TAU_PRIOR, ALL_PRIORS = "plug-in", "flat tau", "tau prior", "all priors"
MU_PRIOR = "mu prior"
"""The step of the reversed path: the prior on mu before that on tau."""
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
    (with spread ``"common"``). Estimates are medians and intervals central.

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
    if quantity not in setting.combinations:
        known = ", ".join(setting.combinations)
        raise AnalysisError(f"No quantity {quantity!r} here; known: {known}.")
    require_one_spread(setting.spec, "explain_gap", biased=True)
    own = setting.under(priors or {}, where="priors")
    row = setting.combinations[quantity]
    found = [_plug_in(own, quantity, row, level=interval)]
    found += [_step(name, what, candidate, row, level=interval)
              for name, what, candidate in _path(own)]  # fmt: skip
    reverse = _reversed(own, found, row, level=interval)
    table = pd.DataFrame(_with_changes(found), columns=list(_COLUMNS))
    table = table.astype({name: float for name in _COLUMNS if name not in _TEXTS})
    table.attrs = {**attributes(own), "interval": interval, "quantity": quantity,
                   "minimal_important_difference": minimal_important_difference,
                   "priors": {key: short(prior) for key, prior in own.priors.items()},
                   "reversed": reverse}  # fmt: skip
    return table


def _reversed(own: Assembly, found: list[Row], row: FloatArray, *, level: float) -> list[Row]:
    """Return the path with the prior on mu first; nothing where there is no tau."""
    if not own.hyperparameters:
        return []
    coefficients = {name: own.priors[name] for name in own.coefficients}
    first = replace(own, priors={**coefficients, schema.TAU: UNIFORM})
    step = _step(MU_PRIOR, _prior_words(coefficients), first, row, level=level)
    path = [found[0], found[1], step, found[-1]]
    empty: Row = {name: np.nan for name in _COLUMNS if name not in _TEXTS}
    return _with_changes([empty | each for each in path])


def _plug_in(assembly: Assembly, quantity: str, row: FloatArray, *, level: float) -> Row:
    method = "REML" if assembly.hyperparameters else "CE"
    found = next(
        each for each in classical_rows(assembly, {quantity: row}, level=level)
        if each["method"] == method
    )  # fmt: skip
    what = "tau at its REML estimate" if assembly.hyperparameters else "common effect"
    words: Row = {"step": PLUG_IN, "what": f"{what}, normal interval", "skipped": ""}
    numbers: Row = {name: found.get(name, np.nan) for name in _ENDS}
    if np.isnan(_number(numbers, "lower")):
        return words | {"skipped": "tau cannot be estimated: there are as many coefficients as "
                                   "studies."}  # fmt: skip
    return words | numbers


def _path(own: Assembly) -> Iterator[tuple[str, str, Assembly | None]]:
    """Yield the Bayesian steps: name, words, model; None where there is no tau to step through."""
    flat = dict.fromkeys(own.coefficients, FLAT)
    if not own.hyperparameters:
        yield FLAT_TAU, "tau integrated, flat prior", None
        yield TAU_PRIOR, "prior on tau", None
    else:
        tau: Prior = own.priors[schema.TAU]
        yield (FLAT_TAU, "tau integrated, flat prior",
               replace(own, priors={**flat, schema.TAU: UNIFORM}))  # fmt: skip
        yield (TAU_PRIOR, f"prior on tau: {short(tau)}",
               replace(own, priors={**flat, schema.TAU: tau}))  # fmt: skip
    coefficients = {name: own.priors[name] for name in own.coefficients}
    yield ALL_PRIORS, _prior_words(coefficients), own


def _prior_words(coefficients: dict[str, Prior]) -> str:
    return f"prior on {written(coefficients).replace(' ~ ', ': ')}"


def _step(name: str, what: str, assembly: Assembly | None, row: FloatArray, *, level: float) -> Row:
    """Return the numbers of one step, or why it cannot be made."""
    words: Row = {"step": name, "what": what, "skipped": ""}
    if assembly is None:
        return words | {"skipped": _NO_TAU}
    try:
        posterior = Posterior.of(assembly, level=level)
    except (ImproperPosteriorError, PriorError) as error:
        return words | {"skipped": str(error)}
    found = words | posterior.effect(row)
    if row[0] == 1 and not row[1:].any():
        found |= posterior.prediction(row)
    if assembly.hyperparameters:
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
