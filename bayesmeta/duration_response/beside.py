"""What a model says beside the mean that a shape stands for: its parts on a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import is_line, parts_of, require_conjugate, with_choices
from bayesmeta.assembly.layout import laid_out, with_columns
from bayesmeta.assembly.parts import Parts
from bayesmeta.catalogue import load_model
from bayesmeta.covariance import NO_LAYOUT, Layout, Use
from bayesmeta.duration_response.new_study import kind_of
from bayesmeta.errors import ModelError
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter
from bayesmeta.schema import IS_COHORT
from bayesmeta.spec import ModelSpec
from bayesmeta.studies.wording import choice

PLAIN = "random-effects"
_KNOWN = ("intercept", "formula")
"""Locations that the shapes stand for."""


@dataclass(frozen=True, eq=False)
class Beside:
    """A model's parts on a table; what they say of the mean is left to the shapes.

    Parameters
    ----------
    spec
        The model.
    layout
        How the rows hang together.
    kind
        Which kind of new study is predicted; empty where all are alike.
    """

    spec: ModelSpec
    layout: Layout = NO_LAYOUT
    kind: str = ""

    @property
    def parts(self) -> Parts:
        """The model's parts."""
        return parts_of(self.spec)

    @property
    def hyperparameters(self) -> tuple[Parameter, ...]:
        """What the parts have besides coefficients, and what is latent with a prior of its own."""
        return (*self.parts.hyperparameters(self.layout), *self.parts.bias.LATENT)

    @property
    def cohort(self) -> FloatArray | None:
        """1 for cohorts, which have a bias in common, shape (study,); None where there is none."""
        return self.layout.marks[IS_COHORT] if self.parts.bias.COEFFICIENTS else None

    @property
    def settings(self) -> tuple[str, ...]:
        """Columns that say of which kind a new study is."""
        part = self.parts.heterogeneity
        return (self.spec.roles.get(part.KIND, part.KIND),) if self.kind else ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the table that it reads."""
        named = {role.name: self.spec.roles.get(role.name, role.default)
                 for role in self.parts.roles if role.use in (Use.GROUPS, Use.MARK)}  # fmt: skip
        return tuple(dict.fromkeys(column for column in named.values() if column))


@cache
def plain() -> Beside:
    """Return one tau, and no bias: what stands beside the shapes where nobody names a model."""
    return Beside(load_model(PLAIN))


def beside(
    effects: Effects,
    model: str | Path | ModelSpec | None,
    roles: Mapping[str, str],
    at: Mapping[str, str | float],
) -> Beside:
    """Return what a model says beside the mean.

    Parameters
    ----------
    roles
        What is named for roles, and chosen of parts.
    at
        Where predictions are asked for: it may say of which kind a new study is.

    Raises
    ------
    ModelError
        If rows depend on each other, there is no tau, estimates are not normal, or the mean is
        another than the shapes stand for.
    """
    if model is None and not roles:
        return plain()
    spec = with_choices(load_model(model or PLAIN), roles)
    _require_normal(spec)
    _require_known(spec)
    parts = parts_of(spec)
    with_columns(spec, parts, effects, missing="error")
    layout = laid_out(spec, parts, effects)
    return Beside(spec, layout, kind_of(spec, layout, at))


def _require_known(spec: ModelSpec) -> None:
    """Raise where the shapes stand for another mean, or rows are not one by one."""
    parts = parts_of(spec)
    joined = [slot for slot in ("heterogeneity", "sampling", "bias", "power")
              if any(role.joins for role in getattr(parts, slot).ROLES)]  # fmt: skip
    if spec.parts["location"] not in _KNOWN:
        joined = ["location"]
    elif parts.sampling.parameters(NO_LAYOUT) or parts.sampling.ROLES:
        joined = [*joined, "sampling"]
    elif not _spreads(parts):
        joined = ["heterogeneity"]
    if joined:
        slot = joined[0]
        raise ModelError(
            "duration knows a mean that moves with the duration, and effects that spread study by "
            f"study, and not the {slot} {spec.parts[slot]!r} of model {spec.name}; leave the model "
            f"out, or fit one line with {choice('moderators', 'duration_weeks')}."
        )


def _spreads(parts: Parts) -> bool:
    """Return whether study effects spread at all."""
    return bool(parts.heterogeneity.ROLES or parts.heterogeneity.parameters(NO_LAYOUT))


def is_asked_by_study(spec: ModelSpec) -> bool:
    """Return whether, given tau, what each study says is no normal density of its centre.

    Examples
    --------
    >>> is_asked_by_study(load_model("student-t")), is_asked_by_study(load_model("random-effects"))
    (True, False)
    """
    return is_line(spec) and parts_of(spec).likelihood.CONJUGATE


def _require_normal(spec: ModelSpec) -> None:
    if is_asked_by_study(spec):
        _require_no_spike(spec)
        return
    if is_line(spec):
        raise ModelError(
            f"duration weighs shapes of estimates, not under the likelihood "
            f"{spec.parts['likelihood']!r}: no exact engine integrates such shapes of several "
            f"columns; fit one line with {choice('moderators', 'duration_weeks')} and model "
            f"{spec.name}, or leave each study out in turn to see what it does."
        )
    require_conjugate(spec)


def _require_no_spike(spec: ModelSpec) -> None:
    bias = parts_of(spec).bias
    if bias.COEFFICIENTS and not bias.CERTAIN:
        raise ModelError(
            f"duration does not weigh shapes under the bias {spec.parts['bias']!r} beside the "
            f"heterogeneity {spec.parts['heterogeneity']!r}: take biases of each cohort's own, or "
            "normal study effects."
        )
