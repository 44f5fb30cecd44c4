"""How probable statements are: that one tau exceeds another, that several outcomes all benefit."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import NamedTuple

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import new_covariance
from bayesmeta.errors import PosteriorError
from bayesmeta.mixtures.bivariate import both_below
from bayesmeta.summaries import simulated
from bayesmeta.summaries.monte_carlo import mcse_mean
from bayesmeta.summaries.tails import DIRECTIONS, Benefit
from bayesmeta.summaries.view import Posterior, View, view_of

_SIGNS = {"lower": 1.0, "higher": -1.0}
_WORDS = {"lower": "<", "higher": ">"}


class Statement(NamedTuple):
    """A statement, how probable it is, and the numerical error of that."""

    statement: str
    probability: float
    error: float


def statements(posterior: Posterior, *, benefit: Benefit | None = None) -> pd.DataFrame:
    """Return how probable it is that one tau exceeds another, or that outcomes move together.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    benefit
        Which direction helps, ``"lower"`` or ``"higher"``; of several outcomes by name:
        ``{"TNF-alpha": "lower", "BDNF": "higher"}``. Of each pair of outcomes the probability
        that both benefit is given, of their means and in one new study; without it, of each
        pair of directions.

    Returns
    -------
    DataFrame
        One row a statement: ``statement, probability, error``. Given the hyperparameters means
        and effects are bivariate normal, so that an exact posterior's probabilities are sums
        over its nodes; ``error`` is what halving the step changes, or the Monte Carlo standard
        error. Empty where the model has no such statement.

    Raises
    ------
    PosteriorError
        If a direction is none, or is missing for an outcome.

    Examples
    --------
    Six simulated trials of two outcomes:

    >>> import bayesmeta as bm, pandas as pd
    >>> frame = pd.DataFrame({
    ...     "study": list("abcdef") * 2, "outcome": ["TNF"] * 6 + ["BDNF"] * 6,
    ...     "estimate": [-0.6, -0.2, -0.5, 0.1, -0.4, -0.3, 0.5, 0.1, 0.4, 0.0, 0.2, 0.3],
    ...     "standard_error": [0.2] * 12})
    >>> effects = bm.effect_sizes(bm.read_studies(frame), "SMD", repeated=True)
    >>> priors = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.3)",
    ...           "rho_between": -0.5, "rho_within": -0.3}
    >>> posterior = bm.fit(effects, "several-outcomes", priors=priors, engine="exact")
    >>> found = bm.statements(posterior, benefit={"TNF": "lower", "BDNF": "higher"})
    >>> found[["statement", "probability"]].round(2)
                                        statement  probability
    0                mu[TNF] < 0 and mu[BDNF] > 0         0.98
    1  theta_new[TNF] < 0 and theta_new[BDNF] > 0         0.89
    """
    view = view_of(posterior)
    found = [*claims(view), *together(view, benefit)]
    return pd.DataFrame(found, columns=list(Statement._fields))


def claims(view: View) -> Iterator[Statement]:
    """Yield what parts say of their derived quantities: that a ratio is above 1."""
    for name, item in view.follows.derived.items():
        if item.claim:
            found, one = view.quantity(name), np.array(1.0)
            yield Statement(item.claim, 1 - float(found.cdf(one)), float(found.cdf_error(one)))


def directions(outcomes: Sequence[str], benefit: Benefit) -> dict[str, str]:
    """Return the direction that helps, by outcome.

    Raises
    ------
    PosteriorError
        If a direction is none, or is missing for an outcome.
    """
    if isinstance(benefit, str) and benefit in DIRECTIONS:
        return dict.fromkeys(outcomes, benefit)
    if len(outcomes) == 1 and not isinstance(benefit, Mapping):
        raise PosteriorError(f"benefit is {benefit!r}; it must be one of: {', '.join(DIRECTIONS)}.")
    named = dict(benefit) if isinstance(benefit, Mapping) else dict.fromkeys(outcomes, benefit)
    wrong = [f"{name}: {said!r}" for name, said in named.items() if said not in DIRECTIONS]
    absent = [name for name in outcomes if name not in named]
    unknown = [name for name in named if name not in outcomes]
    if wrong or absent or unknown:
        raise PosteriorError(
            f"benefit must be {' or '.join(DIRECTIONS)} for each of the outcomes "
            f"{', '.join(outcomes)}; {'; '.join([*wrong, *absent, *unknown])} "
            f"{'is' if len([*wrong, *absent, *unknown]) == 1 else 'are'} not."
        )
    return {name: str(named[name]) for name in outcomes}


def together(view: View, benefit: Benefit | None) -> Iterator[Statement]:
    """Yield the joint statements of each pair of outcomes."""
    names = [name.partition("[")[2].removesuffix("]") for name in view.means]
    if len(names) == 1 or view.parts is None:
        return
    stated = None if benefit is None else directions(names, benefit)
    for one, other in combinations(range(len(names)), 2):
        pair = (names[one], names[other])
        asked = product(DIRECTIONS, repeat=2) if stated is None else [tuple(map(stated.get, pair))]
        for sides in asked:
            said = dict(zip(pair, map(str, sides), strict=True))
            for variable in (schema.MU, schema.THETA_NEW):
                words = [f"{variable}[{name}] {_WORDS[side]} 0" for name, side in said.items()]
                found = _probability(view, (one, other), list(said.values()), variable)
                yield Statement(" and ".join(words), *found)


def _probability(
    view: View, pair: tuple[int, int], sides: Sequence[str], variable: str
) -> tuple[float, float]:
    """Return the probability that both are on their sides of 0, with its error."""
    sign = np.array([_SIGNS[side] for side in sides])
    new = variable == schema.THETA_NEW
    if view.is_exact:
        each = _at_nodes(view, pair, sign, new=new)
        integral = view.mixture
        fine, coarse = (float(np.sum(weight[0] * each)) for weight in
                        (integral.weight, integral.coarse_weight))  # fmt: skip
        return fine, abs(fine - coarse)
    drawn = simulated.coefficients(view)[..., list(pair)] * sign
    if new:
        spread = _of_pair(new_spread(view, simulated.values(view)), pair)
        each = both_below(drawn, spread * np.multiply.outer(sign, sign))
    else:
        each = np.all(drawn < 0, axis=-1).astype(float)
    return float(each.mean()), float(mcse_mean(each))


def _at_nodes(view: View, pair: tuple[int, int], sign: FloatArray, *, new: bool) -> FloatArray:
    """Return the probability at each node and component, shape (node, component)."""
    integral, chosen = view.mixture, list(pair)
    location = integral.mean[0][..., chosen] * sign
    covariance = integral.covariance[0][..., chosen, :][..., chosen]
    if new:
        values = {name: integral.at_nodes(name)[0].reshape(covariance.shape[:2])
                  for name in view.hyperparameters}  # fmt: skip
        covariance = covariance + _of_pair(new_spread(view, {**values, **view.fixed}), pair)
    return both_below(location, covariance * np.multiply.outer(sign, sign))


def new_spread(view: View, values: Mapping[str, FloatArray | float]) -> FloatArray:
    """Return the covariance of the effects in one new study, shape (..., kind, kind)."""
    assert view.parts is not None  # noqa: S101  (asked where there are several means)
    return new_covariance(view.parts.heterogeneity, values, view.layout)


def _of_pair(matrix: FloatArray, pair: tuple[int, int]) -> FloatArray:
    return np.asarray(matrix[..., list(pair), :][..., list(pair)])
