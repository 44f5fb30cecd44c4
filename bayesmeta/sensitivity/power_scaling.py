"""How much the posterior moves as prior or likelihood is raised to a power."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.errors import AnalysisError
from bayesmeta.measures.effects import Effects
from bayesmeta.mixtures import Distribution
from bayesmeta.mixtures.probabilities import probability
from bayesmeta.priors import powered
from bayesmeta.refits.batch import Part, Refit, Refits
from bayesmeta.refits.exact import refit
from bayesmeta.sensitivity.answerable import require_few, require_one_likelihood
from bayesmeta.sensitivity.posing import Asking, ask
from bayesmeta.sensitivity.prior_sensitivity import attributes
from bayesmeta.sensitivity.question import Question
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd

LIKELIHOOD, PRIOR = "likelihood", "prior"
_POINTS = 801
_NOTABLE = 0.05
_FEWEST = 10
_HYPERPARAMETERS = 3
"""Of a model that is integrated anew at two powers of each prior; beyond, each takes a minute."""


def power_scaling(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    alphas: tuple[float, float] = (0.99, 1.01),
    draws: int = 4000,
    **asking: Unpack[Asking],
) -> "pd.DataFrame":
    """Return the sensitivity of each parameter to powers of the priors and of the likelihood.

    Exact: every power is integrated anew, no draw is reweighted. Only top-level priors count as
    prior; the likelihood is p(y | coefficients, hyperparameters), study effects integrated out.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`.
    alphas
        One power below 1 and one above.
    draws
        The distance is relative to the quantity's range, which on the real line has no end; here
        it ends where that of so many draws would be expected to.
    **asking
        The question, and the model's other choices: ``help("bayesmeta.sensitivity.ask")``.
        The quantity asked for is one of the rows.

    Returns
    -------
    DataFrame
        A row a parameter; columns ``prior`` (all priors together), one a parameter (``prior_mu``,
        ``prior_tau``, ``prior_beta[term]``, ...) and ``likelihood``: the cumulative
        Jensen-Shannon distance from the posterior, per unit of log2(alpha), averaged over the two
        powers. From 0.05 on, ``diagnosis`` says what to look at.

    Raises
    ------
    AnalysisError
        If the powers are not one below and one above 1, or draws are fewer than 10.
    ModelError
        If rows have powers of their own, or may be biased: their likelihood is no single term.
    PriorError
        If a coefficient's prior has no power in closed form.

    References
    ----------
    Kallioinen N, Paananen T, Bürkner PC, Vehtari A (2024). Detecting and diagnosing prior and
    likelihood sensitivity with power-scaling. Stat Comput 34:57.

    Examples
    --------
    Eight schools (Rubin 1981); ArviZ gives 0.20 to 0.21 from draws of the marginal model:

    >>> import bayesmeta as bm, pandas as pd
    >>> from bayesmeta.sensitivity import power_scaling
    >>> schools = pd.DataFrame({"study": list("ABCDEFGH"),
    ...     "estimate": [28., 8, -3, 7, -1, 1, 18, 12],
    ...     "standard_error": [15., 10, 16, 11, 9, 11, 10, 18]})
    >>> effects = bm.effect_sizes(bm.read_studies(schools), measure="generic")
    >>> priors = {"mu": "Normal(mu=0, sigma=5)", "tau": "HalfCauchy(beta=5)"}
    >>> round(float(power_scaling(effects, priors=priors).loc["tau", "likelihood"]), 2)
    0.2
    """
    import pandas as pd

    question = ask(effects, model, **asking)
    require_one_likelihood(question.assembly, "power_scaling")
    require_few(question.assembly, "power_scaling", most=_HYPERPARAMETERS)
    _check(alphas, draws)
    assembly = question.assembly
    components = _components(assembly)
    everyone = Refit(assembly.priors, np.ones(len(assembly.effects)))
    raised = [
        _raised(assembly, everyone, part, alpha) for part in components.values() for alpha in alphas
    ]
    refits = refit(assembly, [everyone, *raised])
    rows = {
        name: _sensitivities(refits, found, alphas=alphas, draws=draws)
        for name, found in _quantities(question).items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(components))
    table.index.name = "parameter"
    table["diagnosis"] = [_diagnosis(row[PRIOR], row[LIKELIHOOD]) for _, row in table.iterrows()]
    table.attrs = attributes(question) | {"draws": draws}
    return table


def _check(alphas: tuple[float, float], draws: int) -> None:
    if not 0 < alphas[0] < 1 < alphas[1]:
        raise AnalysisError(
            f"alphas are {alphas}; give one below 1 and one above, such as 0.99, 1.01."
        )
    if draws < _FEWEST:
        raise AnalysisError(f"draws is {draws}; at least 10 say where a quantity's range ends.")


def _components(assembly: Assembly) -> dict[str, tuple[str, ...]]:
    """Return what is raised to a power together: names of priors, or the likelihood."""
    names = (*assembly.coefficients, *(item.name for item in assembly.hyperparameters))
    alone = {f"{PRIOR}_{name}": (name,) for name in names}
    return {PRIOR: names, **alone, LIKELIHOOD: (LIKELIHOOD,)}


def _raised(assembly: Assembly, base: Refit, parts: Sequence[str], alpha: float) -> Refit:
    if LIKELIHOOD in parts:
        return base._replace(members=alpha * base.members)
    own = [name for name in parts if name in assembly.coefficients]
    coefficients = {name: powered(base.priors[name], alpha, name) for name in own}
    powers = {name: alpha for name in parts if name not in own}
    return base._replace(priors={**base.priors, **coefficients}, powers=powers)


def _quantities(question: Question) -> dict[str, "_Quantity"]:
    assembly = question.assembly
    unit = np.eye(len(assembly.coefficients))
    found = {name: _Quantity(row) for name, row in zip(assembly.coefficients, unit, strict=True)}
    found |= {item.name: _Quantity(name=item.name) for item in assembly.hyperparameters}
    kind = question.kind if question.new_study else None
    return found | {question.quantity: _Quantity(question.row, kind=kind)}


class _Quantity:
    """What one row of the table is about: coefficients, a new study's effect, a hyperparameter."""

    def __init__(
        self, row: FloatArray | None = None, *, kind: str | None = None, name: str = ""
    ) -> None:
        self._row, self._kind, self._name = row, kind, name

    def __call__(self, part: Part) -> Distribution:
        """Return its posteriors."""
        if self._row is None:
            return part.heterogeneity(self._name)
        if self._kind is None:
            return part.combination(self._row)
        return part.new_study(self._row, self._kind)


def _sensitivities(
    refits: Refits, found: _Quantity, *, alphas: tuple[float, float], draws: int
) -> list[float]:
    """Return one number a component: the mean over the two powers of distance by log2(alpha)."""
    edge = 1 / (draws + 1)
    ends = refits.gather(lambda part: found(part).quantile(np.array([edge, 1 - edge])))[0]
    x = np.linspace(float(ends[0]), float(ends[1]), _POINTS)
    cdf = probability(refits.gather(lambda part: found(part).cdf(x)))
    distances = np.array([distance(cdf[0], other) for other in cdf[1:]]).reshape(-1, 2)
    slopes: list[float] = (distances / np.abs(np.log2(alphas))).mean(axis=1).tolist()
    return slopes


def _diagnosis(prior: float, likelihood: float) -> str:
    if prior < _NOTABLE:
        return ""
    if likelihood < _NOTABLE:
        return "strong prior or weak likelihood"
    return "prior and data in conflict, or both informative"


def distance(base: FloatArray, other: FloatArray) -> float:
    """Return the cumulative Jensen-Shannon distance of two distribution functions.

    With P and Q on an equally spaced grid, M = (P + Q) / 2::

        sqrt(integral(P log2(P / M) + Q log2(Q / M)) / integral(P + Q))

    the larger of this and the same for 1 - P and 1 - Q.

    References
    ----------
    Nguyen HV, Vreeken J (2015). Non-parametric Jensen-Shannon divergence. ECML PKDD 2015, LNCS
    9285:173-189; as in Kallioinen et al. (2024), Stat Comput 34:57.

    Examples
    --------
    >>> x = np.linspace(0, 1, 101)
    >>> distance(x, x), round(distance(x, x**2), 4)
    (0.0, 0.236)
    """
    return max(_one_sided(base, other), _one_sided(1 - base, 1 - other))


def _one_sided(p: FloatArray, q: FloatArray) -> float:
    middle = (p + q) / 2
    divergence = _relative(p, middle) + _relative(q, middle)
    return float(np.sqrt(max(divergence, 0.0) / np.trapezoid(p + q)))


def _relative(p: FloatArray, middle: FloatArray) -> float:
    positive = p > 0
    ratio = np.where(positive, p, 1.0) / np.where(positive, middle, 1.0)
    return float(np.trapezoid(p * np.log2(ratio)))
