"""The parts of a model, found by the names that its specification gives."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypedDict

from bayesmeta.biases import BIASES, Bias, spread_of
from bayesmeta.covariance import (
    NO_LAYOUT,
    ColumnRole,
    Covariance,
    Layout,
    Rows,
    Shrinkage,
    Values,
    total,
)
from bayesmeta.derived import Contrast, Derived, contrasts_of, derived_of
from bayesmeta.errors import ModelError
from bayesmeta.likelihoods import LIKELIHOODS, Likelihood
from bayesmeta.location import LOCATIONS, Locator
from bayesmeta.parameters import Parameter
from bayesmeta.powers import POWERS, Power
from bayesmeta.random_effects import HETEROGENEITY, Heterogeneity, kernel_of
from bayesmeta.sampling import SAMPLING, Sampling
from bayesmeta.spec import ModelSpec
from bayesmeta.studies.wording import choice

REGISTERS: Mapping[str, Mapping[str, object]] = {
    "location": LOCATIONS,
    "bias": BIASES,
    "heterogeneity": HETEROGENEITY,
    "sampling": SAMPLING,
    "likelihood": LIKELIHOODS,
    "power": POWERS,
}
"""What may stand in each slot."""


class Choices(TypedDict, total=False):
    """What may be chosen of a model's parts by a word or a number, as keywords."""

    spread: str
    ratio: float
    power: float
    shared_bias: bool
    heterogeneity: str


class Roles(Choices, total=False):
    """What may be named for the roles of the parts on the registers, and chosen, as keywords."""

    cluster: str
    trial: str
    outcome: str
    level: str
    covariance: str
    control_arm: str
    weeks: str
    tau_formula: str
    coding: str
    design: str
    reference: str


ROLES = tuple(Roles.__annotations__)

CHOICES_SAID = {
    "spread": "Taus of the designs: common, ratio, own or extra.",
    "ratio": 'How many times tau squared the others have, with spread = "ratio".',
    "power": "How much of the cohorts' likelihood counts, from 0 to 1.",
    "shared_bias": "true where all cohorts, or none, have one bias.",
    "heterogeneity": "How study effects spread: normal, student-t or contaminated.",
}
"""What each choice says, for help texts."""


def named_roles(asked: Mapping[str, object]) -> dict[str, str]:
    """Return what is named for roles, and chosen of parts, among other keywords.

    Examples
    --------
    >>> named_roles({"power": 0, "cluster": "district", "shared_bias": False, "seed": 1})
    {'power': '0', 'cluster': 'district'}
    """
    said = {name: asked[name] for name in ROLES if name in asked}
    return {name: str(value) for name, value in said.items()
            if value is not None and value is not False and value != ""}  # fmt: skip


def roles_said() -> dict[str, str]:
    """Return what each role of a part on the registers says, for help texts.

    Examples
    --------
    >>> roles_said()["cluster"]
    'which rows are of one cluster'
    """
    parts = [part for register in REGISTERS.values() for part in register.values()]
    roles = [role for part in parts for role in getattr(part, "ROLES", ())]
    return CHOICES_SAID | {role.name: role.says for role in roles}


class Parts(NamedTuple):
    """One part a slot: whoever needs arithmetic of the model asks them."""

    location: Locator
    bias: Bias
    heterogeneity: Heterogeneity
    sampling: Sampling
    likelihood: Likelihood
    power: Power

    def hyperparameters(self, layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
        """Return what the parts have besides coefficients; the heterogeneity's come first."""
        parts = (self.heterogeneity, self.sampling, self.likelihood, self.bias, self.power)
        return tuple(parameter for part in parts for parameter in part.parameters(layout))

    def derived(self, layout: Layout) -> tuple[Derived, ...]:
        """Return what the parts say follows from their hyperparameters."""
        parts = (self.heterogeneity, self.sampling, self.likelihood)
        return tuple(item for part in parts for item in derived_of(part, layout))

    def contrasts(self, coefficients: Sequence[str]) -> tuple[Contrast, ...]:
        """Return what the location says follows from its coefficients, by their names."""
        return contrasts_of(self.location, coefficients)

    def nuisance(self, layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
        """Return what stands once a row, integrated by the likelihood."""
        return self.likelihood.nuisance(layout)

    def covariance(self, values: Values, rows: Rows) -> Covariance:
        """Return the covariance of the estimates around their centres, effects integrated out."""
        return total(self.spread(values, rows), self.sampling.covariance(values, rows))

    def spread(self, values: Values, rows: Rows) -> Covariance:
        """Return the covariance of study effects around their centres, biases included."""
        return spread_of(self.heterogeneity, self.bias, values, rows)

    def shrinkage(self, values: Values, rows: Rows) -> Shrinkage:
        """Return how study effects follow from estimates."""
        return Shrinkage(self.spread(values, rows), self.sampling.covariance(values, rows))

    @property
    def roles(self) -> tuple[ColumnRole, ...]:
        """Roles of columns that the parts group rows by, the outermost first."""
        parts = (self.heterogeneity, self.sampling, self.likelihood, self.bias, self.power)
        every = [role for part in parts for role in part.ROLES]
        found: dict[str, ColumnRole] = {}
        for role in every:
            found.setdefault(role.name, role)
        return tuple(found.values())


def parts_of(spec: ModelSpec) -> Parts:
    """Return a model's parts.

    Raises
    ------
    ModelError
        If a part is on no register.

    Examples
    --------
    >>> from bayesmeta.catalogue import load_model
    >>> [parameter.name for parameter in parts_of(load_model("random-effects")).hyperparameters()]
    ['tau']
    """
    for slot, register in REGISTERS.items():
        if spec.parts[slot] not in register:
            raise ModelError(
                f"Model {spec.name}: no {slot} {spec.parts[slot]!r}; known: {', '.join(register)}."
            )
    names = spec.parts
    return Parts(
        LOCATIONS[names["location"]],
        BIASES[names["bias"]],
        HETEROGENEITY[names["heterogeneity"]],
        SAMPLING[names["sampling"]],
        LIKELIHOODS[names["likelihood"]],
        POWERS[names["power"]],
    )


def takes_repeated(spec: ModelSpec) -> bool:
    """Return whether a model knows how several rows of a study hang together.

    Examples
    --------
    >>> from bayesmeta.catalogue import load_model
    >>> takes_repeated(load_model("nested")), takes_repeated(load_model("tau-by-level"))
    (True, False)
    """
    return any(role.joins for role in parts_of(spec).roles)


def is_known(spec: ModelSpec) -> bool:
    """Return whether all of a model's parts are on their registers."""
    return all(spec.parts[slot] in register for slot, register in REGISTERS.items())


def require_conjugate(spec: ModelSpec) -> None:
    """Raise unless study effects integrate out in closed form, given the hyperparameters.

    Raises
    ------
    ModelError
        Naming the part that does not allow it.
    """
    parts = parts_of(spec)
    slot = "" if is_conjugate(spec) else _of_normal_rows(parts)
    if slot:
        raise ModelError(
            f"Model {spec.name}: the {slot} {spec.parts[slot]!r} is of normal estimates and normal "
            f"study effects, not of the likelihood {spec.parts['likelihood']!r} with the "
            f"heterogeneity {spec.parts['heterogeneity']!r}; take design-bias, or normal ones."
        )
    if not parts.heterogeneity.NORMAL:
        raise ModelError(_opaque("heterogeneity", spec))
    if not parts.likelihood.CONJUGATE:
        raise ModelError(_opaque("likelihood", spec))


def is_conjugate(spec: ModelSpec) -> bool:
    """Return whether study effects integrate out in closed form, given the hyperparameters."""
    parts = parts_of(spec)
    return parts.heterogeneity.NORMAL and parts.likelihood.CONJUGATE


def is_line(spec: ModelSpec) -> bool:
    """Return whether each row informs an effect of its own, and no closed form takes it.

    The effects are then integrated row by row, given the hyperparameters and coefficients.

    Examples
    --------
    >>> from bayesmeta.catalogue import load_model
    >>> is_line(load_model("student-t")), is_line(load_model("random-effects"))
    (True, False)
    """
    parts = parts_of(spec)
    independent = not parts.sampling.ROLES and not parts.sampling.parameters(NO_LAYOUT)
    kernel = kernel_of(parts.heterogeneity) is not None
    known = kernel and independent and not _of_normal_rows(parts)
    return not is_conjugate(spec) and parts.likelihood.LINE and known


def _of_normal_rows(parts: Parts) -> str:
    """Return the slot of a part that closed forms alone know; empty where there is none."""
    if parts.power.ROLES:
        return "power"
    return "" if parts.bias.CERTAIN else "bias"


def require_integrable(spec: ModelSpec) -> None:
    """Raise unless an engine integrates the study effects, in closed form or row by row.

    Raises
    ------
    ModelError
        Naming the part that does not allow it.
    """
    if not is_line(spec):
        require_conjugate(spec)


def is_one_spread(spec: ModelSpec, *, biased: bool = False) -> bool:
    """Return whether all there is of heterogeneity is one tau, the SD of normal study effects.

    Parameters
    ----------
    biased
        Whether there may be a bias of cohorts beside it, a coefficient.
    """
    return is_conjugate(spec) and not _other_parts(spec, biased=biased)


def _other_parts(spec: ModelSpec, *, biased: bool) -> dict[str, list[str]]:
    """Return what each slot's part has beside one standard deviation: parameters, or roles."""
    parts = parts_of(spec)
    known = {"bias"} if biased and parts.bias.CERTAIN else set()
    found = {}
    for slot in ("heterogeneity", "sampling", "bias", "power"):
        part = getattr(parts, slot)
        roles = [role.name for role in part.ROLES if slot not in known]
        found[slot] = roles or [item.name for item in part.parameters(NO_LAYOUT)]
    spread = parts.heterogeneity.SPREAD
    return {slot: names for slot, names in found.items() if names and names != [spread]}


def require_one_spread(spec: ModelSpec, verb: str, *, biased: bool = False) -> None:
    """Raise unless all there is of heterogeneity is one tau, the SD of normal study effects.

    Parameters
    ----------
    verb
        What was asked for: it knows no other model.
    biased
        As in `is_one_spread`.

    Raises
    ------
    ModelError
        Naming the part that is another.
    """
    require_conjugate(spec)
    for slot, names in _other_parts(spec, biased=biased).items():
        of_cohorts = biased and slot == "heterogeneity" and "design" in names
        remedy = f"; add {choice('spread', 'common')}" if of_cohorts else ""
        raise ModelError(
            f"{verb} knows one tau, the standard deviation of study effects, and not the {slot} "
            f"{spec.parts[slot]!r} of model {spec.name} ({', '.join(names)}){remedy}."
        )


def _opaque(slot: str, spec: ModelSpec) -> str:
    return (
        f"Study effects do not integrate out in closed form with the {slot} "
        f'{spec.parts[slot]!r} of model {spec.name}; use engine="nuts" with form="hierarchical".'
    )
