"""The answer at each of several assumed correlations of the same patients' estimates."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Unpack

import numpy as np

from bayesmeta.assembly import Assembly, PriorLike, Roles, assemble, named_roles
from bayesmeta.engines.answering import moments_of
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.errors import AnalysisError, ModelError
from bayesmeta.keywords import require_taken
from bayesmeta.measures.effects import Effects
from bayesmeta.mixtures import Distribution
from bayesmeta.parameters import Parameter
from bayesmeta.spec import ModelSpec, Prior
from bayesmeta.within import within

if TYPE_CHECKING:
    import pandas as pd

INTEGRATED, ASSUMED = "integrated", "assumed"
_NUMBERS = ("estimate", "lower", "upper")


class Point(NamedTuple):
    """One line of the strip: what the correlation is called there, its value, and the model."""

    label: str
    value: float
    assembly: Assembly


def has_strip(assembly: Assembly) -> bool:
    """Return whether a model has a correlation that data say little of, assumed or integrated."""
    return _shown(assembly) is not None


def correlation_strip(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    moderators: str | None = None,
    priors: Mapping[str, PriorLike] | None = None,
    missing: str = "error",
    interval: float = 0.95,
    **roles: Unpack[Roles],
) -> "pd.DataFrame":
    """Return the answer at assumed within-study correlations of 0, .3, .5, .7 and .9, exactly.

    A table seldom says how estimates of the same patients are correlated, and few studies leave
    the prior of the correlation much as it was: what rests on it is shown, whatever was assumed.

    Parameters
    ----------
    effects, model, moderators, priors, missing
        As in `bayesmeta.fit`. A number as the prior of ``rho_within`` is a line of its own.
    interval
        Probability of the central intervals.
    **roles
        Columns in the roles of the model's parts, as in `bayesmeta.fit`.

    Returns
    -------
    DataFrame
        A row a correlation and ``quantity`` (``mu`` and ``tau``, of each outcome): ``estimate``
        (median), ``sd``, ``lower``, ``upper``, ``p_below_0`` of what has a sign, in the outcome's
        unit, each with its error; the correlation in the first column, NaN where it is integrated
        over its prior, and in words in the index.

    Raises
    ------
    ModelError
        If the model has no such correlation: rows are independent, or it is known.
    AnalysisError
        If the interval is not between 0 and 1.
    BayesmetaError
        As `bayesmeta.fit` with ``engine="exact"``.

    Examples
    --------
    Three scales of the same patients in each of two trials, made up:

    >>> import pandas as pd
    >>> import bayesmeta as bm
    >>> frame = pd.DataFrame({"study": list("aaabbb"), "yi": [0.5, 0.3, 0.4, 0.1, 0.2, 0.3],
    ...                       "sei": [0.2, 0.2, 0.3, 0.3, 0.2, 0.2]})
    >>> effects = bm.effect_sizes(bm.read_studies(frame), "SMD", repeated=True)
    >>> priors = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}
    >>> strip = bm.correlation_strip(effects, "correlated", trial="study", priors=priors)
    >>> strip[strip["quantity"] == "mu"]["estimate"].round(3).to_dict()
    {'0': 0.306, '0.3': 0.31, '0.5': 0.315, '0.7': 0.325, '0.9': 0.35, 'integrated': 0.322}
    """
    require_taken(correlation_strip, roles)
    if not within(interval, 0, 1):
        raise AnalysisError(
            f"The interval is {interval}; it must be between 0 and 1, such as 0.95."
        )
    assembly = assemble(
        effects,
        model,
        moderators=moderators,
        priors=priors,
        missing=missing,
        roles=named_roles(roles),
    )
    return strip_of(assembly, interval=interval)


def strip_of(
    assembly: Assembly, *, interval: float, known: "pd.DataFrame | None" = None
) -> "pd.DataFrame":
    """Return the strip of a model on its table; errors as `correlation_strip`.

    Parameters
    ----------
    known
        What `summary` says of the analysis itself, where its numbers are exact: it need not be
        integrated again.
    """
    import pandas as pd

    item = _shown(assembly)
    if item is None:
        raise ModelError(
            f"Model {assembly.model.name} has no correlation of estimates that would have to be "
            "assumed: its rows are independent, or their covariance is known."
        )
    own = INTEGRATED if item.name not in assembly.fixed else ""
    rows = []
    for point in _points(assembly, item):
        about = {item.name: point.value, "row": point.label}
        if known is not None and point.label == own:
            rows += [about | row for row in _read(point.assembly, known)]
        else:
            rows += [about | row for row in _integrated(point.assembly, interval)]
    table = pd.DataFrame(rows).set_index("row")
    table.attrs = {
        "correlation": item.name, "says": item.says, "unit": assembly.effects.unit,
        "measure": assembly.effects.measure, "interval": interval,
        "prior": str(assembly.priors.get(item.name, item.default)),
    }  # fmt: skip
    return table


def _shown(assembly: Assembly) -> Parameter | None:
    """Return the sampling part's parameter that every answer is shown at several values of."""
    part = assembly.parts.sampling
    own = part.parameters(assembly.layout)
    return next((item for item in own if item.name in part.SHOWN_AT), None)


def _points(assembly: Assembly, item: Parameter) -> Iterator[Point]:
    """Yield the correlations in their order, at last that integrated over its prior."""
    values = list(assembly.parts.sampling.SHOWN_AT[item.name])
    assumed = assembly.fixed.get(item.name)
    if assumed is not None and assumed not in values:
        values = sorted([*values, assumed])
    for value in values:
        label = f"{value:g} {ASSUMED}" if value == assumed else f"{value:g}"
        yield Point(label, value, _under(assembly, item, Prior.fixed(value)))
    if assumed is None:
        yield Point(INTEGRATED, np.nan, assembly)
    elif isinstance(item.default, Prior):
        yield Point(INTEGRATED, np.nan, _under(assembly, item, item.default))


def _under(assembly: Assembly, item: Parameter, prior: Prior) -> Assembly:
    return assembly.under(assembly.model.with_priors(**{item.name: prior}))


def _integrated(assembly: Assembly, interval: float) -> Iterator[dict[str, object]]:
    """Yield the numbers of each quantity, each with its error."""
    p = np.array([0.5, 0.5 - interval / 2, 0.5 + interval / 2])
    for name, found, signed in _distributions(assembly):
        at = np.asarray(found.quantile(p))[0]
        missed = np.abs(np.asarray(found.coarse().cdf(at))[0] - p)
        error = missed / np.maximum(np.asarray(found.density(at))[0], np.finfo(float).tiny)
        yield {
            "quantity": name,
            **dict(zip(_NUMBERS, at.tolist(), strict=True)),
            "sd": float(found.sd()[0]),
            "p_below_0": float(np.squeeze(found.cdf(0.0))) if signed else np.nan,
            **dict(zip((f"{name}_error" for name in _NUMBERS), error.tolist(), strict=True)),
        }


def _distributions(assembly: Assembly) -> Iterator[tuple[str, Distribution, bool]]:
    """Yield the posterior of each mean effect and each standard deviation, and if it has a sign."""
    integral = integrate_assembly(assembly)
    moments = moments_of(assembly)
    unit = np.eye(len(assembly.coefficients))
    for row, name in zip(unit, assembly.coefficients[: assembly.location.means], strict=False):
        yield name, integral.combination(row, moments=moments.combination(row)), True
    for place, item in enumerate(assembly.hyperparameters):
        if item.is_positive:
            exist = moments.of(item.name, place)
            yield item.name, integral.heterogeneity(item.name, moments=exist), False


def _read(assembly: Assembly, known: "pd.DataFrame") -> Iterator[dict[str, object]]:
    """Yield the numbers of a summary; their errors, of which it has one, are not told apart."""
    names = [*assembly.coefficients[: assembly.location.means],
             *(item.name for item in assembly.hyperparameters if item.is_positive)]  # fmt: skip
    for name in names:
        row = known.loc[name]
        numbers = dict(zip(_NUMBERS, (row["median"], row["lower"], row["upper"]), strict=True))
        yield {
            "quantity": name, **numbers, "sd": row["sd"], "p_below_0": row["p_below_0"],
            **{f"{name}_error": row["error"] for name in _NUMBERS},
        }  # fmt: skip
