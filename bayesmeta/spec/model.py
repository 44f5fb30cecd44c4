"""A statistical model as data, read from its TOML file and written back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import escape
from pathlib import Path
from types import MappingProxyType

from bayesmeta.errors import ModelError
from bayesmeta.spec.parsing import prior_from_toml
from bayesmeta.spec.prior import Prior
from bayesmeta.spec.toml import UnreadableError, parse_toml, read_text, shown

SLOTS = {
    "location": None,
    "bias": "none",
    "heterogeneity": None,
    "sampling": "independent",
    "likelihood": None,
    "power": "none",
}
"""The slots of a model file, with the part that stands there where the file names none."""

_TEXTS = ("title", "summary", "statement")
_KEYS = (*_TEXTS, *SLOTS, "references", "priors", "roles")
_KEPT = 64
_NEEDED = tuple(key for key in _KEYS if SLOTS.get(key) is None and key != "roles")


@dataclass(frozen=True)
class ModelSpec:
    """A statistical model as its TOML file states it.

    Parameters
    ----------
    name
        The file's name without its ending.
    title, summary
        What it is, in a few words and in a sentence.
    references
        Where it comes from.
    statement
        The model as one would write it on a board.
    parts
        Names of its parts, by slot.
    priors
        Default priors by parameter; a parameter that is not mentioned has its part's default.
    roles
        Columns of the table that its parts group rows by, by role: ``{"cluster": "district"}``.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> model = bm.load_model("random-effects")
    >>> model.parts["likelihood"], str(model.priors["tau"])
    ('normal', 'default')
    >>> str(model.with_priors(tau=bm.parse_prior("HalfNormal(sigma=5)")).priors["tau"])
    'HalfNormal(sigma=5)'
    """

    name: str
    title: str
    summary: str
    references: tuple[str, ...]
    statement: str
    parts: Mapping[str, str]
    priors: Mapping[str, Prior]
    roles: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Freeze parts, priors and roles; name the part of each slot."""
        standing = {slot: part for slot, part in SLOTS.items() if part is not None}
        object.__setattr__(self, "parts", MappingProxyType({**standing, **self.parts}))
        object.__setattr__(self, "priors", MappingProxyType(dict(self.priors)))
        object.__setattr__(self, "roles", MappingProxyType(dict(self.roles)))

    def __repr__(self) -> str:
        """Return the model as it is read: title, statement, priors and named columns."""
        priors = [f"{name} ~ {prior}" for name, prior in self.priors.items()]
        roles = [f"{role}: {column}" for role, column in self.roles.items()]
        lines = [f"Model {self.name}: {self.title}", *self.statement.strip().splitlines()]
        return "\n".join([*lines, *priors, *roles])

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"

    def with_priors(self, **priors: Prior) -> "ModelSpec":
        """Return the same model under other priors.

        Examples
        --------
        >>> import bayesmeta as bm
        >>> model = bm.load_model("random-effects")
        >>> str(model.with_priors(tau=bm.parse_prior("HalfNormal(sigma=5)")).priors["tau"])
        'HalfNormal(sigma=5)'
        """
        return replace(self, priors={**self.priors, **priors})

    def with_part(self, slot: str, part: str) -> "ModelSpec":
        """Return the same model with another part in one slot.

        Examples
        --------
        >>> import bayesmeta as bm
        >>> model = bm.load_model("random-effects").with_part("heterogeneity", "student-t")
        >>> model.parts["heterogeneity"]
        'student-t'
        """
        return replace(self, parts={**self.parts, slot: part})

    def with_roles(self, **roles: str) -> "ModelSpec":
        """Return the same model with columns of the table in some roles.

        Examples
        --------
        >>> from bayesmeta.catalogue import load_model
        >>> dict(load_model("nested").with_roles(cluster="district").roles)
        {'cluster': 'district'}
        """
        return replace(self, roles={**self.roles, **roles})


def read_model(path: Path) -> ModelSpec:
    """Return the model that a TOML file states; the file's name is the model's name.

    Raises
    ------
    ModelError
        If the file is not TOML, lacks a key, has an unknown one, or a value of the wrong kind.
    PriorError
        If a prior cannot be read.
    """
    try:
        return _stated(read_text(path), path.stem, str(path))
    except UnreadableError as error:
        raise ModelError(f"{path}: not a readable model file ({error}).") from error


def model_from_toml(text: str, *, name: str, source: str) -> ModelSpec:
    """Return the model that the text of a TOML file states.

    Parameters
    ----------
    name
        The model's name.
    source
        What messages begin with.

    Raises
    ------
    ModelError, PriorError
        As `read_model`.
    """
    try:
        return _stated(text, name, source)
    except UnreadableError as error:
        raise ModelError(f"{source}: not a readable model ({error}).") from error


@lru_cache(_KEPT)
def _stated(text: str, name: str, source: str) -> ModelSpec:
    """Return the model of a text, which every fit and every summary of one reads anew."""
    content = parse_toml(text)
    _check_keys(content, source=source)
    references = _references(content["references"], source=source)
    priors = _priors(content["priors"], source=source)
    roles = _roles(content.get("roles", {}), source=source)
    texts = {key: _text(content[key], source=f"{source}: {key}") for key in _TEXTS}
    named = [slot for slot in SLOTS if slot in content]
    parts = {slot: _text(content[slot], source=f"{source}: {slot}") for slot in named}
    return ModelSpec(
        name=name, references=references, parts=parts, priors=priors, roles=roles, **texts
    )


def _check_keys(content: Mapping[str, object], *, source: str) -> None:
    unknown = [key for key in content if key not in _KEYS]
    missing = [key for key in _NEEDED if key not in content]
    problems = [f"unknown key {', '.join(unknown)}"] if unknown else []
    problems += [f"no key {', '.join(missing)}"] if missing else []
    if problems:
        raise ModelError(f"{source}: {'; '.join(problems)}; a model file has: {', '.join(_KEYS)}.")


def _text(value: object, *, source: str) -> str:
    if not isinstance(value, str):
        raise ModelError(f"{source} is {shown(value)}; a text is needed.")
    return value


def _references(value: object, *, source: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ModelError(f"{source}: references is {shown(value)}; a list of texts is needed.")
    return tuple(_text(item, source=f"{source}: references") for item in value)


def _priors(value: object, *, source: str) -> dict[str, Prior]:
    if not isinstance(value, Mapping):
        raise ModelError(f"{source}: priors is {shown(value)}; a table of priors is needed.")
    return {
        str(key): prior_from_toml(item, where=f"{source}: priors.{key}")
        for key, item in value.items()
    }


def _roles(value: object, *, source: str) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ModelError(f"{source}: roles is {shown(value)}; a table of columns is needed.")
    return {str(key): _text(item, source=f"{source}: roles.{key}") for key, item in value.items()}


def model_to_toml(model: ModelSpec) -> str:
    """Return the model as the text of its TOML file.

    Examples
    --------
    >>> model = ModelSpec("m", "T", "S", ("R",), "y ~ N", {}, {"mu": Prior("flat")})
    >>> print(model_to_toml(model).splitlines()[-1])
    "mu" = "flat"
    """
    lines = [f"{key} = {_quoted(getattr(model, key))}" for key in _TEXTS]
    lines += [f"{slot} = {_quoted(part)}" for slot, part in model.parts.items()]
    lines.append(f"references = [{', '.join(map(_quoted, model.references))}]")
    lines.append("[priors]")
    lines += [f"{_quoted(name)} = {_quoted(str(prior))}" for name, prior in model.priors.items()]
    if model.roles:
        lines.append("[roles]")
        lines += [f"{_quoted(role)} = {_quoted(column)}" for role, column in model.roles.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return a text as TOML: JSON's escapes are TOML's, but for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
