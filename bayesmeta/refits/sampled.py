"""Many NUTS refits: other priors, fewer studies; several at a time, one compilation a structure."""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines import nuts
from bayesmeta.errors import ModelError, PriorError
from bayesmeta.priors import needs_context
from bayesmeta.priors.hyperparameters import concrete
from bayesmeta.refits.sampler import Sampler
from bayesmeta.spec import Prior

if TYPE_CHECKING:
    import pandas as pd

type Number = float | bool | str
type Row = dict[str, Number]

OK, MESSAGES = "ok", "messages"
"""Columns of a table from draws: whether they can be trusted, and what speaks against it."""


@dataclass(frozen=True, eq=False)
class SampledRefit:
    """The draws of one refit, in the outcome's unit.

    Parameters
    ----------
    assembly
        What was fitted.
    coefficients
        Shape (chain, draw, coefficient), per raw unit.
    tau
        Shape (chain, draw); its value where it is a number, 0 for a common effect.
    deviation
        Of a new study's effect from its mean, shape (chain, draw).
    messages
        What speaks against the draws: divergences, R-hat, few effective draws, a difference from
        the exact answer where there is one.
    """

    assembly: Assembly
    coefficients: FloatArray
    tau: FloatArray
    deviation: FloatArray
    messages: tuple[str, ...]

    @classmethod
    def of(cls, posterior: xr.DataTree, assembly: Assembly) -> "SampledRefit":
        """Return the draws of a posterior."""
        drawn = posterior[schema.POSTERIOR]
        mu = drawn[schema.MU].to_numpy()
        slopes = [drawn[schema.BETA].to_numpy()] if assembly.terms else []
        own = [item.name for item in assembly.parts.bias.COEFFICIENTS]
        slopes += [drawn[name].to_numpy()[..., np.newaxis] for name in own]
        return cls(
            assembly,
            coefficients=np.concatenate([mu[..., np.newaxis], *slopes], axis=-1),
            tau=drawn[schema.TAU].to_numpy()
            if schema.TAU in drawn.data_vars
            else np.full_like(mu, assembly.fixed.get(schema.TAU, 0.0)),
            deviation=drawn[schema.THETA_NEW].to_numpy() - mu,
            messages=tuple(json.loads(posterior.attrs["diagnostics"])["messages"]),
        )

    def combination(self, row: FloatArray, *, new_study: bool = False) -> FloatArray:
        """Return draws of row @ coefficients, with tau's spread for a new study."""
        centre: FloatArray = self.coefficients @ row
        return centre + self.deviation if new_study else centre


def refit_sampled(
    refits: Mapping[str, Assembly], sampler: Sampler, numbers: Callable[[str, SampledRefit], Row]
) -> list[Row]:
    """Return the numbers of every refit, with ``ok`` and ``messages``, in the order given.

    Draws are gone once their numbers are known. The same seed gives the same numbers, whatever
    the number of workers; the first refit is the one that `fit` draws with that seed.

    Parameters
    ----------
    refits
        By the words that errors begin with.
    numbers
        From a refit's name and draws to its numbers.

    Raises
    ------
    ModelError, PriorError
        If a refit's sampler breaks off, or a prior is improper: the message names the refit.
    """
    places = dict(enumerate(refits.items()))

    def one(place: int) -> Row:
        name, assembly = places[place]
        try:
            posterior = nuts.sample(assembly, sampler.settings_of(place))
        except (ModelError, PriorError) as error:
            raise type(error)(f"{name}: {error}") from error
        found = SampledRefit.of(posterior, assembly)
        verdict: Row = {OK: not found.messages, MESSAGES: " ".join(found.messages)}
        return numbers(name, found) | verdict

    workers = sampler.workers if _threads_are_safe() else 1
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(one, place) for place in places]
        try:
            _wait(futures, sampler)
        except BaseException:  # an interrupt, too, is not to wait for refits not begun
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in futures]


def _wait(futures: Sequence[Future[Row]], sampler: Sampler) -> None:
    """Wait for every refit, saying how many are done; the first that fails, fails."""
    for done, future in enumerate(as_completed(futures), start=1):
        future.result()
        if sampler.progress is not None:
            sampler.progress(done, len(futures))


def _threads_are_safe() -> bool:
    """Return whether refits go through our own compiled models, which threads can share."""
    from bayesmeta.engines.samplers import KNOWN

    try:
        import nutpie
    except ImportError:
        return False
    return bool(nutpie.__version__.startswith(KNOWN))


def alarms(table: "pd.DataFrame") -> list[str]:
    """Return what speaks against the draws behind a table, a sentence a refit that failed."""
    if OK not in table:
        return []
    failed = table[table[OK].eq(other=False).fillna(value=False)]
    found = [f"{label}: {said}" for label, said in failed[MESSAGES].items()]
    if not table.attrs.get("all_ok", True):
        found.insert(0, f"All studies: {table.attrs['all_messages']}")
    return found


def taking_part(assembly: Assembly, members: FloatArray) -> Assembly:
    """Return the model on some studies, under the full table's priors, centring and scales.

    Parameters
    ----------
    members
        Above 0 for studies that take part, shape (study,).

    Raises
    ------
    PriorError
        If a prior looks at the standard errors of all studies, and has no name without them.
    """
    rows = members > 0
    location = assembly.location
    moderators = {name: column[rows] for name, column in location.moderators.items()}
    priors = {name: _held(prior, assembly, name) for name, prior in assembly.priors.items()}
    return replace(
        assembly,
        effects=assembly.effects.take(rows),
        location=replace(location, design=location.design[rows], moderators=moderators),
        layout=assembly.layout.take(rows),
        data={name: column[rows] for name, column in assembly.data.items()},
        priors=priors,
    )


def _held(prior: Prior, assembly: Assembly, name: str) -> Prior:
    """Return a prior that does not change when studies are left out."""
    held = concrete(prior, assembly.context)
    if needs_context(held):
        raise PriorError(
            f"{name} ~ {prior} looks at the standard errors of all studies, which NUTS cannot "
            f'hold while some are left out; use engine="exact".'
        )
    return held
