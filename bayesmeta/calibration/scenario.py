"""What is true in a simulation, and which studies look at it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import PriorLike
from bayesmeta.calibration.shapes import SHAPES
from bayesmeta.comparison.bayesian import short
from bayesmeta.comparison.setting import FLAT, UNIFORM
from bayesmeta.errors import AnalysisError, PriorError
from bayesmeta.location import MU
from bayesmeta.measures import effect_sizes
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.given import require_effects
from bayesmeta.priors import Context, draw, is_proper, resolve
from bayesmeta.random_effects.normal import TAU
from bayesmeta.spec import Prior, prior_from_toml
from bayesmeta.studies import read_studies
from bayesmeta.studies.wording import number_of
from bayesmeta.summaries.digits import MINUS

type Truth = float | PriorLike
type Design = Effects | ArrayLike | int

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
    """

    design: Effects
    mu: float | Prior
    tau: float | Prior
    shape: str
    estimated_sd: bool

    @property
    def priors(self) -> dict[str, Prior]:
        """Priors that the truth is drawn from; empty unless both mu and tau are drawn."""
        found = {schema.MU: self.mu, schema.TAU: self.tau}
        drawn = {name: value for name, value in found.items() if isinstance(value, Prior)}
        return drawn if len(drawn) == len(found) else {}

    def describe(self) -> str:
        """Return the scenario as a sentence."""
        errors = self.design.standard_error
        ends = dict.fromkeys(f"{error:.3g}" for error in (errors.min(), errors.max()))
        said = [f"{number_of(len(self.design))} with standard errors of {' to '.join(ends)}",
                _said("mu", self.mu), _said("tau", self.tau)]  # fmt: skip
        said.append(_SHAPES.get(self.shape, f"{self.shape} study effects"))
        if self.estimated_sd:
            said.append("standard errors from SDs estimated on the studies' participants")
        return f"{'; '.join(said)}."

    def truths(self, size: int, generator: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """Return mu and tau of each simulation, shape (simulation,)."""
        context = Context(self.design.standard_error)

        def drawn(value: float | Prior) -> FloatArray:
            if isinstance(value, Prior):
                return draw(value, size, seed=generator, context=context)
            return np.full(size, value)

        return drawn(self.mu), drawn(self.tau)


def scenario_of(
    design: Design, *, n: ArrayLike | None, mu: Truth, tau: Truth, shape: str, estimated_sd: bool
) -> Scenario:
    """Return a scenario, checked; arguments as for `calibrate`.

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
    truth = _truth(effects, {schema.MU: mu, schema.TAU: tau})
    return Scenario(effects, truth[schema.MU], truth[schema.TAU], shape, estimated_sd)


def design_of(design: Design, n: ArrayLike | None = None) -> Effects:
    """Return the studies of a design.

    Parameters
    ----------
    design
        `Effects`; standard errors, shape (study,); or a number of studies, whose standard errors
        are then all 1.
    n
        Participants of each study, or one number for all; absent with `Effects`.

    Raises
    ------
    AnalysisError
        If there are no two studies, or standard errors are not positive.

    Examples
    --------
    >>> design_of(3).standard_error
    array([1., 1., 1.])
    """
    if isinstance(design, Effects):
        _check(design.standard_error)
        return design
    if not isinstance(design, int | float | np.number | list | tuple | np.ndarray):
        require_effects(design)
    errors = np.asarray(design, dtype=float)
    errors = np.ones(int(errors)) if errors.ndim == 0 else errors
    _check(errors)
    columns: dict[str, ArrayLike] = {
        "study": [str(number + 1) for number in range(errors.size)],
        "estimate": np.zeros(errors.size),
        "standard_error": errors,
    }
    if n is not None:
        columns["n"] = np.broadcast_to(np.asarray(n, dtype=float), errors.shape)
    return effect_sizes(read_studies(pd.DataFrame(columns)), measure="generic")


def _check(errors: FloatArray) -> None:
    if errors.ndim != 1 or errors.size < 2 or not (np.isfinite(errors) & (errors > 0)).all():  # noqa: PLR2004 - two studies
        raise AnalysisError(
            "A design is at least two studies, each with a positive standard error; "
            f"this one has standard errors {np.array2string(errors, threshold=5)}."
        )


def _truth(effects: Effects, given: Mapping[str, Truth]) -> dict[str, float | Prior]:
    """Return mu and tau as numbers, or as proper priors in the outcome's unit."""
    given = {name: _number(value) for name, value in given.items()}
    flat = {schema.MU: FLAT, schema.TAU: UNIFORM}
    stated = {name: prior_from_toml(value, where=name) for name, value in given.items()
              if not isinstance(value, float | int)}  # fmt: skip
    design = np.ones((len(effects), 1))
    resolved = resolve({**flat, **stated}, (MU, TAU), effects, design)
    found: dict[str, float | Prior] = {}
    for name, value in given.items():
        found[name] = float(value) if isinstance(value, float | int) else resolved[name]
        _check_truth(name, found[name])
    return found


def _number(value: Truth) -> Truth:
    """Return a number that is written as text as one."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _check_truth(name: str, value: float | Prior) -> None:
    if isinstance(value, Prior):
        if not is_proper(value):
            raise PriorError(f"{name}: nothing can be drawn from {value}; give a proper prior.")
    elif not np.isfinite(value) or (name == schema.TAU and value < 0):
        least = ", at least 0" if name == schema.TAU else ""
        raise AnalysisError(f"{name} is {value}; it must be a finite number{least}.")


def _said(name: str, value: float | Prior) -> str:
    return (
        f"{name} drawn from {short(value)}"
        if isinstance(value, Prior)
        else f"{name} = {value:g}".replace("-", MINUS)
    )
