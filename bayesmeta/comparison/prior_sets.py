"""The sets of priors that a comparison has rows for, by the rows' names."""

from collections.abc import Mapping, Sequence
from typing import cast

from bayesmeta import schema
from bayesmeta.assembly import PriorLike
from bayesmeta.comparison.setting import Setting
from bayesmeta.errors import PriorError
from bayesmeta.parameters import Usual
from bayesmeta.priors import standing

type PriorSet = Mapping[str, PriorLike]
type PriorChoices = PriorSet | Mapping[str, PriorSet] | Sequence[PriorSet]

OWN, DEFAULT = "own", "default"


def prior_sets(setting: Setting, priors: PriorChoices | None = None) -> dict[str, PriorSet]:
    """Return the sets of priors, each what it replaces of the model's; the analysis' own first.

    Parameters
    ----------
    priors
        One set by parameter, ``{"tau": "HalfNormal(sigma=5)"}``, is the analysis' own; several by
        name, ``{"sceptical": {"mu": "Normal(mu=0, sigma=5)"}}``, or in a list, come after the
        standing ones: the model's default, and half-normals on tau, of 0.25 and 0.5 uisd or,
        on log ratios, of 0.25, 0.5 and 1; one that is the default itself is not there twice.

    Raises
    ------
    PriorError
        If priors are neither, or a name is taken.
    """
    own, named = sorted_out(priors)
    found: dict[str, PriorSet] = {**({OWN: own} if own else {}), DEFAULT: {}}
    if setting.flat.hyperparameters:
        usual = standing(setting.flat.effects.measure)
        found |= {name: {**own, schema.TAU: prior} for name, prior in usual.spreads.items()
                  if own or prior != usual.priors[Usual.SPREAD]}  # fmt: skip
    for name, chosen in named.items():
        if name in (*found, OWN):
            raise PriorError(f"priors: the name {name!r} is taken; choose another.")
        found[name] = {**own, **chosen}
    return found


def sorted_out(priors: PriorChoices | None) -> tuple[PriorSet, dict[str, PriorSet]]:
    """Return the analysis' own priors, and further sets by name.

    Examples
    --------
    >>> sorted_out({"tau": "HalfNormal(sigma=5)"})
    ({'tau': 'HalfNormal(sigma=5)'}, {})
    >>> sorted_out([{"tau": "HalfNormal(sigma=5)"}])[1].keys()
    dict_keys(['tau ~ HalfNormal(sigma=5)'])
    """
    if not priors:
        return {}, {}
    if isinstance(priors, Mapping):
        if all(_is_set(value) for value in priors.values()):
            return {}, cast("dict[str, PriorSet]", dict(priors))
        return priors, {}
    wrong = [item for item in priors if not _is_set(item)]
    if isinstance(priors, str) or wrong:
        raise PriorError(
            f"priors: {priors if isinstance(priors, str) else wrong[0]!r} is no set of priors; "
            'write {"tau": "HalfNormal(sigma=5)"}.'
        )
    return {}, {_described(item): item for item in priors}


def _is_set(value: object) -> bool:
    """Return whether a value is a set of priors; a prior as a table names its distribution."""
    return isinstance(value, Mapping) and "distribution" not in value


def _described(chosen: PriorSet) -> str:
    return ", ".join(f"{name} ~ {prior}" for name, prior in chosen.items())
