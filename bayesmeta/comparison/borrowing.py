"""What each of several outcomes borrowed from the others: its own fit beside the joint one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.assembly import Assembly, assemble
from bayesmeta.catalogue import load_model
from bayesmeta.covariance import NO_LAYOUT
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.engines.quadrature import Integral
from bayesmeta.errors import ModelError
from bayesmeta.location import Location
from bayesmeta.measures.effects import Effects
from bayesmeta.mixtures import Distribution
from bayesmeta.parameters import Parameter
from bayesmeta.spec import parse_prior
from bayesmeta.summaries.summary import summary
from bayesmeta.summaries.view import Posterior, View, view_of

_NUMBERS = ("median", "lower", "upper", "sd")


def borrowing(effects: Effects, posterior: Posterior, *, interval: float = 0.95) -> pd.DataFrame:
    """Return each outcome's mean, new study and tau by its own studies alone, beside the joint fit.

    The own fit is the random-effects model (with the same moderators, centred alike) of the
    outcome's rows, under the priors of the joint one.

    Parameters
    ----------
    effects
        What the joint model was fitted to.
    posterior
        Of a model of several outcomes.
    interval
        Probability of the intervals.

    Returns
    -------
    DataFrame
        One row an outcome and ``quantity`` (mu, theta_new, tau): ``outcome, unit, studies``;
        ``own_median, own_lower, own_upper, own_sd``; the same with ``joint_``; ``width_ratio``,
        the joint interval's width over the own one's; and ``borrowed``, the share of the own
        variance that the other outcomes took away, below 0 where the joint fit is the wider.

    Raises
    ------
    ModelError
        If the posterior is not of several outcomes, or of other effects.
    PriorError
        If a coefficient's prior is none that the exact engine takes.

    References
    ----------
    Jackson D, White IR, Price M, Copas J, Riley RD (2017). Borrowing of strength and study weights
    in multivariate and network meta-analysis. Stat Methods Med Res 26:2853-2868, section 3.

    Examples
    --------
    Where studies report one of two outcomes alone, the other lends to it:

    >>> import bayesmeta as bm, pandas as pd
    >>> frame = pd.DataFrame({
    ...     "study": list("abcdefabcd"), "outcome": ["PD"] * 6 + ["AL"] * 4,
    ...     "estimate": [0.5, 0.2, 0.4, 0.0, 0.6, 0.7, 0.6, 0.2, 0.5, 0.0],
    ...     "standard_error": [0.1] * 10, "unit": ["mm"] * 10})
    >>> effects = bm.effect_sizes(bm.read_studies(frame), "MD", repeated=True)
    >>> priors = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.3)",
    ...           "rho_between": 0.8, "rho_within": 0.5}
    >>> posterior = bm.fit(effects, "several-outcomes", priors=priors, engine="exact")
    >>> found = bm.borrowing(effects, posterior).set_index(["outcome", "quantity"])
    >>> numbers = found.loc[("AL", "mu"), ["own_median", "joint_median", "borrowed"]]
    >>> [round(float(number), 2) for number in numbers]
    [0.32, 0.41, 0.26]
    """
    view = view_of(posterior)
    joint, assembly = summary(view, interval=interval), _joint(effects, view)
    rows = [row for name in _outcomes(assembly)
            for row in _rows(assembly, name, joint, interval=interval)]  # fmt: skip
    table, units = pd.DataFrame(rows), view.follows.units
    return table.assign(unit=[units.get(name, "") for name in table["outcome"]])[_ORDER]


_ORDER = ["outcome", "quantity", "unit", "studies",
          *(f"{fit}_{name}" for fit in ("own", "joint") for name in _NUMBERS),
          "width_ratio", "borrowed"]  # fmt: skip


def _joint(effects: Effects, view: View) -> Assembly:
    """Return the joint model on its effects, as the posterior says that it was resolved."""
    if view.model is None or len(view.means) == 1:
        raise ModelError("The posterior is of one outcome: there are no others to borrow from.")
    if tuple(effects.labels) != view.studies.labels:
        raise ModelError("The effects are not those of the posterior: their rows are others.")
    priors = {name: parse_prior(str(text)) for name, text in view.record("priors").items()}
    return assemble(effects, view.model, moderators=view.word("formula") or None, priors=priors)


def _outcomes(assembly: Assembly) -> list[str]:
    return [item.outcome for item in assembly.location.coefficients[: assembly.location.means]]


class _Quantity(NamedTuple):
    """A quantity of an outcome by its name in a fit of its own, and in the joint one."""

    own: str
    joint: str


def _rows(
    assembly: Assembly, outcome: str, joint: pd.DataFrame, *, interval: float
) -> Iterator[Mapping[str, Any]]:
    alone = _alone(assembly, outcome)
    found = integrate_assembly(alone)
    for own in (schema.MU, schema.THETA_NEW, schema.TAU):
        name = f"{own}[{outcome}]"
        if name not in joint.index:
            continue
        numbers = _numbers(_distribution(found, own), interval)
        both = {number: float(joint[number][name]) for number in _NUMBERS}
        wide, narrow = (each["upper"] - each["lower"] for each in (numbers, both))
        yield {
            "outcome": outcome, "quantity": own, "studies": len(alone.effects),
            **{f"own_{key}": value for key, value in numbers.items()},
            **{f"joint_{key}": value for key, value in both.items()},
            "width_ratio": narrow / wide, "borrowed": 1 - (both["sd"] / numbers["sd"]) ** 2,
        }  # fmt: skip


def _alone(assembly: Assembly, outcome: str) -> Assembly:
    """Return the rows of one outcome, with the columns and priors that are of it."""
    groups = assembly.layout.groups[schema.OUTCOME]
    rows = np.asarray(groups.code == groups.labels.index(outcome))
    own = [place for place, item in enumerate(assembly.location.coefficients)
           if item.outcome == outcome]  # fmt: skip
    names = {assembly.coefficients[place]: place for place in own}
    location = Location(
        assembly.design[np.ix_(rows, own)],
        tuple(name for name in names if not name.startswith(f"{schema.MU}[")),
        np.zeros(len(own) - 1),
        coefficients=tuple(_renamed(assembly, place) for place in own),
    )
    tau = f"{schema.TAU}[{outcome}]"
    priors = {_plain(name): prior for name, prior in assembly.priors.items()
              if name in (*names, tau)}  # fmt: skip
    fixed = {_plain(name): value for name, value in assembly.fixed.items() if name == tau}
    return replace(
        assembly, model=load_model("random-effects"), effects=assembly.effects.take(rows),
        location=location, priors=priors, fixed=fixed, layout=NO_LAYOUT,
    )  # fmt: skip


def _renamed(assembly: Assembly, place: int) -> Parameter:
    item = assembly.location.coefficients[place]
    return replace(item, dim="", label="") if item.variable == schema.MU else item


def _plain(name: str) -> str:
    """Return the name of an outcome's mu or tau in a model of that outcome; a slope's as it is."""
    variable = name.partition("[")[0]
    return variable if variable in (schema.MU, schema.TAU) else name


def _distribution(found: Integral, name: str) -> Distribution:
    row = np.eye(1, found.mean.shape[-1])[0]
    if name == schema.TAU:
        return found.heterogeneity()
    return found.combination(row, new_study=name == schema.THETA_NEW)


def _numbers(found: Distribution, interval: float) -> dict[str, float]:
    ends = np.array([0.5, (1 - interval) / 2, (1 + interval) / 2])
    median, lower, upper = np.ravel(found.quantile(ends)).tolist()
    return {"median": median, "lower": lower, "upper": upper, "sd": float(np.ravel(found.sd())[0])}
