"""What is true of a model's parameters: numbers, or priors that each simulation draws them from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, PriorLike, is_one_spread
from bayesmeta.calibration.shapes import NORMAL
from bayesmeta.comparison.bayesian import short
from bayesmeta.comparison.setting import Setting
from bayesmeta.errors import AnalysisError, ModelError, PriorError
from bayesmeta.parameters import Parameter
from bayesmeta.priors import draw, is_proper
from bayesmeta.random_effects import translated
from bayesmeta.spec import Prior, prior_from_toml
from bayesmeta.summaries.digits import MINUS

type Truth = float | PriorLike

_ESTIMATES = {schema.ESTIMATE, schema.STANDARD_ERROR}


@dataclass(frozen=True, eq=False)
class ModelTruth:
    """A model that tables are drawn from.

    Parameters
    ----------
    assembly
        The model on the design's table, with the priors of what is drawn.
    values
        By parameter, of those that are a number.
    """

    assembly: Assembly
    values: Mapping[str, float]

    @property
    def priors(self) -> dict[str, Prior]:
        """Priors that the truth is drawn from; empty unless all that the model has free is."""
        asked = {name for name in self.values if name not in self.assembly.fixed}
        return {} if asked else dict(self.assembly.priors)

    @property
    def described(self) -> list[str]:
        """What is true, a few words a parameter, then of which effects and model."""
        named = [said(item.name, self._of(item)) for item in self.assembly.parameters]
        model = self.assembly.model
        return [*named, f"{model.parts['heterogeneity']} study effects", f"model {model.name}"]

    def _of(self, item: Parameter) -> float | Prior:
        value = self.values.get(item.name, self.assembly.fixed.get(item.name))
        return self.assembly.priors[item.name] if value is None else value

    def drawn(
        self, size: int, generator: np.random.Generator
    ) -> tuple[FloatArray, dict[str, FloatArray]]:
        """Return coefficients, shape (size, coefficient), and hyperparameters, each (size,)."""
        context = self.assembly.context

        def one(item: Parameter) -> FloatArray:
            value = self._of(item)
            if isinstance(value, Prior):
                return draw(value, size, seed=generator, context=context)
            return np.full(size, value)

        found = {item.name: one(item) for item in self.assembly.parameters}
        names = self.assembly.coefficients
        coefficients = np.stack([found.pop(name) for name in names], axis=-1)
        return coefficients, found

    def require(self, *, shape: str, estimated_sd: bool) -> None:
        """Raise unless tables can be drawn so.

        Raises
        ------
        AnalysisError
            If the shape is another than the model's, or standard errors that are estimated would
            change more of the model than what is known of each estimate.
        """
        model, alone = self.assembly.model, not self.assembly.parts.sampling.ROLES
        if shape != NORMAL:
            raise AnalysisError(
                f"Study effects are drawn from model {model.name}, so that there is no other shape "
                f"{shape!r} of them; leave shape out, or name no model."
            )
        if estimated_sd and not (alone and self.assembly.coefficients == (schema.MU,)):
            raise AnalysisError(
                "estimated_sd is of independent studies around one mean, and model "
                f"{model.name} has more; leave it out, or name no model."
            )


def truths(mu: Truth, tau: Truth, further: Mapping[str, Truth] | None) -> dict[str, Truth]:
    """Return what is true, by parameter.

    Raises
    ------
    AnalysisError
        If mu or tau is said twice, or what is further true is no mapping.
    """
    if further is not None and not isinstance(further, Mapping):
        raise AnalysisError(
            f'truth is {further!r}; say it by parameter, such as {{"tau_within": 3}}.'
        )
    own = {schema.MU: mu, schema.TAU: tau}
    if twice := [name for name in further or {} if name in own]:
        raise AnalysisError(f"truth: {twice[0]} has an argument of its own; say it there.")
    return {**own, **(further or {})}


def truth_of(
    setting: Setting, given: Mapping[str, Truth], own: Mapping[str, PriorLike]
) -> ModelTruth | None:
    """Return what is true of a model; None where it is one tau around one mean.

    Parameters
    ----------
    setting
        The model on the design's table.
    given
        Numbers, or priors, by parameter or by vector; what is not there is drawn from the
        analysis' own prior.
    own
        The analysis' own priors, where they are not the model's.

    Raises
    ------
    AnalysisError, ModelError, PriorError
        If no tables can be drawn from the model, or not so.
    """
    flat = setting.flat
    _require_drawn(flat)
    _require_parameters(flat, given)
    if is_one_spread(flat.model) and flat.coefficients == (schema.MU,) and flat.hyperparameters:
        return None
    numbers = {name: number(value) for name, value in given.items()}
    of = {item.name: numbers.get(item.name, numbers.get(item.variable)) for item in flat.parameters}
    values = {name: float(value) for name, value in of.items() if isinstance(value, float | int)}
    stated = _parsed({**setting.spec.priors, **own, **_without(of, values)})
    held = {**flat.priors, **{name: Prior.fixed(value) for name, value in flat.fixed.items()}}
    priors = {name: held[name] for name in values} | {
        item.name: stated.get(item.name, stated.get(item.variable))
        for item in flat.parameters if item.name not in values
    }  # fmt: skip
    known = {name: prior for name, prior in priors.items() if prior is not None}
    assembly = flat.under(replace(flat.model, priors=translated(flat.parts.heterogeneity, known)))
    for item in assembly.parameters:
        least, most = item.support
        value = values.get(item.name, assembly.priors.get(item.name))
        if value is not None:
            require_truth(item.name, value, least=least, most=most)
    return ModelTruth(assembly, values)


def _without(of: Mapping[str, Truth | None], values: Mapping[str, float]) -> dict[str, PriorLike]:
    return {name: value for name, value in of.items() if value is not None and name not in values}


def _parsed(priors: Mapping[str, PriorLike]) -> dict[str, Prior]:
    return {name: prior_from_toml(value, where=name) for name, value in priors.items()}


def _require_drawn(flat: Assembly) -> None:
    """Raise unless a model draws estimates, around one mean."""
    model, columns = flat.model, flat.parts.likelihood.COLUMNS
    if set(columns) != _ESTIMATES:
        raise ModelError(
            f"calibrate draws estimates, and the likelihood {model.parts['likelihood']!r} of model "
            f"{model.name} reads {', '.join(columns)}; calibrate the normal likelihood of the same "
            "studies, such as model random-effects."
        )
    if schema.MU not in flat.coefficients:
        raise ModelError(
            f"calibrate asks about one mean, and the location {model.parts['location']!r} of model "
            f"{model.name} has {', '.join(flat.coefficients)}; calibrate a table of one outcome."
        )


def _require_parameters(flat: Assembly, given: Mapping[str, Truth]) -> None:
    """Raise where something is true of what the model has not; no heterogeneity is none."""
    known = {name for item in flat.parameters for name in (item.name, item.variable)}
    odd = [name for name, value in given.items() if name not in known
           and not (name == schema.TAU and number(value) == 0)]  # fmt: skip
    if odd:
        raise AnalysisError(
            f"Model {flat.model.name} has no parameter {odd[0]!r} that could be true; it has: "
            f"{', '.join(item.name for item in flat.parameters)}."
        )


def number(value: Truth) -> Truth:
    """Return a number that is written as text as one.

    Examples
    --------
    >>> number("2.5"), number("HalfNormal(sigma=1)")
    (2.5, 'HalfNormal(sigma=1)')
    """
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def require_truth(
    name: str, value: float | Prior, *, least: float = -np.inf, most: float = np.inf
) -> None:
    """Raise unless a number can be true of a parameter, or a prior can draw one.

    Raises
    ------
    AnalysisError, PriorError
        If not.
    """
    if isinstance(value, Prior):
        if not is_proper(value):
            raise PriorError(f"{name}: nothing can be drawn from {value}; give a proper prior.")
        return
    if not np.isfinite(value) or not least <= value <= most:
        ends = {"at least": least, "at most": most}
        told = [f"{word} {end:g}" for word, end in ends.items() if np.isfinite(end)]
        raise AnalysisError(
            f"{name} is {value}; it must be a finite number{''.join(f', {one}' for one in told)}."
        )


def said(name: str, value: float | Prior) -> str:
    """Return what is true of a parameter, in words.

    Examples
    --------
    >>> said("tau", 2.0), said("tau", Prior("HalfNormal", {"sigma": 5.0}))
    ('tau = 2', 'tau drawn from HalfNormal(sigma=5)')
    """
    return (
        f"{name} drawn from {short(value)}"
        if isinstance(value, Prior)
        else f"{name} = {value:g}".replace("-", MINUS)
    )
