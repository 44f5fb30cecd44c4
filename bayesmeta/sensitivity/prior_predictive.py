"""What the priors alone predict: parameters, study effects, and the data themselves."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines.drawn import Draws
from bayesmeta.engines.replicates import from_priors, repeated
from bayesmeta.engines.tree import coordinates, variables
from bayesmeta.errors import PriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import is_proper
from bayesmeta.sensitivity.posing import Asking, ask
from bayesmeta.sensitivity.prior_sensitivity import attributes
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

_P = (0.025, 0.25, 0.5, 0.75, 0.975)


def prior_predictive(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    draws: int = 4000,
    seed: int = 1,
    **asking: Unpack[Asking],
) -> "xr.DataTree":
    """Return draws of what the priors predict, in the groups that ArviZ expects.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`; only the standard errors, the design and the participants matter.
    draws, seed
        How many independent draws, and from which seed.
    **asking
        The model's other choices: ``help("bayesmeta.sensitivity.ask")``.

    Returns
    -------
    DataTree
        ``prior``: ``mu``, ``beta`` (term), ``tau``, ``I2``, ``theta_new`` and ``theta`` (study);
        ``prior_predictive``: ``estimate`` (study); ``observed_data``: ``estimate`` (study).

    Raises
    ------
    PriorError
        If a prior has no total mass: it predicts nothing.

    Examples
    --------
    What heights of estimates the priors expect, one set of studies a draw (Normand 1999):

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> found = bm.prior_predictive(effects, draws=1000)
    >>> found["prior_predictive"]["estimate"].sizes["study"]
    9
    >>> bool((found["prior"]["tau"] > 0).all())
    True
    """
    import xarray as xr

    assembly = ask(effects, model, **asking).assembly
    _require_proper(assembly)
    generator = np.random.default_rng(seed)
    drawn = Draws(*from_priors(assembly, (1, draws), generator))
    theta, estimate = repeated(assembly, drawn, generator)
    by_study = (schema.CHAIN, schema.DRAW, schema.STUDY)
    prior = variables(assembly, drawn, generator) | {schema.THETA: (by_study, theta)}
    labels = coordinates(assembly, drawn)
    study = {schema.STUDY: labels[schema.STUDY]}
    predicted = {schema.ESTIMATE: (by_study, estimate)}
    observed = {schema.ESTIMATE: ((schema.STUDY,), assembly.effects.estimate)}
    groups = {
        "prior": xr.Dataset(prior, coords=labels),
        "prior_predictive": xr.Dataset(predicted, coords=study),
        schema.OBSERVED_DATA: xr.Dataset(observed, coords=study),
    }
    return xr.DataTree.from_dict(groups)


def prior_predictive_table(
    effects: Effects, model: str | Path | ModelSpec | None = None, *, draws: int = 4000,
    seed: int = 1, **asking: Unpack[Asking],
) -> "pd.DataFrame":  # fmt: skip
    """Return quantiles of what the priors predict, with where the observed estimates lie.

    Parameters
    ----------
    effects, model, draws, seed, **asking
        As in `prior_predictive`.

    Returns
    -------
    DataFrame
        A row for ``mu``, slopes, ``tau``, ``I2``, ``theta_new`` and each ``estimate[study]``:
        quantiles, ``observed``, and ``p_below``, the share of draws below it. Draws of study
        effects that no data can have, as of risks that differ by more than 1, are left out of
        their study's row, and counted in its ``left_out``; ``attrs["impossible"]`` is their share
        of all. ``attrs["errors"]`` has the Monte Carlo standard errors of each row's quantiles.

    Raises
    ------
    PriorError
        If a prior has no total mass: it predicts nothing.

    Examples
    --------
    Specialist stroke care (Normand 1999): the priors did not expect one trial's 71 days.

    >>> import bayesmeta as bm
    >>> from bayesmeta.sensitivity import prior_predictive_table
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    >>> table = prior_predictive_table(effects)
    >>> round(float(table.loc["estimate[Orpington-Severe]", "p_below"]), 2)
    0.03
    """
    import pandas as pd

    tree = prior_predictive(effects, model, draws=draws, seed=seed, **asking)
    drawn = _parameters(tree) | _estimates(tree)
    seen = tree[schema.OBSERVED_DATA][schema.ESTIMATE]
    names = [f"{schema.ESTIMATE}[{label}]" for label in seen.coords[schema.STUDY].to_numpy()]
    observed = dict(zip(names, seen.to_numpy().tolist(), strict=True))
    table = pd.DataFrame(
        {name: np.quantile(values, _P) for name, values in drawn.items()},
        index=[f"q{100 * p:g}" for p in _P],
    ).T
    table["observed"] = [observed.get(name, np.nan) for name in drawn]
    table["p_below"] = [_share(drawn[name], observed.get(name, np.nan)) for name in drawn]
    table["left_out"] = [draws - values.size for values in drawn.values()]
    table.index.name = "quantity"
    impossible = np.isnan(tree["prior_predictive"][schema.ESTIMATE].to_numpy()).mean()
    table.attrs = attributes(ask(effects, model, **asking)) | {
        "draws": draws, "seed": seed, "impossible": float(impossible),
        "errors": {name: _quantile_errors(values) for name, values in drawn.items()},
    }  # fmt: skip
    return table


def left_out(table: "pd.DataFrame") -> str:
    """Return how many replicates no data can have, as a sentence; empty where there are none.

    Parameters
    ----------
    table
        From `prior_predictive_table`.
    """
    count, studies = int(table["left_out"].sum()), int(table["observed"].notna().sum())
    if not count:
        return ""
    return (
        f"Prior predictive: {count} of {studies * table.attrs['draws']} draws of estimates are "
        "left out of their study's row, where left_out counts them: no data can have such effects, "
        "as of risks that differ by more than 1."
    )


def _quantile_errors(values: FloatArray) -> list[float]:
    """Return half the distance between the order statistics a standard error to either side."""
    p = np.array(_P)
    away = np.sqrt(p * (1 - p) / values.size)
    low, high = (np.quantile(values, np.clip(p + side * away, 0, 1)) for side in (-1, 1))
    return [float(error) for error in (high - low) / 2]


def _parameters(tree: "xr.DataTree") -> dict[str, FloatArray]:
    """Return draws of the parameters by name, each of shape (draw,)."""
    prior = tree["prior"].to_dataset().drop_vars(schema.THETA)
    found: dict[str, FloatArray] = {}
    for name, array in prior.data_vars.items():
        dims = [dim for dim in array.dims if dim not in (schema.CHAIN, schema.DRAW)]
        labels = array.coords[dims[0]].to_numpy() if dims else []
        named = {f"{name}[{label}]": array.sel({dims[0]: label}) for label in labels}
        found |= {key: one.to_numpy().ravel() for key, one in (named or {str(name): array}).items()}
    return found


def _estimates(tree: "xr.DataTree") -> dict[str, FloatArray]:
    """Return draws of each study's estimate, each of shape (draw,)."""
    drawn = tree["prior_predictive"].to_dataset()[schema.ESTIMATE]
    labels = drawn.coords[schema.STUDY].to_numpy()
    columns = drawn.to_numpy().reshape(-1, labels.size).T
    named = zip(labels, columns, strict=True)
    return {f"{schema.ESTIMATE}[{label}]": column[~np.isnan(column)] for label, column in named}


def _share(values: FloatArray, observed: float) -> float:
    return float((values < observed).mean()) if np.isfinite(observed) else float("nan")


def _require_proper(assembly: Assembly) -> None:
    for name, prior in assembly.priors.items():
        if not is_proper(prior):
            raise PriorError(f"{name} ~ {prior} has no total mass, so that it predicts nothing.")
