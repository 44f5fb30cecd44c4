"""Models whose studies are asked one by one: effects with tails, biases that cohorts may have."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from bayesmeta.assembly import Assembly, PriorLike, assemble, is_line, parts_of, with_choices
from bayesmeta.catalogue import load_model
from bayesmeta.covariance import NO_LAYOUT
from bayesmeta.duration_response.lines import Law, law_of
from bayesmeta.duration_response.scales import Scales
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.errors import ImproperPosteriorError, ModelError
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import tail_exponent, tail_integrable
from bayesmeta.random_effects import kernel_of
from bayesmeta.schema import MU, TAU
from bayesmeta.spec import ModelSpec, Prior
from bayesmeta.studies.wording import number_of


class Told(NamedTuple):
    """What studies say, and the priors of what they say it with.

    Parameters
    ----------
    law
        None where study effects are normal and all that is certain of them is a coefficient.
    priors
        Of parameters beside tau and the coefficients, numbers where they are fixed.
    part
        Which part of the model it is, and its slot.
    effects
        A sentence on study effects that are not normal.
    notes
        Sentences on cohorts.
    """

    law: Law | None
    priors: Mapping[str, Prior]
    part: str = ""
    effects: str = ""
    notes: tuple[str, ...] = ()

    @property
    def tau(self) -> tuple[str, float]:
        """What tau is where it is not the SD of study effects, and that SD over tau."""
        return ("", 1.0) if self.law is None else self.law.kernel.deviation(self.law.fixed)

    def others(self, priors: Mapping[str, PriorLike] | None) -> dict[str, PriorLike]:
        """Return the priors of coefficients and tau, among what a user stated."""
        return {name: prior for name, prior in (priors or {}).items() if name not in self.priors}

    def beside(self, scales: Scales) -> Scales:
        """Return priors with those of these parameters among them.

        Raises
        ------
        ImproperPosteriorError
            If likelihoods to a power say too little for a finite mass.
        """
        if self.law is None:
            return scales
        powers = self.law.question.powers
        studies = scales.studies if powers is None else float(powers.sum())
        found = replace(
            scales, priors=MappingProxyType({**scales.priors, **self.priors}), studies=studies
        )
        tau, spare = found.priors[TAU], studies - found.flat
        if spare < 0 or not tail_integrable(tau, -spare):
            raise ImproperPosteriorError(
                f"Likelihoods to a power count as {studies:g} studies; with {found.flat} flat "
                f"coefficients and the prior {tau} (tail exponent {tail_exponent(tau):g}) on tau "
                "the posterior is improper; give tau or mu a narrower prior."
            )
        return found


def told(
    effects: Effects,
    model: str | Path | ModelSpec | None,
    roles: Mapping[str, str],
    priors: Mapping[str, PriorLike] | None,
) -> Told:
    """Return what studies say where they are asked one by one; nothing of it otherwise.

    Raises
    ------
    ModelError
        If a hyperparameter beside tau has a prior that is not integrated over.
    """
    if model is None and not roles:
        return Told(None, {})
    spec = with_choices(load_model(model or "random-effects"), roles)
    if not is_asked_by_study(spec):
        return Told(None, {})
    parts = parts_of(spec)
    hyper = [item.name for item in parts.hyperparameters()]
    names = [*hyper, *(item.name for item in (*parts.bias.LATENT, *parts.bias.COEFFICIENTS)), MU]
    stated = {name: prior for name, prior in (priors or {}).items() if name in names}
    assembly = assemble(effects, spec, priors=stated)
    own = [name for name in (*hyper, *(item.name for item in parts.bias.LATENT)) if name != TAU]
    known = {name: assembly.stated()[name] for name in own}
    slot = "bias" if parts.heterogeneity.NORMAL else "heterogeneity"
    part = f"{slot} {spec.parts[slot]!r}"
    return Told(law_of(assembly), known, part, _effects(spec, known), tuple(_notes(assembly)))


def _effects(spec: ModelSpec, priors: Mapping[str, Prior]) -> str:
    part = parts_of(spec).heterogeneity
    if part.NORMAL:
        return ""
    names = [item.name for item in part.parameters(NO_LAYOUT) if item.name in priors]
    numbers = ", ".join(f"{name} = {priors[name].value:g}" for name in names)
    return f"Study effects are {spec.parts['heterogeneity']} ({numbers}), not normal."


def _notes(assembly: Assembly) -> Iterator[str]:
    if not assembly.parts.bias.CERTAIN:
        yield "Cohorts may each have a bias of their own: all predictions are without one."
    powers = np.ones(1) if assembly.powers is None else assembly.powers
    if (powers < 1).any():
        count = number_of(int((powers < 1).sum()))
        yield f"Of {count} the likelihood counts to the power {powers.min():g}."


def is_asked_by_study(spec: ModelSpec) -> bool:
    """Return whether shapes are weighed study by study under a model.

    Examples
    --------
    >>> is_asked_by_study(load_model("student-t")), is_asked_by_study(load_model("random-effects"))
    (True, False)
    """
    parts = parts_of(spec)
    if kernel_of(parts.heterogeneity) is None or not parts.likelihood.CONJUGATE:
        return False
    independent = not parts.sampling.ROLES and not parts.sampling.parameters(NO_LAYOUT)
    own_biases = not parts.bias.CERTAIN and not parts.bias.COEFFICIENTS
    return is_line(spec) or (own_biases and independent and parts.heterogeneity.NORMAL)


def require_told(asked: Told, effects: Effects, durations: Durations) -> None:
    """Raise where studies are asked one by one, and one does not say its duration.

    Raises
    ------
    ModelError
        Naming the part and the studies.
    """
    if asked.law is None or durations.complete:
        return
    named = ", ".join(str(effects.labels[row]) for row in durations.open_rows.tolist())
    raise ModelError(
        f"duration weighs shapes under the {asked.part} where every study says its duration as "
        f"one number, and these do not: {named}. Write it into {durations.column}, leave them "
        "out, or take normal study effects."
    )
