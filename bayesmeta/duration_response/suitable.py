"""Whether priors will do for durations: normal where they must be, and with enough mass."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bayesmeta.duration_response.offers import numbers, one_spread
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.errors import ImproperPosteriorError, ModelError, PriorError
from bayesmeta.priors import is_proper, tail_exponent, tail_integrable
from bayesmeta.schema import MU
from bayesmeta.spec import Prior

if TYPE_CHECKING:
    from bayesmeta.duration_response.scales import Scales

FLAT = "flat"
MOST_CASES = 64
"""Cases of who is biased: those of six cohorts."""


def require_normal(scales: "Scales") -> None:
    """Raise unless the coefficients' priors are normal or flat."""
    for name in (MU, *scales.others):
        require_family(scales.priors[name], name, flat=True)


def require_family(prior: Prior, name: str, *, flat: bool) -> None:
    """Raise unless a prior is normal, or flat where that may be."""
    if prior.distribution == "Normal" or (flat and prior.distribution == FLAT):
        return
    why = (
        "a flat one has no marginal likelihood, so that shapes could not be compared"
        if prior.distribution == FLAT
        else "shapes are integrated in closed form"
    )
    raise PriorError(f"prior {name}: {prior} will not do for durations: {why}; use a Normal prior.")


def require_proper(scales: "Scales") -> None:
    """Raise unless the posterior is proper.

    Raises
    ------
    PriorError
        If numbers stand for all taus, so that nothing is integrated.
    ImproperPosteriorError
        If the posterior would have no finite mass.
    """
    if not scales.assembly.hyperparameters:
        raise PriorError(
            "Numbers stand for all there is of tau; durations are weighed with tau unknown: give "
            "it a prior, such as HalfNormal(sigma=...)."
        )
    if not scales.is_plain:
        _require_masses(scales)
        return
    name = scales.assembly.hyperparameters[0].name
    tau, spare = scales.priors[name], scales.studies - scales.flat
    if spare < 0 or not tail_integrable(tau, -spare):
        kind = "" if is_proper(tau) else "improper "
        raise ImproperPosteriorError(
            f"With {scales.studies} studies, {scales.flat} flat coefficients and the {kind}prior "
            f"{tau} (tail exponent {tail_exponent(tau):g}) on {name} the posterior is improper; "
            'use tau = "HalfNormal(sigma=...)", or a normal prior on mu.'
        )


def _require_masses(scales: "Scales") -> None:
    """Raise where a prior has no total mass beside several hyperparameters, or a power."""
    own = [item.name for item in scales.assembly.hyperparameters]
    powered = [MU, *scales.others] if scales.assembly.powers is not None else []
    for name in (*own, *powered):
        if not is_proper(scales.priors[name]):
            raise ImproperPosteriorError(
                f"{name} ~ {scales.priors[name]} has no total mass, which every prior needs beside "
                "several taus or likelihoods raised to a power; give it a proper one, such as "
                f"{'HalfNormal(sigma=...)' if name in own else 'Normal(mu=0, sigma=...)'}."
            )
    if scales.flat > scales.studies:
        raise ImproperPosteriorError(
            f"{scales.flat} flat coefficients and {scales.studies} studies: give some a Normal "
            "prior."
        )


def require_few(scales: "Scales", durations: Durations) -> None:
    """Raise unless the product of what is integrated is small enough to weigh every shape on.

    Raises
    ------
    ModelError
        With what to state as numbers, or which durations.
    """
    if scales.law is not None:
        _require_closed(scales, durations)
        return
    names = [axis.name for axis in scales.axes]
    cases = 1 if scales.patterns is None else len(scales.patterns.log_weight)
    if len(names) > 1 or cases > MOST_CASES or (names and cases > 1):
        own = [*names, *([f"{cases} cases of who is biased"] if cases > 1 else [])]
        raise ModelError(
            f"duration integrates {scales.assembly.hyperparameters[0].name} and one hyperparameter "
            f"more, or at most {MOST_CASES} cases, and this model has {' and '.join(own)} beside "
            f"it: {_fewer(scales, names)}."
        )
    powers = scales.assembly.powers
    powered = powers is not None and bool((powers[durations.open_rows] != 1).any())
    several = bool(names) or cases > 1 or scales.coefficients.mean.shape[1] > 1
    if not durations.complete and (several or powered):
        what = ", ".join(names) or "powers of their likelihood, or cases of a bias"
        known = _fewer(scales, names) if names else "take the model design-bias"
        raise ModelError(
            f"Some durations are ranges or missing; they are integrated beside one tau, and not "
            f"beside {what}: give them as numbers, leave those studies out, or {known}."
        )


def _require_closed(scales: "Scales", durations: Durations) -> None:
    """Raise where study effects are not normal, and a study does not say its duration."""
    if durations.complete:
        return
    named = ", ".join(str(scales.effects.labels[row]) for row in durations.open_rows.tolist())
    raise ModelError(
        "duration weighs shapes under the heterogeneity "
        f"{scales.beside.spec.parts['heterogeneity']!r} where every study says its duration as one "
        f"number, and these do not: {named}. Write it into {durations.column}, leave them out, or "
        "take normal study effects."
    )


def _fewer(scales: "Scales", names: Sequence[str]) -> str:
    """Return what would make a model small enough."""
    if names:
        typed = f"give a number to {' or '.join(names)}, such as {numbers(names[:1])}"
        spread = one_spread(scales.assembly, names)
        return f"{typed}, or {spread}" if spread else typed
    return "take one bias that all cohorts share or none has, shared_bias"
