"""A model's statement resolved on a table's effects: design, and priors in the outcome's unit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bayesmeta.catalogue import load_model
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.heterogeneity import HETEROGENEITY
from bayesmeta.likelihoods import LIKELIHOODS
from bayesmeta.location import LOCATIONS, Location
from bayesmeta.measures.effects import Effects, FloatArray
from bayesmeta.priors import LARGEST, SMALLEST, resolve
from bayesmeta.schema import MU, TAU, slope
from bayesmeta.spec import ModelSpec, Prior, prior_from_toml

type PriorLike = Prior | str | Mapping[str, object]


@dataclass(frozen=True, eq=False)
class Assembly:
    """What an engine takes: parts, data and resolved priors.

    Parameters
    ----------
    model
        The model as stated, with the user's priors in place.
    effects
        The rows used.
    location
        Design matrix and what it was made of.
    priors
        ``mu``, ``tau`` (unless common-effect), one ``beta[term]`` a slope; in the outcome's unit.
    """

    model: ModelSpec
    effects: Effects
    location: Location
    priors: Mapping[str, Prior]

    def __post_init__(self) -> None:
        """Freeze the priors."""
        object.__setattr__(self, "priors", MappingProxyType(dict(self.priors)))

    @property
    def design(self) -> FloatArray:
        """Design matrix, shape (study, coefficient): ones, then centred slope columns."""
        return self.location.design

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the slopes."""
        return self.location.terms

    @property
    def coefficients(self) -> tuple[str, ...]:
        """``mu``, then the slopes, as the posterior names them."""
        return (MU, *(slope(term) for term in self.terms))

    @property
    def has_tau(self) -> bool:
        """Whether study effects differ."""
        return TAU in self.priors


def assemble(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    moderators: str | None = None,
    priors: Mapping[str, PriorLike] | None = None,
    missing: str = "error",
) -> Assembly:
    """Return a model resolved on effects.

    Parameters
    ----------
    model
        Name on the shelf, path of a model file, or a ``ModelSpec``; by default
        ``"meta-regression"`` where there are moderators and ``"random-effects"`` otherwise.
    moderators
        Formula in the table's columns.
    priors
        Priors that replace the model's: ``{"tau": "HalfNormal(sigma=5)"}``.
    missing
        ``"error"``, or ``"drop"`` for rows without a moderator's value.

    Raises
    ------
    ModelError, PriorError, StudiesError
        If the parts do not fit each other or the table.
    """
    spec = load_model(model or ("meta-regression" if moderators else "random-effects"))
    _require_parts(spec)
    own = {
        name: prior_from_toml(prior, where=f"prior {name}")
        for name, prior in (priors or {}).items()
    }
    spec = spec.with_priors(**own)
    used, location = LOCATIONS[spec.location](effects, moderators, missing=missing)
    _require_sizes(used)
    resolved = resolve(
        spec.priors, used, location.design, location.terms, has_tau=spec.heterogeneity != "none"
    )
    return Assembly(model=spec, effects=used, location=location, priors=resolved)


def _require_sizes(effects: Effects) -> None:
    """Raise where the square of an estimate or a standard error would be no number."""
    for label, estimate, error in zip(
        effects.labels, effects.estimate, effects.standard_error, strict=True
    ):
        if not (SMALLEST <= error <= LARGEST and abs(estimate) <= LARGEST):
            raise StudiesError(
                f"{label}: the estimate is {estimate:g} with standard error {error:g}; numbers up "
                f"to {LARGEST:g}, and standard errors from {SMALLEST:g} on, are computed with. "
                "State the outcome in another unit."
            )


def _require_parts(spec: ModelSpec) -> None:
    slots: dict[str, Collection[str]] = {
        "location": LOCATIONS,
        "heterogeneity": HETEROGENEITY,
        "likelihood": LIKELIHOODS,
    }
    for slot, register in slots.items():
        name = getattr(spec, slot)
        if name not in register:
            raise ModelError(
                f"Model {spec.name}: no {slot} {name!r}; known: {', '.join(register)}."
            )
