"""What kind of model its parts make it, and what a verb requires of it."""

from bayesmeta.assembly.parts import REGISTERS, Parts, parts_of
from bayesmeta.covariance import NO_LAYOUT
from bayesmeta.errors import ModelError
from bayesmeta.random_effects import kernel_of
from bayesmeta.spec import ModelSpec
from bayesmeta.studies.wording import choice


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
    slot = "" if is_conjugate(spec) else _in_the_way(parts)
    if slot:
        raise ModelError(_unknown_together(slot, spec))
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
    known = kernel and independent and not _in_the_way(parts)
    return not is_conjugate(spec) and parts.likelihood.LINE and known


def _in_the_way(parts: Parts) -> str:
    """Return the slot of a part that does not go with the others row by row; empty for none.

    Powers and biases of rows look at normal estimates; of two parameters of one name none is.
    """
    slot = "power" if parts.power.ROLES else "" if parts.bias.CERTAIN else "bias"
    twice = {item.name for item in parts.bias.parameters(NO_LAYOUT)} & {
        item.name for item in parts.heterogeneity.parameters(NO_LAYOUT)
    }
    return slot if slot and (twice or not parts.likelihood.CONJUGATE) else ""


def _unknown_together(slot: str, spec: ModelSpec) -> str:
    parts = parts_of(spec)
    if not parts.likelihood.CONJUGATE:
        return (
            f"Model {spec.name}: the {slot} {spec.parts[slot]!r} is of normal estimates, not of "
            f"the likelihood {spec.parts['likelihood']!r}; take design-bias, or normal ones."
        )
    return (
        f"Model {spec.name}: the {slot} {spec.parts[slot]!r} and the heterogeneity "
        f"{spec.parts['heterogeneity']!r} each have a parameter of one name; take the "
        "heterogeneity student-t, or a normal one."
    )


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
