"""Whether chains have converged."""

import json
import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.engines.array_stats import array_stats

RHAT_LIMIT = 1.02
ESS_LIMIT = 400

CHECKED = (schema.MU, schema.INTERCEPT, schema.BETA, schema.TAU, schema.THETA_NEW)
"""What `check` looks at beside what the posterior says are its parameters, where it is there."""

_DIVERGED = "{count} of {of} draws diverged (limit 0); a higher target_accept may help."

_FEWEST_DRAWS = 8  # half a chain is split once more, and its autocorrelation needs four draws


class Convergence(NamedTuple):
    """Convergence of one quantity; nan where its draws do not allow a judgement.

    Parameters
    ----------
    rhat
        Rank-normalised split R-hat: near 1 where chains agree.
    ess_bulk, ess_tail
        Effective draws for the centre, and for the 5 % and 95 % quantiles.
    """

    rhat: float
    ess_bulk: float
    ess_tail: float


def convergence(draws: FloatArray) -> Convergence:
    """Return the convergence of one quantity.

    Parameters
    ----------
    draws
        Shape (chain, draw). The halves of a lone chain stand in for two chains.

    References
    ----------
    Vehtari A, Gelman A, Simpson D, Carpenter B, Bürkner PC (2021). Rank-normalization, folding,
    and localization: an improved R-hat for assessing convergence of MCMC. Bayesian Anal
    16(2):667-718, section 4.

    Examples
    --------
    >>> found = convergence(np.random.default_rng(1).normal(size=(4, 1000)))
    >>> found.rhat < 1.01, 3000 < found.ess_bulk < 5000
    (True, True)
    """
    if not can_be_judged(draws):
        return Convergence(np.nan, np.nan, np.nan)
    chains = draws if len(draws) > 1 else np.array_split(draws[:, : draws.size // 2 * 2], 2, axis=1)
    return Convergence(
        rhat=float(array_stats().rhat(np.reshape(chains, (max(len(draws), 2), -1)))),
        ess_bulk=float(array_stats().ess(draws, method="bulk")),
        ess_tail=float(array_stats().ess(draws, method="tail", prob=(0.05, 0.95))),
    )


def can_be_judged(draws: FloatArray) -> bool:
    """Return whether draws, shape (chain, draw), are enough, finite and on the move."""
    if draws.shape[1] < _FEWEST_DRAWS or not np.isfinite(draws).all():
        return False
    return bool((np.ptp(draws, axis=1) > 0).all())


class Verdict(NamedTuple):
    """Whether draws can be trusted, and a sentence for each thing that speaks against it."""

    ok: bool
    messages: tuple[str, ...]


def check(posterior: xr.DataTree) -> Verdict:
    """Return whether a sampled posterior can be trusted, and what speaks against it.

    Parameters
    ----------
    posterior
        With the names of ``schema``; divergences are read from ``sample_stats`` where it is there.
    """
    messages = _divergences(posterior)
    for name, draws in quantities(posterior):
        messages += _complaints(name, convergence(draws))
    return Verdict(not messages, tuple(messages))


def quantities(posterior: xr.DataTree) -> Iterator[tuple[str, FloatArray]]:
    """Yield name and draws, shape (chain, draw), of the quantities that are checked."""
    group = posterior[schema.POSTERIOR]
    listed = (
        str(posterior.attrs.get(name) or "[]") for name in ("hyperparameters", "coefficients")
    )
    own = [name for text in listed for name in json.loads(text)]
    stated = [str(name).partition("[")[0] for name in own]
    for name in dict.fromkeys((*CHECKED, *stated)):
        if name not in group:
            continue
        draws = group[name].transpose(schema.CHAIN, schema.DRAW, ...)
        if draws.ndim == 2:  # noqa: PLR2004 - chains and draws: a scalar
            yield name, draws.to_numpy()
            continue
        dim = str(draws.dims[-1])
        for label in draws[dim].to_numpy():
            yield f"{name}[{label}]", draws.sel({dim: label}).to_numpy()


def _divergences(posterior: xr.DataTree) -> list[str]:
    if schema.SAMPLE_STATS not in posterior or "diverging" not in posterior[schema.SAMPLE_STATS]:
        return []
    diverging = posterior[schema.SAMPLE_STATS]["diverging"].to_numpy()
    count = int(diverging.sum())
    return [_DIVERGED.format(count=count, of=diverging.size)] if count else []


def _complaints(name: str, found: Convergence) -> list[str]:
    if np.isnan(found).any():
        return [f"The draws of {name} are too few, stuck or not finite, so nobody can judge them."]
    complaints = []
    if found.rhat > RHAT_LIMIT:
        # Rounded away from the limit, so that no message says "1.02 (limit 1.02)".
        shown = math.ceil(found.rhat * 100) / 100
        complaints.append(f"R-hat of {name} is {shown:.2f} (limit {RHAT_LIMIT}).")
    for part, value in (("Bulk", found.ess_bulk), ("Tail", found.ess_tail)):
        if value < ESS_LIMIT:
            complaints.append(f"{part} ESS of {name} is {math.floor(value)} (limit {ESS_LIMIT}).")
    return complaints
