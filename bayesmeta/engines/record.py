"""What a posterior says of itself: its model, priors, data, notes and the versions that made it."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from platform import python_version
from types import MappingProxyType

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, units
from bayesmeta.engines.settings import Settings
from bayesmeta.engines.versions import version_of
from bayesmeta.measures import MEASURES
from bayesmeta.spec import model_to_toml

SHOWN = "For the estimates shown alone"
"""Said before what was done to counts to have estimates, where the model reads the counts."""


def attributes(
    assembly: Assembly, settings: Settings, *, notes: tuple[str, ...]
) -> dict[str, str | int | float]:
    """Return the attributes of a DataTree, from which whoever reads it knows the model again.

    Parameters
    ----------
    notes
        What the engine says, after what the effects do.
    """
    effects = assembly.effects
    priors = {name: str(prior) for name, prior in assembly.stated().items()}
    return {
        "measure": effects.measure,
        "unit": effects.unit,
        "units": json.dumps(units(assembly)),
        "outcome": effects.outcome,
        "model": assembly.model.name,
        "specification": model_to_toml(assembly.model),
        "priors": json.dumps(priors),
        "coefficients": json.dumps(assembly.coefficients),
        "hyperparameters": json.dumps([item.name for item in assembly.hyperparameters]),
        "formula": assembly.location.formula,
        "seed": settings.seed,
        "settings": json.dumps(settings.said()),
        "dropped": json.dumps([item._asdict() for item in effects.dropped]),
        "notes": json.dumps([*told(assembly, effects.notes), *notes]),
        "provenance": json.dumps(_made_of(assembly)),
        "versions": json.dumps(dict(versions())),
        "data_sha256": fingerprint(assembly),
    }


def told(assembly: Assembly, notes: Iterable[str]) -> list[str]:
    """Return the effects' notes; those on estimates that are merely shown say so."""
    done = tuple(_first_upper(said) for said in _shown_alone(assembly))
    return [f"{SHOWN}: {note}" if note.startswith(done) else note for note in notes]


def _made_of(assembly: Assembly) -> list[dict[str, str | list[str]]]:
    """Return what each row was made of; what was done to show an estimate alone says so."""
    alone, rows = _shown_alone(assembly), assembly.effects.made_of
    for row in rows:
        said = row["conversions"]
        row["conversions"] = [f"{SHOWN}: {one}" if one in alone else one for one in said]
    return rows


def _shown_alone(assembly: Assembly) -> tuple[str, ...]:
    """Return what making estimates of counts does that a likelihood of the counts does not."""
    if not assembly.data:
        return ()
    effect = MEASURES[assembly.effects.measure].effect(assembly.data)
    return (*effect.converted, *effect.remarks)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def versions() -> Mapping[str, str]:
    """Return the versions that made a posterior."""
    packages = ("bayesmeta", "numpy", "scipy", "xarray", "pymc", "nutpie", "arviz")
    installed = {name: version_of(name) for name in packages}
    return MappingProxyType({"python": python_version(), **installed})


def fingerprint(assembly: Assembly) -> str:
    """Return the SHA-256 of what was analysed: labels, estimates, standard errors, design."""
    effects = assembly.effects
    return data_digest(effects.labels, (effects.estimate, effects.standard_error, assembly.design))


def data_digest(labels: Sequence[str], arrays: Iterable[FloatArray]) -> str:
    """Return the SHA-256 of labels, then of arrays."""
    digest = hashlib.sha256("\n".join(labels).encode())
    for array in arrays:
        digest.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
    return digest.hexdigest()
