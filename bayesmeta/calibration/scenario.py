"""What is true in a simulation, and which studies look at it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.calibration.design import Design, design_of
from bayesmeta.calibration.model_truth import ModelTruth, Truth, number, require_truth, said
from bayesmeta.calibration.shapes import SHAPES
from bayesmeta.comparison.setting import FLAT, UNIFORM
from bayesmeta.errors import AnalysisError
from bayesmeta.location import MU
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import Context, draw, resolve
from bayesmeta.random_effects.normal import TAU
from bayesmeta.spec import Prior, prior_from_toml
from bayesmeta.studies.wording import number_of

_SHAPES = {
    "normal": "normal study effects",
    "skewed": "skewed study effects (exponential)",
    "t": "heavy-tailed study effects (t, 4 degrees of freedom)",
}
_FEWEST = 3  # participants of a study whose SD is estimated: n - 2 degrees of freedom


@dataclass(frozen=True, eq=False)
class Scenario:
    """What is true in a simulation, checked.

    Parameters
    ----------
    design
        The studies: standard errors, and participants where known; estimates are not used.
    mu, tau
        A number, or the prior that each simulation draws it from, in the outcome's unit.
    shape
        Of the distribution of study effects, a name in ``SHAPES``.
    estimated_sd
        Whether analyses see standard errors from SDs estimated on the studies' participants.
    own
        What is true of a model that is more than one tau around one mean; None for that one.
    """

    design: Effects
    mu: float | Prior
    tau: float | Prior
    shape: str
    estimated_sd: bool
    own: ModelTruth | None = None

    @property
    def priors(self) -> dict[str, Prior]:
        """Priors that the truth is drawn from; empty unless all of it is drawn."""
        if self.own is not None:
            return self.own.priors
        found = {schema.MU: self.mu, schema.TAU: self.tau}
        drawn = {name: value for name, value in found.items() if isinstance(value, Prior)}
        return drawn if len(drawn) == len(found) else {}

    def describe(self) -> str:
        """Return the scenario as a sentence."""
        errors = self.design.standard_error
        ends = dict.fromkeys(f"{error:.3g}" for error in (errors.min(), errors.max()))
        usual = (said("mu", self.mu), said("tau", self.tau),
                 _SHAPES.get(self.shape, f"{self.shape} study effects"))  # fmt: skip
        parts = [f"{number_of(len(self.design))} with standard errors of {' to '.join(ends)}",
                 *(usual if self.own is None else self.own.described)]  # fmt: skip
        if self.estimated_sd:
            parts.append("standard errors from SDs estimated on the studies' participants")
        return f"{'; '.join(parts)}."

    def truths(self, size: int, generator: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """Return mu and tau of each simulation, shape (simulation,)."""
        context = Context(self.design.standard_error)

        def drawn(value: float | Prior) -> FloatArray:
            if isinstance(value, Prior):
                return draw(value, size, seed=generator, context=context)
            return np.full(size, value)

        return drawn(self.mu), drawn(self.tau)


def scenario_of(  # noqa: PLR0913  (what `calibrate` takes)
    design: Design, *, n: ArrayLike | None, mu: Truth, tau: Truth, shape: str, estimated_sd: bool,
    own: ModelTruth | None = None,
) -> Scenario:  # fmt: skip
    """Return a scenario, checked; arguments as for `calibrate`, with a model's truth.

    Raises
    ------
    AnalysisError, PriorError, StudiesError
        If the design, the truth or the shape cannot be used.
    """
    if shape not in SHAPES:
        raise AnalysisError(f"No shape {shape!r} of study effects; known: {', '.join(SHAPES)}.")
    effects = design_of(design, n)
    if estimated_sd and (effects.n is None or (effects.n < _FEWEST).any()):
        raise AnalysisError(
            f"SDs are estimated on each study's participants; give n, at least {_FEWEST} a study."
        )
    if own is not None:
        own.require(shape=shape, estimated_sd=estimated_sd)
        return Scenario(effects, np.nan, np.nan, shape, estimated_sd, own)
    truth = _truth(effects, {schema.MU: mu, schema.TAU: tau})
    return Scenario(effects, truth[schema.MU], truth[schema.TAU], shape, estimated_sd)


def _truth(effects: Effects, given: Mapping[str, Truth]) -> dict[str, float | Prior]:
    """Return mu and tau as numbers, or as proper priors in the outcome's unit."""
    given = {name: number(value) for name, value in given.items()}
    flat = {schema.MU: FLAT, schema.TAU: UNIFORM}
    stated = {name: prior_from_toml(value, where=name) for name, value in given.items()
              if not isinstance(value, float | int)}  # fmt: skip
    design = np.ones((len(effects), 1))
    resolved = resolve({**flat, **stated}, (MU, TAU), effects, design)
    found: dict[str, float | Prior] = {}
    for name, value in given.items():
        found[name] = float(value) if isinstance(value, float | int) else resolved[name]
        require_truth(name, found[name], least=0.0 if name == schema.TAU else -np.inf)
    return found
