"""Which parameters lack a prior where defaults cannot be brought to the outcome's unit."""

from collections.abc import Sequence

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter
from bayesmeta.priors import resolve
from bayesmeta.spec import ModelSpec, Prior
from bayesmeta.studies.wording import language


def resolved(
    spec: ModelSpec, parameters: Sequence[Parameter], effects: Effects, design: FloatArray
) -> dict[str, Prior]:
    """Return the priors of a model's parameters, in the outcome's unit.

    Raises
    ------
    PriorError
        As `resolve`; where it is participants that are not known, with the names of all
        parameters that lack a prior in the outcome's unit.
    """
    try:
        return resolve(spec.priors, parameters, effects, design)
    except PriorError as error:
        lacking = _lacking(spec, parameters, effects, design) if effects.n is None else []
        if not lacking or "participants" not in str(error):
            raise
        raise type(error)(_said(lacking)) from error


def _said(lacking: Sequence[str]) -> str:
    return (
        f"No prior in the outcome's unit for {', '.join(lacking)}, and no unit-information SD to "
        "scale the defaults by: the table of studies does not say how many participants each "
        f"study had. Add a column n, or state priors: {_typed(lacking)}."
    )


def _typed(lacking: Sequence[str]) -> str:
    """Return what to type, in the language in which it is read; the numbers are the reader's."""
    stated = {
        name: "HalfNormal(sigma=...)" if name.startswith("tau") else "Normal(mu=0, sigma=...)"
        for name in lacking
    }
    if language() == "command line":
        return " ".join(f'--prior "{name}={prior}"' for name, prior in stated.items())
    if language() == "toml":
        return " and ".join(f'priors."{name}" = "{prior}"' for name, prior in stated.items())
    return f"priors={stated}".replace("'", '"')


def _lacking(
    spec: ModelSpec, parameters: Sequence[Parameter], effects: Effects, design: FloatArray
) -> list[str]:
    found = []
    for parameter in parameters:
        names = (parameter.name, parameter.variable)
        own = {name: spec.priors[name] for name in names if name in spec.priors}
        try:
            resolve(own, (parameter,), effects, design)
        except PriorError:
            found.append(parameter.name)
    return found
