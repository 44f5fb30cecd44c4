"""The models between a classical analysis and the Bayesian one, as the parts allow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, is_one_spread, require_conjugate, require_one_spread
from bayesmeta.comparison.bayesian import written
from bayesmeta.comparison.classical import classical_rows
from bayesmeta.comparison.components import component_rows, standard_deviations, working_values
from bayesmeta.comparison.row import Row
from bayesmeta.comparison.setting import FLAT, UNIFORM
from bayesmeta.errors import ModelError
from bayesmeta.spec import Prior

FLAT_TAU, TAU_PRIOR, ALL_PRIORS = "flat tau", "tau prior", "all priors"
MU_PRIOR = "mu prior"
"""The step of the reversed path: the prior on mu before that on tau."""


class Step(NamedTuple):
    """A step: name, words, model; None where there is no tau to step through."""

    name: str
    what: str
    assembly: Assembly | None


def require_steps(own: Assembly) -> None:
    """Raise unless REML is a place to start from.

    Raises
    ------
    ModelError
        Naming the part for which there is no REML, with what would do instead.
    """
    require_conjugate(own.model)
    if is_one_spread(own.model, biased=True):
        return
    part = own.parts.heterogeneity
    if own.parts.bias.ROLES and part.ROLES:
        require_one_spread(own.model, "explain_gap", biased=True)
    if own.hyperparameters and not spreads(own):
        names = ", ".join(item.name for item in part.parameters(own.layout))
        raise ModelError(
            f"explain_gap starts at REML, and there is none for the heterogeneity "
            f"{own.model.parts['heterogeneity']!r} of model {own.model.name}: its covariance is no "
            f"sum of variance components ({names}). What each prior does, compare shows, with a "
            "row for every set of priors."
        )


def spreads(own: Assembly) -> list[str]:
    """Return the standard deviations that REML estimates, by name."""
    return [item.name for item in standard_deviations(own)]


def others(own: Assembly) -> list[str]:
    """Return the hyperparameters beside them, which have their priors throughout."""
    known = spreads(own)
    return [item.name for item in own.hyperparameters if item.name not in known]


def path(own: Assembly) -> Iterator[Step]:
    """Yield the Bayesian steps: standard deviations with flat priors, with theirs, all priors."""
    flat = dict.fromkeys(own.coefficients, FLAT)
    if not own.hyperparameters:
        yield Step(FLAT_TAU, "tau integrated, flat prior", None)
        yield Step(TAU_PRIOR, "prior on tau", None)
    else:
        names = spreads(own)
        yield Step(
            FLAT_TAU, _integrated(own), _under(own, {**flat, **dict.fromkeys(names, UNIFORM)})
        )
        chosen = {name: own.priors[name] for name in names}
        yield Step(TAU_PRIOR, _prior_words(chosen), _under(own, {**flat, **chosen}))
    yield Step(ALL_PRIORS, _prior_words(_of_coefficients(own)), own)


def coefficients_first(own: Assembly) -> Step:
    """Return the step of the reversed path: priors of coefficients beside flat ones of tau."""
    given = _of_coefficients(own)
    flat = dict.fromkeys(spreads(own), UNIFORM)
    return Step(MU_PRIOR, _prior_words(given), _under(own, {**given, **flat}))


def plugged_in(own: Assembly, quantity: str, row: FloatArray, *, level: float) -> tuple[str, Row]:
    """Return words for the classical end of the path, and its row."""
    if not own.hyperparameters:
        return "common effect", _row(own, "CE", quantity, row, level=level)
    if is_one_spread(own.model, biased=True):
        return "tau at its REML estimate", _row(own, "REML", quantity, row, level=level)
    names = spreads(own)
    estimate = "their REML estimates" if len(names) > 1 else "its REML estimate"
    working = "".join(f", {name} at a working {value:g}"
                      for name, value in working_values(own, own.fixed).items())  # fmt: skip
    found = component_rows(own, {quantity: row}, level=level, fixed=own.fixed).rows[0]
    return f"{listed(names)} at {estimate}{working}", found


def _row(own: Assembly, method: str, quantity: str, row: FloatArray, *, level: float) -> Row:
    every = classical_rows(own, {quantity: row}, level=level)
    return next(each for each in every if each["method"] == method)


def _under(own: Assembly, priors: Mapping[str, Prior]) -> Assembly:
    """Return the model under other priors; those of correlations stay."""
    return replace(own, priors={**priors, **{name: own.priors[name] for name in others(own)}})


def _of_coefficients(own: Assembly) -> dict[str, Prior]:
    return {name: own.priors[name] for name in own.coefficients}


def _integrated(own: Assembly) -> str:
    names, kept = spreads(own), others(own)
    said = f"{listed(names)} integrated, flat {'priors' if len(names) > 1 else 'prior'}"
    if not kept:
        return said
    priors = {name: own.priors[name] for name in kept}
    return f"{said}; {listed(kept)} too, under {written(priors)}"


def _prior_words(priors: Mapping[str, Prior]) -> str:
    return f"prior on {written(priors).replace(' ~ ', ': ')}"


def listed(names: Sequence[str]) -> str:
    """Return names as one says them; nothing of none.

    Examples
    --------
    >>> listed(["tau", "tau_within"])
    'tau and tau_within'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
