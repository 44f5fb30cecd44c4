"""What is chosen of a model by a word or a number: another part in a slot, or a fixed parameter."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bayesmeta.assembly.parts import parts_of
from bayesmeta.catalogue import load_model
from bayesmeta.covariance import NO_LAYOUT
from bayesmeta.errors import ModelError
from bayesmeta.spec import ModelSpec, Prior, prior_from_toml
from bayesmeta.studies.wording import choice

SPREADS = {
    "common": "normal",
    "ratio": "cohort-ratio",
    "own": "cohort-own",
    "extra": "cohort-extra",
}
"""How study effects of cohorts spread beside those of trials, and the part that says so."""
KERNELS = ("normal", "student-t", "contaminated")
"""How study effects may be distributed around their centre."""

_VARIANCES = {
    "normal": "tau^2",
    "cohort-ratio": "tau^2 * (1 - is_cohort[i] + is_cohort[i] * ratio)",
    "cohort-own": "tau^2 * (1 - is_cohort[i]) + tau_cohort^2 * is_cohort[i]",
    "cohort-extra": "tau^2 + is_cohort[i] * kappa^2",
}
"""The variance of study effects in a model's statement, by the part that says it."""
_SHARED = {"probable": "probable-shared"}
_SHARED_WORDS = (
    (r" \+ is_cohort\[i\] \* biased\[i\] \* bias_sd\^2", ""),
    (r"(Normal\(|StudentT\(nu, )mu\b", r"\1mu + is_cohort[i] * biased * bias"),
    (r"biased\[i\] ~", "biased ~"),
)
"""What a statement says of biases of their own, and of one that all share."""

_BY_ROW, _NESTED = "normal", "nested"
"""How effects spread where nobody says which rows have a part of them in common, and where."""
_OF_ROWS = re.compile(r"^(theta\[i\]\s*~ Normal\(.*), tau\)$", re.MULTILINE)
_OF_CLUSTERS = r"\1 + cluster_effect[cluster[i]], tau_within)\ncluster_effect[j] ~ Normal(0, tau)"
"""What a statement says of study effects, and of those of clusters."""


_SPREAD = re.compile(r"theta\[i\]( +)~ Normal\((.*), (?:tau|sqrt\(tau\^2\))\)")
_KERNEL_WORDS = {
    "student-t": r"theta[i]\1~ StudentT(nu, \2, tau)",
    "contaminated": r"theta[i]\1~ Normal(\2, tau) with probability 1 - share\n"
    r"theta[i]\1~ Normal(\2, sqrt(tau^2 + tau_outlier^2)) with probability share",
}
"""What a statement says of normal study effects, and of others."""
_INTEGRATED = (
    (
        re.compile(
            r"estimate\[i\] ~ Normal\((mu.*), "
            r"sqrt\(standard_error\[i\]\^2 \+ tau\^2( \+ is_cohort.*\^2)\)\)"
        ),
        {
            "student-t": r"estimate[i] ~ Normal(theta[i], sqrt(standard_error[i]^2\2))"
            "\n"
            r"theta[i] ~ StudentT(nu, \1, tau)",
        },
    ),
    (
        re.compile(
            r"estimate\[i\] ~ Normal\((mu.*), sqrt\(standard_error\[i\]\^2 \+ tau\^2\)\)(?= \^)"
        ),
        {
            "student-t": "estimate[i] ~ integral(Normal(theta[i], standard_error[i])"
            r" * StudentT(theta[i]; nu, \1, tau))",
            "contaminated": "estimate[i] ~ integral(Normal(theta[i], standard_error[i])"
            r" * ((1 - share) * Normal(theta[i]; \1, tau)"
            r" + share * Normal(theta[i]; \1, sqrt(tau^2 + tau_outlier^2))))",
        },
    ),
)
"""The same where it has study effects integrated out: of biases of their own, and of powers."""


def with_choices(spec: ModelSpec, named: Mapping[str, str]) -> ModelSpec:
    """Return a model with what is named for its roles, and chosen of its parts.

    Parameters
    ----------
    named
        By role, ``{"cluster": "district"}``, or choice: ``heterogeneity``, ``spread``, ``ratio``,
        ``power``, ``shared_bias``. A cluster gives rows that share patients effects in common,
        too: the heterogeneity of `correlated` is then that of `nested`.

    Raises
    ------
    ModelError
        If the model leaves no such choice, or there is no such word.
    PriorError
        If a number is none.

    Examples
    --------
    >>> from bayesmeta.catalogue import load_model
    >>> found = with_choices(load_model("design-bias"), {"spread": "common"})
    >>> found.parts["heterogeneity"], found.statement.splitlines()[-1]
    ('normal', 'theta[i]    ~ Normal(mu + is_cohort[i] * bias, sqrt(tau^2))')
    """
    for name, choose in _CHOICES.items():
        if name in named:
            spec = choose(spec, named[name])
    for role, choose_part in _ROLES.items():
        if role in named or role in spec.roles:
            spec = choose_part(spec)
    return spec.with_roles(**{name: word for name, word in named.items() if name not in _CHOICES})


def _spread(spec: ModelSpec, word: str) -> ModelSpec:
    _require_designs(spec, "spread", word)
    if word not in SPREADS:
        raise ModelError(f"No spread {word!r}; known: {', '.join(SPREADS)}.")
    if spec.parts["heterogeneity"] not in SPREADS.values():
        raise ModelError(
            f"Model {spec.name}: its heterogeneity is {spec.parts['heterogeneity']!r}, which takes "
            f"no spread {word!r} for cohorts."
        )
    own, wanted = spec.parts["heterogeneity"], SPREADS[word]
    statement = spec.statement.replace(_VARIANCES[own], _VARIANCES[wanted], 1)
    return replace(spec.with_part("heterogeneity", wanted), statement=statement)


def _ratio(spec: ModelSpec, word: str) -> ModelSpec:
    if spec.parts["heterogeneity"] != SPREADS["ratio"]:
        raise ModelError(
            f"A ratio ({word}) goes with the spread 'ratio', which model {spec.name} has not; add "
            f"{choice('spread', 'ratio')}."
        )
    return spec.with_priors(ratio=_number("ratio", word))


def _power(spec: ModelSpec, word: str) -> ModelSpec:
    if "power" not in {item.name for item in parts_of(spec).power.parameters(NO_LAYOUT)}:
        raise ModelError(f"Model {spec.name} raises no likelihood to a power ({word}); "
                         "take power-prior.")  # fmt: skip
    return spec.with_priors(power=_number("power", word))


def _shared_bias(spec: ModelSpec, word: str) -> ModelSpec:
    if spec.parts["bias"] in _SHARED.values():
        return spec
    if spec.parts["bias"] not in _SHARED:
        raise ModelError(f"Model {spec.name}: no bias that cohorts may have, to be shared; "
                         "take probably-biased.")  # fmt: skip
    statement = spec.statement
    for own, wanted in _SHARED_WORDS:
        statement = re.sub(own, wanted, statement, count=1)
    return replace(spec.with_part("bias", _SHARED[spec.parts["bias"]]), statement=statement)


def _cluster(spec: ModelSpec) -> ModelSpec:
    """Return a model of rows that share patients with effects that rows of a cluster share."""
    joined = any(role.joins for role in parts_of(spec).sampling.ROLES)
    if spec.parts["heterogeneity"] != _BY_ROW or not joined:
        return spec
    statement = _OF_ROWS.sub(_OF_CLUSTERS, spec.statement, count=1)
    return replace(spec.with_part("heterogeneity", _NESTED), statement=statement)


def _heterogeneity(spec: ModelSpec, word: str) -> ModelSpec:
    own = spec.parts["heterogeneity"]
    if word not in KERNELS:
        raise ModelError(
            f"No heterogeneity {word!r} to choose; known: {', '.join(KERNELS)}. A model file names "
            "any other, in its slot heterogeneity."
        )
    if word == own:
        return spec
    if own != "normal":
        beside = f"add {choice('spread', 'common')}: effects of cohorts spread as those of trials"
        apart = "choose it of a model with one tau, such as random-effects"
        way = beside if own in SPREADS.values() else apart
        raise ModelError(
            f"Model {spec.name}: its heterogeneity is {own!r}, which is not to be {word!r}; {way}."
        )
    shelf = load_model(word)
    plain = spec.parts["location"] == "intercept" and all(
        spec.parts[slot] == "none" for slot in ("bias", "power")
    )
    told = shelf if plain else spec
    return replace(
        spec.with_part("heterogeneity", word),
        title=told.title if plain else f"{told.title}, effects {word}",
        summary=told.summary if plain else told.summary.replace("are normal", f"are {word}", 1),
        references=(*spec.references, *shelf.references),
        statement=_kernel_said(spec.statement, word),
    )


def _kernel_said(statement: str, word: str) -> str:
    """Return a statement whose study effects are others than normal."""
    found = _SPREAD.sub(_KERNEL_WORDS[word], statement)
    for pattern, words in _INTEGRATED:
        found = pattern.sub(words.get(word, r"\g<0>"), found, count=1)
    return found


def _number(name: str, word: str) -> Prior:
    try:
        value: object = float(word)
    except ValueError:
        value = word
    return prior_from_toml(value, where=name)


def _require_designs(spec: ModelSpec, name: str, word: str) -> None:
    if "design" not in {role.name for role in parts_of(spec).roles}:
        raise ModelError(
            f"Model {spec.name} knows no designs, so that it takes no {name} ({word}); take "
            "design-bias, power-prior or probably-biased."
        )


_CHOICES: dict[str, Callable[[ModelSpec, str], ModelSpec]] = {
    "spread": _spread,
    "heterogeneity": _heterogeneity,
    "ratio": _ratio,
    "power": _power,
    "shared_bias": _shared_bias,
}
_ROLES: dict[str, Callable[[ModelSpec], ModelSpec]] = {"cluster": _cluster}
"""Roles that may choose a part too; they stay roles."""
