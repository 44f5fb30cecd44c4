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

_PARTS = {
    **{("normal", spread): part for spread, part in SPREADS.items()},
    ("student-t", "common"): "student-t",
    ("student-t", "ratio"): "student-t-ratio",
    ("student-t", "own"): "student-t-own",
    ("student-t", "extra"): "student-t-extra",
    ("contaminated", "common"): "contaminated",
}
"""The part that is both, a distribution and a spread of cohorts."""
_CHOSEN = {part: both for both, part in _PARTS.items()}
_VARIANCES = {
    "common": "tau^2",
    "ratio": "tau^2 * (1 - is_cohort[i] + is_cohort[i] * ratio)",
    "own": "tau^2 * (1 - is_cohort[i]) + tau_cohort^2 * is_cohort[i]",
    "extra": "tau^2 + is_cohort[i] * kappa^2",
}
"""The variance of study effects in a model's statement, or their squared scale, by the spread."""
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


_CALLED = {"student-t": "Student-t"}
"""How prose writes a distribution, where otherwise than its name."""
_KERNEL_WORDS = {
    "student-t": r"theta[i]\1~ StudentT(nu, \2, {scale})",
    "contaminated": r"theta[i]\1~ Normal(\2, tau) with probability 1 - share\n"
    r"theta[i]\1~ Normal(\2, sqrt(tau^2 + tau_outlier^2)) with probability share",
}
"""What a statement says of normal study effects, and of others."""
_BIASED = (
    r"estimate\[i\] ~ Normal\((mu.*), sqrt\(standard_error\[i\]\^2 \+ {variance}"
    r"( \+ is_cohort.*\^2)\)\)"
)
_POWERED = r"estimate\[i\] ~ Normal\((mu.*), sqrt\(standard_error\[i\]\^2 \+ {variance}\)\)(?= \^)"
_INTEGRATED = {
    _BIASED: {
        "student-t": r"estimate[i] ~ Normal(theta[i], sqrt(standard_error[i]^2\2))"
        "\n"
        r"theta[i] ~ StudentT(nu, \1, {scale})",
    },
    _POWERED: {
        "student-t": "estimate[i] ~ integral(Normal(theta[i], standard_error[i])"
        r" * StudentT(theta[i]; nu, \1, {scale}))",
        "contaminated": "estimate[i] ~ integral(Normal(theta[i], standard_error[i])"
        r" * ((1 - share) * Normal(theta[i]; \1, tau)"
        r" + share * Normal(theta[i]; \1, sqrt(tau^2 + tau_outlier^2))))",
    },
}
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
    kernel, own = _CHOSEN.get(spec.parts["heterogeneity"], ("", ""))
    if (kernel, word) not in _PARTS:
        raise ModelError(
            f"Model {spec.name}: its heterogeneity is {spec.parts['heterogeneity']!r}, which takes "
            f"no spread {word!r} for cohorts."
        )
    says = _VARIANCES if kernel == "normal" else {each: f", {_scale(each)})" for each in SPREADS}
    statement = spec.statement.replace(says[own], says[word], 1)
    part = _PARTS[kernel, word]
    return replace(spec.with_part("heterogeneity", part), statement=statement)


def _scale(spread: str) -> str:
    """Return what a statement says of the scale of study effects."""
    return "tau" if spread == "common" else f"sqrt({_VARIANCES[spread]})"


def _ratio(spec: ModelSpec, word: str) -> ModelSpec:
    if _CHOSEN.get(spec.parts["heterogeneity"], ("", ""))[1] != "ratio":
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
    kernel, spread = _CHOSEN.get(own, (own, "common"))
    if word == kernel:
        return spec
    if kernel != "normal" or (word, spread) not in _PARTS:
        beside = f"add {choice('spread', 'common')}: effects of cohorts spread as those of trials"
        apart = "choose it of a model with one tau, such as random-effects"
        raise ModelError(
            f"Model {spec.name}: its heterogeneity is {own!r}, which is not to be {word!r}; "
            f"{apart if spread == 'common' else beside}."
        )
    shelf = load_model(word)
    plain = spec.parts["location"] == "intercept" and all(
        spec.parts[slot] == "none" for slot in ("bias", "power")
    )
    told = shelf if plain else spec
    return replace(
        spec.with_part("heterogeneity", _PARTS[word, spread]),
        title=told.title if plain else f"{told.title}, {_CALLED.get(word, word)} effects",
        summary=told.summary
        if plain
        else told.summary.replace("are normal", f"are {_CALLED.get(word, word)}", 1),
        references=(*spec.references, *shelf.references),
        statement=_kernel_said(spec.statement, word, spread),
    )


def _kernel_said(statement: str, word: str, spread: str) -> str:
    """Return a statement whose study effects are others than normal."""
    variance, scale = re.escape(_VARIANCES[spread]), _scale(spread)
    own = rf"theta\[i\]( +)~ Normal\((.*), (?:{re.escape(scale)}|sqrt\({variance}\))\)"
    found = re.sub(own, _KERNEL_WORDS[word].replace("{scale}", scale), statement)
    for pattern, words in _INTEGRATED.items():
        said = words.get(word, r"\g<0>").replace("{scale}", scale)
        found = re.sub(pattern.replace("{variance}", variance), said, found, count=1)
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
