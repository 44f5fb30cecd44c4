"""A posterior as the page's own integral takes it, or why it does not."""

from math import exp
from typing import NamedTuple

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Parts, parts_of, with_choices
from bayesmeta.covariance import Diagonal, Rows
from bayesmeta.errors import ModelError
from bayesmeta.spec import Prior, parse_prior
from bayesmeta.summaries.view import View

_SIZES = {
    "HalfNormal": "sigma",
    "HalfCauchy": "beta",
    "HalfStudentT": "sigma",
    "Exponential": "scale",
}


class Spread(NamedTuple):
    """What the page's integral makes of a model's variances.

    Parameters
    ----------
    multiples
        Of tau squared, the variance of each study's effect, shape (study,).
    power
        Of the cohorts' likelihood.
    is_simpler
        Whether the model itself lets cohorts spread further, which the page leaves out.
    """

    multiples: FloatArray
    power: float = 1.0
    is_simpler: bool = False


class TauPrior(NamedTuple):
    """A prior on tau by what the page moves: family, size, and where there is one, shape."""

    family: str
    scale: float
    shape: float | None


class Normal(NamedTuple):
    """A prior on a coefficient; without a standard deviation it is flat."""

    mean: float
    sd: float | None


def spread_of(view: View) -> Spread | str:
    """Return a model's variances; where the page's integral does not know it, the reason."""
    reason, parts = _unlike(view), view.parts
    if reason or parts is None:
        return reason
    if _free(view, parts) == [schema.TAU]:
        return _spread(view, parts)
    plain = _with_one_tau(view)
    if plain is not None:
        return _spread(view, plain)._replace(is_simpler=True)
    names = ", ".join(_free(view, parts)) or "no tau"
    return f"it has {names}, and the page integrates over tau alone"


def _unlike(view: View) -> str:
    """Return what of a model no integral over one tau serves; empty where nothing is in the way."""
    parts = view.parts
    if parts is None or not view.studies.known:
        return "the posterior does not say of which model and studies it is"
    if not view.is_conjugate or not parts.bias.CERTAIN:
        return "given tau its study effects are not normal, so that more is to be integrated"
    if len(view.means) > 1:
        return "it is of several outcomes at once"
    grouped = ", ".join([*view.layout.groups, *view.layout.tables])
    return f"its estimates hang together by {grouped}" if grouped else ""


def _free(view: View, parts: Parts) -> list[str]:
    """Return the hyperparameters that no number stands for."""
    known = parts.hyperparameters(view.layout)
    return [item.name for item in known if item.name not in view.fixed]


def _with_one_tau(view: View) -> Parts | None:
    """Return the parts of the same model with one tau for both designs; None where it has none."""
    if view.model is None or schema.IS_COHORT not in view.layout.marks:
        return None
    try:
        return parts_of(with_choices(view.model, {"spread": "common"}))
    except ModelError:
        return None


def _spread(view: View, parts: Parts) -> Spread:
    rows = Rows(view.studies.standard_error, view.layout)
    at_one = parts.spread({**view.fixed, schema.TAU: np.ones(1)}, rows)
    assert isinstance(at_one, Diagonal)  # noqa: S101  (rows of no groups are independent)
    k = len(view.studies.labels)
    return Spread(np.broadcast_to(at_one.variance, (k,)), view.fixed.get("power", 1.0))


def tau_prior(view: View) -> TauPrior | str:
    """Return tau's prior by the numbers that the page moves; the reason where it knows no such."""
    said = view.record("priors").get(schema.TAU)
    if said is None:
        return "the posterior does not say tau's prior"
    found = parse_prior(str(said))
    size = _size(found) if found.on == "tau" else None
    return f"the page does not know the prior tau ~ {said}" if size is None else size


def _size(tau: Prior) -> TauPrior | None:
    known = _numbers(tau)
    if tau.distribution == "LogNormal" and set(known) == {"mu", "sigma"}:
        return TauPrior("LogNormal", exp(known["mu"]), known["sigma"])
    if tau.distribution == "Exponential" and set(known) == {"lam"}:
        return TauPrior("Exponential", 1 / known["lam"], None)
    size = _SIZES.get(tau.distribution)
    if size is None or size not in known or set(known) - {size, "nu"}:
        return None
    return TauPrior(tau.distribution, known[size], known.get("nu"))


def _numbers(prior: Prior) -> dict[str, float]:
    """Return the parameters that are plain numbers; none where one is not."""
    numbers = {name: value for name, value in prior.parameters.items() if isinstance(value, float)}
    return numbers if len(numbers) == len(prior.parameters) else {}


def coefficient_priors(view: View) -> list[Normal] | str:
    """Return the coefficients' priors in the order of the design; the reason if one is odd."""
    stated = view.record("priors")
    found = []
    for name in view.coefficients:
        said = stated.get(name, stated.get(name.partition("[")[0]))
        prior = None if said is None else _normal(parse_prior(str(said)))
        if prior is None:
            return f"the page does not know the prior {name} ~ {said}"
        found.append(prior)
    return found


def _normal(prior: Prior) -> Normal | None:
    if prior.distribution == "flat":
        return Normal(0.0, None)
    known = _numbers(prior)
    if prior.distribution != "Normal" or set(known) != {"mu", "sigma"}:
        return None
    return Normal(known["mu"], known["sigma"])
