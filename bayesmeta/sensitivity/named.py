"""The named set of priors that are looked at side by side."""

from collections.abc import Mapping, Sequence

from bayesmeta import schema
from bayesmeta.assembly import Assembly, PriorLike
from bayesmeta.catalogue import load_model, model_names
from bayesmeta.errors import AnalysisError, UnknownScaleError
from bayesmeta.priors import knows_unit_information, normal, standing
from bayesmeta.sensitivity.empirical import empirical_taus
from bayesmeta.sensitivity.families import ScaleFamily, scale_in
from bayesmeta.spec import UISD, Prior, prior_from_toml

OWN = "own"
DEFAULT = "default"


def named_priors(
    assembly: Assembly, named: Mapping[str, Mapping[str, PriorLike]] | None = None
) -> dict[str, Assembly]:
    """Return the model under each named set of priors.

    Always the analysis' own priors (``own``), the model's defaults where they differ
    (``default``; what has none on the measure's scale keeps its own), half-normals on tau: of 0.25
    and 0.5 unit-information SDs (where those are known), of 0.25, 0.5 and 1 on log ratios; and the
    published distribution of tau for the measure, where there is one. A set that says the same as
    one before it is left out.

    Parameters
    ----------
    named
        Further sets: ``{"sceptical": {"mu": "Normal(mu=0, sigma=5)"}}``; parameters that a set
        does not mention keep the analysis' own prior.

    Raises
    ------
    PriorError, AnalysisError
        If a set cannot be resolved, or takes one of the names above.
    """
    found = {OWN: assembly}
    for name, priors in _standing(assembly).items():
        candidate = with_priors(assembly, priors, where=name)
        if all(candidate.priors != known.priors for known in found.values()):
            found[name] = candidate
    for name, given in (named or {}).items():
        if name in found:
            raise AnalysisError(f"named: {name!r} is taken; choose another name.")
        found[name] = with_priors(assembly, given, where=name)
    return found


def with_priors(assembly: Assembly, priors: Mapping[str, PriorLike], *, where: str) -> Assembly:
    """Return the same table and design under other priors, resolved on that table.

    Raises
    ------
    PriorError
        If a prior is unknown, unsuited, or its unit cannot be resolved.
    """
    own = {key: prior_from_toml(value, where=f"{where}: {key}") for key, value in priors.items()}
    stated = {**_own_slopes(assembly, own), **own}
    spec = assembly.model.with_priors(**stated)
    return assembly.under(spec)


def _own_slopes(assembly: Assembly, given: Mapping[str, Prior]) -> dict[str, Prior]:
    """Return general priors in place of slopes' own, where a set speaks of all slopes."""
    if schema.BETA not in given:
        return {}
    return {
        name: given[schema.BETA]
        for name in assembly.coefficients[1:]
        if name in assembly.model.priors
    }


def _standing(assembly: Assembly) -> dict[str, dict[str, Prior]]:
    return _scaled(assembly) | _empirical(assembly)


def _empirical(assembly: Assembly) -> dict[str, dict[str, Prior]]:
    if not assembly.hyperparameters:
        return {}
    return {name: {schema.TAU: prior} for name, prior in empirical_taus(assembly.effects).items()}


def _scaled(assembly: Assembly) -> dict[str, dict[str, Prior]]:
    usual = standing(assembly.effects.measure)
    if usual.unit == UISD and not knows_unit_information(assembly.effects):
        return {}
    found: dict[str, dict[str, Prior]] = {}
    if assembly.model.name in model_names():
        found[DEFAULT] = _defaults(assembly)
    if assembly.hyperparameters:
        found |= {name: {schema.TAU: prior} for name, prior in usual.spreads.items()}
    return found


def _defaults(assembly: Assembly) -> dict[str, Prior]:
    """Return the model's priors, without those that have no default on the measure's scale."""
    stated = load_model(assembly.model.name).priors
    return {name: prior for name, prior in stated.items() if _is_known(assembly, name, prior)}


def _is_known(assembly: Assembly, name: str, prior: Prior) -> bool:
    try:
        with_priors(assembly, {name: prior}, where=DEFAULT)
    except UnknownScaleError:
        return False
    return True


def named_places(
    named: Mapping[str, Assembly], families: Sequence[ScaleFamily], coefficient: str, tau: str
) -> dict[str, tuple[str, list[str] | list[float]]]:
    """Return where named priors lie on a map, as variables of dims (named,).

    Those whose tau prior is of another family, or whose coefficient prior is not normal, do not.
    """
    rows = []
    for name, assembly in named.items():
        for family in families:
            scale = scale_in(family, assembly.priors[tau])
            sd = _sd(assembly.priors[coefficient])
            if scale is not None and sd is not None:
                rows.append((name, family.name, scale, sd))
    columns = tuple(zip(*rows, strict=True)) or ((), (), (), ())
    names = ("label", "named_family", "named_tau_scale", "named_mu_sd")
    return {name: ("named", list(column)) for name, column in zip(names, columns, strict=True)}


def _sd(prior: Prior) -> float | None:
    found = normal(prior)
    return None if found is None else found.sd
